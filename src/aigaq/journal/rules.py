"""When the journal refuses an act. Pure: facts in, the refusal or None out."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from aigaq.errors import AigaqError
from aigaq.journal.errors import (
    AlreadyReturnedError,
    BookFullError,
    CardAlreadyIssuedError,
    CheckFailedError,
    CheckMissingError,
    ForeignThingError,
    NoActNumberError,
    NoBookError,
    NoObjectError,
    NoPurposeError,
    NoSealNumberError,
    NoSubjectError,
    NotCustodianError,
    NoTextError,
    NotInServiceError,
    NotInspectorError,
    OtherPersonUnexplainedError,
    RecorderAlreadyIssuedError,
    RecorderMissingError,
    SealNotReadError,
    SealUnexplainedError,
    ThingUnexplainedError,
    TooLongError,
    UnknownCheckError,
)
from aigaq.journal.models import (
    ACT_NUMBER_LIMIT,
    NOTE_LIMIT,
    NUMBER_LIMIT,
    REMARK_LIMIT,
    SUBJECT_LIMIT,
    SealFound,
    ThingFound,
    ThingKind,
)
from aigaq.journal.replacing import Replaced, refusal_to_replace
from aigaq.ledger.services import By
from aigaq.registry.models import Card, Division, Recorder, Role, State
from aigaq.registry.selectors import Standing
from aigaq.regulation.profile import Profile

Refusal: TypeAlias = AigaqError

_SHOWN = 40
"""Characters of a text that is too long, in the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a recorder is issued for (R5.1); recordings inherit it. `control` is a key of the profile."""

    control: str
    subject: str
    object: str
    act_number: str


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one point of R17.1; a failed one carries a remark."""

    passed: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How a recorder or a card came back; what is not whole carries words."""

    found: ThingFound
    words: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """The row on which a thing is out."""

    row: int
    inspector: str
    since: datetime


@dataclass(frozen=True, slots=True)
class BookFacts:
    """A book of the division; `last_on` is the day of its last row; no earlier than its first day."""

    registration_number: str
    rows: int
    capacity: int
    last_on: date
    ended_on: date | None = None

    @property
    def is_full(self) -> bool:
        return self.rows >= self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedIssue:
    """All that an issue rests on, texts as `clean` leaves them; `…_out` is None at the custodian's."""

    profile: Profile
    division: Division
    by: By
    custodian: Standing
    inspector: Standing
    recorder: Recorder
    recorder_out: Holding | None
    card: Card | None
    card_out: Holding | None
    book: BookFacts | None
    purpose: Purpose
    checks: Mapping[str, Check]
    seal_number: str
    replaces: Replaced | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedReturn:
    """All that a return rests on; `returned_at` is None while the row is open."""

    division: Division
    by: By
    custodian: Standing
    row: int
    returned_at: datetime | None
    inspector: str
    handed_back_by: str
    by_another: bool
    seal_set: str
    """Empty if none was."""
    seal_found: SealFound
    """As `compared` says."""
    seal_number_found: str
    condition: str
    things: Mapping[ThingKind, Found] = field(default_factory=dict)
    numbers: Mapping[ThingKind, str] = field(default_factory=dict)
    """Of `things`."""


def clean(text: str) -> str:
    """One spelling (NFC), no blanks around, single ones within: how the book keeps what was typed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def compared(seal_set: str, found: SealFound, number_found: str) -> SealFound:
    """What to enter for a seal that looks `found`: a whole one with another number is another one."""
    if not seal_set:
        return SealFound.NOT_SEALED
    if found in (SealFound.INTACT, SealFound.DIFFERENT):
        same = number_found.casefold() == seal_set.casefold()
        return SealFound.INTACT if same else SealFound.DIFFERENT
    return SealFound.MISSING if found is SealFound.NOT_SEALED else found


def refusal_to_write(by: By, custodian: Standing, division: Division) -> Refusal | None:
    """The custodian of the division writes in its journal (R6.1), and as themself."""
    acts_as_themself = by.actor.id == str(custodian.person.pk) and by.division == str(division.pk)
    if acts_as_themself and custodian.appointment(division, Role.CUSTODIAN):
        return None
    return NotCustodianError(division=division.name)


def refusal_to_issue(issue: ProposedIssue) -> Refusal | None:
    """The first thing that stands against it, from who acts to what is written."""
    return refusal_to_write(issue.by, issue.custodian, issue.division) or first_refusal(_AGAINST_ISSUE, issue)


def refusal_to_return(return_: ProposedReturn) -> Refusal | None:
    """A broken seal or another person's hands stop no return; only silence about them does."""
    return refusal_to_write(return_.by, return_.custodian, return_.division) or first_refusal(
        _AGAINST_RETURN, return_
    )


def refusal_of_remark(text: str) -> Refusal | None:
    return NoTextError() if not text else too_long(text, REMARK_LIMIT)


