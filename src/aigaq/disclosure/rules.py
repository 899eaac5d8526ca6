"""When something about a demand is refused. Pure: facts in, the refusal or None out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aigaq.disclosure.errors import (
    BadSegmentError,
    ChosenTwiceError,
    DecidedAlreadyError,
    DueBeforeReceivedError,
    ForeignRecordingError,
    FutureDayError,
    MissingError,
    NoKindError,
    NoReasonError,
    NotApprovedError,
    NotAReaderError,
    NotAsSignedError,
    NotBuiltError,
    NotHeadError,
    NothingChangedError,
    NothingChosenError,
    ReceivedBeforeWrittenError,
    SelectionChangedError,
    TooMuchError,
)
from aigaq.disclosure.models import (
    NAME_LIMIT,
    NUMBER_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    Carrier,
    Chosen,
    Kind,
    MediaType,
    ReceiptWay,
    Segment,
)
from aigaq.errors import AigaqError
from aigaq.journal.rules import too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import READERS, Standing

Refusal: TypeAlias = AigaqError

MOST: Final = 1_000
MOST_SEGMENTS: Final = 200
"""Of one demand: an entry has a bound (`tlog.entry.MAX_OCTETS`)."""
DOCUMENT_LIMIT: Final = 20 << 20
"""Octets of a scanned paper."""
_TOLERANCE_MS: Final = 1_000
"""A prober and a player do not agree to the last picture how long a file is."""
_MAGIC: Final[Mapping[bytes, MediaType]] = {
    b"%PDF-": MediaType.PDF,
    b"\xff\xd8\xff": MediaType.JPEG,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts, and of whose demand."""

    by: By
    person: Standing
    division: Division

    def holds(self, *roles: Role) -> bool:
        """In that very division, and as themself."""
        as_themself = self.by.actor.id == str(self.person.person.pk) and self.by.division == str(
            self.division.pk
        )
        return as_themself and self.person.appointment(self.division, *roles) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the paper says; texts cleaned, days of Kazakhstan's calendar."""

    kind: str
    authority: str
    official: str
    their_number: str
    dated_on: date
    received_on: date
    due_on: date | None
    basis: str
    covers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the catalogue has of the chosen recordings: those of the division, and how long files are."""

    own: frozenset[UUID]
    lengths: Mapping[UUID, tuple[UUID, int]]
    """Of each file that lasts: its recording, and milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a demand has come."""

    number: int
    version: int
    """Of the newest selection."""
    chosen: Sequence[Chosen]
    decided_at: datetime | None
    """When it was approved or refused."""
    is_approved: bool
    is_built: bool = False


def refusal_to_keep(acting: Acting) -> Refusal | None:
    """Custodian or head of the division (R14.1)."""
    return None if acting.holds(*READERS) else NotAReaderError(division=acting.division.name)


def refusal_to_decide(acting: Acting, state: State) -> Refusal | None:
    """The head, once."""
    if not acting.holds(Role.HEAD):
        return NotHeadError(division=acting.division.name)
    return _refusal_of_decided(state)


def refusal_of_paper(paper: Paper, today: date) -> Refusal | None:
    if paper.kind not in Kind.values:
        return NoKindError()
    return _refusal_of_texts(
        (_("who asks"), paper.authority, NAME_LIMIT, True),
        (_("who signed it"), paper.official, NAME_LIMIT, False),
        (_("its number"), paper.their_number, NUMBER_LIMIT, True),
        (_("the basis"), paper.basis, TEXT_LIMIT, True),
        (_("what it asks for"), paper.covers, TEXT_LIMIT, True),
    ) or _refusal_of_days(paper, today)


def refusal_of_chosen(chosen: Sequence[Chosen], held: Held, division: str) -> Refusal | None:
    """Nothing chosen is allowed: the paper is registered first, and looked for then."""
    recordings = [each.recording for each in chosen]
    segments = [(each.recording, segment) for each in chosen for segment in each.segments]
    if len(recordings) > MOST or len(segments) > MOST_SEGMENTS:
        return TooMuchError(recordings=MOST, segments=MOST_SEGMENTS)
    if len(set(recordings)) != len(recordings):
        return ChosenTwiceError()
    if not held.own.issuperset(recordings):
        return ForeignRecordingError(division=division)
    bad = (segment for recording, segment in segments if not _is_within(recording, segment, held))
    found = next(bad, None)
    if found is None:
        return None
    return BadSegmentError(from_time=clock(found.from_ms), until_time=clock(found.until_ms))


def refusal_to_amend(
    acting: Acting, state: State, *, read: int, chosen: Sequence[Chosen], reason: str
) -> Refusal | None:
    """`read` is the version that whoever chooses anew had before them."""
    refusal = refusal_to_keep(acting) or _refusal_of_decided(state) or _refusal_of_read(state, read)
    if refusal is not None:
        return refusal
    if list(chosen) == list(state.chosen):
        return NothingChangedError()
    # What was never chosen before needs no reason for being chosen.
    return _refusal_of_reason(reason, REASON_LIMIT) if state.chosen or reason else None


def refusal_to_approve(acting: Acting, state: State, *, read: int) -> Refusal | None:
    refusal = refusal_to_decide(acting, state) or _refusal_of_read(state, read)
    if refusal is not None:
        return refusal
    return None if state.chosen else NothingChosenError(number=state.number)


def refusal_to_refuse(acting: Acting, state: State, reason: str) -> Refusal | None:
    return refusal_to_decide(acting, state) or _refusal_of_reason(reason, TEXT_LIMIT)


def refusal_to_build(acting: Acting, state: State) -> Refusal | None:
    if refusal := refusal_to_keep(acting):
        return refusal
    return None if state.is_approved else NotApprovedError(number=state.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """Who receives, on what basis, on what, and how that is signed."""

    receiver: str
    position: str
    basis: str
    carrier: str
    way: str
    signed_name: str


def refusal_to_hand_over(acting: Acting, state: State, receiving: Receiving) -> Refusal | None:
    refusal = refusal_to_build(acting, state)
    if refusal is None and not state.is_built:
        refusal = NotBuiltError(number=state.number)
    return refusal or _refusal_of_receiving(receiving)


def media_type_of(beginning: bytes) -> MediaType | None:
    """By its first octets. Nothing else of it is ever looked into."""
    return next((kind for magic, kind in _MAGIC.items() if beginning.startswith(magic)), None)


def _refusal_of_texts(*texts: tuple[object, str, int, bool]) -> Refusal | None:
    """Each with its name, what was typed, how long it may be, and whether it is needed."""
    for name, text, limit, is_needed in texts:
        if is_needed and not text:
            return MissingError(field=name)
        if refusal := too_long(text, limit):
            return refusal
    return None


def _refusal_of_days(paper: Paper, today: date) -> Refusal | None:
    if paper.received_on > today:
        return FutureDayError(day=paper.received_on)
    if paper.received_on < paper.dated_on:
        return ReceivedBeforeWrittenError(received_on=paper.received_on, dated_on=paper.dated_on)
    if paper.due_on is not None and paper.due_on < paper.received_on:
        return DueBeforeReceivedError(due_on=paper.due_on, received_on=paper.received_on)
    return None


def _refusal_of_receiving(receiving: Receiving) -> Refusal | None:
    refusal = _refusal_of_texts(
        (_("who receives it"), receiving.receiver, NAME_LIMIT, True),
        (_("their position"), receiving.position, NAME_LIMIT, True),
        (_("by what they may receive it"), receiving.basis, TEXT_LIMIT, True),
    )
    if refusal is not None:
        return refusal
    if receiving.carrier not in Carrier.values:
        return MissingError(field=_("on what it is handed over"))
    if receiving.way not in ReceiptWay.values:
        return MissingError(field=_("how it is signed for"))
    is_typed = receiving.signed_name.casefold() == receiving.receiver.casefold()
    if receiving.way == ReceiptWay.ON_SCREEN and not is_typed:
        return NotAsSignedError(receiver=receiving.receiver)
    return None


def _refusal_of_decided(state: State) -> Refusal | None:
    if state.decided_at is None:
        return None
    return DecidedAlreadyError(number=state.number, at=state.decided_at)


def _refusal_of_read(state: State, read: int) -> Refusal | None:
    return None if read == state.version else SelectionChangedError(number=state.number)


def _refusal_of_reason(reason: str, limit: int) -> Refusal | None:
    return too_long(reason, limit) if reason else NoReasonError()


def _is_within(recording: UUID, segment: Segment, held: Held) -> bool:
    known = held.lengths.get(segment.file)
    if known is None or known[0] != recording:
        return False
    is_begun = 0 <= segment.from_ms < min(segment.until_ms, known[1])
    return is_begun and segment.until_ms <= known[1] + _TOLERANCE_MS


def clock(milliseconds: int) -> str:
    """h:mm:ss, from the beginning of a file."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" + (f".{rest:03}" if rest else "")
