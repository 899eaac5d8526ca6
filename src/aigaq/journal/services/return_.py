"""Return: a recorder comes back to the custodian, its seal compared, against a signature (R24.1)."""

from dataclasses import dataclass

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import rules, wording
from aigaq.journal.documents import return_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import Act, JournalRow, Remark, Return, SealFound
from aigaq.journal.rules import ProposedReturn
from aigaq.journal.selectors import returned_of, row_with, seal_set
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Proof, prove, sign
from aigaq.journal.signed import SignedDigest
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Card, Person, Recorder
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What was found at the return, texts cleaned."""

    profile: Profile
    by: By
    custodian: Person
    row: JournalRow
    handed_back_by: Person
    seal_set: str
    """As corrected, if it was."""
    seal_found: SealFound
    seal_number_found: str
    condition: str

    @property
    def by_another(self) -> bool:
        return self.handed_back_by.pk != self.row.inspector_id


def return_(
    ledger: Ledger,
    by: By,
    *,
    custodian: Person,
    row: JournalRow,
    handed_back_by: Person,
    seal_found: SealFound,
    seal_number_found: str,
    condition: str,
    password: str,
    address: str,
    profile: Profile | None = None,
) -> JournalRow:
    """Write column 5 of `row`, signed by whoever hands back, with their own password.

    The seal as it looks, and the number on it, are compared with what was set at the issue. `condition` is
    what the custodian has to say; it must be given where the seal is not as it was or another person hands
    back, and column 7 tells it then. Raises the refusals of `rules.refusal_to_return` and of
    `sign.prove`. Not to be called inside a transaction.
    """
    row = row_with(row.pk)
    number_found, number_set = rules.clean(seal_number_found), seal_set(row)
    request = _Request(
        profile=profile or regulation.load(),
        by=by,
        custodian=custodian,
        row=row,
        handed_back_by=handed_back_by,
        seal_set=number_set,
        seal_found=rules.compared(number_set, SealFound(seal_found), number_found),
        seal_number_found=number_found,
        condition=rules.clean(condition),
    )
    _judge(ledger, request)
    proof = prove(ledger, handed_back_by, password, address=address)
    with transaction.atomic():
        _take_in(ledger, request)
        ledger.take_turn("journal.returned")
        _judge(ledger, request)
        _write(ledger, request, proof)
    return row_with(row.pk)


def _judge(ledger: Ledger, request: _Request) -> None:
    """Raise the refusal, if there is one, by the facts as they are now."""
    row = request.row
    returned = returned_of(row_with(row.pk))
    require(
        rules.refusal_to_return(
            ProposedReturn(
                division=row.division,
                by=request.by,
                custodian=standing_of(request.custodian, ledger.clock.now()),
                row=row.number,
                returned_at=returned.occurred_at if returned else None,
                inspector=row.inspector.full_name,
                handed_back_by=request.handed_back_by.full_name,
                by_another=request.by_another,
                seal_set=request.seal_set,
                seal_found=request.seal_found,
                seal_number_found=request.seal_number_found,
                condition=request.condition,
            )
        )
    )


def _take_in(ledger: Ledger, request: _Request) -> None:
    """Compare and set: a thing is freed by the return of the very row it is out on."""
    row = request.row
    freed = Recorder.objects.filter(pk=row.recorder_id, out_on=row.pk).update(out_on=None)
    if freed and row.card_id:
        freed = Card.objects.filter(pk=row.card_id, out_on=row.pk).update(out_on=None)
    if not freed:
        _judge(ledger, request)
        raise ChangedMeanwhileError


def _write(ledger: Ledger, request: _Request, proof: Proof) -> None:
    row, now = request.row, ledger.clock.now()
    returned = Return(
        row=row,
        occurred_at=now,
        entered_at=now,
        by=request.custodian,
        handed_back_by=request.handed_back_by,
        seal_found=request.seal_found,
        seal_number_found=request.seal_number_found,
        condition=request.condition,
    )
    remarks = wording.remarks_on_return(
        seal_set=request.seal_set,
        seal_found=request.seal_found,
        seal_number_found=request.seal_number_found,
        inspector=row.inspector.full_name,
        other=request.handed_back_by.full_name if request.by_another else None,
        condition=request.condition,
    )
    issued = row.signatures.get(act=Act.ISSUE)
    document = return_document(
        row,
        profile=request.profile.key,
        custodian=request.custodian,
        returned=returned,
        issue_digest=SignedDigest.parse(issued.signed_digest),
        seal_set=request.seal_set,
        remarks=remarks,
    )
    signed = sign(proof, document, now)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    seq = ledger.append("journal.returned", request.by, body).seq
    returned.seq = seq
    returned.save(force_insert=True)
    for text in remarks:
        Remark.objects.create(
            row=row, occurred_at=now, entered_at=now, by=request.custodian, seq=seq, text=text
        )
    signed.enter(row, Act.RETURN, seq)
