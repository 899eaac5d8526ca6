"""Where recordings are kept, in a real browser: one place away, one healed, one round under way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.copies.models import Round
from tests.support.browsing import shown_at, sign_in
from tests.support.copies import Shelf
from tests.support.vaults import flip

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_head_looks_where_recordings_are_kept(room, page, address, tmp_path, monkeypatch):
    office = room.office
    shelf = Shelf(office, tmp_path / "shelf", names=("disk", "site"))
    monkeypatch.setattr(wiring, "places", lambda: shelf.places)
    shelf.unload(5, size=90_000)
    shelf.copies()
    shelf.unload(8, size=90_000, name="card-2")
    shelf.pulls_out("site")
    shelf.copies()
    flip(shelf.blob(0, "disk"), 300)
    shelf.scrubs()
    now = office.clock.now() + timedelta(days=1)
    Round.objects.create(
        place="vault", began_at=now, touched_at=now, checked=4, octets=400_000, total=720_000
    )
    sign_in(page, address, office.head)
    page.goto(address + reverse("copies:page"))
    shown_at(page, "copies")
