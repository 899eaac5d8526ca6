"""A few threads that can be left behind: a call into a dying card's driver may never come back.

Those of `concurrent.futures` are waited for when the program ends, however long they hang.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class Threads:
    """Does what is submitted, in its order, `count` at a time."""

    def __init__(self, count: int, name: str) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name} {number}", daemon=True)
            for number in range(1, count + 1)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, act: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()
        self._waiting.put((future, act))
        return future

    def end(self, patience: float | None = None) -> bool:
        """Begin nothing more; wait for what was begun. Whether all of it ended within `patience` seconds."""
        while True:
            try:
                waiting = self._waiting.get_nowait()
            except Empty:
                break
            if waiting is not None:
                waiting[0].cancel()
        for _ in self._threads:
            self._waiting.put(None)
        until = None if patience is None else time.monotonic() + patience
        for thread in self._threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            future, act = waiting
            if future.set_running_or_notify_cancel():
                _fulfil(future, act)


def _fulfil(future: Future[Result], act: Callable[[], Result]) -> None:
    try:
        result = act()
    except BaseException as error:  # noqa: BLE001 - told to whoever asks for the result
        future.set_exception(error)
    else:
        future.set_result(result)
