"""Threads that a program can't do without: where one has ended the program ends, to be started anew."""

import logging
import threading
from collections.abc import Iterable
from typing import Final

from aigaq.errors import N_, AigaqError

log = logging.getLogger(__name__)

LOOKED_EVERY: Final = 0.5
"""Seconds between two looks whether all are alive."""


class ThreadEndedError(AigaqError):
    code = "program.thread-ended"
    message = N_(
        "A part of Aigaq that has to run all the time has ended ({thread}). The log has more. Start Aigaq "
        "again; systemd does it by itself."
    )


def log_ends() -> None:
    """A thread that ends by a defect says so in the log, where nothing of persons is written."""
    threading.excepthook = _log_the_end


def wait(over: threading.Event, threads: Iterable[threading.Thread]) -> None:
    """Return when `over` is set. Raises `ThreadEndedError` when one of `threads` has ended somehow."""
    threads = list(threads)
    # The kernel may hand a signal to any thread, and Python hears of it when this one does something next.
    while not over.wait(LOOKED_EVERY):
        for thread in threads:
            if not thread.is_alive():
                raise ThreadEndedError(thread=thread.name)


def _log_the_end(ended: threading.ExceptHookArgs) -> None:
    log.critical("A thread ended", exc_info=ended.exc_value)
