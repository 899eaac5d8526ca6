"""The page that says where recordings are kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq import wiring
from tests.support.copies import Shelf
from tests.support.office import open_office
from tests.support.vaults import flip
from tests.support.visitors import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db, clock, monkeypatch):
    """At a time that stands, so that what is due by then is."""
    monkeypatch.setattr("aigaq.wiring._CLOCK", clock)
    return open_office(clock)


@pytest.fixture
def shelf(office, tmp_path, monkeypatch):
    shelf = Shelf(office, tmp_path, names=("disk", "site"))
    shelf.unload()
    monkeypatch.setattr(wiring, "places", lambda: shelf.places)
    return shelf


def shown(office) -> str:
    return Visitor(office.head).get(reverse("copies:page")).content.decode()


def test_it_says_what_each_place_has_lacks_and_how_far_it_was_read(shelf, office):
    shelf.pulls_out("site")
    shelf.copies()
    flip(shelf.blob(0, "disk"), 300)
    office.clock.instant += timedelta(days=1)
    shelf.scrubs()
    page = shown(office)
    for said in (
        "3 recordings are not in as many copies",
        "disk",
        "Away",
        "put right",
        "from: the vault",
        "Read through on",
    ):
        assert said in page, said
    assert "blobs/" not in page, "which recordings these are is nobody's business here"


def test_one_place_alone_is_said_to_be_one(office, tmp_path, monkeypatch):
    shelf = Shelf(office, tmp_path, names=())
    monkeypatch.setattr(wiring, "places", lambda: shelf.places)
    assert "one fault of one disk takes them all" in shown(office)


def test_a_wrong_setting_is_said_in_its_own_sentence(office, settings):
    settings.VAULT_COPIES = "disk"
    assert "AIGAQ_VAULT_COPIES is “disk”" in shown(office)
