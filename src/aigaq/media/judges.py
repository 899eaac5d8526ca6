"""Judges for threads that would wait for one another: a second one is started once waiting has cost as much.

Looking into a short film takes longer than sealing it, and one judge looks into one at a time.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Final, Self

from aigaq.media.judge import Judge
from aigaq.media.limits import Limits
from aigaq.media.probe import Judgement

WORTH: Final = 1.0
"""Seconds waited in all from which another judge is worth its start."""

_SPARE = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) - 1))
"""Judges of this process beyond the first of each card: no more than processors, whatever is plugged in."""


class Judges:
    """Judges files as `Judge` does, several at a time. A context manager that ends them."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._all = [Judge(limits)]
        self._free = list(self._all)
        self._changed = threading.Condition()
        self._waited = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            ending, self._all = self._all, self._all[:1]
            self._free = [each for each in self._free if each in self._all]
        for number, each in enumerate(ending):
            each.__exit__(kind, error, trace)
            if number:
                _SPARE.release()

    def judge(self, reader: BinaryIO, name: str, size: int) -> Judgement:
        """As `Judge.judge`; it may wait for one that is free."""
        with self._taken() as one:
            return one.judge(reader, name, size)

    @contextmanager
    def _taken(self) -> Iterator[Judge]:
        one = self._take()
        try:
            yield one
        finally:
            with self._changed:
                if one in self._all:
                    self._free.append(one)
                    self._changed.notify()

    def _take(self) -> Judge:
        with self._changed:
            if not self._free and self._waited >= WORTH and _SPARE.acquire(blocking=False):
                one = Judge(self._limits)
                self._all.append(one)
                return one
            begun = time.monotonic()
            while not self._free:
                self._changed.wait()
            self._waited += time.monotonic() - begun
            # The one that was busy last: a further one need not start before it is needed.
            return self._free.pop()


AnyJudge = Judge | Judges
