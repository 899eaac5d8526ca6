"""Told by two at the same instant: one notice, one pause, one end; the other is told so."""

from uuid import uuid4

import pytest

from aigaq.journal import duty_errors
from aigaq.journal.models import Failure, Pause, Remark, Resume, Return
from tests.apps.test_journal_race import at_once
from tests.support.duty import entries, on_duty

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_what_two_tabs_send_at_once_is_entered_once(duty, row):
    for count in range(1, ROUNDS + 1):
        duty.passes(minutes=1)
        begin, end, now = uuid4(), uuid4(), duty.office.clock.now()
        first, second = at_once(*[lambda id_=begin, now=now: duty.pause(row, id=id_, occurred_at=now)] * 2)
        assert first == second
        duty.passes(minutes=1)
        now = duty.office.clock.now()
        ends = at_once(
            *[lambda id_=end, pause=first, now=now: duty.resume(row, pause, id=id_, occurred_at=now)] * 2
        )
        assert ends[0] == ends[1]
        assert Pause.objects.count() == Resume.objects.count() == Remark.objects.count() == count
    assert len(entries("journal.paused")) == len(entries("journal.resumed")) == ROUNDS


def test_of_two_phones_that_pause_at_once_one_does(duty, row):
    for _ in range(ROUNDS):
        duty.passes(minutes=1)
        outcomes = at_once(lambda: duty.pause(row), lambda: duty.pause(row, **duty.by_voice()))
        assert names(outcomes) == ["AlreadyPausedError", "Pause"]
        pause = next(each for each in outcomes if isinstance(each, Pause))
        duty.passes(minutes=1)
        ends = at_once(
            lambda pause=pause: duty.resume(row, pause),
            lambda pause=pause: duty.resume(row, pause, **duty.by_voice()),
        )
        assert names(ends) == ["AlreadyResumedError", "Resume"]


def test_of_two_who_tell_a_failure_at_once_one_does(duty, row):
    outcomes = at_once(lambda: duty.fail(row), lambda: duty.fail(row, **duty.by_voice()))
    assert names(outcomes) == ["AlreadyFailedError", "Failure"]
    assert Failure.objects.count() == 1


def test_a_pause_that_meets_the_return_is_told_by_one_of_them(duty):
    for count in range(1, ROUNDS + 1):
        row = duty.issue()
        duty.passes(minutes=1)
        paused, returned = at_once(lambda row=row: duty.pause(row), lambda row=row: duty.give_back(row))
        assert isinstance(paused, Pause), paused
        assert not isinstance(returned, duty_errors.RefusedError), returned
        assert Return.objects.count() == count
        assert Remark.objects.filter(row=row).count() == 1
        duty.passes(minutes=1)
