"""What has to be done again and again while something else takes its time."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

log = logging.getLogger(__name__)


@contextmanager
def every(seconds: float, act: Callable[[], object], *, name: str) -> Iterator[None]:
    """Call `act` in a thread of its own, the first time after `seconds`, for as long as the block goes on.

    What goes wrong is logged, and it is tried again the next time.
    """
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(over, seconds, act), name=name, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(over: threading.Event, seconds: float, act: Callable[[], object]) -> None:
    try:
        while not over.wait(seconds):
            _once(act)
    finally:
        connections.close_all()


def _once(act: Callable[[], object]) -> None:
    try:
        act()
    except Exception:
        # The edge of a thread that must outlive an error: a job that gives no sign of life is begun again.
        log.exception("what is done again and again beside a job failed, and is tried again")
        # A connection that was cut stays so; the next time there is another.
        connections.close_all()
