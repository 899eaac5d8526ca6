"""The docks: each folder of the watched folder is a port; what is plugged into one is unloaded (R12.1)."""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connections

from aigaq.core.files import displayed
from aigaq.core.logs import Word
from aigaq.dock.attend import Board, Ended, State
from aigaq.errors import AigaqError
from aigaq.ingest.desk import bury
from aigaq.ingest.docking import ended_of, failed, was_assigned
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.ports import PortBoard
from aigaq.ingest.services import Pipeline, unload
from aigaq.ledger.services import Ledger
from aigaq.unloading.errors import NotACardError
from aigaq.unloading.looking import port_name
from aigaq.unloading.sources.listing import list_card, open_card

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at all ports."""
TRY_AGAIN = 60.0
"""Seconds after which a port is tried again whose unloading failed: space may have come, a disk returned."""

SILENCE = timedelta(minutes=10)
"""A run that lives says so every half second while it reads; clearing a large card takes a while."""

_SURE = 2
"""Looks."""

Wait = Callable[[float], bool]


@dataclass(slots=True)
class _Port:
    """One folder. What is in it is unloaded once two looks in a row have seen the same."""

    name: str
    path: Path
    seen: str | None = None
    """Fingerprint of the last look."""
    finished: str | None = None
    """Fingerprint of what the last unloading left; nothing is done until it differs."""
    shut: int = 0
    """Looks in a row that could not look into it."""
    failed_at: float | None = None
    in_tray: Unload | None = None
    work: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        return self.work is not None and self.work.is_alive()


class Watch:
    """Looks at the ports. `look` is called again and again by one thread; each unloading has its own."""

    def __init__(
        self,
        office: Pipeline,
        docks: Path,
        *,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._office = office
        self._docks = docks
        self._board: Board = PortBoard(office.ledger.clock)
        self._stop = stop or threading.Event()
        self._clock = clock
        self._ports: dict[str, _Port] = {}

    def look(self) -> None:
        """One look at every port; start the unloading of those that are ready. Raises nothing of a port's."""
        names = self._names()
        for name in [name for name, port in self._ports.items() if name not in names and not port.is_busy]:
            self._board.show(self._ports.pop(name).name, Ended(State.EMPTY))
        for name in names:
            if name not in self._ports:
                self._ports[name] = _Port(port_name(name), self._docks / name)
                self._board.show(self._ports[name].name, Ended(State.EMPTY))
            port = self._ports[name]
            if not port.is_busy:
                self._look_at(port)
        self._board.seen([port.name for port in self._ports.values()])

    def bury_the_silent(self) -> None:
        """Say of runs here that gave no sign of life for long that they were cut off: by a power cut, say."""
        now = self._office.ledger.clock.now()
        bury(Unload.objects.filter(dock=None, beat_at__lt=now - SILENCE), self._office.ledger)

    def join(self) -> None:
        """Wait until nothing is being unloaded."""
        for port in list(self._ports.values()):
            if port.work is not None:
                port.work.join()

    def _names(self) -> list[str]:
        try:
            with os.scandir(self._docks) as entries:
                return sorted(each.name for each in entries if _is_port(each))
        except OSError:
            log.exception("The watched folder can't be looked at")
            return []

    def _look_at(self, port: _Port) -> None:
        try:
            seen = _fingerprint(port.path)
        except AigaqError as error:
            self._is_shut(port, error)
            return
        if port.shut:
            # It may be another card: what was shown of the one before is over.
            port.shut, port.finished = 0, None
        before, port.seen = port.seen, seen
        if seen == before and self._is_due(port, seen):
            port.work = threading.Thread(target=self._unload, args=(port, seen), name=f"unload {port.name}")
            port.work.start()

    def _is_shut(self, port: _Port, error: AigaqError) -> None:
        """Told when two looks have found it so: while it is mounted or let go it opens for nobody."""
        port.seen = None
        port.shut += 1
        if port.shut == _SURE:
            self._board.show(port.name, failed(error))

    def _is_due(self, port: _Port, seen: str) -> bool:
        if port.finished != seen:
            return True
        if port.failed_at is not None:
            return self._clock() - port.failed_at >= TRY_AGAIN
        return port.in_tray is not None and was_assigned(str(port.in_tray.pk))

    def _unload(self, port: _Port, seen: str) -> None:
        """The daemon's edge: whatever goes wrong with one card, the other ports go on."""
        port.failed_at, port.in_tray, port.finished = None, None, seen
        self._board.show(port.name, Ended(State.UNLOADING))
        ended = Ended(State.FAILED)
        try:
            outcome = unload(self._office, port.path, port=port.name, stop=self._stop)
            port.finished = port.seen = outcome.left
            ended = ended_of(outcome, of_nothing=State.EMPTY)
            if outcome.unload.state == UnloadState.TRAY:
                port.in_tray = outcome.unload
            if outcome.unload.state == UnloadState.FAILED:
                port.failed_at = self._clock()
        except AigaqError as error:
            port.failed_at, ended = self._clock(), failed(error)
            log.warning("A port stopped: %s", Word(error.code))
        except Exception as error:
            port.failed_at, ended = self._clock(), failed(error)
            log.exception("The unloading at a port failed")
        finally:
            self._board.show(port.name, ended)
            connections.close_all()


def bury_the_silent(ledger: Ledger, up: timedelta) -> None:
    """Say of runs that gave no sign of life since the office is `up` that they were cut off, after `SILENCE`.

    While it was down no dock could give one; and one that gave it may have lost its line for hours.
    """
    if up >= SILENCE:
        bury(Unload.objects.filter(beat_at__lt=ledger.clock.now() - up), ledger)


def watch(
    office: Pipeline,
    docks: Path,
    *,
    stop: threading.Event,
    wait: Wait | None = None,
    every: float = LOOK_EVERY,
) -> None:
    """Watch the ports under `docks` until `stop` is set, then until what is being read has come to its end.

    `wait` waits for a number of seconds and says whether to stop: the event's own by default.
    """
    wait = wait or stop.wait
    docks.mkdir(parents=True, exist_ok=True)
    watching = Watch(office, docks, stop=stop)
    watching.bury_the_silent()
    while True:
        try:
            watching.look()
        except Exception:
            # The edge of the daemon: a database that is away for a while must not end the watch.
            log.exception("A look at the docks failed")
        finally:
            connections.close_all()
        if wait(every):
            break
    watching.join()


def _is_port(entry: os.DirEntry[str]) -> bool:
    """A folder, or a link to one: somebody may link a port to where the system mounts cards."""
    try:
        return not entry.name.startswith(".") and entry.is_dir()
    except OSError:
        return False


def _fingerprint(path: Path) -> str:
    """Of what is plugged in. Raise `NotACardError`."""
    root = open_card(path)
    try:
        return list_card(root).fingerprint
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotACardError(path=displayed(str(path)), reason=reason) from error
    finally:
        os.close(root)
