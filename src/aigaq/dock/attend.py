"""Attending the docks (R11.1): what comes is mounted, unloaded and let go; each port says what to do."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from aigaq.core.logs import Word
from aigaq.dock import errors
from aigaq.dock.media import Media, Slot
from aigaq.errors import AigaqError
from aigaq.unloading.errors import MediumGoneError
from aigaq.unloading.medium import Medium

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at all ports, at most."""
TRY_AGAIN = 60.0
"""Seconds after which a port is tried again whose unloading failed: space may have come, a disk returned."""
PULLED_SHOWN = 600.0
"""Seconds for which an empty port says that its card was pulled out too early."""
NO_ANSWER = 45.0
"""Seconds that mounting or letting go may take. A call that the kernel doesn't end, nobody can end."""


class State(StrEnum):
    """Of a port, as a person in the room needs it. Values are kept."""

    EMPTY = "empty"
    FOUND = "found"
    MOUNTING = "mounting"
    UNLOADING = "unloading"
    CLEARING = "clearing"
    READY = "ready"
    TRAY = "tray"
    KEPT = "kept"
    FAILED = "failed"
    UNREADABLE = "unreadable"


_WORST_FIRST = (State.FAILED, State.UNREADABLE, State.TRAY, State.KEPT, State.READY)
_UNREADABLE = (errors.UnreadableMediumError, errors.NoFileSystemError, errors.UnknownFileSystemError)


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of one volume, or of all of a port."""

    state: State
    error: AigaqError | None = None
    run: str = ""
    """Of the unloading, as whoever serves it names it; empty if there was none."""


class Server(Protocol):
    """Who unloads."""

    def unload(self, medium: Medium, port: str, stop: threading.Event) -> Ended:
        """Raise an ``AigaqError`` where it did not come to its end. Called in a thread of the port's own."""
        ...

    def is_due(self, ended: Ended) -> bool:
        """Whether what ended in the tray has been assigned meanwhile, so that the medium may be cleared."""
        ...


class Board(Protocol):
    """Where the ports are shown. Called from several threads; raises nothing."""

    def show(self, port: str, ended: Ended) -> None: ...

    def seen(self, ports: Collection[str]) -> None:
        """These are there; what runs at them may have come further."""
        ...


@dataclass(slots=True)
class _Port:
    name: str
    seen: str | None = None
    """Key at the last look: what two looks have found alike is mounted."""
    done: str = ""
    """Key of what was unloaded; nothing is done until another is put in."""
    shown: Ended = field(default_factory=lambda: Ended(State.EMPTY))
    since: float = 0.0
    """When that was shown first."""
    work: threading.Thread | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def is_busy(self) -> bool:
        return self.work is not None and self.work.is_alive()


