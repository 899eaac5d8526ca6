"""The ports of a dock away from the office: what is plugged in goes to the server, which shows them too."""

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from aigaq.core.threads import wait
from aigaq.dock.agent.errors import LineError, ServerAwayError, ServerRefusedError, StrangeAnswerError
from aigaq.dock.agent.serving import Agent, Done
from aigaq.dock.attend import Attendant, Board, Ended, State, attend
from aigaq.dock.media import Media
from aigaq.errors import AigaqError
from aigaq.unloading import errors
from aigaq.unloading.medium import Medium
from aigaq.unloading.wire import known_error

log = logging.getLogger(__name__)

PORTS: Final = "/api/ports/"
SEEN_EVERY: Final = 20.0
"""Seconds between two signs of life to the server, at most."""
_WAITING: Final = (State.UNLOADING, State.CLEARING)
_NOT_NOW: Final = (LineError, ServerAwayError, ServerRefusedError, StrangeAnswerError)
_TRAY: Final = "tray"
_STATES: Final = {
    "ready": State.READY,
    "kept": State.KEPT,
    "taken-up": State.KEPT,
    _TRAY: State.TRAY,
    "failed": State.FAILED,
}

Tell = Callable[[str, AigaqError | None, State], None]
"""Port, what is wrong if anything, and its state: for the dock's own screen."""


class RemoteServer:
    """A `dock.attend.Server` at the end of the line."""

    def __init__(self, agent: Agent, board: "RemoteBoard") -> None:
        self._agent = agent
        self._board = board

    def unload(self, medium: Medium, port: str, stop: threading.Event) -> Ended:
        done = self._agent.unload(
            medium,
            port=port,
            stop=stop,
            waiting=lambda error: self._board.waits(port, error),
        )
        return ended_of(done)

    def is_due(self, ended: Ended) -> bool:
        return self._board.was_assigned(ended.run)


class RemoteBoard:
    """Tells the dock's own screen at once, and the server's when the line is there.

    One thread tells the server and asks it, so that a line that hangs holds up no port.
    """

    def __init__(self, agent: Agent, tell: Tell) -> None:
        self._agent = agent
        self._tell = tell
        self._lock = threading.Lock()
        self._ports: dict[str, Ended] = {}
        self._there: dict[_Part, set[str]] = {}
        self._gone: set[str] = set()
        """Were there, and are not at this moment."""
        self._assigned: set[str] = set()
        self._changed = threading.Event()
        self._over = threading.Event()

    def part(self) -> Board:
        """For whoever looks at one kind of media; others look at others."""
        return _Part(self)

    def show(self, port: str, ended: Ended) -> None:
        with self._lock:
            self._ports[port] = ended
        self._tell(port, ended.error, ended.state)
        self._changed.set()

    def seen(self, part: "_Part", ports: Collection[str]) -> None:
        with self._lock:
            before, self._there[part] = self._there.get(part, set()), set(ports)
            self._gone = (self._gone | before) - set(ports)

    def waits(self, port: str, error: LineError | ServerAwayError | None) -> None:
        """The unloading goes on when the server is back, or now (None); whoever stands here is told."""
        with self._lock:
            now = self._ports.get(port)
            if now is None or now.state not in _WAITING or _code(now.error) == _code(error):
                return
            self._ports[port] = Ended(now.state, error, now.run)
        self._tell(port, error, now.state)
        self._changed.set()

    def was_assigned(self, run: str) -> bool:
        """Whether the server has said that this waits in the tray no more."""
        return run in self._assigned

    def telling(self) -> None:
        """Until `end`: what has changed to the server, and now and then that this dock is alive."""
        while not self._over.is_set():
            self._changed.wait(SEEN_EVERY)
            self._changed.clear()
            try:
                self.tell_server()
            except Exception:
                # The thread's edge: whatever it was, the next sign of life is not to be missing too.
                log.exception("The ports could not be told to the server")

    def end(self) -> None:
        self._over.set()
        self._changed.set()

    def tell_server(self) -> None:
        with self._lock:
            ports = sorted(self._ports.items())
            there = {port for ports_of in self._there.values() for port in ports_of}
        told: list[dict[str, Any]] = [
            {
                "port": port,
                "state": ended.state.value,
                "code": _code(ended.error),
                "facts": errors.facts_of(ended.error) if ended.error else {},
                "unload": ended.run,
                "there": port in there,
            }
            for port, ended in ports
        ]
        waiting = {ended.run for _port, ended in ports if ended.state is State.TRAY and ended.run}
        try:
            self._agent.session.tell(PORTS, json.dumps({"ports": told}, ensure_ascii=False).encode())
        except _NOT_NOW:
            return  # it is told again, with what is true then
        self._forget(dict(ports))
        self._assigned = {run for run in waiting if run in self._assigned or self._waits_no_more(run)}

    def _forget(self, told: Mapping[str, Ended]) -> None:
        """What is empty and gone, once that is told: ports of folders come and go for years."""
        with self._lock:
            for port in self._gone & told.keys():
                if told[port].state is State.EMPTY and self._ports[port] is told[port]:
                    del self._ports[port]
                    self._gone.discard(port)

    def _waits_no_more(self, run: str) -> bool:
        with contextlib.suppress(*_NOT_NOW):
            return self._agent.state_of(run) != _TRAY
        return False


def _code(error: AigaqError | None) -> str:
    return error.code if error else ""


class _Part:
    """A `dock.attend.Board`."""

    def __init__(self, board: RemoteBoard) -> None:
        self._board = board

    def show(self, port: str, ended: Ended) -> None:
        self._board.show(port, ended)

    def seen(self, ports: Collection[str]) -> None:
        self._board.seen(self, ports)


def ended_of(done: Done) -> Ended:
    """What an unloading means for its port."""
    if not done.unload:
        return Ended(State.READY)
    error: AigaqError | None = done.problems[0] if done.problems else None
    if done.code and (error is None or error.code != done.code):
        error = known_error(done.code, done.facts) or error
    return Ended(_STATES.get(done.state, State.FAILED), error, done.unload)


def attend_dock(agent: Agent, media: Collection[Media], stop: threading.Event, tell: Tell) -> None:
    """Until `stop`, and until what is being read has come to its end.

    Raises `ThreadEndedError` when one of its threads ended before that; then all stop.
    """
    agent.sweep()
    board = RemoteBoard(agent, tell)
    server = RemoteServer(agent, board)
    telling = threading.Thread(target=board.telling, name="telling", daemon=True)
    telling.start()
    attendants = [(Attendant(each, server, board.part()), each) for each in media]
    threads = [threading.Thread(target=attend, args=(*each, stop), name="ports") for each in attendants]
    for thread in threads:
        thread.start()
    try:
        wait(stop, [*threads, telling])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        board.end()
        # Left behind if the line hangs: it only tells.
        telling.join(1.0)
