"""Return: a recorder comes back to the custodian, its seal compared, against a signature (R24.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import rules, wording
from aigaq.journal.documents import return_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import (
    Act,
    Damage,
    JournalRow,
    Remark,
    Return,
    SealFound,
    ThingFound,
    ThingKind,
)
from aigaq.journal.rules import Found, ProposedReturn
from aigaq.journal.selectors import as_corrected, returned_of, row_with, seal_set
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Means, Offer, Proof, prove, sign
from aigaq.journal.services.telling import failures_of, pauses_of
from aigaq.journal.signed import SignedDigest
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Card, Person, Recorder, State
from aigaq.registry.selectors import standing_of
from aigaq.registry.services import set_state
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile

WHOLE = Found(ThingFound.WHOLE)


@dataclass(frozen=True, kw_only=True)
class ReturnRequest:
    """What was found at the return.

    The seal as it looks, and the number on it, are compared with what was set at the issue. `condition` is
    what the custodian has to say; it must be given where the seal is not as it was or another person hands
    back, and column 7 tells it then. `recorder` and `card` say how each came back.
    """

    custodian: Person
    row: JournalRow
    handed_back_by: Person
    seal_found: SealFound
    seal_number_found: str
    condition: str
    recorder: Found = WHOLE
    card: Found = WHOLE
    """Not looked at where none was put in."""
    profile: Profile = field(default_factory=regulation.load)

    @property
    def by_another(self) -> bool:
        return self.handed_back_by.pk != self.row.inspector_id

    @property
    def things(self) -> dict[ThingKind, Found]:
        card = {ThingKind.CARD: self.card} if self.row.card_id else {}
        return {ThingKind.RECORDER: self.recorder, **card}

    @property
    def unwhole(self) -> Mapping[ThingKind, Found]:
        """What did not come back as it went out."""
        return {kind: each for kind, each in self.things.items() if each.found is not ThingFound.WHOLE}

    def number_of(self, kind: ThingKind) -> str:
        thing = self.row.card if kind is ThingKind.CARD else self.row.recorder
        return thing.inventory_number if thing else ""

    def cleaned(self) -> "ReturnRequest":
        clean, number_found = rules.clean, rules.clean(self.seal_number_found)
        row = row_with(self.row.pk)
        return replace(
            self,
            row=row,
            seal_found=rules.compared(seal_set(row), SealFound(self.seal_found), number_found),
            seal_number_found=number_found,
            condition=clean(self.condition),
            recorder=Found(self.recorder.found, clean(self.recorder.words)),
            card=Found(self.card.found, clean(self.card.words)),
        )


def offer_return(ledger: Ledger, by: By, request: ReturnRequest) -> Offer:
    """The document of this return, for the passkey of whoever hands back. Raises as `refusal_to_return`."""
    request = request.cleaned()
    _judge(ledger, by, request)
    now = ledger.clock.now()
    _returned, document, _remarks = _drafted(request, now)
    return Offer.of(request.row.pk, now, document)


def return_(ledger: Ledger, by: By, request: ReturnRequest, means: Means) -> JournalRow:
    """Write column 5 of the row, signed by whoever hands back.

    Raises the refusals of `rules.refusal_to_return` and of `sign.prove`. Not to be called inside a
    transaction.
    """
    request = request.cleaned()
    _judge(ledger, by, request)
    proof = prove(ledger, request.handed_back_by, means)
    with transaction.atomic():
        _take_in(ledger, by, request)
        ledger.take_turn("journal.returned")
        read, request = request, request.cleaned()
        _judge(ledger, by, request)
        if request.row.received() != read.row.received():
            raise ChangedMeanwhileError
        _write(ledger, by, request, proof)
    return row_with(request.row.pk)


def _judge(ledger: Ledger, by: By, request: ReturnRequest) -> None:
    """Raise the refusal, if there is one, by the facts as they are now."""
    row = request.row
    returned = returned_of(row_with(row.pk))
    require(
        rules.refusal_to_return(
            ProposedReturn(
                division=row.division,
                by=by,
                custodian=standing_of(request.custodian, ledger.clock.now()),
                row=row.number,
                returned_at=returned.occurred_at if returned else None,
                inspector=row.inspector.full_name,
                handed_back_by=request.handed_back_by.full_name,
                by_another=request.by_another,
                seal_set=seal_set(row),
                seal_found=request.seal_found,
                seal_number_found=request.seal_number_found,
                condition=request.condition,
                things=request.things,
                numbers={kind: request.number_of(kind) for kind in request.things},
            )
        )
    )


def _take_in(ledger: Ledger, by: By, request: ReturnRequest) -> None:
    """Compare and set: a thing is freed by the return of the very row it is out on."""
    row = request.row
    freed = Recorder.objects.filter(pk=row.recorder_id, out_on=row.pk).update(out_on=None)
    if freed and row.card_id:
        freed = Card.objects.filter(pk=row.card_id, out_on=row.pk).update(out_on=None)
    if not freed:
        _judge(ledger, by, request)
        raise ChangedMeanwhileError


def _drafted(request: ReturnRequest, now: datetime) -> tuple[Return, dict[str, Json], list[str]]:
    """Column 5 as it would be written now, its document, and what column 7 tells of it."""
    row, set_ = request.row, seal_set(request.row)
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
        seal_set=set_,
        seal_found=request.seal_found,
        seal_number_found=request.seal_number_found,
        inspector=row.inspector.full_name,
        other=request.handed_back_by.full_name if request.by_another else None,
        things={(kind, request.number_of(kind)): found for kind, found in request.unwhole.items()},
        condition=request.condition,
    )
    remarks += _left_open(row)
    issued = row.signatures.get(act=Act.ISSUE)
    document = return_document(
        row,
        profile=request.profile.key,
        custodian=request.custodian,
        returned=returned,
        issue_digest=SignedDigest.parse(issued.signed_digest),
        seal_set=set_,
        things=request.things,
        remarks=remarks,
    )
    return returned, document, remarks


def _left_open(row: JournalRow) -> list[str]:
    """Pauses that nobody ended, failures that nobody settled (R21.1, R22.1)."""
    pauses = [as_corrected(each) for each in pauses_of(row) if not hasattr(each, "resumed")]
    failures = [as_corrected(each) for each in failures_of(row) if not each.is_settled]
    return wording.remarks_left_open(pauses, failures)


def _write(ledger: Ledger, by: By, request: ReturnRequest, proof: Proof) -> None:
    row, now = request.row, proof.at(ledger)
    returned, document, remarks = _drafted(request, now)
    signed = sign(proof, document, now)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    seq = ledger.append("journal.returned", by, body).seq
    returned.seq = seq
    returned.save(force_insert=True)
    written = {"row": row, "occurred_at": now, "entered_at": now, "by": request.custodian, "seq": seq}
    for kind, found in request.unwhole.items():
        Damage.objects.create(**written, thing=kind, found=found.found, words=found.words)
        if found.found is ThingFound.MISSING:
            _lose(ledger, by, request, kind, found.words)
    for text in remarks:
        Remark.objects.create(**written, text=text)
    signed.enter(row, Act.RETURN, seq)


def _lose(ledger: Ledger, by: By, request: ReturnRequest, kind: ThingKind, words: str) -> None:
    """In the register too, unless that was done when the loss was told."""
    row = row_with(request.row.pk)
    thing = row.card if kind is ThingKind.CARD else row.recorder
    if thing is not None and thing.state != State.LOST:
        set_state(ledger, by, thing, State.LOST, words)
