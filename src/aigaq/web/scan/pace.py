"""How often one person's camera may have a frame read; the bound holds for each process of the server."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

PER_SECOND: Final = 4
AT_ONCE: Final = 2
"""Frames that are read in the same instant, whoever sent them: the rest of the server goes on meanwhile."""


class Pace:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._busy = BoundedSemaphore(AT_ONCE)
        self._times: defaultdict[Hashable, deque[float]] = defaultdict(lambda: deque(maxlen=PER_SECOND))

    @contextmanager
    def turn(self, who: Hashable) -> Iterator[bool]:
        """Whether `who` may have a frame read now; ask again a moment later if not."""
        if not self._is_time(who) or not self._busy.acquire(blocking=False):
            yield False
            return
        try:
            yield True
        finally:
            self._busy.release()

    def _is_time(self, who: Hashable) -> bool:
        with self._lock:
            times, now = self._times[who], self._now()
            if len(times) == PER_SECOND and now - times[0] < 1:
                return False
            times.append(now)
            return True
