"""Books: registered at the office, opened one after another, closed with a date (R10.1)."""

from datetime import date

from django.db import transaction

from aigaq.journal import rules
from aigaq.journal.errors import RegistrationNumberTakenError
from aigaq.journal.models import BookEnd, JournalBook
from aigaq.journal.selectors import current_book, facts_of
from aigaq.journal.services.acting import require, within, writer_of
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division

ROWS_PER_SHEET = 10
"""On the sheets we print."""


def open_book(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    registration_number: str,
    started_on: date,
    sheets: int,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> JournalBook:
    """Begin a book; the one before must be closed. The installation may open the first (`aigaq init`)."""
    number = rules.clean(registration_number)
    with transaction.atomic():
        ledger.take_turn("journal.book-opened")
        require(rules.refusal_to_keep_books(by, division))
        newest = current_book(division)
        require(rules.refusal_to_open_book(newest.facts if newest else None, number, sheets, rows_per_sheet))
        if JournalBook.objects.filter(registration_number=number).exists():
            raise RegistrationNumberTakenError(number=number)
        book = JournalBook(
            division=division,
            registration_number=number,
            started_on=started_on,
            sheets=sheets,
            rows_per_sheet=rows_per_sheet,
            by_id=writer_of(by),
        )
        entry = ledger.append(
            "journal.book-opened",
            within(by, division),
            {
                "book": str(book.pk),
                "division": str(division.pk),
                "registration_number": number,
                "started_on": started_on.isoformat(),
                "sheets": sheets,
                "rows_per_sheet": rows_per_sheet,
            },
        )
        book.seq, book.entered_at = entry.seq, entry.at
        book.save(force_insert=True)
    return book


def close_book(ledger: Ledger, by: By, *, book: JournalBook, ended_on: date) -> BookEnd:
    """Write the second date on the cover. What is still out on its rows is taken back there all the same."""
    with transaction.atomic():
        ledger.take_turn("journal.book-closed")
        require(rules.refusal_to_keep_books(by, book.division))
        facts = facts_of(book)
        require(rules.refusal_to_close_book(facts, ended_on))
        entry = ledger.append(
            "journal.book-closed",
            within(by, book.division),
            {
                "book": str(book.pk),
                "registration_number": book.registration_number,
                "ended_on": ended_on.isoformat(),
                "rows": facts.rows,
            },
        )
        return BookEnd.objects.create(
            book=book,
            ended_on=ended_on,
            entered_at=entry.at,
            by_id=writer_of(by),
            seq=entry.seq,
        )
