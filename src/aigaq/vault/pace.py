"""How fast the vault is read when nobody waits for it: so many octets a second, and an end when asked."""

import time
from collections.abc import Callable
from typing import Self

from aigaq.core.direct import Way
from aigaq.vault.backends.base import Blob


class CutOffError(Exception):
    """It was asked to stop. What was begun is not there; what was done is."""


class Pace:
    """Octets a second, 0 for as fast as it goes; of all threads that share it together.

    `wait` is given seconds and returns true where it was asked to stop; so `threading.Event.wait` fits.
    """

    def __init__(
        self,
        rate: int = 0,
        wait: Callable[[float], bool] = lambda _seconds: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._wait = wait
        self._clock = clock
        self._free_at = clock()

    def spend(self, octets: int) -> None:
        """Raise `CutOffError`."""
        ahead = 0.0
        if self._rate:
            now = self._clock()
            # What was left unused is not made up for: a disk that rested is not run over afterwards.
            self._free_at = max(self._free_at, now) + octets / self._rate
            ahead = self._free_at - now
        if self._wait(ahead):
            raise CutOffError


class Paced:
    """A blob that is read at a pace."""

    def __init__(self, blob: Blob, pace: Pace) -> None:
        self._blob = blob
        self._pace = pace

    @property
    def size(self) -> int:
        return self._blob.size

    @property
    def way(self) -> Way:
        return self._blob.way

    def pread(self, length: int, offset: int) -> bytes:
        octets = self._blob.pread(length, offset)
        self._pace.spend(len(octets))
        return octets

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        count = self._blob.readinto_at(buffer, offset)
        self._pace.spend(count)
        return count

    def close(self) -> None:
        self._blob.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
