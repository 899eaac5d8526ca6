"""The wall in a real browser: it follows the ports, fits a television and a phone, and says when the server is away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.dock.errors import UnreadableMediumError
from aigaq.ingest.models import Port, Unload
from aigaq.unloading.errors import facts_of
from tests.support.browsing import picture, shown_at, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ports(room):
    now = room.office.clock.now()
    row = room.duty.issue()
    damaged = UnreadableMediumError(reason="Structure needs cleaning")
    states = ["unloading", "ready", "clearing", "empty", "tray", "kept", "failed", "unreadable"]
    found = {}
    for number, state in enumerate(states, 1):
        unload = None
        if state not in ("empty", "unreadable"):
            unload = Unload.objects.create(
                port=f"Оқырман {number}",
                source="card:ЖК-0001",
                division=room.office.division,
                recorder=room.office.recorder,
                card=room.office.card,
                row=None if state == "tray" else row,
                started_at=now - timedelta(seconds=120),
                beat_at=now,
                octets_total=31_000_000_000,
                octets_done=12_400_000_000,
            )
        found[state] = Port.objects.create(
            name=f"Оқырман {number}",
            state=state,
            unload=unload,
            code={"unreadable": damaged.code, "failed": "card.gone", "kept": "card.write-protected"}.get(
                state, ""
            ),
            facts=facts_of(damaged) if state == "unreadable" else {},
            marks=[[now.timestamp() - 60, 9_900_000_000]],
            changed_at=now,
            seen_at=now,
        )
    return found


def test_the_wall_follows_the_ports_and_says_when_the_server_is_away(page, address, room, ports):
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("docks:screens"))
    shown_at(page, "wall-screens")
    page.fill("#name", "Кезекші бөлме")
    page.press("#name", "Enter")
    page.wait_for_selector(".tile.ready")
    shown_at(page, "wall")
    page.set_viewport_size({"width": 1920, "height": 1080})
    picture(page, "wall-tv")

    ports["unloading"].unload = None
    Port.objects.filter(pk=ports["unloading"].pk).update(state="ready")
    page.wait_for_selector(f"#port-{ports['unloading'].pk}.ready")
    assert "READY" in page.text_content("[data-spoken]")

    assert page.is_hidden("[data-away]")
    page.route("**/docks/wall/live/", lambda route: route.abort())
    page.wait_for_selector("[data-away]:not([hidden])")
    picture(page, "wall-away")
    page.unroute("**/docks/wall/live/")
    page.wait_for_selector("[data-away]", state="hidden")
