"""How often one address may ask for a receipt; the bound holds for each process of the server."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from typing import Final

PER_MINUTE: Final = 20
_MINUTE: Final = 60.0
_REMEMBERED: Final = 10_000
"""Addresses: the one that asked longest ago is forgotten first."""


class Pace:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def may(self, who: str) -> bool:
        """Whether `who` may ask now; it counts as asked."""
        with self._lock:
            times, now = self._times.setdefault(who, deque(maxlen=PER_MINUTE)), self._now()
            self._times.move_to_end(who)
            while len(self._times) > _REMEMBERED:
                self._times.popitem(last=False)
            if len(times) == PER_MINUTE and now - times[0] < _MINUTE:
                return False
            times.append(now)
            return True
