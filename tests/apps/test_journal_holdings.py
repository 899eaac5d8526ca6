"""What the custodian answers for, as plain values."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.journal.holdings import holdings
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import State
from tests.support.duty import on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


def held(duty):
    return holdings(duty.office.division, duty.office.clock.now())


def test_everything_of_the_division_is_told_and_nothing_of_the_one_next_door(duty):
    office = duty.office
    registry.add_recorder(office.ledger, MACHINE, inventory_number="ТР-1", division=office.sister)
    told = held(duty)
    assert (told.division, told.custodian) == (office.division.name, office.custodian.full_name)
    assert told.head == office.head.full_name
    (recorder,), (card,), (book,) = told.recorders, told.cards, told.books
    assert (recorder.inventory_number, recorder.model, recorder.serial_number) == (
        "БТ-0001",
        "DVR-7",
        "SN7-1",
    )
    assert (card.inventory_number, card.sits_in, card.capacity) == ("ЖК-0001", "БТ-0001", 32 * 1000**3)
    assert (book.registration_number, book.started_on, book.ended_on) == ("01-12/4", date(2026, 11, 20), None)
    assert (book.sheets, book.rows, told.out) == (48, 0, 0)


def test_what_is_out_is_told_with_its_holder_and_its_row(duty):
    row = duty.issue()
    told = held(duty)
    assert told.out == 2
    for thing in (*told.recorders, *told.cards):
        assert (thing.is_out, thing.holder) == (True, row.inspector.full_name)
        assert (thing.book, thing.row, thing.out_since) == ("01-12/4", 1, row.issue.occurred_at)
    duty.give_back(row)
    assert held(duty).out == 0


def test_what_is_lost_is_still_answered_for(duty):
    office = duty.office
    registry.set_state(office.ledger, MACHINE, office.recorder, State.LOST, "жоғалды")
    assert held(duty).recorders[0].state is State.LOST


def test_a_hundred_things_cost_as_many_queries_as_one(duty):
    with CaptureQueriesContext(connection) as few:
        held(duty)
    office = duty.office
    for number in range(100):
        registry.add_card(office.ledger, MACHINE, inventory_number=f"К-{number}", division=office.division)
    with CaptureQueriesContext(connection) as many:
        assert len(held(duty).cards) == 101
    assert len(many) == len(few)
