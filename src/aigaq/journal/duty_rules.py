"""When the journal refuses what is told from the field (paragraphs 21 and 22). Pure.

What is told may arrive late and out of order, so everything is judged by when it happened, not by when it
came (`docs/lifecycles/pauses-and-failures.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigaq.journal.duty_errors import (
    AlreadyFailedError,
    AlreadyPausedError,
    AlreadyResumedError,
    DutyMovedError,
    HandedBackBeforeError,
    NoFailureCauseError,
    NoFailureWordsError,
    NoPauseReasonError,
    NotPausedError,
    NotYetIssuedError,
    NotYourDutyError,
    OtherPauseBetweenError,
    PausedThenError,
    ResumedTooSoonError,
    StillToComeError,
)
from aigaq.journal.models import NOTE_LIMIT, FailureCause, PauseReason, Told
from aigaq.journal.rules import Refusal, refusal_to_write, too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import Standing

AHEAD = timedelta(minutes=2)
"""How far a told time may lie before the server's: half the way over a very poor line, and a little more."""

PAUSES = "21"
FAILURES = "22"
"""The paragraphs."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when something lasted; `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None

    def has(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Moved:
    """The recorder was replaced: since then the duty goes on on another row."""

    at: datetime
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedNotice:
    """Who tells what happened when, and on which row: what pauses and failures have in common."""

    paragraph: str
    told: Told
    division: Division
    by: By
    person: Standing
    """Who enters it: the inspector, or the custodian whom they told."""
    row: int
    inspector: str
    is_own: bool
    """The row is that person's."""
    issued_at: datetime
    returned_at: datetime | None
    moved: Moved | None
    occurred_at: datetime
    now: datetime


def refusal_to_pause(notice: ProposedNotice, pauses: Sequence[Span], reason: str) -> Refusal | None:
    """`pauses` are those of the row that are entered already."""
    if refusal := _of_notice(notice) or _moved(notice):
        return refusal
    if reason not in PauseReason.values:
        return NoPauseReasonError()
    running = next((pause for pause in pauses if pause.has(notice.occurred_at)), None)
    if running is None:
        return None
    if running.until is None:
        return AlreadyPausedError(row=notice.row, since=running.since)
    return PausedThenError(row=notice.row, since=running.since, until=running.until, at=notice.occurred_at)


def refusal_to_resume(notice: ProposedNotice, pause: Span | None, others: Sequence[Span]) -> Refusal | None:
    """`pause` is the one to end, as `pause_to_end` found it; `others` the rest of the row's."""
    at = notice.occurred_at
    if refusal := _of_notice(notice):
        return refusal
    if pause is None:
        return NotPausedError(row=notice.row, at=at)
    if pause.until is not None:
        return AlreadyResumedError(until=pause.until)
    if at < pause.since:
        return ResumedTooSoonError(since=pause.since, at=at)
    between = [other.since for other in others if pause.since <= other.since < at]
    if between:
        return OtherPauseBetweenError(row=notice.row, since=pause.since, at=at, other=min(between))
    return None


def refusal_to_report_failure(
    notice: ProposedNotice, failures: Sequence[Span], cause: str, words: str
) -> Refusal | None:
    """`failures` are those of the row that are entered already, each until it was settled.

    A recorder that failed has failed until it is settled: what is told of a time before that is the same
    failure.
    """
    if refusal := _of_notice(notice) or _moved(notice):
        return refusal
    if cause not in FailureCause.values:
        return NoFailureCauseError()
    if cause == FailureCause.OTHER and not words:
        return NoFailureWordsError()
    if refusal := too_long(words, NOTE_LIMIT):
        return refusal
    at = notice.occurred_at
    same = next((known for known in failures if known.until is None or at < known.until), None)
    return AlreadyFailedError(row=notice.row, since=same.since) if same else None


def pause_to_end(at: datetime, pauses: Sequence[Span], named: int | None) -> int | None:
    """Which of `pauses` a resume at `at` ends: the one it names, else the newest that ran then.

    A phone names a pause of its own, which the book may not have: the custodian, told by voice, was
    quicker. Recording was resumed all the same.
    """
    if named is not None:
        return named
    running = [index for index, pause in enumerate(pauses) if pause.until is None and pause.has(at)]
    return max(running, key=lambda index: pauses[index].since, default=None)


def _of_notice(notice: ProposedNotice) -> Refusal | None:
    return _hands(notice) or _time(notice)


def _hands(notice: ProposedNotice) -> Refusal | None:
    if notice.told == Told.BY_VOICE:
        return refusal_to_write(notice.by, notice.person, notice.division)
    by, person = notice.by, notice.person
    acts_as_themself = by.actor.id == str(person.person.pk) and by.division == str(notice.division.pk)
    if acts_as_themself and notice.is_own and person.appointment(notice.division, Role.INSPECTOR):
        return None
    return NotYourDutyError(notice.paragraph, row=notice.row, inspector=notice.inspector)


def _time(notice: ProposedNotice) -> Refusal | None:
    at, row, paragraph = notice.occurred_at, notice.row, notice.paragraph
    if at < notice.issued_at:
        return NotYetIssuedError(paragraph, row=row, since=notice.issued_at, at=at)
    if at > notice.now + AHEAD:
        return StillToComeError(paragraph, at=at)
    if notice.returned_at is not None and at > notice.returned_at:
        return HandedBackBeforeError(paragraph, row=row, until=notice.returned_at, at=at)
    return None


def _moved(notice: ProposedNotice) -> Refusal | None:
    """A pause that runs while the recorder is replaced may still end; nothing new begins on that row."""
    moved = notice.moved
    if moved is None or notice.occurred_at <= moved.at:
        return None
    return DutyMovedError(notice.paragraph, row=notice.row, since=moved.at, new=moved.row)
