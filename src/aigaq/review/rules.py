"""When a mark or the result of a review is refused. Pure: facts in, the refusal or None out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from aigaq.errors import AigaqError
from aigaq.journal.rules import too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division
from aigaq.registry.selectors import READERS, Standing
from aigaq.regulation.profile import Profile
from aigaq.review.errors import (
    EndBeforeStartError,
    MarkChangedError,
    MarkWithdrawnError,
    NoCategoryError,
    NoNoteError,
    NoPositionError,
    NoReasonError,
    NoResultError,
    NotAReviewerError,
    NothingChangedError,
)
from aigaq.review.models import NOTE_LIMIT, REASON_LIMIT, Result, Saying

Refusal: TypeAlias = AigaqError

OTHER: Final = "other"
"""The category that says nothing without a note."""
_LONGEST_MS: Final = 366 * 24 * 3_600_000
_TOLERANCE_MS: Final = 1_000
"""A prober and a player do not agree to the last picture how long a file is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """Who says it, and of whose recording."""

    by: By
    reviewer: Standing
    division: Division


def refusal_to_review(reviewing: Reviewing) -> Refusal | None:
    """Custodian or head of the division of the recording, as themself (R14.1)."""
    by, division = reviewing.by, reviewing.division
    as_themself = by.actor.id == str(reviewing.reviewer.person.pk) and by.division == str(division.pk)
    if as_themself and reviewing.reviewer.appointment(division, *READERS):
        return None
    return NotAReviewerError(division=division.name)


def refusal_of_saying(saying: Saying, profile: Profile, *, length_ms: int | None) -> Refusal | None:
    """`length_ms` is that of the file, None where nobody knows it."""
    longest = _LONGEST_MS if length_ms is None else length_ms + _TOLERANCE_MS
    if not 0 <= saying.position_ms <= longest:
        return NoPositionError()
    if saying.until_ms is not None:
        if saying.until_ms <= saying.position_ms:
            return EndBeforeStartError()
        if saying.until_ms > longest:
            return NoPositionError()
    if profile.mark(saying.category) is None:
        return NoCategoryError()
    if saying.category == OTHER and not saying.note:
        return NoNoteError()
    return too_long(saying.note, NOTE_LIMIT)


def refusal_to_change(
    *, said: Sequence[Saying], read: int, is_withdrawn: bool, new: Saying | None, reason: str
) -> Refusal | None:
    """`said` is all that the mark said so far, `read` how much of it the person had read.

    `new` is what it is to say; None: it is withdrawn.
    """
    if is_withdrawn:
        return MarkWithdrawnError()
    if read != len(said):
        return MarkChangedError()
    if new is not None and new == said[-1]:
        return NothingChangedError()
    return too_long(reason, REASON_LIMIT) if reason else NoReasonError()


def refusal_of_result(result: str, note: str) -> Refusal | None:
    if result not in Result.values:
        return NoResultError()
    if result != Result.NOTHING and not note:
        return NoNoteError()
    return too_long(note, NOTE_LIMIT)


def first(*refusals: Callable[[], Refusal | None]) -> Refusal | None:
    return next((refusal for ask in refusals if (refusal := ask()) is not None), None)
