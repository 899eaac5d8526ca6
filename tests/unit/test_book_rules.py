"""What is refused about a book as a whole, and the paragraph of order No. 236 it rests on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aigaq.journal import book_rules, errors
from aigaq.journal.models import NUMBER_LIMIT
from aigaq.journal.rules import BookFacts, clean
from aigaq.ledger.services import MACHINE, NOBODY
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import Standing

KONAEV = Division(name="Қонаев қаласының бөлімшесі")
TALGAR = Division(name="Талғар ауданының бөлімшесі")
NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BOOK = BookFacts("01-12/4", rows=7, capacity=480, last_on=date(2026, 11, 19))
CLOSED = replace(BOOK, ended_on=date(2026, 11, 19))


def standing(full_name: str, role: Role, division: Division = KONAEV) -> Standing:
    person = Person(full_name=full_name, division=division)
    return Standing(person, (Appointment(person=person, division=division, role=role, order_number="12-1"),))


AIGERIM = standing("Ахметова Әйгерім Қуанышқызы", Role.HEAD)
DANIYAR = standing("Жүнісов Данияр Ғалымұлы", Role.CUSTODIAN)
YERLAN = standing("Өтегенов Ерлан Сәкенұлы", Role.INSPECTOR)
SAULE = standing("Қасымова Сәуле Ерболқызы", Role.HEAD, TALGAR)


def by(who: Standing):
    return who.by(who.appointments[0])


def refused(refusal, error, paragraph="10"):
    assert type(refusal) is error
    assert refusal.paragraph == paragraph


def inscribed(**changes):
    usual = {"by": by(AIGERIM), "head": AIGERIM, "division": KONAEV, "book": CLOSED, "inscribed_at": None}
    return book_rules.refusal_to_inscribe(**(usual | changes))


def test_books_are_the_heads_and_the_installations():
    for who in (by(AIGERIM), MACHINE):
        assert book_rules.refusal_to_keep_books(who, KONAEV) is None
    for who in (by(DANIYAR), by(YERLAN), by(SAULE), NOBODY, AIGERIM.by(None)):
        refused(book_rules.refusal_to_keep_books(who, KONAEV), errors.NotKeeperOfBooksError)


def test_who_may_not_keep_books_is_told_whom_to_ask():
    sentence = str(book_rules.refusal_to_keep_books(by(DANIYAR), KONAEV))
    assert "Ask the head" in sentence
    assert KONAEV.name in sentence


def test_a_division_keeps_one_book_at_a_time():
    refused(book_rules.refusal_to_open_book(BOOK, "01-12/5", 48, 10), errors.BookStillOpenError)
    assert book_rules.refusal_to_open_book(CLOSED, "01-12/5", 48, 10) is None
    assert book_rules.refusal_to_open_book(None, "01-12/5", 48, 10) is None


def test_a_book_is_registered_and_its_sheets_are_numbered():
    for refusal in (
        lambda *facts: book_rules.refusal_to_open_book(None, *facts),
        book_rules.refusal_to_register,
    ):
        refused(refusal("", 48, 10), errors.NoRegistrationNumberError)
        for sheets, rows_per_sheet in ((0, 10), (-1, 10), (48, 0), (1001, 10)):
            refused(refusal("01", sheets, rows_per_sheet), errors.NoSheetsError)
        assert isinstance(refusal("1" * 65, 48, 10), errors.TooLongError)
        assert refusal("1" * 64, 1000, 1000) is None


def test_what_was_registered_ahead_is_opened_as_it_was_registered():
    def opened(sheets, rows_per_sheet):
        return book_rules.refusal_to_open_book(CLOSED, "01-12/5", sheets, rows_per_sheet, ahead=(96, 10))

    assert opened(96, 10) is None
    refused(opened(48, 10), errors.RegisteredOtherwiseError)
    refused(opened(96, 12), errors.RegisteredOtherwiseError)


def test_a_book_is_closed_once_and_not_before_its_last_row():
    today = date(2026, 11, 20)

    def closed(book, ended_on, today=today):
        return book_rules.refusal_to_close_book(book, ended_on, today=today)

    refused(closed(CLOSED, today), errors.BookClosedError)
    assert isinstance(closed(BOOK, date(2026, 11, 18)), errors.BookEndsTooSoonError)
    assert closed(BOOK, date(2026, 11, 19)) is None
    assert closed(BOOK, today) is None
    assert isinstance(closed(BOOK, date(2026, 11, 21)), errors.BookEndsLaterError)
    assert closed(BOOK, date(2026, 11, 19), today=date(2026, 11, 17)) is None, "after the clock was put back"


def test_the_head_writes_the_last_page_of_a_closed_book_once():
    assert inscribed() is None
    refused(inscribed(book=BOOK), errors.BookNotClosedError)
    refused(inscribed(inscribed_at=NINE), errors.AlreadyInscribedError)


def test_nobody_writes_the_last_page_for_the_head():
    for who in (DANIYAR, YERLAN, SAULE):
        refused(inscribed(by=by(who), head=who), errors.NotKeeperOfBooksError)
    refused(inscribed(by=by(DANIYAR)), errors.NotKeeperOfBooksError)
    refused(inscribed(by=MACHINE), errors.NotKeeperOfBooksError)
    refused(inscribed(by=AIGERIM.by(None)), errors.NotKeeperOfBooksError)


@pytest.mark.parametrize(
    ("number", "following"),
    [
        ("01-12/4", "01-12/4 (2-том)"),
        ("01-12/4 (2-том)", "01-12/4 (3-том)"),
        ("01-12/4 (9-том)", "01-12/4 (10-том)"),
        ("(2-том)", "(2-том) (2-том)"),
        ("01 (0-том)", "01 (0-том) (2-том)"),
        ("01 (99999-том)", "01 (100000-том)"),
        ("01 (100000-том)", "01 (100000-том) (2-том)"),
        ("б" * 64, "б" * 56 + " (2-том)"),
        ("б" * 55 + " " + "в" * 8, "б" * 55 + " (2-том)"),
        ("б" * 56 + " (9-том)", "б" * 55 + " (10-том)"),
    ],
)
def test_the_next_volume_is_numbered_and_still_fits_the_cover(number, following):
    assert book_rules.next_volume(number) == following
    assert len(following) <= NUMBER_LIMIT
    assert clean(following) == following
