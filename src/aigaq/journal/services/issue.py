"""Issue: a recorder leaves the custodian's hands against a signature (R8.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import rules, wording
from aigaq.journal.book_selectors import BookView, current_book
from aigaq.journal.documents import checks_document, issue_document
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.models import Act, Failure, Issue, JournalRow, Remark, Replacement
from aigaq.journal.replacing import Replaced
from aigaq.journal.rules import Check, Holding, ProposedIssue, Purpose
from aigaq.journal.selectors import (
    as_corrected,
    failure_with,
    open_row_of,
    returned_of,
    settled_at,
)
from aigaq.journal.services.acting import require
from aigaq.journal.services.books import turn_over, turn_over_what_is_full
from aigaq.journal.services.sign import Means, Offer, OwnPasskey, Proof, prove, sign
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Card, Division, Person, Recorder, State
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """What is asked for; the facts it meets are read anew each time they are judged.

    `checks` has a result for each point of the profile. `replaces` is the failure that this issue settles:
    the same inspector's duty goes on with another recorder (R22.1).
    """

    custodian: Person
    division: Division
    recorder: Recorder
    card: Card | None
    inspector: Person
    purpose: Purpose
    checks: Mapping[str, Check]
    seal_number: str
    replaces: Failure | None = None
    profile: Profile = field(default_factory=regulation.load)

    def cleaned(self) -> "IssueRequest":
        """Texts as the book keeps them, and the failure as it stands now."""
        purpose, clean = self.purpose, rules.clean
        return replace(
            self,
            replaces=failure_with(self.replaces.pk, self.division) if self.replaces else None,
            purpose=Purpose(
                control=purpose.control,
                subject=clean(purpose.subject),
                object=clean(purpose.object),
                act_number=clean(purpose.act_number),
            ),
            checks={key: Check(check.passed, clean(check.remark)) for key, check in self.checks.items()},
            seal_number=clean(self.seal_number),
        )


def offer_issue(ledger: Ledger, by: By, request: IssueRequest) -> Offer:
    """The document of this issue, for the inspector's passkey. Raises as `rules.refusal_to_issue`."""
    request = request.cleaned()
    turn_over_what_is_full(ledger, request.division)
    book, row_id, now = _judge(ledger, by, request), uuid4(), ledger.clock.now()
    document = _drafted(request, book, row_id, now).document
    return Offer.of(row_id, now, document)


def issue(ledger: Ledger, by: By, request: IssueRequest, means: Means) -> JournalRow:
    """Write the next row of the division's book, signed by the inspector.

    Where it is the book's last one, the next book opens itself. Raises the refusals of
    `rules.refusal_to_issue` and of `sign.prove`. Not to be called inside a transaction.
    """
    request = request.cleaned()
    turn_over_what_is_full(ledger, request.division)
    _judge(ledger, by, request)
    proof = prove(ledger, request.inspector, means)
    with transaction.atomic():
        row_id = means.offer.about if isinstance(means, OwnPasskey) else uuid4()
        _take_out(ledger, by, request, row_id)
        ledger.take_turn("journal.issued")
        request = request.cleaned()
        book = _judge(ledger, by, request, mine=row_id)
        row = _write(ledger, by, request, proof, _drafted(request, book, row_id, proof.at(ledger)))
        turn_over(ledger, request.division)
    return row


def _judge(ledger: Ledger, by: By, request: IssueRequest, *, mine: UUID | None = None) -> BookView:
    """Raise the refusal, if there is one, by the facts as they are now; `mine` is a row of our own making."""
    now = ledger.clock.now()
    recorder = Recorder.objects.get(pk=request.recorder.pk)
    card = Card.objects.get(pk=request.card.pk) if request.card else None
    book = current_book(request.division)
    require(
        rules.refusal_to_issue(
            ProposedIssue(
                profile=request.profile,
                division=request.division,
                by=by,
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
                replaces=_replaced(request, now),
            )
        )
    )
    assert book is not None
    return book


