"""Books: registered at the office, opened one after another, closed with a date (R10.1)."""

from datetime import date

from django.db import transaction

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal import book_rules, rules
from aigaq.journal.book_selectors import BookView, current_book, facts_of, registered_ahead
from aigaq.journal.errors import RegistrationNumberTakenError
from aigaq.journal.models import BookEnd, JournalBook, NextBook
from aigaq.journal.services.acting import require, within, writer_of
from aigaq.ledger.services import MACHINE, By, Ledger
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
    """Begin a book; the one before must be closed. The installation may open the first (`aigaq init`).

    A book that the division registered ahead is opened with the sheets it was registered with. Raises the
    refusals of `book_rules` and `RegistrationNumberTakenError`.
    """
    number = rules.clean(registration_number)
    with transaction.atomic():
        ledger.take_turn("journal.book-opened")
        require(book_rules.refusal_to_keep_books(by, division))
        newest = current_book(division)
        ahead = registered_ahead(division).filter(registration_number=number).first()
        require(
            book_rules.refusal_to_open_book(
                newest.facts if newest else None,
                number,
                sheets,
                rows_per_sheet,
                ahead=(ahead.sheets, ahead.rows_per_sheet) if ahead else None,
            )
        )
        if ahead is None and _is_taken(number):
            raise RegistrationNumberTakenError(number=number)
        book = JournalBook(
            division=division,
            registration_number=number,
            started_on=started_on,
            sheets=sheets,
            rows_per_sheet=rows_per_sheet,
        )
        return _open(ledger, within(by, division), book)


def register_next(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    registration_number: str,
    sheets: int,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> NextBook:
    """Register a book ahead: when the division's is full, it opens by itself, in the order registered.

    Raises the refusals of `book_rules` and `RegistrationNumberTakenError`.
    """
    number = rules.clean(registration_number)
    with transaction.atomic():
        ledger.take_turn("journal.book-registered")
        require(book_rules.refusal_to_keep_books(by, division))
        require(book_rules.refusal_to_register(number, sheets, rows_per_sheet))
        if _is_taken(number):
            raise RegistrationNumberTakenError(number=number)
        by = within(by, division)
        entry = ledger.append(
            "journal.book-registered",
            by,
            {
                "division": str(division.pk),
                "registration_number": number,
                "sheets": sheets,
                "rows_per_sheet": rows_per_sheet,
            },
        )
        return NextBook.objects.create(
            division=division,
            registration_number=number,
            sheets=sheets,
            rows_per_sheet=rows_per_sheet,
            entered_at=entry.at,
            by_id=writer_of(by),
            seq=entry.seq,
        )


def turn_over(ledger: Ledger, division: Division) -> None:
    """Where the division's book is full, close it and open the next, within the act that filled it.

    The next is the one that was registered ahead; else the next volume of the same registration.
    """
    newest = current_book(division)
    if not _is_to_be_turned_over(newest):
        return
    assert newest is not None
    full, by = newest.book, within(MACHINE, division)
    today = ledger.clock.now().astimezone(KAZAKHSTAN).date()
    ended_on = max(today, newest.facts.last_on)
    close_now(ledger, by, full, ended_on=ended_on, rows=newest.facts.rows)
    _open(ledger, by, _next_after(full, ended_on))


def turn_over_what_is_full(ledger: Ledger, division: Division) -> None:
    """For a book that an older version filled and left open: the next act finds the next book open."""
    if _is_to_be_turned_over(current_book(division)):
        with transaction.atomic():
            ledger.take_turn("journal.book-closed")
            turn_over(ledger, division)


def close_book(ledger: Ledger, by: By, *, book: JournalBook, ended_on: date) -> BookEnd:
    """Write the second date on the cover. What is still out on its rows is taken back there all the same.

    The last page is left open; `inscribe.close_and_inscribe` does both.
    """
    with transaction.atomic():
        ledger.take_turn("journal.book-closed")
        require(book_rules.refusal_to_keep_books(by, book.division))
        facts = facts_of(book)
        today = ledger.clock.now().astimezone(KAZAKHSTAN).date()
        require(book_rules.refusal_to_close_book(facts, ended_on, today=today))
        return close_now(ledger, within(by, book.division), book, ended_on=ended_on, rows=facts.rows)


def close_now(ledger: Ledger, by: By, book: JournalBook, *, ended_on: date, rows: int) -> BookEnd:
    """Enter the end of `book`, within the transaction of an act that has judged it."""
    entry = ledger.append(
        "journal.book-closed",
        by,
        {
            "book": str(book.pk),
            "registration_number": book.registration_number,
            "ended_on": ended_on.isoformat(),
            "rows": rows,
        },
    )
    return BookEnd.objects.create(
        book=book, ended_on=ended_on, entered_at=entry.at, by_id=writer_of(by), seq=entry.seq
    )


def _open(ledger: Ledger, by: By, book: JournalBook) -> JournalBook:
    entry = ledger.append(
        "journal.book-opened",
        by,
        {
            "book": str(book.pk),
            "division": str(book.division_id),
            "registration_number": book.registration_number,
            "started_on": book.started_on.isoformat(),
            "sheets": book.sheets,
            "rows_per_sheet": book.rows_per_sheet,
        },
    )
    book.seq, book.entered_at, book.by_id = entry.seq, entry.at, writer_of(by)
    book.save(force_insert=True)
    return book


def _is_to_be_turned_over(newest: BookView | None) -> bool:
    return newest is not None and newest.facts.ended_on is None and newest.facts.is_full


def _next_after(full: JournalBook, started_on: date) -> JournalBook:
    """Not stored yet."""
    ahead = registered_ahead(full.division).first()
    of = ahead or full
    number = of.registration_number if ahead else book_rules.next_volume(full.registration_number)
    while ahead is None and _is_taken(number):
        number = book_rules.next_volume(number)
    return JournalBook(
        division=full.division,
        registration_number=number,
        started_on=started_on,
        sheets=of.sheets,
        rows_per_sheet=of.rows_per_sheet,
    )


def _is_taken(registration_number: str) -> bool:
    return any(
        kind._default_manager.filter(registration_number=registration_number).exists()  # noqa: SLF001 - Django's public way
        for kind in (JournalBook, NextBook)
    )
