"""When a disposal is refused, at each of its steps (R13.2). Pure: facts in, the refusal or None out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import READERS, Standing
from aigaq.retention.errors import (
    AlreadyPlannedError,
    ForeignRecordingError,
    NotApprovedError,
    NotCustodianError,
    NotDueError,
    NothingDueError,
    NotReaderError,
    OwnPlanError,
    PlanClosedError,
    TooManyProposedError,
    TooSoonError,
)
from aigaq.retention.keep_rules import Keep

MOST: Final = 200
"""Recordings of one plan."""
MOST_OBJECTS: Final = 3_500
"""Of all of them, so that the entry with which it begins has room for their digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanState:
    """Of a plan as it stands: who did what to it, and when."""

    number: int
    proposed_by: UUID
    approved_at: datetime | None = None
    is_dropped: bool = False
    is_begun: bool = False
    is_done: bool = False

    @property
    def is_open(self) -> bool:
        """Neither decided nor begun."""
        return not (self.approved_at or self.is_dropped or self.is_begun)


def refusal_to_propose(by: By, standing: Standing, division: Division) -> AigaqError | None:
    return (
        None if _acts(by, standing, division, Role.CUSTODIAN) else NotCustodianError(division=division.name)
    )


def refusal_to_carry_out(by: By, standing: Standing, division: Division) -> AigaqError | None:
    return None if _acts(by, standing, division, *READERS) else NotReaderError(division=division.name)


def refusal_of_items(
    chosen: Collection[UUID],
    keeps: Mapping[UUID, Keep],
    *,
    planned: Mapping[UUID, int],
    now: datetime,
    division: Division,
) -> AigaqError | None:
    """`keeps` are of those that are of the division and still there; `planned` have a plan already."""
    if not chosen:
        return NothingDueError()
    if len(chosen) > MOST:
        return TooManyProposedError(limit=MOST)
    if set(chosen) - set(keeps):
        return ForeignRecordingError(division=division.name)
    number = next((planned[each] for each in chosen if each in planned), None)
    if number is not None:
        return AlreadyPlannedError(number=number)
    kept = next((keeps[each] for each in chosen if not keeps[each].is_due(now)), None)
    return None if kept is None else NotDueError(why=str((*kept.held, *kept.reasons)[0]))


def refusal_to_approve(state: PlanState, head: Standing) -> AigaqError | None:
    """Two see what goes: who proposed it, having become head meanwhile, does not approve it."""
    if not state.is_open:
        return PlanClosedError(number=state.number)
    if state.proposed_by == head.person.pk:
        return OwnPlanError(person=head.person.full_name, number=state.number)
    return None


def refusal_to_drop(state: PlanState) -> AigaqError | None:
    if state.is_dropped or state.is_begun:
        return PlanClosedError(number=state.number)
    return None


def refusal_to_begin(state: PlanState, now: datetime, wait_days: int) -> AigaqError | None:
    if state.is_dropped or state.is_done:
        return PlanClosedError(number=state.number)
    if state.approved_at is None:
        return NotApprovedError(number=state.number)
    ready = state.approved_at + timedelta(days=wait_days)
    if now < ready:
        return TooSoonError(number=state.number, at=ready.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M"))
    return None


def refusal_to_finish(state: PlanState) -> AigaqError | None:
    """Two may carry out the same plan at once: who comes second has nothing left to enter."""
    return PlanClosedError(number=state.number) if state.is_done else None


def _acts(by: By, standing: Standing, division: Division, *roles: Role) -> bool:
    """As themself, under an appointment to one of `roles` there."""
    as_themself = by.actor.id == str(standing.person.pk) and by.division == str(division.pk)
    return as_themself and standing.appointment(division, *roles) is not None
