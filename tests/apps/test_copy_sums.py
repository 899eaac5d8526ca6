"""What stands in each place is counted once, and then only what came since; a page never counts millions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.copies import services
from aigaq.copies.models import VAULT, BlobCopy, KeptSum, PlaceState
from aigaq.copies.selectors import count_short, facts_of, standing
from aigaq.copies.sums import amounts
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Blob
from tests.support.copies import Shelf
from tests.support.disposals import Keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(office, tmp_path):
    shelf = Shelf(office, tmp_path)
    shelf.unload()
    return shelf


def counted():
    """As anybody would count who has the time."""
    copied = BlobCopy.objects.filter(place="disk", blob__in=standing())
    return {
        VAULT: (standing().count(), sum(standing().values_list("stored_size", flat=True))),
        "disk": (copied.count(), sum(copied.values_list("blob__stored_size", flat=True))),
    }


def told(**how):
    return {name: (each.count, each.octets) for name, each in amounts([VAULT, "disk"], **how).items()}


def test_whatever_happens_the_sums_are_those_of_a_count(shelf, office):
    keeper = Keeper(office, shelf.vault)

    def agrees():
        assert told() == told(keep=True) == told() == counted()

    agrees()
    shelf.copies()
    agrees()
    shelf.unload(2, name="second", size=2000)
    agrees()
    shelf.copies()
    agrees()
    keeper.disposes(keeper.approved(), copies=shelf.places.copies)
    agrees()
    assert counted()[VAULT] == (0, 0)
    assert {each.name for each in KeptSum.objects.all()} == {
        "blobs",
        "destroyed",
        "copied:disk",
        "destroyed:disk",
    }


def test_what_was_destroyed_before_its_copy_was_entered_is_not_said_to_stand_there(
    shelf, office, monkeypatch
):
    keeper, enter = Keeper(office, shelf.vault), services.enter_copied
    plan = keeper.approved()

    def destroyed_first(*given):
        keeper.disposes(plan, copies=shelf.places.copies)
        return enter(*given)

    monkeypatch.setattr(services, "enter_copied", destroyed_first)
    assert shelf.copies() == 0
    assert shelf.files("disk") == {}
    assert not BlobCopy.objects.exists()
    assert not LedgerEntry.objects.filter(kind=services.COPIED).exists()


def test_what_was_counted_is_not_looked_at_again(shelf):
    facts_of(shelf.places.names, keep=True)
    KeptSum.objects.filter(pk="blobs").update(count=10_000_000, octets=5 << 50)
    (vault, disk) = facts_of(shelf.places.names)
    assert (vault.blobs, vault.octets) == (10_000_000, 5 << 50)
    assert disk.lacking == 10_000_000


def test_what_is_short_of_copies_is_looked_for_behind_what_is_complete(shelf, office):
    policy, now = shelf.places.policy, office.clock.now()
    assert count_short(policy, ["disk"], now + timedelta(days=1), most=10) == 3
    assert count_short(policy, ["disk"], now + timedelta(days=1), most=1) == 2
    shelf.copies()
    assert PlaceState.objects.get(place="disk").complete_to == Blob.objects.last().pk
    shelf.unload(2, name="second", size=2000)
    with CaptureQueriesContext(connection) as asked:
        assert count_short(policy, ["disk"], now + timedelta(days=1), most=10) == 2
    assert f'"id" > {Blob.objects.order_by("pk")[2].pk}' in asked.captured_queries[-1]["sql"]
