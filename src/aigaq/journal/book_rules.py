"""When the journal refuses an act on a book as a whole (R10.1). Pure: facts in, the refusal or None out."""

import re
from datetime import date, datetime

from aigaq.journal.errors import (
    AlreadyInscribedError,
    BookClosedError,
    BookEndsLaterError,
    BookEndsTooSoonError,
    BookNotClosedError,
    BookStillOpenError,
    NoRegistrationNumberError,
    NoSheetsError,
    NotKeeperOfBooksError,
    RegisteredOtherwiseError,
)
from aigaq.journal.models import NUMBER_LIMIT
from aigaq.journal.rules import BookFacts, Refusal, too_long
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import Standing
from aigaq.tlog.entry import ActorKind

SHEETS_LIMIT = 1000
"""Nobody laces more."""
_VOLUME = re.compile(r"(?P<number>.*?)(?: \((?P<volume>[1-9][0-9]{0,4})-том\))?", re.DOTALL)


def next_volume(registration_number: str) -> str:
    """What the book after it is called where the office has registered none: its next volume."""
    found = _VOLUME.fullmatch(registration_number)
    assert found is not None
    marked = f" ({int(found['volume'] or 1) + 1}-том)"
    return found["number"][: NUMBER_LIMIT - len(marked)].rstrip() + marked


def refusal_to_keep_books(by: By, division: Division) -> Refusal | None:
    """Books are the head's; the first is opened by the installation itself, which turns full ones over."""
    if by.actor.kind is ActorKind.SYSTEM:
        return None
    role = None if by.right is None else by.right.get("role")
    if by.division == str(division.pk) and role == Role.HEAD:
        return None
    return NotKeeperOfBooksError(division=division.name)


def refusal_to_register(registration_number: str, sheets: int, rows_per_sheet: int) -> Refusal | None:
    """A book has a number given by the office, and numbered sheets."""
    if not registration_number:
        return NoRegistrationNumberError()
    if not (1 <= sheets <= SHEETS_LIMIT and 1 <= rows_per_sheet <= SHEETS_LIMIT):
        return NoSheetsError(limit=SHEETS_LIMIT)
    return too_long(registration_number, NUMBER_LIMIT)


def refusal_to_open_book(
    newest: BookFacts | None,
    registration_number: str,
    sheets: int,
    rows_per_sheet: int,
    *,
    ahead: tuple[int, int] | None = None,
) -> Refusal | None:
    """One book at a time; `newest` is the division's last one.

    `ahead` are the sheets and the rows on each with which this very number was registered ahead.
    """
    if newest is not None and newest.ended_on is None:
        return BookStillOpenError(book=newest.registration_number)
    if ahead is not None and ahead != (sheets, rows_per_sheet):
        return RegisteredOtherwiseError(number=registration_number, sheets=ahead[0])
    return refusal_to_register(registration_number, sheets, rows_per_sheet)


def refusal_to_close_book(book: BookFacts, ended_on: date, *, today: date) -> Refusal | None:
    """Not before its last row, and after `today` only where that row is: a clock was put back since."""
    if book.ended_on is not None:
        return BookClosedError(book=book.registration_number, ended_on=book.ended_on)
    if ended_on < book.last_on:
        return BookEndsTooSoonError(last=book.last_on, ended_on=ended_on)
    if ended_on > max(today, book.last_on):
        return BookEndsLaterError(ended_on=ended_on)
    return None


def refusal_to_inscribe(
    by: By, head: Standing, division: Division, book: BookFacts, inscribed_at: datetime | None
) -> Refusal | None:
    """The last page is written once, when nothing is issued on the book any more, by the head themself."""
    if by.actor.id != str(head.person.pk) or not head.appointment(division, Role.HEAD):
        return NotKeeperOfBooksError(division=division.name)
    if refusal := refusal_to_keep_books(by, division):
        return refusal
    if book.ended_on is None:
        return BookNotClosedError(book=book.registration_number)
    if inscribed_at is not None:
        return AlreadyInscribedError(book=book.registration_number, at=inscribed_at)
    return None
