"""The docks in a real browser: they change by themselves, say what is new once, and rest in a hidden tab."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.recordings.models import Placement
from aigaq.unloading.run import Tools
from tests.support.browsing import shown_at, sign_in
from tests.support.cards import fill, takes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_docks_follow_a_card_to_its_end(page, address, room):
    now = room.office.clock.now()
    card = Unload.objects.create(
        port="Reader 1",
        source="card:ЖК-0001",
        division=room.office.division,
        recorder=room.office.recorder,
        row=room.duty.issue(),
        started_at=now - timedelta(seconds=40),
        beat_at=now,
        files_total=10,
        files_done=2,
        octets_total=4_000_000_000,
        octets_done=1_000_000_000,
        current="DCIM/100AIGAQ/БТ-0001_20261120_093000_0001.MP4",
    )
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("unloads:list"))
    assert page.locator("progress").get_attribute("value") == "1000000000"
    shown_at(page, "docks-running")

    Unload.objects.filter(pk=card.pk).update(files_done=7, octets_done=3_000_000_000)
    page.wait_for_selector("progress[value='3000000000']")
    assert page.text_content("[data-spoken]") == "", "a percentage is not read aloud"

    Unload.objects.filter(pk=card.pk).update(
        state=UnloadState.READY, files_done=10, octets_done=4_000_000_000, finished_at=now, current=""
    )
    page.wait_for_selector(".port.ready")
    assert page.text_content("[data-spoken]") == "Reader 1: Ready: the card is empty, you may take it out"
    shown_at(page, "docks-ready")


def test_a_hidden_tab_asks_nothing(page, address, room):
    now = room.office.clock.now()
    Unload.objects.create(
        port="Reader 1", source="unknown", division=room.office.division, started_at=now, beat_at=now
    )
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("unloads:list"))
    with page.expect_response("**/unloads/live/"):
        pass
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.away ?? true})")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
    with page.expect_response("**/unloads/live/"):
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")


def test_from_the_tray_to_its_row_by_keyboard(page, address, room, tmp_path):
    row = room.duty.issue()
    room.duty.passes(hours=3)
    card = fill(tmp_path / "card", takes(3, recorder="NAMELESS"))
    found = unload(
        Pipeline(room.office.ledger, Tools(room.vault)), card, port="Reader 1", division=room.office.division
    )
    assert found.unload.state == UnloadState.TRAY
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("tray:list"))
    shown_at(page, "tray")
    page.goto(address + reverse("tray:unload", args=[found.unload.pk]))
    shown_at(page, "tray-assign")
    page.focus("main input[name=row]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.success")
    assert "3 recordings" in page.text_content(".notice.success")
    assert Placement.objects.filter(row=row).count() == 3
    page.goto(address + reverse("unloads:unload", args=[found.unload.pk]))
    shown_at(page, "unload")
