"""When a hold, or its end, is refused. Pure: facts in, the refusal or None out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from aigaq.errors import AigaqError
from aigaq.journal.rules import too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import Standing
from aigaq.retention.errors import (
    AlreadyReleasedError,
    BeingDestroyedError,
    ForeignRecordingError,
    HeldTooLateError,
    NoReasonError,
    NotHeadError,
    NothingHeldError,
    TooManyHeldError,
)
from aigaq.retention.models import REASON_LIMIT

Refusal: TypeAlias = AigaqError

MOST: Final = 1_000
"""Recordings in one entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts, and of whose recordings."""

    by: By
    head: Standing
    division: Division


def refusal_to_act(acting: Acting) -> Refusal | None:
    """The head of the division, as themself."""
    by, division = acting.by, acting.division
    as_themself = by.actor.id == str(acting.head.person.pk) and by.division == str(division.pk)
    if as_themself and acting.head.appointment(division, Role.HEAD):
        return None
    return NotHeadError(division=division.name)


def refusal_to_hold(
    recordings: Collection[UUID], own: Collection[UUID], reason: str, division: str
) -> Refusal | None:
    """`own` are those among `recordings` that are of the division."""
    if not recordings:
        return NothingHeldError()
    if len(recordings) > MOST:
        return TooManyHeldError(limit=MOST)
    if set(recordings) != set(own):
        return ForeignRecordingError(division=division)
    return refusal_of_reason(reason)


def refusal_of_destroyed(act: str, plan: int | None) -> Refusal | None:
    """`act`: by which one of them is gone; `plan`: by which one is going. What nobody has, nothing holds."""
    if act:
        return HeldTooLateError(act=act)
    return None if plan is None else BeingDestroyedError(number=plan)


def refusal_to_release(released_at: datetime | None, reason: str) -> Refusal | None:
    if released_at is not None:
        return AlreadyReleasedError(at=released_at)
    return refusal_of_reason(reason)


def refusal_of_reason(reason: str) -> Refusal | None:
    return too_long(reason, REASON_LIMIT) if reason else NoReasonError()
