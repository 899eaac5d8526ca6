"""A failing card in a real browser: where the holes of a recording are, how the card fares, that it is to be retired."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.ingest.identity import write_identity
from aigaq.ingest.services import Pipeline, unload
from aigaq.recordings.models import FlawedReading
from aigaq.unloading.run import Tools
from tests.support.badcards import bad_card
from tests.support.browsing import shown_at, sign_in
from tests.support.cards import fill, octets, take

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_card_that_fails_and_what_is_missing_of_a_recording(page, address, room, tmp_path, monkeypatch):
    office, day = room.office, timedelta(days=1)
    line = Pipeline(office.ledger, Tools(room.vault, clock=office.clock))
    room.duty.issue()
    card = tmp_path / "card"
    card.mkdir()
    write_identity(
        office.ledger, office.by(office.custodian), card, card=office.card, installation=room.vault.id
    )
    with bad_card(monkeypatch) as bad:
        for number in range(1, 8):
            name = take(number, second=number)
            fill(card, {name: octets(number, 60_000 * number)})
            if number in (4, 7):
                bad.breaks(card / name, 3, *range(60, 80), 200)
            unload(line, card)
            office.clock.instant += day
    flawed = FlawedReading.objects.filter(missing__gt=0).order_by("pk").first()
    sign_in(page, address, office.custodian)

    page.goto(address + reverse("recordings:recording", args=[flawed.file.pk]))
    assert page.locator("#holes .hole").count() == 3
    page.click("#holes summary")
    shown_at(page, "recording-holes")

    page.goto(address + reverse("registry:card", args=[office.card.pk]))
    assert page.locator("#wear .bad").count() == 4
    shown_at(page, "card-wear")

    page.goto(address + reverse("registry:retire"))
    page.get_by_role("link", name=office.card.inventory_number).click()
    page.wait_for_selector("#wear")
    page.go_back()
    shown_at(page, "cards-to-retire")
