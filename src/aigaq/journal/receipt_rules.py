"""When who received what is not corrected (R8.1, R10.2). Pure: facts in, the refusal or None out.

A correction can't make the book say what can't have been: one thing out on two rows at once, somebody who was
no inspector, a recorder in its own place.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.errors import AigaqError
from aigaq.journal.errors import ForeignThingError, NothingCorrectedError, NotInServiceError
from aigaq.journal.models import ThingKind
from aigaq.journal.receipt_errors import (
    HarmToldError,
    NotInspectorThenError,
    OneDutyError,
    OutElsewhereError,
    ReplacedByItselfError,
    UnknownReceiptError,
)
from aigaq.journal.received import Received
from aigaq.journal.rules import Holding
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.registry.models import Card, Division, Person, Recorder, State


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedReceipt:
    """All that such a correction of `cell` rests on.

    `now` is what the row is to stand for; None where nothing in the register has the id that was chosen.
    """

    cell: str
    division: Division
    row: int
    issued_at: datetime
    is_open: bool
    was: Received
    now: Received | None
    was_inspector: bool
    """Whoever is chosen was an inspector of the division when it was issued."""
    elsewhere: Holding | None
    """The other row on which what is chosen was out at a time when this one was."""
    harmed: Collection[str]
    """The kinds of things (`ThingKind`) of which the row tells damage or loss."""
    duty: Mapping[int, Recorder]
    """The recorders of the other rows of the same duty, by their numbers."""


def refusal_of_receipt(receipt: ProposedReceipt) -> AigaqError | None:
    if receipt.now is None:
        return UnknownReceiptError()
    if receipt.now == receipt.was:
        return NothingCorrectedError()
    return _RULES[receipt.cell](receipt, receipt.now)


def _inspector(receipt: ProposedReceipt, now: Received) -> AigaqError | None:
    for other in receipt.duty:
        return OneDutyError(row=receipt.row, other=other)
    if receipt.was_inspector:
        return None
    return NotInspectorThenError(
        person=now.inspector.full_name, division=receipt.division.name, at=receipt.issued_at
    )


def _recorder(receipt: ProposedReceipt, now: Received) -> AigaqError | None:
    for other, recorder in receipt.duty.items():
        if recorder == now.recorder:
            return ReplacedByItselfError(number=recorder.inventory_number, other=other)
    return _thing(receipt, ThingKind.RECORDER, receipt.was.recorder, now.recorder)


def _card(receipt: ProposedReceipt, now: Received) -> AigaqError | None:
    return _thing(receipt, ThingKind.CARD, receipt.was.card, now.card)


def _thing(
    receipt: ProposedReceipt, kind: ThingKind, was: Recorder | Card | None, now: Recorder | Card | None
) -> AigaqError | None:
    if was is not None and kind in receipt.harmed:
        return HarmToldError(row=receipt.row, number=was.inventory_number)
    if now is None:
        return None
    if now.division_id != receipt.division.pk:
        return ForeignThingError(number=now.inventory_number, division=receipt.division.name)
    if receipt.elsewhere is not None:
        return OutElsewhereError(
            number=now.inventory_number, inspector=receipt.elsewhere.inspector, row=receipt.elsewhere.row
        )
    if receipt.is_open and now.state != State.IN_SERVICE:
        return NotInServiceError(number=now.inventory_number)
    return None


_RULES: Final[Mapping[str, Callable[[ProposedReceipt, Received], AigaqError | None]]] = {
    RECORDER: _recorder,
    CARD: _card,
    INSPECTOR: _inspector,
}


def text_of(one: Recorder | Card | Person | None, beside: str = "") -> str:
    """What the cell of the book says for it; a namesake of who stood there (`beside`) by staff number too."""
    if one is None:
        return ""
    if not isinstance(one, Person):
        return one.inventory_number
    return one.full_name if one.full_name != beside else f"{one.full_name} (№ {one.staff_number})"
