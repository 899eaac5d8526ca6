"""The shelf and what the head does there; the custodian sees whose act it is."""

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.models import Inscription, JournalBook, NextBook
from aigaq.journal.services.books import close_book, register_next
from aigaq.ledger.models import LedgerEntry
from tests.support.duty import on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

SHELF, OPEN, NEXT = "/journal/shelf/", "/journal/books/open/", "/journal/books/register/"
BOOK = {"registration_number": "03-15/7", "started_on": "2026-11-02", "sheets": "96"}


@pytest.fixture
def head(office, visit):
    return visit(office.head)


def today():
    return wiring.clock().now().astimezone(KAZAKHSTAN).date()


def close_at(book):
    return reverse("journal:close-book", args=[book.pk])


def inscribe_at(book):
    return reverse("journal:inscribe", args=[book.pk])


def signed(**facts):
    return {**facts, "stage": "sign", "password": password_of("aigerim")}


def closed_without_its_last_page(office):
    book = on_duty(office).book
    close_book(office.ledger, office.by(office.head), book=book, ended_on=today())
    return book


def test_a_book_is_opened_closed_and_followed_by_the_next(head):
    assert head.submit(OPEN, BOOK).url == "/journal/"
    again = head.submit(OPEN, BOOK | {"registration_number": "03-15/8"})
    assert "is still open" in text_of(again)
    assert "Order No. 236, paragraph 10" in text_of(again)
    book = JournalBook.objects.get()
    done = head.submit(close_at(book), signed(ended_on=str(today())))
    assert done.url == SHELF
    assert head.submit(OPEN, BOOK | {"registration_number": "03-15/8"}).status_code == 302
    shelf = text_of(head.get(SHELF))
    for told in (
        "03-15/7",
        "03-15/8",
        "closed",
        "in use",
        "last page: Ахметова Әйгерім Қуанышқызы",
        "own password",
    ):
        assert told in shelf, told
    assert LedgerEntry.objects.filter(kind__startswith="journal.book-").count() == 3
    assert LedgerEntry.objects.filter(kind="journal.inscribed").count() == 1


def test_the_head_reads_the_last_page_before_signing_it(office, head):
    book = on_duty(office).book
    page = head.submit(close_at(book), {"stage": "facts", "ended_on": str(today())})
    assert page.status_code == 200
    read = text_of(page)
    assert "Осы журналда 48 (қырық сегіз) парақ нөмірленген, тігілген және мөрмен бекітілген" in read
    assert "0 of 480" in read
    assert "Password of Ахметова Әйгерім Қуанышқызы" in read
    assert not hasattr(JournalBook.objects.get(), "end")


def test_a_day_before_the_last_row_is_refused_before_anything_is_signed(office, head):
    book = on_duty(office)
    book.issue()
    page = head.submit(close_at(book.book), {"stage": "facts", "ended_on": "2026-11-19"})
    assert page.status_code == 422
    assert "can't end on" in text_of(page)


def test_a_wrong_password_closes_nothing(office, head):
    book = on_duty(office).book
    page = head.submit(close_at(book), signed(ended_on=str(today())) | {"password": password_of("daniyar")})
    assert page.status_code == 422
    assert "That is not the password of Ахметова Әйгерім Қуанышқызы" in text_of(page)
    assert not hasattr(JournalBook.objects.get(), "end")
    assert not Inscription.objects.exists()


def test_back_from_the_last_page_the_day_still_stands_there(office, head):
    book = on_duty(office).book
    page = head.submit(close_at(book), {"stage": "change", "ended_on": "2026-12-24"})
    assert 'value="2026-12-24"' in page.content.decode()


def test_a_book_that_closed_itself_lacks_its_inscription_until_the_head_signs(office, head, visit):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)
    duty.give_back(duty.issue())
    shelf = text_of(visit(office.custodian).get(SHELF))
    assert "full, closed itself inscription missing" in shelf
    assert "Write the last page" not in shelf
    assert "Write the last page 01-12/4" in text_of(head.get(SHELF))
    assert head.get(close_at(duty.book)).url == inscribe_at(duty.book)
    assert "1 (бір) парақ" in text_of(head.get(inscribe_at(duty.book)))
    assert head.submit(inscribe_at(duty.book), signed()).url == SHELF
    assert "inscription missing" not in text_of(head.get(SHELF))
    assert Inscription.objects.get().by == office.head


