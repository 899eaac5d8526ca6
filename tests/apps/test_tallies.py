"""Figures that are kept are those that counting would give, whatever happened and however often."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum

from aigaq.copies.models import VAULT, BlobCopy
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.services.paper import store_paper
from aigaq.ledger.models import Follower
from aigaq.ledger.services import MACHINE
from aigaq.recordings.models import Blob, Recording, RecordingFile
from aigaq.retention import disposing, terms
from aigaq.retention.models import Disposed
from aigaq.tallies import services as tallies
from aigaq.tallies.models import Tally
from aigaq.tallies.services import Name, tally
from tests.support.copies import Shelf
from tests.support.disclosure import Registrar
from tests.support.disposals import DUE, PROFILE, Keeper
from tests.support.duty import on_duty
from tests.support.reviews import Reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(office, tmp_path):
    shelf, duty = Shelf(office, tmp_path), on_duty(office)
    row = duty.issue()
    shelf.unload(2)
    # Else there is always a reason for which they stay.
    duty.give_back(row)
    return shelf


def kept(office):
    tallies.catch_up(office.ledger)
    return {
        "recordings": tally(Name.RECORDINGS),
        "files": tally(Name.FILES),
        "octets": tally(Name.OCTETS),
        "disposed": tally(Name.DISPOSED),
        "blobs": tally(Name.BLOBS, VAULT),
        "size": tally(Name.SIZE, VAULT),
        "copied": tally(Name.BLOBS, "disk"),
        "stored": sum(Tally.objects.filter(name=Name.STORED).values_list("value", flat=True)),
        "last": sum(Tally.objects.filter(name=Name.LAST).values_list("value", flat=True)),
    }


def counted():
    """By looking at all of it."""
    standing, files = Blob.objects.filter(destroyed=None), RecordingFile.objects.all()
    return {
        "recordings": Recording.objects.count(),
        "files": files.count(),
        "octets": files.aggregate(all=Sum("blob__size"))["all"] or 0,
        "disposed": Disposed.objects.count(),
        "blobs": standing.count(),
        "size": standing.aggregate(all=Sum("stored_size"))["all"] or 0,
        "copied": BlobCopy.objects.filter(blob__destroyed=None).count(),
        "stored": Blob.objects.aggregate(all=Sum("stored_size"))["all"] or 0,
        "last": Recording.objects.filter(disposed=None).exclude(terms=None).distinct().count(),
    }


def test_an_empty_office_has_none(office):
    assert set(kept(office).values()) == {0}
    assert tallies.past_their_day(office.clock.now()) == 0


@pytest.mark.parametrize("in_one_entry", [1_000, 1])
def test_what_is_kept_is_what_there_is_from_the_first_card_to_the_act_of_destruction(
    office, shelf, monkeypatch, in_one_entry
):
    monkeypatch.setattr(disposing, "IN_ONE_ENTRY", in_one_entry)
    keeper = Keeper(office, shelf.vault)
    assert kept(office) == counted()
    assert tallies.lacking("disk") == (2, counted()["size"])
    shelf.copies()
    keeper.follows()
    assert kept(office) == counted()
    assert counted()["copied"] == counted()["last"] == 2
    assert tallies.lacking("disk") == (0, 0)
    assert tallies.past_their_day(office.clock.now()) == 0
    assert tallies.past_their_day(DUE) == 2
    today = office.clock.now().astimezone(KAZAKHSTAN).date()
    assert tallies.stored_on(today, today) == {today: counted()["stored"]}
    assert tallies.stored_on(today + timedelta(days=1), today + timedelta(days=9)) == {}
    plan = keeper.approved()
    keeper.disposes(plan, copies=shelf.places.copies)
    assert kept(office) == counted()
    assert (counted()["disposed"], counted()["copied"], counted()["last"]) == (2, 0, 0)
    assert tallies.past_their_day(office.clock.now()) == 0


def test_each_entry_is_counted_once_and_all_can_be_counted_anew(office, shelf):
    before = kept(office)
    assert kept(office) == before
    shelf.unload(3, name="again")
    assert kept(office) == counted() != before
    first = kept(office)
    Tally.objects.all().delete()
    Follower.objects.filter(name=tallies.FOLLOWER).delete()
    assert kept(office) == first


def test_the_paper_of_a_demand_is_counted_with_its_entry(office, shelf):
    before = kept(office)["blobs"]
    Registrar(office).registers(document=store_paper(shelf.vault, b"%PDF-1.7 ..."))
    assert kept(office) == counted()
    assert counted()["blobs"] == before + 1


def test_a_longer_term_takes_the_place_of_the_shorter(office, shelf):
    keeper = Keeper(office, shelf.vault)
    keeper.follows()
    assert kept(office)["last"] == 2
    Reviewer(office).marks(RecordingFile.objects.first(), note="Есік жабық")
    years = [each.retention_years + 2 for each in PROFILE.controls]
    controls = tuple(
        replace(each, retention_years=n) for each, n in zip(PROFILE.controls, years, strict=True)
    )
    longer = replace(PROFILE, controls=controls)
    terms.catch_up(office.ledger, longer)
    assert kept(office) == counted()
    assert tallies.past_their_day(DUE) == 1
    assert tallies.past_their_day(DUE + timedelta(days=3 * 366)) == 2


def test_an_entry_that_nobody_can_read_keeps_no_other_from_being_counted(office, shelf):
    with transaction.atomic():
        office.ledger.append("recording.ingested", MACHINE, {"joins": "?", "size": "many"})
        office.ledger.append("vault.copied", MACHINE, {"place": "disk", "blobs": [{"stored_digest": "x"}]})
    assert kept(office) == counted()
