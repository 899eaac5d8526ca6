"""When a correction is refused (R10.2). Pure: facts in, the refusal or None out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aigaq.errors import AigaqError
from aigaq.journal.cells import SIGNED, TIMES, Cell
from aigaq.journal.errors import (
    CheckFailedError,
    NoActNumberError,
    NoObjectError,
    NoPurposeError,
    NoReasonError,
    NoSealNumberError,
    NoSubjectError,
    NoTextError,
    NothingCorrectedError,
    RepairUnexplainedError,
    SealUnexplainedError,
    SignedForError,
    TimeFixedError,
    UnknownCauseError,
    UnknownCellError,
    UnknownReasonError,
    UnknownSealError,
)
from aigaq.journal.models import (
    ACT_NUMBER_LIMIT,
    CELL_LIMIT,
    NOTE_LIMIT,
    NUMBER_LIMIT,
    REMARK_LIMIT,
    SUBJECT_LIMIT,
    FailureCause,
    PauseReason,
    SealFound,
)
from aigaq.journal.receipt_rules import ProposedReceipt, refusal_of_receipt
from aigaq.journal.rules import Refusal, first_refusal, refusal_to_write, too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division
from aigaq.registry.selectors import Standing
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCorrection:
    """All that a correction rests on; `cells` are those that the row has, as they stand now."""

    profile: Profile
    division: Division
    by: By
    custodian: Standing
    row: int
    cells: Mapping[str, Cell]
    cell: str
    new: str
    reason: str
    by_another: bool
    """Another person than the inspector handed it back."""
    receipt: ProposedReceipt | None = None
    """Where it corrects who received what; then `new` is the id of what was chosen."""


def refusal_to_correct(correction: ProposedCorrection) -> Refusal | None:
    """The custodian corrects what a person wrote (R10.2): never a time, nor a signature."""
    return refusal_to_write(correction.by, correction.custodian, correction.division) or first_refusal(
        _AGAINST_CORRECTION, correction
    )


def _cell(correction: ProposedCorrection) -> Refusal | None:
    if correction.cell in TIMES:
        return TimeFixedError()
    if correction.cell in SIGNED:
        return SignedForError()
    if correction.cell not in correction.cells:
        return UnknownCellError(row=correction.row, cell=correction.cell[:CELL_LIMIT])
    return None


def _new_text(correction: ProposedCorrection) -> Refusal | None:
    if correction.receipt is not None:
        return refusal_of_receipt(correction.receipt)
    new, name = correction.new, correction.cell.partition(":")[0]
    if new == correction.cells[correction.cell].present:
        return NothingCorrectedError()
    if name == "control" and correction.profile.control(new) is None:
        return NoPurposeError()
    if name in _LISTED and new not in _LISTED[name][0]:
        return _LISTED[name][1]()
    return too_long(new, _LIMITS.get(name, NOTE_LIMIT))


def _not_empty(correction: ProposedCorrection) -> Refusal | None:
    name, _, of = correction.cell.partition(":")
    if correction.new:
        return None
    if name == "check":
        keys = [check.key for check in correction.profile.checks]
        return CheckFailedError(point=keys.index(of) + 1)
    return _NEVER_EMPTY[name]() if name in _NEVER_EMPTY else None


def _still_explained(correction: ProposedCorrection) -> Refusal | None:
    """What a return has to explain stays explained."""
    present = {name: cell.present for name, cell in correction.cells.items()} | {
        correction.cell: correction.new
    }
    if "condition" not in present or present["condition"]:
        return None
    found = present.get("seal_found", SealFound.NOT_SEALED)
    if found not in (SealFound.INTACT, SealFound.NOT_SEALED):
        return SealUnexplainedError(number=present["seal_number"])
    if correction.by_another and correction.cell == "condition":
        return NoReasonError()
    return None


def _still_told(correction: ProposedCorrection) -> Refusal | None:
    """A failure for some other cause than those of the list is told in words."""
    of = correction.cell.partition(":")[2]
    present = {name: cell.present for name, cell in correction.cells.items()} | {
        correction.cell: correction.new
    }
    is_other = present.get(f"cause:{of}") == FailureCause.OTHER
    return NoTextError() if is_other and not present[f"failure:{of}"] else None


def _reason(correction: ProposedCorrection) -> Refusal | None:
    return too_long(correction.reason, NOTE_LIMIT) if correction.reason else NoReasonError()


_AGAINST_CORRECTION = (_cell, _new_text, _not_empty, _still_explained, _still_told, _reason)
_LISTED: Mapping[str, tuple[Collection[str], type[AigaqError]]] = {
    "seal_found": (set(SealFound) - {SealFound.NOT_SEALED}, UnknownSealError),
    "pause": (set(PauseReason), UnknownReasonError),
    "cause": (set(FailureCause), UnknownCauseError),
}
"""Cells that are chosen from a list."""
_NEVER_EMPTY: Mapping[str, type[AigaqError]] = {
    "subject": NoSubjectError,
    "object": NoObjectError,
    "act_number": NoActNumberError,
    "seal_number": NoSealNumberError,
    "remark": NoTextError,
    "repair": RepairUnexplainedError,
    "damage": NoTextError,
    "loss": NoTextError,
}
_LIMITS: Mapping[str, int] = {
    "subject": SUBJECT_LIMIT,
    "object": SUBJECT_LIMIT,
    "act_number": ACT_NUMBER_LIMIT,
    "seal_number": NUMBER_LIMIT,
    "seal_number_found": NUMBER_LIMIT,
    "remark": REMARK_LIMIT,
}