def test_an_open_book_has_no_last_page_to_write(office, head):
    book = on_duty(office).book
    assert head.get(inscribe_at(book)).url == close_at(book)
    assert head.submit(inscribe_at(book), signed()).url == close_at(book)
    assert not Inscription.objects.exists()


def test_what_is_written_is_not_written_twice(office, head):
    book = closed_without_its_last_page(office)
    head.submit(inscribe_at(book), signed())
    again = head.submit(inscribe_at(book), signed())
    assert again.url == SHELF
    assert Inscription.objects.count() == 1
    assert "written and signed already" in text_of(head.get(SHELF))


def test_a_row_still_out_on_a_closed_book_is_shown_there(office, head):
    duty = on_duty(office)
    duty.issue()
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=today())
    assert "Row 1 is still out: it is taken back there." in text_of(head.get(SHELF))


def test_the_next_book_is_registered_shown_and_proposed(office, head):
    book = on_duty(office).book
    assert "01-12/4 is full" in text_of(head.get(NEXT))
    assert head.submit(NEXT, {"registration_number": "", "sheets": "0"}).status_code == 422
    assert head.submit(NEXT, {"registration_number": "01-12/4", "sheets": "96"}).status_code == 422
    assert head.submit(NEXT, {"registration_number": "01-12/9", "sheets": "96"}).url == SHELF
    assert NextBook.objects.get().by == office.head
    shelf = text_of(head.get(SHELF))
    assert "Registered ahead 01-12/9 opens next 96 sheets" in shelf
    head.submit(close_at(book), signed(ended_on=str(today())))
    form = head.get(OPEN).content.decode()
    assert 'value="01-12/9"' in form
    assert 'value="96"' in form
    day = str(today())
    otherwise = {"registration_number": "01-12/9", "started_on": day, "sheets": "48"}
    assert "was registered ahead with 96 sheets" in text_of(head.submit(OPEN, otherwise))
    assert head.submit(OPEN, otherwise | {"sheets": "96"}).url == "/journal/"
    assert "Registered ahead" not in text_of(head.get(SHELF))


def test_a_book_registered_with_other_rows_is_opened_as_registered(office, head):
    register_next(
        office.ledger,
        office.by(office.head),
        division=office.division,
        registration_number="05",
        sheets=12,
        rows_per_sheet=8,
    )
    head.submit(OPEN, {"registration_number": " 05 ", "started_on": str(today()), "sheets": "12"})
    assert JournalBook.objects.get().rows_per_sheet == 8


@pytest.mark.parametrize("path", [SHELF, "/journal/", "/", "/desk/issue/"])
def test_the_custodian_is_told_whose_the_books_are(office, visit, path):
    page = visit(office.custodian).get(path)
    assert page.status_code == 200
    assert "head" in text_of(page)
    assert OPEN not in page.content.decode()
    assert NEXT not in page.content.decode()


@pytest.mark.parametrize("name", ["close-book", "inscribe"])
def test_the_custodian_neither_closes_nor_inscribes(office, visit, name):
    book = on_duty(office).book
    custodian = visit(office.custodian)
    path = reverse(f"journal:{name}", args=[book.pk])
    assert custodian.get(path).status_code == 403
    facts = {"stage": "sign", "ended_on": str(today()), "password": password_of("daniyar")}
    assert custodian.submit(path, facts).status_code == 403
    assert "Close and inscribe" not in text_of(custodian.get(SHELF))
    assert not hasattr(JournalBook.objects.get(), "end")


def test_the_head_next_door_finds_no_such_book(office, visit):
    book = on_duty(office).book
    stranger = visit(office.sister_head)
    for path in (close_at(book), inscribe_at(book), f"/journal/?book={book.pk}"):
        assert stranger.get(path).status_code == 404, path
    assert "01-12/4" not in text_of(stranger.get(SHELF))


def test_no_book_is_no_page(head):
    assert head.get("/journal/?book=nonsense").status_code == 404


def test_an_older_book_is_read_from_the_shelf(office, head):
    duty = on_duty(office, sheets=1, rows_per_sheet=2)
    for _ in range(3):
        duty.give_back(duty.issue())
    shelf = head.get(SHELF).content.decode()
    assert f'/journal/?book={duty.book.pk}"' in shelf
    old = text_of(head.get(f"/journal/?book={duty.book.pk}"))
    assert "2 of 2 rows written" in old
    assert "1 of 2 rows written" in text_of(head.get("/journal/"))