def _inspector(issue: ProposedIssue) -> Refusal | None:
    if issue.inspector.appointment(issue.division, Role.INSPECTOR):
        return None
    return NotInspectorError(person=issue.inspector.person.full_name, division=issue.division.name)


def _recorder(issue: ProposedIssue) -> Refusal | None:
    refusal = _thing(issue.recorder, issue.division)
    if refusal is None and issue.recorder_out is not None:
        return RecorderAlreadyIssuedError(**_where(issue.recorder, issue.recorder_out))
    return refusal


def _card(issue: ProposedIssue) -> Refusal | None:
    if issue.card is None:
        return None
    refusal = _thing(issue.card, issue.division)
    if refusal is None and issue.card_out is not None:
        return CardAlreadyIssuedError(**_where(issue.card, issue.card_out))
    return refusal


def _thing(thing: Recorder | Card, division: Division) -> Refusal | None:
    if thing.division_id != division.pk:
        return ForeignThingError(number=thing.inventory_number, division=division.name)
    if thing.state != State.IN_SERVICE:
        return NotInServiceError(number=thing.inventory_number)
    return None


def _where(thing: Recorder | Card, out: Holding) -> dict[str, object]:
    return {
        "number": thing.inventory_number,
        "inspector": out.inspector,
        "since": out.since,
        "row": out.row,
    }


def _book(issue: ProposedIssue) -> Refusal | None:
    if issue.book is None or issue.book.ended_on is not None:
        return NoBookError(division=issue.division.name)
    if issue.book.is_full:
        return BookFullError(book=issue.book.registration_number, rows=issue.book.capacity)
    return None


def _purpose(issue: ProposedIssue) -> Refusal | None:
    purpose = issue.purpose
    if issue.profile.control(purpose.control) is None:
        return NoPurposeError()
    if not purpose.subject:
        return NoSubjectError()
    if not purpose.object:
        return NoObjectError()
    if not purpose.act_number:
        return NoActNumberError()
    return (
        too_long(purpose.subject, SUBJECT_LIMIT)
        or too_long(purpose.object, SUBJECT_LIMIT)
        or too_long(purpose.act_number, ACT_NUMBER_LIMIT)
    )


def _checks(issue: ProposedIssue) -> Refusal | None:
    for key in issue.checks:
        if issue.profile.check(key) is None:
            return UnknownCheckError(key=key)
    for point, asked in enumerate(issue.profile.checks, start=1):
        result = issue.checks.get(asked.key)
        if result is None:
            return CheckMissingError(point=point)
        if not result.passed and not result.remark:
            return CheckFailedError(point=point)
        if refusal := too_long(result.remark, NOTE_LIMIT):
            return refusal
    return None


def _seal(issue: ProposedIssue) -> Refusal | None:
    if issue.card is not None and not issue.seal_number:
        return NoSealNumberError()
    return too_long(issue.seal_number, NUMBER_LIMIT)


def _replaced(issue: ProposedIssue) -> Refusal | None:
    return refusal_to_replace(issue.replaces, issue.recorder.inventory_number) if issue.replaces else None


def _still_out(return_: ProposedReturn) -> Refusal | None:
    if return_.returned_at is None:
        return None
    return AlreadyReturnedError(row=return_.row, at=return_.returned_at)


def _seal_compared(return_: ProposedReturn) -> Refusal | None:
    match return_.seal_found:
        case SealFound.DIFFERENT if not return_.seal_number_found:
            return SealNotReadError()
        case SealFound.DIFFERENT | SealFound.BROKEN | SealFound.MISSING if not return_.condition:
            return SealUnexplainedError(number=return_.seal_set)
    return too_long(return_.seal_number_found, NUMBER_LIMIT)


def _hands(return_: ProposedReturn) -> Refusal | None:
    if return_.by_another and not return_.condition:
        return OtherPersonUnexplainedError(inspector=return_.inspector, other=return_.handed_back_by)
    return too_long(return_.condition, NOTE_LIMIT)


def _things_found(return_: ProposedReturn) -> Refusal | None:
    for kind, found in return_.things.items():
        number = return_.numbers[kind]
        if kind is ThingKind.RECORDER and found.found is ThingFound.MISSING:
            return RecorderMissingError(number=number)
        if found.found is not ThingFound.WHOLE and not found.words:
            return ThingUnexplainedError(number=number)
        if refusal := too_long(found.words, NOTE_LIMIT):
            return refusal
    return None


_AGAINST_ISSUE = (_inspector, _replaced, _recorder, _card, _book, _purpose, _checks, _seal)
_AGAINST_RETURN = (_still_out, _seal_compared, _things_found, _hands)


def too_long(text: str, limit: int) -> Refusal | None:
    return TooLongError(text=text[:_SHOWN], limit=limit) if len(text) > limit else None


def first_refusal(rules: tuple[Callable[..., Refusal | None], ...], facts: object) -> Refusal | None:
    return next((refusal for rule in rules if (refusal := rule(facts)) is not None), None)
