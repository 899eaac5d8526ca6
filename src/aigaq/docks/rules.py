"""Who lets docks in, what bounds them, when a dock's clock is off. Pure: values in, a refusal or None out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from aigaq.docks import errors
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.registry.models import Role
from aigaq.tlog.entry import ActorKind
from aigaq.vault.receiving import LEAST

Refusal: TypeAlias = AigaqError

CODE_LIFE: Final = timedelta(minutes=30)
CODES_OPEN: Final = 10
"""Of one division, unused and not expired."""
CHALLENGE_LIFE: Final = timedelta(seconds=60)
HOSTS_APART: Final = timedelta(milliseconds=500)
"""How far the clock of the host that is answered may be behind that of the one that asked."""
SESSION_LIFE: Final = timedelta(minutes=15)
SESSIONS_A_MINUTE: Final = 12
"""Of one dock: each is an entry of the ledger."""
REASON_LIMIT: Final = 300

CLOCK_BOUND: Final = timedelta(seconds=30)
"""A dock's clock that is further off is told of. It decides nothing: times that count are the server's."""
TELL_AGAIN: Final = timedelta(hours=24)
"""While the clock stays off."""
REFUSAL_AGAIN: Final = timedelta(hours=1)
"""Between two entries that say the same dock was not let in."""

MAX_UPLOAD: Final = 64 * 1024**3
"""Octets. FAT ends a recording at 4 GiB; exFAT and a long night do not."""
MAX_PART: Final = 16 * 1024**2
"""Octets of one request: what is sent again at the most when the line or the server breaks."""
MAX_UNFINISHED: Final = 128 * 1024**3
"""Octets, declared by the unfinished uploads of one dock together; of a smaller disk only its share."""
SHARE: Final = 2
"""Unfinished uploads of one dock may take one part in so many of the disk's room; a single one takes more."""
QUOTA_AGAIN: Final = timedelta(hours=24)
"""Between two entries that say a dock has come to the end of its share."""
PROVEN_LATELY: Final = timedelta(minutes=10)
"""A blob that was proven within is not read again for the same dock, blob and question: to read a large one
takes longer than a line has patience, and an answer that was lost is asked for again."""
UPLOADS_OPEN: Final = 64
UPLOADS_AN_HOUR: Final = 20_000
RESERVE: Final = 2 * 1024**3
"""Octets of the vault's disk that uploads leave free: database, ledger and unloading here go on."""
ABANDONED_AFTER: Final = timedelta(days=7)
"""Without an octet. Longer than a holiday without network; what ends is only sent again."""
ENDED_KEPT: Final = timedelta(days=30)
"""How long a finished or given up upload still answers."""


def refusal_to_keep_docks(by: By, division: str, own: str) -> Refusal | None:
    """A dock is of one division, whose id is `own`: its custodian or head lets it in and shuts it out."""
    if by.actor.kind is ActorKind.SYSTEM:
        return None
    role = None if by.right is None else by.right.get("role")
    if by.division == own and role in (Role.HEAD, Role.CUSTODIAN):
        return None
    return errors.NotOverDocksError(division=division)


def refusal_of_reason(reason: str) -> Refusal | None:
    return None if 0 < len(reason) <= REASON_LIMIT else errors.NoReasonToRevokeError(limit=REASON_LIMIT)


def refusal_of_code(*, used: bool, expires_at: datetime, now: datetime) -> Refusal | None:
    if used:
        return errors.CodeUsedError()
    if now >= expires_at:
        return errors.CodeExpiredError(minutes=int(CODE_LIFE.total_seconds() // 60))
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """A dock's clock beside ours: `offset` is its less ours, true give or take `doubt`."""

    offset: timedelta
    doubt: timedelta

    @property
    def is_off(self) -> bool:
        return abs(self.offset) - self.doubt > CLOCK_BOUND


def reading(asked_at: datetime, told: datetime, answered_at: datetime) -> Reading:
    """`told` is the dock's time, at some moment between ours `asked_at` and `answered_at`."""
    doubt = (answered_at - asked_at) / 2
    return Reading(told - (asked_at + doubt), abs(doubt))


def has_to_be_told(clock: Reading, told_at: datetime | None, now: datetime) -> bool:
    return clock.is_off and (told_at is None or abs(now - told_at) >= TELL_AGAIN)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What one dock has begun: length and offset of each unfinished upload, and how many within the hour."""

    uploads: Sequence[tuple[int, int]]
    begun: int

    @property
    def announced(self) -> int:
        return sum(length for length, _offset in self.uploads)

    @property
    def outstanding(self) -> int:
        return sum(length - offset for length, offset in self.uploads)

    @property
    def received(self) -> int:
        return sum(offset for _length, offset in self.uploads)


def share(dock: Unfinished, *, free: int) -> int:
    """Octets that the unfinished uploads of a dock may come to: none fills the disk with what it never ends.

    `free`: what the disk has left, beside what they have taken of it already.
    """
    return min(MAX_UNFINISHED, max(0, free + dock.received - RESERVE) // SHARE)


def refusal_to_begin(length: int, dock: Unfinished, *, free: int) -> Refusal | None:
    """`free`: octets that the vault's disk has left.

    What other docks have announced does not count: by announcing alone nobody keeps the others out. Whether
    there is room is asked again at each part (`refusal_for_want_of_room`).
    """
    if length < LEAST:
        return errors.BadLengthError(least=LEAST)
    if length > MAX_UPLOAD:
        return errors.UploadTooLargeError(limit=MAX_UPLOAD, length=length)
    if dock.begun >= UPLOADS_AN_HOUR:
        return errors.TooManyBegunError(limit=UPLOADS_AN_HOUR)
    if len(dock.uploads) >= UPLOADS_OPEN:
        return errors.TooManyUploadsError(limit=UPLOADS_OPEN)
    limit = share(dock, free=free)
    # A dock that ends its uploads waits at the most for its own others; one alone may be as large as fits.
    if dock.uploads and dock.announced + length > limit:
        return errors.TooMuchUnfinishedError(limit=limit)
    return refusal_for_want_of_room(dock.outstanding + length, free=free)


def refusal_for_want_of_room(octets: int, *, free: int) -> Refusal | None:
    return errors.NoRoomForUploadError() if free - octets < RESERVE else None


def refusal_of_part(given: int, offset: int, length: int, part: int) -> Refusal | None:
    """A part of `part` octets that is to go on at `given`; the upload stands at `offset` of `length`."""
    if given != offset:
        return errors.WrongOffsetError(offset=offset, given=given)
    if part == 0:
        return errors.EmptyPartError()
    if part > MAX_PART:
        return errors.PartTooLargeError(limit=MAX_PART)
    if part > length - offset:
        return errors.BeyondLengthError(length=length)
    return None
