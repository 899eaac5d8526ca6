"""Inscribe: the head writes and signs the last page of a book that is closed, or closes it so (R10.1)."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal import book_rules, wording
from aigaq.journal.book_selectors import facts_of
from aigaq.journal.documents import inscription_document
from aigaq.journal.models import Inscription, JournalBook
from aigaq.journal.rules import BookFacts
from aigaq.journal.services.acting import require
from aigaq.journal.services.books import close_now
from aigaq.journal.services.sign import Means, Offer, Proof, prove, sign
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile


@dataclass(frozen=True, kw_only=True)
class InscriptionRequest:
    """The last page of `book`, written by `head`. With `ended_on` the book is closed in the same act."""

    head: Person
    book: JournalBook
    ended_on: date | None = None
    profile: Profile = field(default_factory=regulation.load)

    def read_anew(self) -> Self:
        return replace(self, book=JournalBook.objects.select_related("division").get(pk=self.book.pk))


def offer_inscription(ledger: Ledger, by: By, request: InscriptionRequest) -> Offer:
    """The document of the last page, for the head's passkey. Raises as `inscribe`, but for the signature."""
    request = request.read_anew()
    facts, now = _judge(ledger, by, request), ledger.clock.now()
    return Offer.of(request.book.pk, now, _document(request, facts, now))


def inscribe(ledger: Ledger, by: By, request: InscriptionRequest, means: Means) -> Inscription:
    """Write the last page, signed by the head; close the book with it, if its end is asked for.

    Raises the refusals of `book_rules` and of `sign.prove`. Not to be called inside a transaction.
    """
    request = request.read_anew()
    _judge(ledger, by, request)
    proof = prove(ledger, request.head, means)
    with transaction.atomic():
        ledger.take_turn("journal.inscribed")
        return _write(ledger, by, request, proof, _judge(ledger, by, request))


def _judge(ledger: Ledger, by: By, request: InscriptionRequest) -> BookFacts:
    """The book as it stands now, or will when it is closed so; raise the refusal, if there is one."""
    book, facts = request.book, facts_of(request.book)
    if request.ended_on is not None:
        require(book_rules.refusal_to_keep_books(by, book.division))
        today = ledger.clock.now().astimezone(KAZAKHSTAN).date()
        require(book_rules.refusal_to_close_book(facts, request.ended_on, today=today))
        facts = replace(facts, ended_on=request.ended_on)
    inscribed_at = Inscription.objects.filter(book=book).values_list("entered_at", flat=True).first()
    head = standing_of(request.head, ledger.clock.now())
    require(book_rules.refusal_to_inscribe(by, head, book.division, facts, inscribed_at))
    return facts


def _document(request: InscriptionRequest, facts: BookFacts, at: datetime) -> dict[str, Json]:
    assert facts.ended_on is not None
    return inscription_document(
        request.book,
        profile=request.profile.key,
        head=request.head,
        at=at,
        ended_on=facts.ended_on,
        rows=facts.rows,
        wording=wording.inscription(request.profile, request.book.sheets),
    )


def _write(
    ledger: Ledger, by: By, request: InscriptionRequest, proof: Proof, facts: BookFacts
) -> Inscription:
    book, now = request.book, proof.at(ledger)
    document = _document(request, facts, now)
    signed = sign(proof, document, now)
    if request.ended_on is not None:
        close_now(ledger, by, book, ended_on=request.ended_on, rows=facts.rows)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    entry = ledger.append("journal.inscribed", by, body)
    return Inscription.objects.create(
        book=book,
        sheets=book.sheets,
        by=request.head,
        entered_at=entry.at,
        seq=entry.seq,
        **signed.columns,
    )