def _replaced(request: IssueRequest, now: datetime) -> Replaced | None:
    if request.replaces is None:
        return None
    failure = failure_with(request.replaces.pk, request.division)
    row = failure.row
    returned = returned_of(row)
    return Replaced(
        row=row.number,
        recorder=row.recorder.inventory_number,
        inspector=row.inspector.full_name,
        is_same_inspector=row.inspector_id == request.inspector.pk,
        settled_at=settled_at(failure),
        returned_at=returned.occurred_at if returned else None,
        now=now,
    )


def _holding(thing: Recorder | Card, mine: UUID | None) -> Holding | None:
    if thing.out_on is None or thing.out_on == mine:
        return None
    row = open_row_of(thing)
    return Holding(row.number, row.inspector.full_name, row.issue.occurred_at) if row else None


def _take_out(ledger: Ledger, by: By, request: IssueRequest, row_id: UUID) -> None:
    """Compare and set: whoever comes second finds it taken, and is told by whom."""
    here = {"out_on": None, "state": State.IN_SERVICE, "division": request.division}
    taken = Recorder.objects.filter(pk=request.recorder.pk, **here).update(out_on=row_id)
    if taken and request.card:
        taken = Card.objects.filter(pk=request.card.pk, **here).update(out_on=row_id)
    if not taken:
        _judge(ledger, by, request, mine=row_id)
        raise ChangedMeanwhileError


@dataclass(frozen=True)
class _Draft:
    """What would be written now: the row, its document, and what column 7 tells, there and on the old row."""

    row: JournalRow
    document: dict[str, Json]
    remarks: list[str]
    on_replaced: str


def _drafted(request: IssueRequest, book: BookView, row_id: UUID, now: datetime) -> _Draft:
    row = JournalRow(
        id=row_id,
        book=book.book,
        number=book.facts.rows + 1,
        division=request.division,
        first_recorder=Recorder.objects.get(pk=request.recorder.pk),
        first_card=Card.objects.get(pk=request.card.pk) if request.card else None,
        first_inspector=request.inspector,
        entered_at=now,
    )
    failure = request.replaces
    remarks = wording.remarks_on_issue(request.profile, request.checks)
    on_replaced = ""
    if failure is not None:
        remarks.append(wording.remark_on_replacing(failure, row))
        on_replaced = wording.remark_on_replacement(as_corrected(failure), row, now)
    document = issue_document(
        row,
        profile=request.profile.key,
        custodian=request.custodian,
        occurred_at=now,
        purpose=request.purpose,
        checks=request.checks,
        seal_number=request.seal_number,
        replaces=(failure, on_replaced) if failure else None,
        remarks=remarks,
    )
    return _Draft(row, document, remarks, on_replaced)


def _write(ledger: Ledger, by: By, request: IssueRequest, proof: Proof, draft: _Draft) -> JournalRow:
    row, now = draft.row, draft.row.entered_at
    signed = sign(proof, draft.document, now)
    body: dict[str, Json] = {"document": draft.document, "signatures": [signed.document()]}
    seq = ledger.append("journal.issued", by, body).seq
    row.seq = seq
    row.save(force_insert=True)
    written = {"occurred_at": now, "entered_at": now, "by": request.custodian, "seq": seq}
    Issue.objects.create(
        row=row,
        **written,
        control=request.purpose.control,
        subject=request.purpose.subject,
        object=request.purpose.object,
        act_number=request.purpose.act_number,
        seal_number=request.seal_number,
        checks=checks_document(request.checks),
    )
    for text in draft.remarks:
        Remark.objects.create(row=row, **written, text=text)
    if request.replaces is not None:
        Replacement.objects.create(failure=request.replaces, new_row=row, **written)
        Remark.objects.create(row=request.replaces.row, **written, text=draft.on_replaced)
    signed.enter(row, Act.ISSUE, seq)
    return row
