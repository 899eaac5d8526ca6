"""Books: registered by the head, opened one after another, turned over when full, closed with a date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aigaq.journal import book_selectors as selectors
from aigaq.journal import errors
from aigaq.journal.models import BookEnd, JournalBook, JournalRow, NextBook
from aigaq.journal.selectors import rows
from aigaq.journal.services.books import close_book, open_book, register_next, turn_over
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from tests.support.duty import entries, on_duty
from tests.support.forgery import delete, triggers_dropped
from tests.support.office import SINCE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def opened(office, number="01-12/5", by=None, **changes):
    usual = {"division": office.division, "registration_number": number, "started_on": TODAY, "sheets": 48}
    return open_book(office.ledger, by or office.by(office.head), **(usual | changes))


def ahead(office, number="01-12/5", by=None, **changes):
    usual = {"division": office.division, "registration_number": number, "sheets": 96}
    return register_next(office.ledger, by or office.by(office.head), **(usual | changes))


def closed(office, book, by=None, ended_on=TODAY):
    return close_book(office.ledger, by or office.by(office.head), book=book, ended_on=ended_on)


def numbers(office):
    return [view.book.registration_number for view in selectors.books(office.division)]


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
    sister = opened(office, "02-1", by=office.by(office.sister_head), division=office.sister)
    assert selectors.current_book(office.sister).book == sister
    assert selectors.book_view(office.division, sister.pk) is None


def test_a_registration_number_is_given_once_in_the_whole_office(office):
    opened(office, "01-12/5")
    for act in (opened, ahead):
        with pytest.raises(errors.RegistrationNumberTakenError):
            act(office, " 01-12/5 ", by=office.by(office.sister_head), division=office.sister)
    with pytest.raises(errors.RegistrationNumberTakenError):
        ahead(office, "01-12/5")
    assert (JournalBook.objects.count(), NextBook.objects.count()) == (1, 0)


def test_the_custodian_and_strangers_keep_no_books(office):
    for person in (office.custodian, office.inspector, office.sister_head, office.administrator):
        for act in (opened, ahead):
            with pytest.raises(errors.NotKeeperOfBooksError):
                act(office, by=office.by(person))
    book = opened(office)
    for person in (office.custodian, office.sister_head):
        with pytest.raises(errors.NotKeeperOfBooksError):
            closed(office, book, by=office.by(person))
    assert entries("journal.book-closed") == entries("journal.book-registered") == []


def test_a_deputy_of_the_head_keeps_them_by_the_same_role(office):
    deputy = registry.appoint(
        office.ledger,
        MACHINE,
        person=office.administrator,
        division=office.division,
        role=Role.HEAD,
        from_on=SINCE,
        until_on=None,
        order_number="77",
        stands_in_for=office.head.appointments.get(),
    )
    assert opened(office, by=office.by(deputy.person)).by == office.administrator


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


def test_no_book_ends_on_a_day_to_come_by_the_calendar_of_kazakhstan(office):
    office.clock.instant = datetime(2026, 11, 20, 18, 59, tzinfo=UTC)
    tomorrow = TODAY + timedelta(days=1)
    book = opened(office)
    with pytest.raises(errors.BookEndsLaterError):
        closed(office, book, ended_on=tomorrow)
    office.clock.instant += timedelta(minutes=1)
    assert closed(office, book, ended_on=tomorrow).ended_on == tomorrow


def test_what_is_out_when_the_book_is_closed_comes_back_on_its_row(office):
    duty = on_duty(office)
    row = duty.issue()
    closed(office, duty.book)
    assert selectors.still_out(office.division) == {duty.book.pk: [1]}

    assert duty.give_back(row).returned
    assert selectors.still_out(office.division) == {}
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
    assert view.closed_itself
    assert new == selectors.current_book(office.division)


def test_a_division_without_books_has_none(office):
    assert selectors.books(office.division) == []
    assert selectors.current_book(office.division) is None


def test_older_books_are_a_page_further_on(office):
    for number in range(5):
        closed(office, opened(office, f"01-{number}"))
    first = selectors.books(office.division, limit=3)
    assert [view.book.registration_number for view in first] == ["01-4", "01-3", "01-2"]
    rest = selectors.books(office.division, before=first[-1].cursor, limit=3)
    assert [view.book.registration_number for view in rest] == ["01-1", "01-0"]


# ── The next book ──


def filled(office, **changes):
    """A book of one row, and that one written."""
    duty = on_duty(office, sheets=1, rows_per_sheet=1, **changes)
    duty.give_back(duty.issue())
    return duty


def test_a_book_registered_ahead_is_in_the_ledger_and_opens_when_the_one_before_is_full(office):
    on = on_duty(office, sheets=1, rows_per_sheet=1)
    registered = ahead(office, rows_per_sheet=12)
    entry = entries("journal.book-registered")[-1]
    assert (registered.by, registered.seq) == (office.head, entry.seq)
    assert entry.body == {
        "division": str(office.division.pk),
        "registration_number": "01-12/5",
        "sheets": 96,
        "rows_per_sheet": 12,
    }
    assert list(selectors.registered_ahead(office.division)) == [registered]

    on.passes(days=2)
    on.give_back(on.issue())
    book = selectors.current_book(office.division).book
    assert (book.registration_number, book.sheets, book.rows_per_sheet) == ("01-12/5", 96, 12)
    assert (book.by, book.started_on) == (None, date(2026, 11, 22))
    assert list(selectors.registered_ahead(office.division)) == []
    assert on.issue().book == book


def test_books_registered_ahead_open_in_the_order_they_were_registered(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)
    for number in ("05", "03", "04"):
        ahead(office, number, sheets=1, rows_per_sheet=1)
    for _ in range(4):
        duty.give_back(duty.issue())
    assert numbers(office) == ["04 (2-том)", "04", "03", "05", "01-12/4"]


def test_a_book_registered_ahead_in_the_division_next_door_is_not_ours(office):
    ahead(office, "02-9", by=office.by(office.sister_head), division=office.sister)
    filled(office)
    assert numbers(office) == ["01-12/4 (2-том)", "01-12/4"]
    assert [each.registration_number for each in selectors.registered_ahead(office.sister)] == ["02-9"]


def test_without_one_registered_the_next_volume_opens_and_numbers_taken_are_passed_over(office):
    ahead(office, "01-12/4 (2-том)", by=office.by(office.sister_head), division=office.sister)
    filled(office)
    assert numbers(office) == ["01-12/4 (3-том)", "01-12/4"]


def test_the_next_volume_of_a_number_that_fills_the_cover_is_found_and_told_apart(office):
    number = "б" * 64
    opened(office, number, sheets=1, rows_per_sheet=1)
    duty = on_duty_at(office)
    for _ in range(3):
        duty.give_back(duty.issue())
    assert numbers(office) == [f"{'б' * 56} ({volume}-том)" for volume in (4, 3, 2)] + [number]


def on_duty_at(office):
    """On the book that is open already."""
    from tests.support.duty import Duty

    return Duty(office, selectors.current_book(office.division).book)


def test_closed_by_hand_nothing_opens_by_itself_and_the_registered_one_is_opened_as_registered(office):
    duty = on_duty(office)
    ahead(office)
    closed(office, duty.book)
    with pytest.raises(errors.NoBookError):
        duty.issue()

    with pytest.raises(errors.RegisteredOtherwiseError) as caught:
        opened(office, "01-12/5", sheets=48)
    assert caught.value.details == {"number": "01-12/5", "sheets": 96}
    book = opened(office, "01-12/5", sheets=96)
    assert list(selectors.registered_ahead(office.division)) == []
    assert duty.issue().book == book


def test_closed_by_hand_another_may_be_opened_and_the_registered_one_waits_its_turn(office):
    ahead(office, "01-12/9")
    closed(office, on_duty(office).book)
    opened(office, "01-12/7", sheets=1, rows_per_sheet=1)
    duty = on_duty_at(office)
    duty.give_back(duty.issue())
    assert numbers(office) == ["01-12/9", "01-12/7", "01-12/4"]


def test_another_division_can_not_open_what_was_registered_here(office):
    ahead(office, "01-12/9")
    with pytest.raises(errors.RegistrationNumberTakenError):
        opened(office, "01-12/9", by=office.by(office.sister_head), division=office.sister, sheets=96)


def test_a_book_that_an_older_version_left_full_is_turned_over_by_the_next_issue(office):
    duty = filled(office)
    new = selectors.current_book(office.division).book
    with triggers_dropped() as cursor:
        delete(cursor, BookEnd.objects.get(book=duty.book))
        delete(cursor, new)
        before = selectors.current_book(office.division)
        assert (before.facts.is_full, before.is_open) == (True, True)
        row = duty.issue()
        assert (row.book.registration_number, row.number) == ("01-12/4 (2-том)", 1)
        assert BookEnd.objects.get(book=duty.book).by is None


def test_a_book_that_is_not_full_is_not_turned_over(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=2)
    duty.issue()
    with transaction.atomic():
        turn_over(office.ledger, office.division)
        turn_over(office.ledger, office.sister)
    assert numbers(office) == ["01-12/4"]
    assert entries("journal.book-closed") == []


def test_a_book_that_begins_tomorrow_does_not_end_before_it_begins(office):
    opened(office, started_on=date(2026, 11, 25), sheets=1, rows_per_sheet=1)
    duty = on_duty_at(office)
    duty.issue()
    new, full = selectors.books(office.division)
    assert full.book.started_on <= full.facts.ended_on <= new.book.started_on


def test_what_is_asked_of_books_does_not_grow_with_them(office):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            selectors.current_book(office.division)
            selectors.books(office.division, limit=5)
            selectors.still_out(office.division)
            list(selectors.registered_ahead(office.division))
        return len(captured)

    filled(office)
    few = queries()
    duty = on_duty_at(office)
    for _ in range(4):
        duty.give_back(duty.issue())
    assert queries() == few == 6


def test_no_page_of_the_book_reads_all_rows_or_sorts_them(office):
    """By the plan, not by the clock: SQLite tells what it walks through."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on how many rows there are")
    duty = on_duty(office, sheets=3, rows_per_sheet=2)
    for _ in range(5):
        duty.give_back(duty.issue())
    middle = JournalRow.objects.get(number=4).seq
    with CaptureQueriesContext(connection) as captured:
        selectors.current_book(office.division)
        selectors.books(office.division, limit=5)
        rows(office.division, limit=2)
        rows(office.division, before=middle, limit=2)
        rows(office.division, book=duty.book, before=middle, limit=2)
    walked = [line for query in captured.captured_queries for line in plan_of(query["sql"])]
    assert any("SEARCH" in line for line in walked)
    assert [line for line in walked if line.startswith("SCAN journal_journalrow")] == []
    paged = [query["sql"] for query in captured.captured_queries if "LIMIT 2" in query["sql"]]
    assert len(paged) == 3
    assert [line for sql in paged for line in plan_of(sql) if "TEMP B-TREE" in line] == []


def plan_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [line for *_place, line in cursor.fetchall()]
