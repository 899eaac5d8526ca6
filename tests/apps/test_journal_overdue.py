"""What should be back already: whose, since when, and of which division (R24.1)."""

from datetime import time, timedelta

import pytest

from aigaq.journal.overdue import all_overdue, overdue_rows
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import Recorder, State
from tests.support.duty import on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def evening(office):
    """Half past six in Kazakhstan on the day of the office's clock."""
    return office.clock.now().replace(hour=13, minute=30, second=0, microsecond=0)


def test_what_is_out_after_the_working_day_is_overdue(office, duty, evening):
    row = duty.issue()
    assert overdue_rows(office.division, evening) == []
    (late,) = overdue_rows(office.division, evening + timedelta(minutes=1))
    assert (late.view.id, late.since) == (row.pk, evening)


def test_what_was_handed_back_is_not(office, duty, evening):
    duty.give_back(duty.issue())
    assert overdue_rows(office.division, evening + timedelta(days=9)) == []


def test_the_office_says_when_its_working_day_ends(office, duty, evening, settings):
    settings.WORKING_DAY_ENDS = time(20, 0)
    duty.issue()
    assert overdue_rows(office.division, evening + timedelta(minutes=89)) == []
    assert overdue_rows(office.division, evening + timedelta(minutes=91))


def test_each_division_sees_its_own_and_the_reminder_sees_all(office, duty, evening):
    duty.issue()
    tomorrow = evening + timedelta(days=1)
    assert overdue_rows(office.sister, tomorrow) == []
    assert [late.view.row.division for late in all_overdue(tomorrow)] == [office.division]


def test_the_longest_overdue_comes_first(office, duty, evening):
    first = duty.issue()
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    duty.passes(days=1)
    second = duty.issue(recorder=spare, card=None, seal_number="", inspector=office.second_inspector)
    late = all_overdue(evening + timedelta(days=30))
    assert [each.view.id for each in late] == [first.pk, second.pk]
    assert late[0].since < late[1].since


def test_nobody_is_reminded_to_hand_back_what_was_lost(office, duty, evening):
    duty.issue()
    recorder = Recorder.objects.get(pk=office.recorder.pk)
    registry.set_state(office.ledger, duty.by_custodian, recorder, State.LOST, "акт 9")
    assert overdue_rows(office.division, evening + timedelta(days=1)) == []
