"""A hold is told to the bucket, too, and ends there when nothing holds it any more."""

from datetime import timedelta

import pytest

from aigaq.copies import mirroring, rules
from aigaq.copies.places import Places
from aigaq.ingest.services import unload
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import RecordingFile
from aigaq.retention import mirroring_holds
from aigaq.retention.models import MirroredHold
from aigaq.retention.services import place_hold, release_hold
from aigaq.vault import copying
from tests.support.buckets import s3_backend, store
from tests.support.cards import fill, pipeline, takes
from tests.support.copies import never

pytestmark = pytest.mark.django_db


class Bucket:
    def __init__(self, office, folder):
        self.office = office
        self.line = pipeline(office, folder / "vault")
        unload(self.line, fill(folder / "card", takes(2)))
        # The store compares its clock with ours.
        self.site = s3_backend(folder)
        copying.begin(self.line.vault.backend, self.site)
        self.places = Places(
            vault=self.line.vault.backend,
            copies={"site": self.site},
            policy=rules.policy_of("", ("site",)),
        )

    def holds(self, *files, reason="Сот ісі"):
        return place_hold(
            self.office.ledger,
            self.office.by(self.office.head),
            division=self.office.division,
            recordings=[file.recording_id for file in files],
            head=self.office.head,
            reason=reason,
        )

    def lets_go(self, hold):
        by = self.office.by(self.office.head)
        release_hold(self.office.ledger, by, hold, head=self.office.head, reason="Бітті")

    def mirrors(self):
        return mirroring_holds.attend(
            self.office.ledger, {name: self.places[name] for name in self.places.names}, never
        )

    def status(self, file):
        """What the store itself says; None where it knows of no hold."""
        key = self.site.prefix + file.blob.name
        about = {"Bucket": self.site.calls.bucket, "Key": key}
        client = store().client()
        try:
            return client.get_object_legal_hold(**about)["LegalHold"]["Status"]
        except client.exceptions.ClientError:
            return None


@pytest.fixture
def bucket(office, tmp_path):
    bucket = Bucket(office, tmp_path)
    assert mirroring.attend(office.ledger, bucket.places, never) == 2
    return bucket


def entries(kind):
    return LedgerEntry.objects.filter(kind=kind).count()


def test_it_is_set_with_the_hold_and_lifted_with_the_last(bucket):
    one, other = RecordingFile.objects.order_by("path")
    first, second = bucket.holds(one, other), bucket.holds(one, reason="Прокуратура")
    assert bucket.mirrors() == 2
    assert (bucket.status(one), bucket.status(other)) == ("ON", "ON")
    assert bucket.mirrors() == 0, "nothing is new"
    bucket.lets_go(first)
    assert bucket.mirrors() == 1
    assert (bucket.status(one), bucket.status(other)) == ("ON", "OFF")
    bucket.lets_go(second)
    assert bucket.mirrors() == 1
    assert bucket.status(one) == "OFF"
    assert (entries("retention.hold-mirrored"), entries("retention.hold-lifted")) == (2, 2)
    assert not MirroredHold.objects.filter(lifted_at=None).exists()


def test_whoever_lifts_it_in_the_store_lifts_it_for_a_day(bucket, office):
    one, _other = RecordingFile.objects.order_by("path")
    bucket.holds(one)
    bucket.mirrors()
    store().client().put_object_legal_hold(
        Bucket=bucket.site.calls.bucket,
        Key=bucket.site.prefix + one.blob.name,
        LegalHold={"Status": "OFF"},
    )
    office.clock.instant += timedelta(days=1)
    bucket.mirrors()
    assert bucket.status(one) == "ON"
    assert entries("retention.hold-mirrored") == 1


def test_what_comes_into_the_bucket_later_gets_it_then(office, tmp_path):
    bucket = Bucket(office, tmp_path)
    one, _other = RecordingFile.objects.order_by("path")
    bucket.holds(one)
    assert bucket.mirrors() == 0
    mirroring.attend(office.ledger, bucket.places, never)
    assert bucket.mirrors() == 1
    assert bucket.status(one) == "ON"
