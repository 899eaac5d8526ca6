"""Books: opened one after another, numbered sheets, closed with a date."""

from datetime import date

import pytest

from aigaq.journal import errors, selectors
from aigaq.journal.models import JournalBook
from aigaq.journal.services.books import close_book, open_book
from aigaq.ledger.services import MACHINE
from tests.support.duty import entries, on_duty

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def opened(office, number="01-12/5", by=None, **changes):
    usual = {"division": office.division, "registration_number": number, "started_on": TODAY, "sheets": 48}
    return open_book(office.ledger, by or office.by(office.custodian), **(usual | changes))


def closed(office, book, by=None, ended_on=TODAY):
    return close_book(office.ledger, by or office.by(office.head), book=book, ended_on=ended_on)


def test_the_installation_opens_the_first_book(office):
    book = opened(office, by=MACHINE)

    entry = entries("journal.book-opened")[-1]
    assert (book.by, book.seq) == (None, entry.seq)
    assert entry.division == str(office.division.pk)
    assert entry.body == {
        "book": str(book.pk),
        "division": str(office.division.pk),
        "registration_number": "01-12/5",
        "started_on": "2026-11-20",
        "sheets": 48,
        "rows_per_sheet": 10,
    }


def test_a_second_book_waits_until_the_first_is_closed(office):
    first = opened(office)
    with pytest.raises(errors.BookStillOpenError) as caught:
        opened(office, "01-12/6")
    assert caught.value.paragraph == "10"

    end = closed(office, first)
    assert (end.by, end.seq) == (office.head, entries("journal.book-closed")[-1].seq)
    second = opened(office, "01-12/6")
    assert [view.book for view in selectors.books(office.division)] == [second, first]


def test_each_division_keeps_its_own_book(office):
    opened(office)
    sister = opened(office, "02-1", by=office.by(office.sister_custodian), division=office.sister)
    assert selectors.current_book(office.sister).book == sister


def test_a_registration_number_is_given_once_in_the_whole_office(office):
    opened(office, "01-12/5")
    with pytest.raises(errors.RegistrationNumberTakenError):
        opened(office, " 01-12/5 ", by=office.by(office.sister_custodian), division=office.sister)
    assert JournalBook.objects.count() == 1


def test_inspectors_and_strangers_keep_no_books(office):
    for person in (office.inspector, office.sister_custodian, office.administrator):
        with pytest.raises(errors.NotCustodianError):
            opened(office, by=office.by(person))
    book = opened(office)
    with pytest.raises(errors.NotCustodianError):
        closed(office, book, by=office.by(office.sister_head))


def test_a_closed_book_is_not_closed_again(office):
    book = opened(office)
    closed(office, book)
    with pytest.raises(errors.BookClosedError):
        closed(office, book)


def test_a_book_does_not_end_before_its_last_row(office):
    duty = on_duty(office)
    duty.passes(days=3)
    duty.issue()
    with pytest.raises(errors.BookEndsTooSoonError) as caught:
        closed(office, duty.book)
    assert caught.value.details == {"last": date(2026, 11, 23), "ended_on": TODAY}


def test_what_is_out_when_the_book_is_closed_comes_back_on_its_row(office):
    duty = on_duty(office)
    row = duty.issue()
    closed(office, duty.book)

    assert duty.give_back(row).returned
    opened(office)
    assert duty.issue().number == 1


def test_books_tell_how_full_they_are(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=2)
    assert selectors.current_book(office.division).is_open
    duty.give_back(duty.issue())
    duty.give_back(duty.issue())

    new, view = selectors.books(office.division)
    assert (view.facts.rows, view.facts.capacity, view.facts.last_on) == (2, 2, TODAY)
    assert not view.is_open
    assert new == selectors.current_book(office.division)


def test_a_division_without_books_has_none(office):
    assert selectors.books(office.division) == []
    assert selectors.current_book(office.division) is None
