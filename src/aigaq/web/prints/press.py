"""The press: paper is set in the background, one at a time, and waits in memory until it is taken.

Nothing of it touches a disk. It belongs to who asked for it and is forgotten after a while, so does what is
on it; a restart forgets it too, and it is asked for anew.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.db import connections

from aigaq.errors import N_, AigaqError
from aigaq.journal.printing import DRAWN, READ, Printed
from aigaq.paperwork.apart import Apart, NotSetError

KEPT_SECONDS: Final = 10 * 60
"""From the moment it is ready."""
KEPT_EACH: Final = 3
"""Ready prints of one person; the oldest goes first."""
KEPT_OCTETS: Final = 64 << 20
"""Of all ready prints together; the oldest goes first. The largest book is 6 MB."""
WAITING: Final = 8
"""Prints of all people that are not ready yet."""
_SETTING_TO_DRAWING: Final = 2.0
"""Setting the pages takes about so many times as long as drawing their codes, on any machine."""
_NEARLY: Final = 98

log = logging.getLogger(__name__)


class AlreadyPrintingError(AigaqError):
    code = "prints.already"
    message = N_("Something is being set for you already. Take it or stop it, then ask for the next.")


class PressBusyError(AigaqError):
    code = "prints.busy"
    message = N_("Several people are printing at once. Ask again in a minute.")


class State(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    DRAWING = "drawing"
    SETTING = "setting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Paper:
    """What was made: the file, its name, and, where it is the book, what the ledger is told of it."""

    pdf: bytes
    name: str
    printed: Printed | None = None


@dataclass
class Print:
    """One paper on its way. Written by its own thread; what a page reads of it may be a moment old."""

    owner: object
    """Id of the user who asked; nobody else sees it."""
    division: UUID
    title: str
    """As the page calls it."""
    seconds: Callable[[], float] = time.monotonic
    id: UUID = field(default_factory=uuid4)
    state: State = State.WAITING
    paper: Paper | None = None
    error: AigaqError | None = None
    ready_at: float = 0.0
    _done: int = 0
    _of: int = 1
    _drawing_since: float = 0.0
    _setting_since: float = 0.0

    def __post_init__(self) -> None:
        self.typesetter = Apart(self.drawn)

    @property
    def is_over(self) -> bool:
        return self.state in (State.READY, State.FAILED)

    @property
    def percent(self) -> int:
        """How far it is. Typesetting does not tell, so that part goes by the time its codes took."""
        match self.state:
            case State.READING:
                return READ * self._done // self._of
            case State.DRAWING:
                return READ + DRAWN * self._done // self._of
            case State.SETTING:
                expected = max(0.5, _SETTING_TO_DRAWING * (self._setting_since - self._drawing_since))
                share = (self.seconds() - self._setting_since) / expected
                return min(_NEARLY, READ + DRAWN + int(share * (100 - READ - DRAWN)))
            case State.READY:
                return 100
        return 0

    def read(self, done: int, of: int) -> None:
        """`done` sheets are read of `of`."""
        self.state, self._done, self._of = State.READING, done, of

    def drawn(self, done: int, of: int) -> None:
        """`done` codes are drawn of `of`; when all are, the pages are set."""
        if self.state is not State.DRAWING:
            self._drawing_since = self.seconds()
        self.state, self._done, self._of = State.DRAWING, done, of
        if done == of:
            self.state, self._setting_since = State.SETTING, self.seconds()


Work = Callable[[Print], Paper]


class Press:
    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._prints: dict[UUID, Print] = {}
        self._lock = threading.Lock()
        self._at_once = threading.Semaphore(1)

    def start(self, owner: object, division: UUID, title: str, work: Work) -> Print:
        """Begin to print. Raises `AlreadyPrintingError` or `PressBusyError`."""
        new = Print(owner, division, title, self._seconds)
        with self._lock:
            self._forget()
            running = [each for each in self._prints.values() if not each.is_over]
            if any(each.owner == owner for each in running):
                raise AlreadyPrintingError
            if len(running) >= WAITING:
                raise PressBusyError
            self._prints[new.id] = new
        threading.Thread(target=self._work, args=(new, work), name="print", daemon=True).start()
        return new

    def of(self, owner: object, division: UUID) -> list[Print]:
        """What somebody has asked for in a division and is not forgotten yet, the newest first."""
        with self._lock:
            self._forget()
            found = [
                each for each in self._prints.values() if (each.owner, each.division) == (owner, division)
            ]
        return found[::-1]

    def get(self, owner: object, division: UUID, id_: UUID) -> Print | None:
        return next((each for each in self.of(owner, division) if each.id == id_), None)

    def stop(self, print_: Print) -> None:
        """It is not wanted any more."""
        with self._lock:
            self._prints.pop(print_.id, None)
        print_.typesetter.stop()

    def _work(self, print_: Print, work: Work) -> None:
        try:
            with self._at_once:
                with self._lock:
                    if print_.id not in self._prints:
                        return
                print_.paper = work(print_)
            print_.ready_at, print_.state = self._seconds(), State.READY
        except AigaqError as error:
            self._failed(print_, error)
        except Exception:
            # The edge of a thread of its own: whoever waits must be told, and nobody else would be.
            log.exception("a paper could not be set")
            self._failed(print_, NotSetError())
        finally:
            connections.close_all()
            with self._lock:
                self._forget()

    def _failed(self, print_: Print, error: AigaqError) -> None:
        print_.error, print_.ready_at, print_.state = error, self._seconds(), State.FAILED

    def _forget(self) -> None:
        """What is old, and what is too much; the oldest first. Under the lock."""
        now = self._seconds()
        over = sorted(
            (each for each in self._prints.values() if each.is_over), key=lambda each: each.ready_at
        )
        kept: dict[object, int] = {}
        octets = 0
        for each in reversed(over):
            kept[each.owner] = kept.get(each.owner, 0) + 1
            octets += len(each.paper.pdf) if each.paper else 0
            too_many = kept[each.owner] > KEPT_EACH or octets > KEPT_OCTETS
            if too_many or now - each.ready_at >= KEPT_SECONDS:
                del self._prints[each.id]


PRESS: Final = Press()
"""Of this process: what it sets, it alone has."""
