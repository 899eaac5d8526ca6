"""Two at the same instant: one wins, the other is told so, and the book has no hole."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from aigaq.journal import errors
from aigaq.journal.book_selectors import current_book, registered_ahead
from aigaq.journal.models import BookEnd, JournalBook, JournalRow, NextBook, Return, Unloading
from aigaq.journal.services.books import close_book, open_book, register_next
from aigaq.journal.services.inscribe import InscriptionRequest, inscribe
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.errors import ChangedMeanwhileError, StillIssuedError
from aigaq.registry.models import Recorder, State
from tests.support import amount
from tests.support.duty import Duty, entries, on_duty, own_password

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

ROUNDS = amount.times(1000, 8)


@pytest.fixture
def duty(office):
    """With a book that a thousand rounds do not fill."""
    return on_duty(office, sheets=200)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all at the same instant, each on its own connection; what each returned or raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
    return [future.exception() or future.result() for future in running]


def second_recorder(duty):
    office = duty.office
    return registry.add_recorder(office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division)


def test_of_two_who_issue_the_same_recorder_one_wins_each_time(duty):
    office = duty.office
    for number in range(1, ROUNDS + 1):
        outcomes = at_once(
            duty.issue,
            lambda: duty.issue(inspector=office.second_inspector),
        )
        rows = [outcome for outcome in outcomes if isinstance(outcome, JournalRow)]
        lost = [outcome for outcome in outcomes if not isinstance(outcome, JournalRow)]
        assert [type(error) for error in lost] == [errors.RecorderAlreadyIssuedError], outcomes
        assert rows[0].number == lost[0].details["row"] == number
        assert lost[0].details["inspector"] == rows[0].inspector.full_name
        duty.give_back(rows[0], handed_back_by=rows[0].inspector)
    assert list(JournalRow.objects.order_by("seq").values_list("number", flat=True)) == [
        *range(1, ROUNDS + 1)
    ]
    assert len(entries("journal.issued")) == ROUNDS


def test_two_recorders_issued_at_once_get_two_numbers_without_a_hole(duty):
    office, spare = duty.office, second_recorder(duty)
    for _ in range(10):
        rows = at_once(
            duty.issue,
            lambda: duty.issue(recorder=spare, card=None, seal_number="", inspector=office.second_inspector),
        )
        assert all(isinstance(row, JournalRow) for row in rows), rows
        for row in rows:
            duty.give_back(row, handed_back_by=row.inspector)
    assert sorted(JournalRow.objects.values_list("number", flat=True)) == [*range(1, 21)]


def test_one_card_is_not_put_into_two_recorders(duty):
    office, spare = duty.office, second_recorder(duty)
    for _ in range(10):
        outcomes = at_once(
            duty.issue,
            lambda: duty.issue(recorder=spare, inspector=office.second_inspector),
        )
        (row,) = [outcome for outcome in outcomes if isinstance(outcome, JournalRow)]
        (error,) = [outcome for outcome in outcomes if not isinstance(outcome, JournalRow)]
        assert type(error) is errors.CardAlreadyIssuedError
        assert Recorder.objects.filter(out_on__isnull=False).count() == 1
        duty.give_back(row, handed_back_by=row.inspector)


def test_a_row_is_returned_once_by_two_at_once(duty):
    for count in range(1, 11):
        row = duty.issue()
        outcomes = at_once(lambda row=row: duty.give_back(row), lambda row=row: duty.give_back(row))
        kinds = sorted(type(outcome).__name__ for outcome in outcomes)
        assert kinds == ["AlreadyReturnedError", "JournalRow"]
        assert Return.objects.count() == len(entries("journal.returned")) == count


def test_the_last_row_of_a_book_is_written_once(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)
    spare = second_recorder(duty)
    outcomes = at_once(
        duty.issue,
        lambda: duty.issue(recorder=spare, card=None, seal_number="", inspector=office.second_inspector),
    )
    assert {(row.book.registration_number, row.number) for row in outcomes} == {
        ("01-12/4", 1),
        ("01-12/4 (2-том)", 1),
    }


def test_the_last_row_and_the_next_book_registered_at_the_same_instant(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)

    def registered(number):
        return register_next(
            office.ledger,
            office.by(office.head),
            division=office.division,
            registration_number=number,
            sheets=1,
            rows_per_sheet=1,
        )

    for number in range(10):
        row, ahead = at_once(duty.issue, lambda number=number: registered(f"02-{number}"))
        duty.give_back(row)
        assert isinstance(ahead, NextBook)
        current = current_book(office.division)
        # Whichever came first: a book is open, and what was registered is either it or waits for its turn.
        assert current.is_open
        waiting = [each.registration_number for each in registered_ahead(office.division)]
        assert current.book.registration_number not in waiting
    begun = JournalBook.objects.values_list("registration_number", flat=True)
    assert len(begun) == 11 == len(set(begun))
    assert len(entries("journal.book-opened")) == len(entries("journal.book-closed")) + 1


def test_the_last_row_and_a_head_who_closes_the_book_at_the_same_instant(office):
    for number in range(10):
        book = open_book(
            office.ledger,
            office.by(office.head),
            division=office.division,
            registration_number=f"03-{number}",
            started_on=date(2026, 11, 20),
            sheets=1,
            rows_per_sheet=1,
        )
        duty = Duty(office, book)
        issued, closed = at_once(
            duty.issue,
            lambda book=book: close_book(
                office.ledger, office.by(office.head), book=book, ended_on=date(2026, 11, 20)
            ),
        )
        assert BookEnd.objects.filter(book=book).count() == 1
        current = current_book(office.division)
        if isinstance(issued, JournalRow):
            assert isinstance(closed, errors.BookClosedError)
            duty.give_back(issued)
            assert current.book.registration_number == f"03-{number} (2-том)"
            close_book(office.ledger, office.by(office.head), book=current.book, ended_on=date(2026, 11, 20))
        else:
            assert (type(issued), current.book, current.is_open) == (errors.NoBookError, book, False)


def test_the_last_page_is_written_once_by_two_at_once(office):
    book = on_duty(office).book
    close_book(office.ledger, office.by(office.head), book=book, ended_on=date(2026, 11, 20))
    request = InscriptionRequest(head=office.head, book=book)

    def inscribed():
        return inscribe(office.ledger, office.by(office.head), request, own_password(office.head))

    outcomes = at_once(inscribed, inscribed)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyInscribedError", "Inscription"]
    assert len(entries("journal.inscribed")) == 1


def test_a_recorder_goes_out_or_into_repair_not_both(duty):
    office = duty.office
    for _ in range(10):
        recorder = Recorder.objects.get(pk=office.recorder.pk)
        issued, put = at_once(
            duty.issue,
            lambda recorder=recorder: registry.set_state(
                office.ledger, office.by(office.custodian), recorder, State.IN_REPAIR, "акт 7"
            ),
        )
        now = Recorder.objects.get(pk=recorder.pk)
        if isinstance(issued, JournalRow):
            assert isinstance(put, ChangedMeanwhileError | StillIssuedError)
            assert (now.state, now.out_on) == (State.IN_SERVICE, issued.pk)
            duty.give_back(issued)
        else:
            assert type(issued) is errors.NotInServiceError
            assert (now.state, now.out_on) == (State.IN_REPAIR, None)
            registry.set_state(office.ledger, office.by(office.custodian), now, State.IN_SERVICE, "жөнделді")


def test_one_unloading_told_twice_at_once_is_entered_once(duty):
    row, id_ = duty.issue(), uuid4()

    def unload():
        return record_unloading(
            duty.office.ledger,
            MACHINE,
            row=row,
            unload_id=id_,
            files=1,
            octets=1,
            occurred_at=duty.office.clock.now(),
        )

    first, second = at_once(unload, unload)
    assert first == second == Unloading.objects.get()
    assert len(entries("journal.unloaded")) == 1


def test_of_two_first_books_opened_at_once_one_is(office):
    def opened(number):
        return open_book(
            office.ledger,
            office.by(office.head),
            division=office.division,
            registration_number=number,
            started_on=date(2026, 11, 20),
            sheets=48,
        )

    outcomes = at_once(lambda: opened("01-12/4"), lambda: opened("01-12/5"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BookStillOpenError", "JournalBook"]
    assert len(entries("journal.book-opened")) == 1
