"""A recorder fails on duty: what is entered at once, and what column 7 says of it in the end (R22.1)."""

from datetime import timedelta

import pytest

from aigaq.journal import duty_errors
from aigaq.journal.models import Failure, Remark, Told
from aigaq.journal.selectors import row_view
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from tests.support.duty import entries, on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    row = duty.issue()
    duty.passes(hours=3)
    return row


def remarks(row):
    return [remark.text for remark in Remark.objects.filter(row=row).order_by("seq", "pk")]


def replaced(duty, failure):
    """The custodian gives another recorder for it."""
    office = duty.office
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    return duty.issue(recorder=spare, card=None, seal_number="", replaces=failure)


def test_a_failure_is_entered_at_once_and_column_7_waits_for_what_becomes_of_it(duty, row):
    failure = duty.fail(row, words="  Экраны   қараңғы ")

    entry = entries("journal.failure-reported")[-1]
    assert (failure.row, failure.cause, failure.words) == (row, "picture", "Экраны қараңғы")
    assert (failure.by, failure.told, failure.seq) == (
        duty.office.inspector,
        Told.PHONE_PAGE,
        entry.seq,
    )
    assert (entry.body["cause"], entry.body["words"]) == ("picture", "Экраны қараңғы")
    assert remarks(row) == []
    assert row_view(row).open_failure == failure


def test_another_cause_needs_words(duty, row):
    with pytest.raises(duty_errors.NoFailureWordsError):
        duty.fail(row, cause="other", words=" \n ")
    assert duty.fail(row, cause="other", words="Суға түсіп кетті").words == "Суға түсіп кетті"


def test_one_failure_is_told_once_until_it_is_settled(duty, row):
    first = duty.fail(row)
    for changes in ({}, {"cause": "sound"}, duty.by_voice()):
        with pytest.raises(duty_errors.AlreadyFailedError):
            duty.fail(row, **changes)
    assert duty.fail(row, id=first.pk) == first
    with pytest.raises(duty_errors.ToldOtherwiseError):
        duty.fail(row, id=first.pk, cause="sound")
    assert Failure.objects.count() == len(entries("journal.failure-reported")) == 1


def test_after_its_replacement_a_recorder_is_told_of_no_more(duty, row):
    new = replaced(duty, duty.fail(row))
    duty.passes(minutes=5)
    for told in (duty.fail, duty.pause):
        with pytest.raises(duty_errors.DutyMovedError) as caught:
            told(row)
        assert caught.value.details["new"] == new.number
    assert duty.fail(new).row == new


def test_a_replaced_failure_is_told_once_with_the_time_at_which_it_was_known(duty, row):
    pressed = duty.office.clock.now()
    duty.passes(minutes=4)
    failure = duty.fail(row, occurred_at=pressed)
    replaced(duty, failure)
    duty.give_back(row)
    assert len(remarks(row)) == 1
    assert "Хабарланған уақыты: 20.11.2026 12:04." in remarks(row)[0]


def test_what_was_told_by_voice_was_known_when_it_was_told(duty, row):
    told = duty.office.clock.now()
    duty.passes(minutes=30)
    failure = duty.fail(row, **duty.by_voice(occurred_at=told))
    replaced(duty, failure)
    assert "Хабарланған уақыты: 20.11.2026 12:00." in remarks(row)[0]


def test_a_failure_that_nobody_settled_is_told_by_the_signed_return(duty, row):
    pressed = duty.office.clock.now()
    duty.passes(minutes=25)
    duty.fail(row, words="Экраны қараңғы.", occurred_at=pressed)
    duty.passes(hours=5)
    duty.give_back(row)
    text = (
        "№ БТ-0001 бейнетіркегіш істен шықты. Себебі: бейне сапасыз немесе жоқ (Экраны қараңғы). "
        "Хабарланған уақыты: 20.11.2026 12:25. Инспектор хабарды жіберген уақыты: 20.11.2026 12:00. "
        "Бейнетіркегіш тапсырылғанға дейін ақаулық жойылған жоқ, бейнетіркегіш ауыстырылған жоқ."
    )
    assert remarks(row) == [text]
    assert entries("journal.returned")[-1].body["document"]["remarks"] == [text]


def test_a_failure_told_after_the_return_is_told_at_once(duty, row):
    happened = duty.office.clock.now()
    duty.passes(hours=6)
    duty.give_back(row)
    duty.fail(row, occurred_at=happened, cause="sound")
    assert remarks(row) == [
        (
            "№ БТ-0001 бейнетіркегіш істен шықты. Себебі: дыбыс сапасыз немесе жоқ. "
            "Хабарланған уақыты: 20.11.2026 18:00. Инспектор хабарды жіберген уақыты: 20.11.2026 12:00. "
            "Бұл жазба бейнетіркегіш тапсырылғаннан кейін енгізілді: 20.11.2026 18:00."
        )
    ]


def test_the_seal_and_what_was_left_open_are_told_side_by_side(duty, row):
    duty.pause(row)
    duty.fail(row)
    duty.passes(hours=1)
    duty.give_back(row, condition="Линзасы сызылған")
    assert len(remarks(row)) == 3
    assert len(entries("journal.returned")[-1].body["document"]["remarks"]) == 3


@pytest.mark.parametrize("who", ["second_inspector", "head", "custodian", "sister_custodian"])
def test_nobody_reports_for_another_from_their_phone(duty, row, who):
    with pytest.raises(duty_errors.NotYourDutyError) as caught:
        duty.fail(
            row, person=getattr(duty.office, who), occurred_at=row.issue.occurred_at + timedelta(hours=1)
        )
    assert caught.value.paragraph == "22"
