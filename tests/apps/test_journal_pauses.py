"""Pauses: told from the phone or by voice, on time or late, in order or not; what column 7 says of them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from aigaq.journal import duty_errors, errors
from aigaq.journal.models import JournalRow, Pause, Remark, Resume, Told
from aigaq.journal.selectors import row_view, rows_out_with
from aigaq.journal.services.telling import PhoneClock
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


def test_a_pause_is_entered_with_who_told_it_when_and_why(duty, row):
    pause = duty.pause(row, reason="sanitary")

    entry = entries("journal.paused")[-1]
    assert (pause.row, pause.reason, pause.told) == (row, "sanitary", Told.PHONE_PAGE)
    assert pause.occurred_at == pause.entered_at == duty.office.clock.now()
    assert (pause.by, pause.seq) == (duty.office.inspector, entry.seq)
    assert entry.actor.id == str(duty.office.inspector.pk)
    assert entry.right["role"] == "inspector"
    assert entry.body["row"]["id"] == str(row.pk)
    assert entry.body["inspector"]["full_name"] == duty.office.inspector.full_name
    assert (entry.body["phone"], entry.body["remarks"]) == (None, [])
    assert row_view(row).open_pause == pause


def test_column_7_tells_a_pause_whole_when_it_ends(duty, row):
    pause = duty.pause(row)
    assert remarks(row) == []
    duty.passes(minutes=34)
    resume = duty.resume(row, pause)

    assert resume.pause == pause
    assert row_view(row).open_pause is None
    assert remarks(row) == [
        (
            "Үзіліс (тамақ ішу). Фото- және бейнетүсірілім тоқтатыла тұрған уақыты: 20.11.2026 12:00, қайта "
            "басталған уақыты: 20.11.2026 12:34. Жауапты тұлға хабардар етілді."
        )
    ]
    assert entries("journal.resumed")[-1].body["remarks"] == remarks(row)
    (remark,) = Remark.objects.filter(row=row)
    assert (remark.by, remark.seq) == (duty.office.inspector, resume.seq)


def test_what_reaches_the_office_late_says_when_the_custodian_was_told(duty, row):
    pressed = duty.office.clock.now()
    duty.passes(minutes=65)
    pause = duty.pause(row, occurred_at=pressed)
    resume = duty.resume(row, pause, occurred_at=pressed + timedelta(minutes=20))

    assert (pause.is_late, pause.told_at) == (True, pause.entered_at)
    assert pause.entered_at - pause.occurred_at == timedelta(minutes=65)
    assert resume.is_late
    assert remarks(row) == [
        (
            "Үзіліс (тамақ ішу). Фото- және бейнетүсірілім тоқтатыла тұрған уақыты: 20.11.2026 12:00, қайта "
            "басталған уақыты: 20.11.2026 12:20. Жауапты тұлға хабардар болған уақыты: үзілістің басталғаны "
            "туралы 20.11.2026 13:05, аяқталғаны туралы 20.11.2026 13:05."
        )
    ]


def test_a_few_seconds_on_the_way_are_not_late(duty, row):
    pressed = duty.office.clock.now()
    duty.passes(seconds=40)
    pause = duty.pause(row, occurred_at=pressed)
    assert not pause.is_late
    duty.resume(row, pause)
    assert remarks(row)[0].endswith("Жауапты тұлға хабардар етілді.")


def test_the_custodian_enters_what_they_were_told_by_voice(duty, row):
    told_at = duty.office.clock.now()
    duty.passes(minutes=50)
    pause = duty.pause(row, **duty.by_voice(occurred_at=told_at))
    assert (pause.by, pause.told) == (duty.office.custodian, Told.BY_VOICE)
    assert (pause.told_at, pause.is_late) == (told_at, True)
    duty.resume(row, pause, **duty.by_voice(occurred_at=told_at + timedelta(minutes=9)))
    # The custodian knew at once, whenever they came to write it.
    assert remarks(row)[0].endswith("басталған уақыты: 20.11.2026 12:09. Жауапты тұлға хабардар етілді.")


def test_what_is_sent_twice_is_entered_once_and_answered_alike(duty, row):
    begin, end = duty.notice(row), None
    first = duty.pause(row, id=begin.id, occurred_at=begin.occurred_at)
    duty.passes(minutes=5)
    assert duty.pause(row, id=begin.id, occurred_at=begin.occurred_at) == first
    end = duty.notice(row)
    resumed = duty.resume(row, first, id=end.id, occurred_at=end.occurred_at)
    duty.passes(hours=5)
    duty.give_back(row)
    assert duty.pause(row, id=begin.id, occurred_at=begin.occurred_at).entered_at == first.entered_at
    assert duty.resume(row, first, id=end.id, occurred_at=end.occurred_at) == resumed
    assert Pause.objects.count() == Resume.objects.count() == Remark.objects.count() == 1
    assert len(entries("journal.paused")) == len(entries("journal.resumed")) == 1


def test_one_number_does_not_stand_for_two_notices(duty, row):
    pause = duty.pause(row)
    other = duty.issue(
        recorder=another_recorder(duty), card=None, seal_number="", inspector=duty.office.second_inspector
    )
    for changes in (
        {"reason": "sanitary"},
        {"occurred_at": pause.occurred_at + timedelta(seconds=1)},
        duty.by_voice(),
    ):
        given = {"occurred_at": pause.occurred_at, **changes}
        with pytest.raises(duty_errors.ToldOtherwiseError):
            duty.pause(row, id=pause.pk, **given)
    with pytest.raises(duty_errors.ToldOtherwiseError):
        duty.pause(other, id=pause.pk, occurred_at=pause.occurred_at, person=duty.office.second_inspector)
    assert Pause.objects.count() == 1


def another_recorder(duty):
    from aigaq.ledger.services import MACHINE
    from aigaq.registry import services as registry

    office = duty.office
    return registry.add_recorder(office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division)


@pytest.mark.parametrize("who", ["second_inspector", "head", "custodian", "sister_custodian"])
def test_nobody_pauses_for_another_from_their_phone(duty, row, who):
    with pytest.raises(duty_errors.NotYourDutyError):
        duty.pause(row, person=getattr(duty.office, who))
    assert not Pause.objects.exists()


@pytest.mark.parametrize("who", ["head", "inspector", "sister_custodian"])
def test_nobody_but_the_custodian_enters_by_voice(duty, row, who):
    with pytest.raises(errors.NotCustodianError):
        duty.pause(row, told=Told.BY_VOICE, person=getattr(duty.office, who))


def test_nobody_acts_in_the_name_of_the_inspector(duty, row):
    with pytest.raises(duty_errors.NotYourDutyError):
        duty.pause(row, by=duty.by_custodian)


def test_a_row_that_is_not_in_the_book_is_unknown(duty, row):
    stranger = JournalRow(book=row.book, division=row.division, first_recorder=row.recorder, number=9)
    with pytest.raises(errors.UnknownRowError):
        duty.pause(stranger)


def test_a_pause_told_twice_over_two_ways_is_one(duty, row):
    """The custodian, told by voice, was quicker than the phone; what the phone then tells ends that pause."""
    begun = duty.office.clock.now()
    voiced = duty.pause(row, **duty.by_voice())
    duty.passes(minutes=40)
    lost = uuid4()
    with pytest.raises(duty_errors.AlreadyPausedError):
        duty.pause(row, id=lost, occurred_at=begun + timedelta(minutes=1))
    ended = duty.resume(row, lost, occurred_at=begun + timedelta(minutes=30))
    assert ended.pause == voiced
    assert len(remarks(row)) == 1


def test_notices_out_of_order_are_put_where_they_belong(duty, row):
    begun = duty.office.clock.now()
    duty.passes(hours=3)
    late = duty.pause(row, occurred_at=begun + timedelta(hours=2))
    duty.resume(row, late, occurred_at=begun + timedelta(hours=2, minutes=10))
    early = duty.pause(row, occurred_at=begun, reason="sanitary")
    duty.resume(row, early, occurred_at=begun + timedelta(minutes=5))
    assert [pause.reason for pause in row_view(row).pauses] == ["sanitary", "meal"]
    assert len(remarks(row)) == 2


def test_a_late_end_does_not_reach_over_another_pause(duty, row):
    begun = duty.office.clock.now()
    duty.passes(hours=3)
    duty.pause(row, **duty.by_voice(occurred_at=begun + timedelta(minutes=15)))
    early = duty.pause(row, occurred_at=begun)
    with pytest.raises(duty_errors.OtherPauseBetweenError):
        duty.resume(row, early, occurred_at=begun + timedelta(minutes=30))
    # The custodian settles it: where the second begins, the first has ended.
    ended = duty.resume(row, early, **duty.by_voice(occurred_at=begun + timedelta(minutes=15)))
    assert ended.pause == early


def test_a_pause_never_ended_is_told_by_the_signed_return(duty, row):
    duty.pause(row)
    duty.passes(hours=6)
    duty.give_back(row)
    text = (
        "Үзіліс (тамақ ішу). Фото- және бейнетүсірілім тоқтатыла тұрған уақыты: 20.11.2026 12:00. "
        "Бейнетіркегіш тапсырылғанға дейін қайта басталғаны туралы хабар болған жоқ. "
        "Жауапты тұлға хабардар етілді."
    )
    assert remarks(row) == [text]
    assert entries("journal.returned")[-1].body["document"]["remarks"] == [text]
    assert not any(name.startswith("remark:") for name in row_view(row).cells)


def test_its_end_told_after_the_return_is_told_beside_it(duty, row):
    begun = duty.office.clock.now()
    pause = duty.pause(row)
    duty.passes(hours=6)
    duty.give_back(row)
    duty.passes(minutes=7)
    duty.resume(row, pause, occurred_at=begun + timedelta(minutes=20))
    assert remarks(row)[1:] == [
        (
            "20.11.2026 12:00 басталған үзіліс аяқталып, фото- және бейнетүсірілім қайта басталған уақыты: "
            "20.11.2026 12:20. Бұл жазба бейнетіркегіш тапсырылғаннан кейін енгізілді: 20.11.2026 18:07."
        )
    ]


def test_a_whole_pause_told_after_the_return_is_told_in_two_steps(duty, row):
    begun = duty.office.clock.now()
    duty.passes(hours=6)
    duty.give_back(row)
    pause = duty.pause(row, occurred_at=begun)
    assert remarks(row) == [
        (
            "Үзіліс (тамақ ішу). Фото- және бейнетүсірілім тоқтатыла тұрған уақыты: 20.11.2026 12:00. "
            "Бұл жазба бейнетіркегіш тапсырылғаннан кейін енгізілді: 20.11.2026 18:00."
        )
    ]
    duty.resume(row, pause, occurred_at=begun + timedelta(minutes=20))
    assert len(remarks(row)) == 2
    with pytest.raises(duty_errors.HandedBackBeforeError):
        duty.pause(row, occurred_at=begun + timedelta(hours=6, seconds=1))


def test_what_the_journal_composed_of_a_pause_is_no_cell(duty, row):
    pause = duty.pause(row)
    duty.resume(row, pause)
    assert remarks(row)
    assert not any(name.startswith("remark:") for name in row_view(row).cells)


def test_the_ledger_keeps_what_the_phone_knew_of_the_time(duty, row):
    years = PhoneClock(
        offset=timedelta(days=3653, milliseconds=5),
        uncertainty=timedelta(milliseconds=180),
        offset_when_sent=timedelta(days=-3653),
        sent_at=duty.office.clock.now(),
    )
    duty.pause(row, phone=years)
    assert entries("journal.paused")[-1].body["phone"] == {
        "offset_ms": 315_619_200_005,
        "uncertainty_ms": 180,
        "offset_when_sent_ms": -315_619_200_000,
        "sent_at": "2026-11-20T07:00:00.000000Z",
    }


def test_what_is_out_with_somebody_is_found_with_its_pauses(duty, row, django_assert_max_num_queries):
    duty.pause(row)
    with django_assert_max_num_queries(10):
        (view,) = rows_out_with(duty.office.inspector)
        assert view.open_pause is not None
    assert rows_out_with(duty.office.second_inspector) == []
    duty.give_back(row)
    assert rows_out_with(duty.office.inspector) == []
