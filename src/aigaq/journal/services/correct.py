"""Correct: the custodian strikes what is wrong, writes what is right beside it, and signs (R10.2)."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import correction_rules, rules, wording
from aigaq.journal.cells import Cell
from aigaq.journal.correction_rules import ProposedCorrection
from aigaq.journal.documents import correction_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import Correction, JournalRow, Remark
from aigaq.journal.receipt_rules import ProposedReceipt, text_of
from aigaq.journal.selectors import cells, returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.journal.services.receipt import hand_over, proposed_receipt
from aigaq.journal.services.sign import Means, Offer, Proof, prove, sign
from aigaq.journal.signed import RECEIVED
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class CorrectionRequest:
    """Write `new` beside what stands in `cell` of `row`.

    For who received what, `new` is the id of the recorder, card or person that is right; empty for no card.
    `read` is how many corrections of the cell the custodian saw; if there are more by now, they corrected
    something else than what they read, and `ChangedMeanwhileError` says so.
    """

    custodian: Person
    row: JournalRow
    cell: str
    read: int
    new: str
    reason: str
    profile: Profile = field(default_factory=regulation.load)

    def cleaned(self) -> "CorrectionRequest":
        return replace(
            self, row=row_with(self.row.pk), new=rules.clean(self.new), reason=rules.clean(self.reason)
        )


def offer_correction(ledger: Ledger, by: By, request: CorrectionRequest) -> Offer:
    """The document of this correction, for the custodian's passkey. Raises as `refusal_to_correct`."""
    request = request.cleaned()
    judged, now = _judge(ledger, by, request), ledger.clock.now()
    _correction, document, _remark = _drafted(request, judged, now)
    return Offer.of(request.row.pk, now, document)


def correct(ledger: Ledger, by: By, request: CorrectionRequest, means: Means) -> Correction:
    """Enter the correction, signed by the custodian; column 7 tells it by itself.

    Where a recorder or card is corrected on a row that is open, it changes hands by the same act. Raises the
    refusals of `correction_rules.refusal_to_correct` and of `sign.prove`. Not to be called inside a
    transaction.
    """
    request = request.cleaned()
    judged = _judge(ledger, by, request)
    proof = prove(ledger, request.custodian, means)
    with transaction.atomic():
        if judged.receipt is not None and not hand_over(request.row, judged.receipt):
            _judge(ledger, by, request.cleaned())
            raise ChangedMeanwhileError
        ledger.take_turn("journal.corrected")
        request = request.cleaned()
        again = _judge(ledger, by, request)
        if judged.is_of_open_row and not again.is_of_open_row:
            raise ChangedMeanwhileError  # what went out on it would be out on a row that was handed back
        return _write(ledger, by, request, proof, again)


@dataclass(frozen=True)
class _Judged:
    """The cell as it stands now; and what is known of who received what, where that is corrected."""

    cell: Cell
    receipt: ProposedReceipt | None

    @property
    def is_of_open_row(self) -> bool:
        return self.receipt is not None and self.receipt.is_open


def _judge(ledger: Ledger, by: By, request: CorrectionRequest) -> _Judged:
    """By the facts as they are now; raise the refusal, if there is one."""
    row, present = request.row, cells(request.row)
    receipt = proposed_receipt(row, request.cell, request.new) if request.cell in RECEIVED else None
    found = present.get(request.cell)
    if found is not None and len(found.corrections) != request.read:
        raise ChangedMeanwhileError
    returned = returned_of(row)
    require(
        correction_rules.refusal_to_correct(
            ProposedCorrection(
                profile=request.profile,
                division=row.division,
                by=by,
                custodian=standing_of(request.custodian, ledger.clock.now()),
                row=row.number,
                cells=present,
                cell=request.cell,
                new=request.new,
                reason=request.reason,
                by_another=returned is not None and returned.handed_back_by_id != row.inspector_id,
                receipt=receipt,
            )
        )
    )
    return _Judged(present[request.cell], receipt)


def _drafted(
    request: CorrectionRequest, judged: _Judged, now: datetime
) -> tuple[Correction, dict[str, Json], str]:
    """The correction as it would be written now, its document, and what column 7 tells of it."""
    cell, received, new = judged.cell, None, request.new
    if judged.receipt is not None and judged.receipt.now is not None:
        received = judged.receipt.was, judged.receipt.now
        new = text_of(getattr(judged.receipt.now, cell.name), beside=cell.present)
    correction = Correction(
        row=request.row,
        occurred_at=now,
        entered_at=now,
        by=request.custodian,
        cell=cell.name,
        number=len(cell.corrections) + 1,
        old=cell.present,
        new=new,
        reason=request.reason,
        **({name: getattr(received[1], name) for name in RECEIVED} if received else {}),
    )
    remark = wording.remark_on_correction(
        request.profile, cell=cell.name, old=correction.old, new=correction.new, reason=correction.reason
    )
    document = correction_document(
        request.row,
        profile=request.profile.key,
        correction=correction,
        custodian=request.custodian,
        corrects=cell.corrects,
        received=received,
        remarks=[remark],
    )
    return correction, document, remark


def _write(ledger: Ledger, by: By, request: CorrectionRequest, proof: Proof, judged: _Judged) -> Correction:
    row, now = request.row, proof.at(ledger)
    correction, document, remark = _drafted(request, judged, now)
    signed = sign(proof, document, now)
    for column, value in signed.columns.items():
        setattr(correction, column, value)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    correction.seq = ledger.append("journal.corrected", by, body).seq
    correction.save(force_insert=True)
    Remark.objects.create(
        row=row, occurred_at=now, entered_at=now, by=request.custodian, seq=correction.seq, text=remark
    )
    return correction
