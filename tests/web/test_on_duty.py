"""What the custodian and the head see of pauses and failures, and what is entered by voice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.models import Failure, Pause, Resume, Told
from tests.support.duty import on_duty
from tests.support.viewing import open_room
from tests.support.visitors import text_of

OUT = "/desk/out/"


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def daniyar(office, visit):
    return visit(office.custodian)


def seen(response):
    return response.content.decode().split('name="seen" value="')[1].split('"')[0]


def told(form, at=None, **given):
    # The field has whole seconds: the next one, so that it is not before the issue.
    at = (at or wiring.clock().now() + timedelta(seconds=1)).astimezone(KAZAKHSTAN)
    values = {"id": str(uuid4()), "told_at": at.strftime("%Y-%m-%dT%H:%M:%S"), **given}
    return {f"{form}-{name}": value for name, value in values.items()}


def test_the_desk_says_who_is_on_pause_and_what_failed(duty, row, daniyar):
    assert "on pause" not in text_of(daniyar.get("/"))
    duty.pause(row)
    duty.fail(row, cause="sound")
    page = text_of(daniyar.get("/"))
    assert "on pause since" in page
    assert ": Meal" in page
    assert "failed" in page
    assert "The sound is bad or missing" in page
    duty.resume(row)
    assert "on pause" not in text_of(daniyar.get("/"))


def test_what_came_late_is_shown_with_both_times(room):
    """By the room's clock, which can be moved."""
    row = room.duty.issue()
    pressed = room.office.clock.now()
    room.duty.passes(minutes=34)
    room.duty.pause(row, occurred_at=pressed)
    desk = room.browser(room.office.custodian)
    assert "on pause since 09:00 : Meal told 09:00 , reached the office 09:34" in text_of(desk.get("/"))
    page = text_of(desk.get(reverse("journal:row", args=[row.pk])))
    assert "20.11.2026 09:00:00 from the inspector's phone, Өтегенов" in page
    assert "reached the office 20.11.2026 09:34:00" in page


def test_an_open_desk_asks_and_is_answered_only_with_news(duty, row, daniyar):
    first = daniyar.get(OUT)
    assert "БТ-0001" in text_of(first)
    assert daniyar.get(OUT, {"seen": seen(first)}).status_code == 204
    pause = duty.pause(row)
    second = daniyar.get(OUT, {"seen": seen(first)})
    assert "on pause since" in text_of(second)
    assert daniyar.get(OUT, {"seen": seen(second)}).status_code == 204
    duty.resume(row, pause)
    third = daniyar.get(OUT, {"seen": seen(second)})
    assert "on pause since" not in text_of(third)
    duty.fail(row)
    fourth = daniyar.get(OUT, {"seen": seen(third)})
    assert fourth.status_code == 200
    duty.correct(row, "inspector", str(duty.office.second_inspector.pk))
    assert duty.office.second_inspector.full_name in text_of(daniyar.get(OUT, {"seen": seen(fourth)}))


def test_the_sister_division_sees_nothing_of_it(duty, row, visit):
    duty.pause(row)
    for who in (duty.office.sister_head, duty.office.sister_custodian):
        assert "БТ-0001" not in text_of(visit(who).get(OUT))


def test_a_pause_told_by_voice_is_entered_with_the_time_that_was_told(duty, row, daniyar):
    address = reverse("journal:pause", args=[row.pk])
    at = row.issue.occurred_at + timedelta(seconds=1)
    given = told("PauseForm", at, reason="sanitary")
    page = daniyar.submit(address, given, follow=True)
    assert "The pause is entered" in text_of(page)
    pause = Pause.objects.get()
    assert (pause.told, pause.reason, pause.by) == (Told.BY_VOICE, "sanitary", duty.office.custodian)
    assert abs(pause.occurred_at - at) < timedelta(seconds=1)
    assert daniyar.submit(address, given).status_code == 302
    assert Pause.objects.count() == 1

    ends = told("ResumeForm", pause=str(pause.pk))
    daniyar.submit(reverse("journal:resume", args=[row.pk]), ends)
    assert Resume.objects.get().pause == pause
    page = text_of(daniyar.get(reverse("journal:row", args=[row.pk])))
    assert "Pause: Sanitary needs" in page
    assert "by voice, entered by the custodian" in page


def test_a_failure_told_by_voice_is_entered(duty, row, daniyar):
    address = reverse("journal:report-failure", args=[row.pk])
    wordless = daniyar.submit(address, told("FailureForm", cause="other", words=""))
    assert wordless.status_code == 422
    assert "Write in a few words what failed" in text_of(wordless)
    assert "paragraph 22" in text_of(wordless)
    daniyar.submit(address, told("FailureForm", cause="other", words="Суға түсті"))
    assert Failure.objects.get().words == "Суға түсті"
    page = text_of(daniyar.get(reverse("journal:row", args=[row.pk])))
    assert "Failure: Something else" in page
    assert "not settled" in page


def test_a_refusal_comes_back_on_the_row_with_what_was_typed(duty, row, daniyar):
    tomorrow = wiring.clock().now() + timedelta(days=1)
    page = daniyar.submit(reverse("journal:pause", args=[row.pk]), told("PauseForm", tomorrow, reason="meal"))
    assert page.status_code == 422
    assert "is still to come" in text_of(page)
    assert "<details open>" in page.content.decode()
    missing = daniyar.submit(reverse("journal:pause", args=[row.pk]), {"PauseForm-id": str(uuid4())})
    assert "Choose a reason." in text_of(missing)
    assert "Enter the time that the inspector said." in text_of(missing)


@pytest.mark.parametrize("who", ["head", "inspector", "sister_custodian", "administrator"])
def test_nobody_but_the_custodian_enters_what_was_told(duty, row, visit, who):
    browser = visit(getattr(duty.office, who))
    answer = browser.submit(reverse("journal:pause", args=[row.pk]), told("PauseForm", reason="meal"))
    assert answer.status_code in {403, 404}
    assert not Pause.objects.exists()


def test_the_head_reads_it_and_has_no_forms(duty, row, visit):
    duty.pause(row)
    page = text_of(visit(duty.office.head).get(reverse("journal:row", args=[row.pk])))
    assert "Pause: Meal" in page
    assert "told by voice" not in page


def test_the_ledger_tells_it_in_words(duty, row, daniyar):
    duty.resume(row, duty.pause(row))
    duty.fail(row)
    page = text_of(daniyar.get("/ledger/"))
    assert "told of a pause on row 1, Meal" in page
    assert "told that the pause on row 1 ended" in page
    assert "told that the recorder of row 1 failed: The picture is bad or missing" in page