class Attendant:
    """`look` is called again and again by one thread; each unloading has its own."""

    def __init__(
        self,
        media: Media,
        server: Server,
        board: Board,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._media = media
        self._server = server
        self._board = board
        self._clock = clock
        self._ports: dict[str, _Port] = {}
        self._is_over = False

    def look(self) -> None:
        """One look at every port. Raises nothing of a port's."""
        slots = {slot.port: slot for slot in self._media.look()}
        for name in slots.keys() - self._ports.keys():
            self._ports[name] = _Port(name)
            if not slots[name].key:
                self._show(self._ports[name], Ended(State.EMPTY))
        for name, port in list(self._ports.items()):
            self._look_at(port, slots.get(name, Slot(name)))
            if name not in slots and not port.is_busy and port.shown.state is State.EMPTY:
                del self._ports[name]
        self._board.seen(slots.keys())

    def end(self) -> None:
        """What is being read is finished, nothing more is begun, everything is let go."""
        self._is_over = True
        for port in list(self._ports.values()):
            port.stop.set()
        self.join()

    def join(self) -> None:
        for port in list(self._ports.values()):
            if port.work is not None:
                port.work.join()

    def _look_at(self, port: _Port, slot: Slot) -> None:
        before, port.seen = port.seen, slot.key
        if port.is_busy:
            if slot.key != port.done:
                port.gone.set()
                port.stop.set()
            self._mind_the_time(port)
        elif not slot.key:
            self._is_empty(port)
        elif slot.key != port.done or self._is_due(port):
            self._begin(port, slot, is_sure=slot.key == before)

    def _is_empty(self, port: _Port) -> None:
        port.done = ""
        if port.shown.state is State.EMPTY:
            return
        was_pulled = isinstance(port.shown.error, MediumGoneError)
        if not was_pulled or self._clock() - port.since >= PULLED_SHOWN:
            self._show(port, Ended(State.EMPTY))

    def _is_due(self, port: _Port) -> bool:
        if port.shown.state is State.FAILED:
            return self._clock() - port.since >= TRY_AGAIN
        return port.shown.state is State.TRAY and self._server.is_due(port.shown)

    def _begin(self, port: _Port, slot: Slot, *, is_sure: bool) -> None:
        if self._is_over:
            return
        if not is_sure:
            self._show(port, Ended(State.FOUND))
            return
        port.done = slot.key
        if slot.problem is not None:
            self._show(port, Ended(State.FAILED, slot.problem))
            return
        port.stop, port.gone = threading.Event(), threading.Event()
        port.work = threading.Thread(target=self._attend, args=(port, slot), name=f"dock {port.name}")
        port.work.start()

    def _mind_the_time(self, port: _Port) -> None:
        """The thread itself may hang in a call for good; the port says so, and no other waits for it."""
        waited = self._clock() - port.since
        if port.shown.state is State.MOUNTING and waited >= NO_ANSWER:
            self._show(port, Ended(State.FAILED, errors.NoAnswerError(seconds=int(NO_ANSWER))))

    def _attend(self, port: _Port, slot: Slot) -> None:
        """The daemon's edge: whatever goes wrong at one port, the others go on."""
        try:
            ended = self._unloaded(port, slot)
        except AigaqError as error:
            ended = _failed(error)
        except Exception as error:
            log.exception("The unloading at a port failed")
            ended = Ended(State.FAILED, errors.PortFailedError(reason=type(error).__name__))
        if ended.error is not None:
            log.warning("A port stopped: %s", Word(ended.error.code))
        self._show(port, ended)

    def _unloaded(self, port: _Port, slot: Slot) -> Ended:
        """Every volume, one after the other; the port says the worst that came of them."""
        if not slot.volumes:
            raise errors.NoFileSystemError
        results: list[Ended] = []
        for volume in slot.volumes:
            if port.stop.is_set() and results:
                break
            try:
                self._show(port, Ended(State.MOUNTING))
                with volume.mounted() as medium:
                    results.append(self._served(port, medium))
            except errors.NoFileSystemError as error:
                # Of several partitions one may be of no kind that we know; of one alone it is told.
                results.append(_failed(error))
            except AigaqError as error:
                results.append(_failed(MediumGoneError() if port.gone.is_set() else error))
        known = [each for each in results if not isinstance(each.error, errors.NoFileSystemError)]
        return min(known or results, key=lambda each: _WORST_FIRST.index(each.state))

    def _served(self, port: _Port, medium: Medium) -> Ended:
        self._show(port, Ended(State.UNLOADING))
        told = _Told(medium, lambda state: self._show(port, Ended(state, run=port.shown.run)))
        try:
            ended = self._server.unload(told, port.name, port.stop)
        except AigaqError:
            medium.require()
            raise
        finally:
            # From here on it is let go; a call that hangs in there is told as one that hangs before.
            self._show(port, Ended(State.MOUNTING, run=port.shown.run), is_told=False)
        if ended.state is not State.READY:
            medium.require()
        return ended

    def _show(self, port: _Port, ended: Ended, *, is_told: bool = True) -> None:
        port.shown, port.since = ended, self._clock()
        if is_told:
            self._board.show(port.name, ended)


class _Told:
    """A medium that says when it is being cleared: it must not be pulled out then."""

    def __init__(self, medium: Medium, tell: Callable[[State], None]) -> None:
        self._medium = medium
        self._tell = tell

    @property
    def path(self) -> Path:
        return self._medium.path

    def require(self) -> None:
        self._medium.require()

    @contextmanager
    def writable(self, root: int) -> Iterator[None]:
        self._tell(State.CLEARING)
        with self._medium.writable(root):
            yield


def attend(attendant: Attendant, media: Media, stop: threading.Event, *, every: float = LOOK_EVERY) -> None:
    """Look until `stop` is set, then until what is being read has come to its end and is let go."""
    try:
        while not stop.is_set():
            try:
                attendant.look()
            except Exception:
                # The edge of the daemon: a device that vanishes while it is looked at must not end the watch.
                log.exception("A look at the ports failed")
            media.wait(every)
    finally:
        attendant.end()
        media.close()


def _failed(error: AigaqError) -> Ended:
    return Ended(State.UNREADABLE if isinstance(error, _UNREADABLE) else State.FAILED, error)
