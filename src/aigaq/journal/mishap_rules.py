"""When a repair or a loss is not entered (R22.1, R24.1). Pure: facts in, the refusal or None out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aigaq.journal.errors import (
    AlreadyLostError,
    AlreadyReturnedError,
    AlreadySettledError,
    DutyOverError,
    NotOnThisRowError,
    RepairUnexplainedError,
    ThingUnexplainedError,
)
from aigaq.journal.models import NOTE_LIMIT, ThingKind
from aigaq.journal.rules import Refusal, first_refusal, refusal_to_write, too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division
from aigaq.registry.selectors import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRepair:
    """All that a repair rests on."""

    division: Division
    by: By
    custodian: Standing
    row: int
    returned_at: datetime | None
    settled_at: datetime | None
    """When it was repaired, or the recorder of its row replaced."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLoss:
    """All that the report of a loss rests on."""

    division: Division
    by: By
    custodian: Standing
    row: int
    returned_at: datetime | None
    thing: ThingKind
    number: str
    """The inventory number; empty where the row has no such thing."""
    lost: Collection[ThingKind]
    """What was reported lost on this row already."""
    words: str


def refusal_to_repair(repair: ProposedRepair) -> Refusal | None:
    """The custodian puts right what failed, while the duty lasts (paragraph 22)."""
    return refusal_to_write(repair.by, repair.custodian, repair.division) or first_refusal(
        (_unsettled, _on_duty, _repair_told), repair
    )


def refusal_to_report_loss(loss: ProposedLoss) -> Refusal | None:
    """What is lost while it is out is told on its row, which stays open (paragraph 24)."""
    return refusal_to_write(loss.by, loss.custodian, loss.division) or first_refusal(
        (_still_out, _on_row, _loss_told), loss
    )


def _unsettled(repair: ProposedRepair) -> Refusal | None:
    if repair.settled_at is None:
        return None
    return AlreadySettledError(row=repair.row, at=repair.settled_at)


def _on_duty(repair: ProposedRepair) -> Refusal | None:
    if repair.returned_at is None:
        return None
    return DutyOverError(row=repair.row, at=repair.returned_at)


def _repair_told(repair: ProposedRepair) -> Refusal | None:
    return too_long(repair.words, NOTE_LIMIT) if repair.words else RepairUnexplainedError()


def _still_out(loss: ProposedLoss) -> Refusal | None:
    if loss.returned_at is None:
        return None
    return AlreadyReturnedError(row=loss.row, at=loss.returned_at)


def _on_row(loss: ProposedLoss) -> Refusal | None:
    if not loss.number:
        return NotOnThisRowError(row=loss.row)
    if loss.thing in loss.lost:
        return AlreadyLostError(row=loss.row, number=loss.number)
    return None


def _loss_told(loss: ProposedLoss) -> Refusal | None:
    return too_long(loss.words, NOTE_LIMIT) if loss.words else ThingUnexplainedError(number=loss.number)
