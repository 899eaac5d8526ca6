"""The picture of a clock and a recording of several parts, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.ingest.services import Pipeline, unload
from aigaq.ledger.services import MACHINE
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import Recording
from aigaq.unloading.recorders.clocks import Measured, Way
from aigaq.unloading.run import Tools
from tests.apps.test_takes import segments
from tests.support.browsing import shown_at, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_clock_is_drawn(page, address, room):
    for day, (off, way) in enumerate(
        [
            (3, "time-file"),
            (20, "time-file"),
            (95, "time-file"),
            (4000, "future-file"),
            (-(10**9), "past-file"),
            (1, "time-file"),
        ]
    ):
        at = room.office.clock.now() - timedelta(days=30 - 5 * day)
        reading = Measured(Way(way), at + timedelta(seconds=off), at, timedelta(seconds=1), "CONFIG/NOW.TXT")
        now, room.office.clock.instant = room.office.clock.instant, at
        record_clock(
            room.office.ledger,
            MACHINE,
            reading,
            recorder=room.office.recorder,
            card=None,
            row=None,
            unload=room.office.recorder.pk,
            allowed=timedelta(seconds=60),
        )
        room.office.clock.instant = now
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("registry:recorder", args=[room.office.recorder.pk]))
    assert (
        page.get_by_role("img", name="Its clock").is_visible()
        or page.locator(".clock-picture svg").is_visible()
    )
    shown_at(page, "recorder-clock")


def test_a_recording_of_several_parts(page, address, room, tmp_path):
    room.duty.issue()
    room.duty.passes(hours=5)
    card = segments(segments(tmp_path / "card", 1, 2, 3), 2, ending="GPS")
    unload(Pipeline(room.office.ledger, Tools(room.vault, clock=room.office.clock)), card)
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("recordings:list"))
    assert page.locator(".takes li").count() == 1
    shown_at(page, "recording-parts-list")
    file = Recording.objects.get().files.get(ordinal=2)
    page.goto(address + reverse("recordings:recording", args=[file.pk]))
    assert page.locator("ol.parts li").count() == 3
    shown_at(page, "recording-parts")
