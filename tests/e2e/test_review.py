"""Looking at a recording and marking it by keyboard, finding it again by words, and the monthly sample."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from aigaq.ingest.services import Pipeline, unload
from aigaq.recordings.models import Kind, RecordingFile
from aigaq.regulation.profile import SampleRule
from aigaq.review import samples
from aigaq.review.models import Mark, Sample
from aigaq.simulate.card import card as simulate
from aigaq.unloading.run import Tools
from tests.support.browsing import media, picture, shown_at, sign_in, unlock_here, until
from tests.support.reviews import Reviewer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row(room, tmp_path):
    row = room.duty.issue()
    room.duty.passes(hours=3)
    start = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    simulate(tmp_path / "card", files=2, seconds=6, recorder="БТ-0001", started_at=start, photos=1)
    unload(Pipeline(room.office.ledger, Tools(room.vault)), tmp_path / "card", port="1", keep=True)
    room.duty.give_back(row)
    return row


def test_a_place_is_marked_by_keyboard_found_by_words_and_gone_to(room, row, page, address):
    film = RecordingFile.objects.filter(kind=Kind.VIDEO).order_by("path").first()
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("recordings:recording", args=[film.pk]))
    unlock_here(page, room.office.custodian)
    until(page, "m.readyState > 0")
    page.evaluate("document.querySelector('video').currentTime = 2.5")
    until(page, "!m.seeking")
    page.keyboard.press("n")
    assert page.input_value("#mark_place") == "0:00:02.500"
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('video').currentTime = 4")
    until(page, "!m.seeking")
    page.keyboard.press("]")
    assert page.input_value("#mark_until") == "0:00:04"
    page.select_option("#mark_category", "violation")
    page.fill("#mark_note", "Эвакуация жолы ЖАБЫҚ")
    page.check("#mark_is_evidence")
    page.click("form[data-mark] button.primary")
    page.wait_for_selector(".mark-line")
    until(page, "Math.abs(m.currentTime - 2.5) < 0.1")
    marked = Mark.objects.get()
    assert (marked.position_ms, marked.until_ms) == (2500, 4000)
    Reviewer(room.office).withdraws(Reviewer(room.office).marks(film, note="Қате белгі"))
    page.reload()
    shown_at(page, "recording-marked")
    page.evaluate("document.querySelector('video').currentTime = 0")
    page.click("[data-seek-to='2500']")
    until(page, "Math.abs(m.currentTime - 2.5) < 0.1")
    assert media(page, "m.paused")
    page.goto(address + reverse("recordings:list"))
    page.fill("#id_text", "жабық эвак")
    page.click(".search button.primary")
    page.wait_for_selector(".takes")
    assert page.locator(".takes li").count() == 1
    page.click(".search summary")
    shown_at(page, "search")
    page.fill("#id_text", "жоқ сөз")
    page.click(".search button.primary")
    page.wait_for_selector(".empty")
    shown_at(page, "search-empty")
    page.goto(address + reverse("review:amend", args=[marked.pk]))
    shown_at(page, "mark-amend")


def test_the_sample_of_a_month_is_looked_through(room, row, page, address):
    office = room.office
    others = [room.duty.issue() for _ in range(1)]
    room.duty.give_back(others[0])
    office.clock.instant = datetime(2026, 12, 17, 4, 0, tzinfo=UTC)
    room.duty.issue()
    samples.draw_due(office.ledger, SampleRule(percent=10, least=5, days=15))
    Reviewer(office).reviews(others[0], result="incomplete", note="Екінші жартысы жазылмаған")
    samples.note(
        office.ledger,
        office.by(office.head),
        Sample.objects.get(),
        head=office.head,
        text="Талдау жүргізілсін",
    )
    sign_in(page, address, office.head)
    page.goto(address + reverse("review:samples"))
    shown_at(page, "samples")
    page.click("main .table a")
    page.wait_for_selector("code")
    shown_at(page, "sample")
    page.goto(address + reverse("review:duty", args=[row.pk]))
    shown_at(page, "review-duty-locked")
    unlock_here(page, office.head)
    page.wait_for_selector(".takes img")
    page.check("input[name=result][value=nothing]")
    picture(page, "review-duty")
    page.click("main button.primary >> text=Enter the result")
    page.wait_for_selector(".notice.success")
    shown_at(page, "review-duty-done")
