"""Correct: the custodian strikes what is wrong, writes what is right beside it, and signs (R10.2)."""

from dataclasses import dataclass

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import correction_rules, rules, wording
from aigaq.journal.cells import Cell
from aigaq.journal.correction_rules import ProposedCorrection
from aigaq.journal.documents import correction_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import Correction, JournalRow, Remark
from aigaq.journal.selectors import cells, returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Proof, prove, sign
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What is to be written, texts cleaned."""

    profile: Profile
    by: By
    custodian: Person
    row: JournalRow
    cell: str
    read: int
    new: str
    reason: str


def correct(
    ledger: Ledger,
    by: By,
    *,
    custodian: Person,
    row: JournalRow,
    cell: str,
    read: int,
    new: str,
    reason: str,
    password: str,
    address: str,
    profile: Profile | None = None,
) -> Correction:
    """Write `new` beside what stands in `cell` of `row`, signed by the custodian with their own password.

    `read` is how many corrections of the cell the custodian saw; if there are more by now, they corrected
    something else than what they read, and `ChangedMeanwhileError` says so. Column 7 tells the
    correction by itself. Raises the refusals of `correction_rules.refusal_to_correct` and of
    `sign.prove`. Not to be called inside a transaction.
    """
    request = _Request(
        profile=profile or regulation.load(),
        by=by,
        custodian=custodian,
        row=row_with(row.pk),
        cell=cell,
        read=read,
        new=rules.clean(new),
        reason=rules.clean(reason),
    )
    _judge(ledger, request)
    proof = prove(ledger, custodian, password, address=address)
    with transaction.atomic():
        ledger.take_turn("journal.corrected")
        return _write(ledger, request, proof, _judge(ledger, request))


def _judge(ledger: Ledger, request: _Request) -> Cell:
    """The cell as it stands now; raise the refusal, if there is one."""
    row, present = request.row, cells(request.row)
    found = present.get(request.cell)
    if found is not None and len(found.corrections) != request.read:
        raise ChangedMeanwhileError
    returned = returned_of(row)
    require(
        correction_rules.refusal_to_correct(
            ProposedCorrection(
                profile=request.profile,
                division=row.division,
                by=request.by,
                custodian=standing_of(request.custodian, ledger.clock.now()),
                row=row.number,
                cells=present,
                cell=request.cell,
                new=request.new,
                reason=request.reason,
                by_another=returned is not None and returned.handed_back_by_id != row.inspector_id,
            )
        )
    )
    return present[request.cell]


def _write(ledger: Ledger, request: _Request, proof: Proof, cell: Cell) -> Correction:
    row, now = request.row, ledger.clock.now()
    correction = Correction(
        row=row,
        occurred_at=now,
        entered_at=now,
        by=request.custodian,
        cell=cell.name,
        number=len(cell.corrections) + 1,
        old=cell.present,
        new=request.new,
        reason=request.reason,
    )
    remark = wording.remark_on_correction(
        request.profile, cell=cell.name, old=correction.old, new=correction.new, reason=correction.reason
    )
    document = correction_document(
        row,
        profile=request.profile.key,
        correction=correction,
        custodian=request.custodian,
        corrects=cell.corrects,
        remarks=[remark],
    )
    signed = sign(proof, document, now)
    correction.way, correction.signed_digest = signed.way, str(signed.digest)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    correction.seq = ledger.append("journal.corrected", request.by, body).seq
    correction.save(force_insert=True)
    Remark.objects.create(
        row=row, occurred_at=now, entered_at=now, by=request.custodian, seq=correction.seq, text=remark
    )
    return correction
