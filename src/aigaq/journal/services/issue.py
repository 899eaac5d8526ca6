"""Issue: a recorder leaves the custodian's hands against a signature (R8.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import rules, wording
from aigaq.journal.documents import checks_document, issue_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import Act, Issue, JournalRow, Remark
from aigaq.journal.rules import Check, Holding, ProposedIssue, Purpose
from aigaq.journal.selectors import BookView, current_book, open_row_of
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Proof, prove, sign
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Card, Division, Person, Recorder, State
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What was asked for, texts cleaned; the facts it meets are read anew each time they are judged."""

    profile: Profile
    by: By
    division: Division
    custodian: Person
    inspector: Person
    recorder: UUID
    card: UUID | None
    purpose: Purpose
    checks: Mapping[str, Check]
    seal_number: str


def issue(
    ledger: Ledger,
    by: By,
    *,
    custodian: Person,
    division: Division,
    recorder: Recorder,
    card: Card | None,
    inspector: Person,
    purpose: Purpose,
    checks: Mapping[str, Check],
    seal_number: str,
    inspector_password: str,
    address: str,
    profile: Profile | None = None,
) -> JournalRow:
    """Write the next row of the division's book, signed by the inspector.

    `checks` has a result for each point of the profile; `address` is whence the password came. Raises the
    refusals of `rules.refusal_to_issue` and of `sign.prove`. Not to be called inside a transaction.
    """
    request = _Request(
        profile=profile or regulation.load(),
        by=by,
        division=division,
        custodian=custodian,
        inspector=inspector,
        recorder=recorder.pk,
        card=card.pk if card else None,
        purpose=Purpose(
            control=purpose.control,
            subject=rules.clean(purpose.subject),
            object=rules.clean(purpose.object),
            act_number=rules.clean(purpose.act_number),
        ),
        checks={key: Check(check.passed, rules.clean(check.remark)) for key, check in checks.items()},
        seal_number=rules.clean(seal_number),
    )
    _judge(ledger, request)
    proof = prove(ledger, inspector, inspector_password, address=address)
    with transaction.atomic():
        row_id = uuid4()
        _take_out(ledger, request, row_id)
        ledger.take_turn("journal.issued")
        book = _judge(ledger, request, mine=row_id)
        return _write(ledger, request, proof, book, row_id)


def _judge(ledger: Ledger, request: _Request, *, mine: UUID | None = None) -> BookView:
    """Raise the refusal, if there is one, by the facts as they are now; `mine` is a row of our own making."""
    now = ledger.clock.now()
    recorder = Recorder.objects.get(pk=request.recorder)
    card = Card.objects.get(pk=request.card) if request.card else None
    book = current_book(request.division)
    require(
        rules.refusal_to_issue(
            ProposedIssue(
                profile=request.profile,
                division=request.division,
                by=request.by,
                custodian=standing_of(request.custodian, now),
                inspector=standing_of(request.inspector, now),
                recorder=recorder,
                recorder_out=_holding(recorder, mine),
                card=card,
                card_out=_holding(card, mine) if card else None,
                book=book.facts if book else None,
                purpose=request.purpose,
                checks=request.checks,
                seal_number=request.seal_number,
            )
        )
    )
    assert book is not None
    return book


def _holding(thing: Recorder | Card, mine: UUID | None) -> Holding | None:
    if thing.out_on is None or thing.out_on == mine:
        return None
    row = open_row_of(thing)
    return Holding(row.number, row.inspector.full_name, row.issue.occurred_at) if row else None


def _take_out(ledger: Ledger, request: _Request, row_id: UUID) -> None:
    """Compare and set: whoever comes second finds it taken, and is told by whom."""
    here = {"out_on": None, "state": State.IN_SERVICE, "division": request.division}
    taken = Recorder.objects.filter(pk=request.recorder, **here).update(out_on=row_id)
    if taken and request.card:
        taken = Card.objects.filter(pk=request.card, **here).update(out_on=row_id)
    if not taken:
        _judge(ledger, request, mine=row_id)
        raise ChangedMeanwhileError


def _write(ledger: Ledger, request: _Request, proof: Proof, book: BookView, row_id: UUID) -> JournalRow:
    now = ledger.clock.now()
    row = JournalRow(
        id=row_id,
        book=book.book,
        number=book.facts.rows + 1,
        division=request.division,
        recorder=Recorder.objects.get(pk=request.recorder),
        card=Card.objects.get(pk=request.card) if request.card else None,
        inspector=request.inspector,
        entered_at=now,
    )
    remarks = wording.remarks_on_issue(request.profile, request.checks)
    document = issue_document(
        row,
        profile=request.profile.key,
        custodian=request.custodian,
        occurred_at=now,
        purpose=request.purpose,
        checks=request.checks,
        seal_number=request.seal_number,
        remarks=remarks,
    )
    signed = sign(proof, document, now)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    seq = ledger.append("journal.issued", request.by, body).seq
    row.seq = seq
    row.save(force_insert=True)
    written = {"row": row, "occurred_at": now, "entered_at": now, "by": request.custodian, "seq": seq}
    Issue.objects.create(
        **written,
        control=request.purpose.control,
        subject=request.purpose.subject,
        object=request.purpose.object,
        act_number=request.purpose.act_number,
        seal_number=request.seal_number,
        checks=checks_document(request.checks),
    )
    for text in remarks:
        Remark.objects.create(**written, text=text)
    signed.enter(row, Act.ISSUE, seq)
    return row
