"""What an unloading asks of the office, whether that is in this process or at the other end of a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aigaq.errors import AigaqError
from aigaq.unloading import errors
from aigaq.unloading.facts import EnteredFile, FoundFile


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it is listed. Size in octets; `modified_ns` by the recorder's clock, since 1970."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class SeenClock:
    """What time a recorder wrote down when it was plugged in, and in which file."""

    device_at: datetime
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """What a card shows of itself before anything is read. It is hostile: nothing here is believed yet."""

    port: str
    """Name of the place where it is plugged in, for people."""
    identity: bytes | None
    """The identity file, at most one octet longer than it may be; None if there is none."""
    identity_doubt: str
    """Why the identity file could not be read; empty if it could, or if there is none."""
    volume: str
    """Serial number of its file system; empty if it has none, or is a folder of a larger one."""
    folder: str
    """Where a folder lies that is no volume of its own; empty for a volume."""
    files: tuple[SeenFile, ...]
    problems: tuple[errors.FileProblemError, ...]
    devices: tuple[str, ...] = ()
    """Numbers of recorders that names, folders and small files of it tell, by its recorder profile."""
    clock: SeenClock | None = None
    """The recorder's own time, where it wrote one down."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The office's answer to a card."""

    unload: str
    """Number of the unloading."""
    card: str
    """Inventory number; empty if nobody knows the card."""
    installation: str
    known: Mapping[tuple[str, int], bool]
    """Path and size of what was stored before and may still be on it, and whether it was judged."""
    doubtful: bool = False
    """Something went wrong with this card before: what it gives is read twice."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life: octets read, the path being read (fit for a screen), files left, problems so far."""

    octets: int
    current: str
    unread: int
    problems: Sequence[errors.FileProblemError]


@dataclass(frozen=True, slots=True)
class Settled:
    """After all files are through. Nothing of a card is cleared while some of it waits for a row."""

    waits: bool


class Desk(Protocol):
    """The office's side of one unloading. Each call is durable when it returns, and may be repeated.

    Raise `AigaqError` of the database or the line: the unloading ends, and the next one goes on.
    """

    def begin(self, card: SeenCard, *, keep: bool) -> Ticket | None:
        """Whose it is; None if there is nothing on it and nothing to finish."""

    def enter(self, found: Sequence[FoundFile]) -> Sequence[EnteredFile]:
        """Enter files that are in the vault: rows, entries, column 6's facts. In the order of `found`."""

    def beat(self, beat: Beat) -> None: ...

    def settle(self, unread: Sequence[str]) -> Settled:
        """All files are through, but for those `unread` by path: find the row, fill column 6.

        What the names tell of the recorder's clock and count is kept here, so before anything is cleared.
        """

    def intend(self, paths: Sequence[str]) -> None:
        """These are about to be deleted from the card: so that a later run can tell that we did it."""

    def note(self, left: Sequence[str]) -> bytes | None:
        """The signed note to leave on the card, on which only `left` is now; None if we deleted nothing.

        What an earlier run deleted and did not come to say is in it too.
        """

    def say_cleared(self, left: Sequence[str], note: bytes | None) -> None:
        """Enter what is gone, after `note`; None if that could not be written on the card."""

    def say_time_left(self, path: str, text: str) -> None:
        """The file at `path` says `text` on the card now: the time, for the recorder to take."""

    def finish(self, problems: Sequence[errors.FileProblemError], *, keep: bool) -> None: ...

    def fail(self, error: AigaqError, problems: Sequence[errors.FileProblemError]) -> None:
        """It ends before its end. Raises nothing that would hide `error`."""
