"""What only a bucket can do, for good and for bad: locks, versions, answers that are late, lost or lies."""

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from aigaq.core.clock import FixedClock
from aigaq.vault import copying
from aigaq.vault.backends.s3 import backend as backends
from aigaq.vault.backends.s3 import versions
from aigaq.vault.backends.s3 import writing as s3_writing
from aigaq.vault.backends.s3.calls import PAUSES, Calls
from aigaq.vault.backends.s3.place import Place
from aigaq.vault.errors import (
    NotLockedError,
    NotProvenError,
    StoreAwayError,
    StoreFullError,
    StoreReadError,
    StoreWriteError,
    WrongPlaceError,
)
from aigaq.vault.layout import BlobName
from aigaq.vault.scrub import scrub
from aigaq.vault.store import Vault
from tests.support import vaults
from tests.support.badstores import BUSY_ANSWER, CUT, FULL_ANSWER, Instead, bad_store, times
from tests.support.buckets import KEYS, common_bucket, s3_backend, store

MIB = 1 << 20


@pytest.fixture
def client():
    return store().client()


@pytest.fixture
def vault(tmp_path):
    return Vault.create(s3_backend(tmp_path), vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)


@pytest.fixture
def bad():
    with bad_store() as bad:
        yield bad


@pytest.fixture
def hasty(tmp_path, bad):
    """A vault behind a bad store, for which no pause is long."""
    place = store().place(common_bucket(), f"bad-{os.urandom(4).hex()}/", bad.endpoint)
    calls = Calls(place, KEYS, wait=lambda _seconds: None)
    backend = s3_backend(tmp_path, prefix=place.prefix, calls=calls)
    return Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)


def key_of(vault: Vault, stored) -> dict[str, str]:
    return {"Bucket": common_bucket(), "Key": vault.backend.prefix + stored.name}


def versions_of(client, about):
    page = client.list_object_versions(Bucket=about["Bucket"], Prefix=about["Key"])
    return page.get("Versions", []), page.get("DeleteMarkers", [])


def test_nobody_deletes_or_unlocks_what_was_stored(vault, client):
    stored = vault.put(io.BytesIO(b"kept for three years"))
    about = key_of(vault, stored)
    ((version,), _markers) = versions_of(client, about)
    exact = {**about, "VersionId": version["VersionId"]}
    soon = {"Mode": "COMPLIANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(hours=1)}
    for attempt in (
        lambda: client.delete_object(**exact),
        lambda: client.delete_object(**exact, BypassGovernanceRetention=True),
        lambda: client.put_object_retention(**exact, Retention=soon),
        lambda: client.put_object_retention(**exact, Retention={**soon, "Mode": "GOVERNANCE"}),
    ):
        with pytest.raises(ClientError):
            attempt()
    assert vault.verify(stored.content_digest).name == stored.name


def test_whoever_deletes_or_writes_over_it_hides_nothing_and_is_named(vault, client):
    stored = vault.put(io.BytesIO(b"the evidence"))
    about = key_of(vault, stored)
    client.put_object(**about, Body=b"ransom")
    client.delete_object(**about)
    with vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.readall() == b"the evidence"
    again = Vault.at(s3_backend(vault.backend.staging.directory.parent, prefix=vault.backend.prefix))
    report = scrub(again)
    assert report.checked == 1
    assert [(each.kind, each.blob.partition("?")[0]) for each in report.findings] == [
        ("unexpected", stored.name),
        ("unexpected", stored.name),
    ]
    assert again.put(io.BytesIO(b"the evidence")).already


def test_the_description_survives_being_deleted(vault, client):
    client.delete_object(Bucket=common_bucket(), Key=vault.backend.prefix + "aigaq-vault.json")
    assert Vault.at(vault.backend).id == vault.id


def test_where_nothing_can_be_locked_no_vault_is_made(tmp_path):
    backend = s3_backend(tmp_path, bucket=store().bucket(locks=False))
    with pytest.raises(NotLockedError, match="Object Lock"):
        Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)


def test_a_lock_lasts_as_long_as_it_was_to_and_is_only_ever_extended(vault):
    stored = vault.put(io.BytesIO(b"locked"))
    name = BlobName.parse(stored.name)
    until = vault.backend.locked_until(name)
    assert timedelta(days=6, hours=23) < until - datetime.now(UTC) <= timedelta(days=7, seconds=1)
    vault.backend.extend(name, until - timedelta(days=3))
    assert vault.backend.locked_until(name) == until
    vault.backend.extend(name, until + timedelta(days=30))
    assert vault.backend.locked_until(name) == until + timedelta(days=30)


def test_a_hold_is_set_and_ended_and_each_is_read_back(vault, client):
    stored = vault.put(io.BytesIO(b"demanded by the court"))
    name, about = BlobName.parse(stored.name), key_of(vault, stored)
    for act, status in ((vault.backend.hold, "ON"), (vault.backend.release, "OFF")):
        act(name)
        assert client.get_object_legal_hold(**about)["LegalHold"]["Status"] == status


def test_a_long_recording_goes_in_parts_and_comes_back_whole(vault, monkeypatch):
    monkeypatch.setattr(s3_writing, "PART", 5 * MIB)
    octets = os.urandom(11 * MIB + 7)
    stored = vault.put(io.BytesIO(octets))
    with vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.readall() == octets
    assert vault.backend.locked_until(BlobName.parse(stored.name)) > datetime.now(UTC)


@pytest.mark.parametrize(("size", "parts"), [(1, 1), (160_000 * MIB, 10_000), (5 << 40, 9_987)])
def test_no_file_is_too_long_for_its_parts(size, parts):
    part = s3_writing.part_size(size)
    assert -(-size // part) == parts
    assert part <= 5 << 30


def test_a_long_list_is_walked_page_by_page(vault, monkeypatch):
    monkeypatch.setattr(versions, "_AT_ONCE", 2)
    names = sorted(BlobName.parse(vault.put(io.BytesIO(bytes([n]))).name) for n in range(5))
    assert [entry.blob for entry in vault.backend.walk()] == names
    assert [entry.blob for entry in vault.backend.walk(names[2].path)] == names[3:]


def test_a_list_that_breaks_off_is_not_taken_for_its_end(hasty, bad, monkeypatch):
    monkeypatch.setattr(versions, "_AT_ONCE", 2)
    names = sorted(BlobName.parse(hasty.put(io.BytesIO(bytes([n]))).name) for n in range(5))
    bad.before = lambda asked: CUT if "key-marker" in asked.query else None
    walk = hasty.backend.walk()
    assert next(walk).blob == names[0]
    with pytest.raises(StoreAwayError):
        next(walk)


@pytest.mark.parametrize("marker", ["", "<NextKeyMarker>{key}</NextKeyMarker>"])
def test_a_list_that_does_not_go_on_though_it_says_so_is_no_list(hasty, bad, marker):
    name = hasty.put(io.BytesIO(b"the only one")).name
    key = hasty.backend.prefix + name
    version = (
        f"<Version><Key>{key}</Key><VersionId>1</VersionId><Size>9</Size>"
        "<LastModified>2026-11-20T04:00:00.000Z</LastModified></Version>"
    )
    page = f"<IsTruncated>true</IsTruncated>{marker.format(key=key)}{version}"
    endless = Instead(200, f"<ListVersionsResult>{page}</ListVersionsResult>".encode())
    bad.after = times(50, endless, lambda asked: "versions" in asked.query)
    with pytest.raises(StoreReadError, match="does not go on"):
        list(hasty.backend.walk())
    with pytest.raises(StoreReadError, match="does not go on"):
        hasty.backend.beside("ledger")


@pytest.mark.parametrize("markers", [["a", ""], ["a", "b"]])
def test_a_list_that_leads_back_to_where_it_was_is_no_list(hasty, bad, markers):
    pages = iter(markers * 5)

    def onward(asked):
        marker = next(pages, None) if "versions" in asked.query else None
        if marker is None:
            return None
        page = f"<IsTruncated>true</IsTruncated><NextKeyMarker>{marker}</NextKeyMarker>"
        return Instead(200, f"<ListVersionsResult>{page}</ListVersionsResult>".encode())

    bad.after = onward
    with pytest.raises(StoreReadError, match="does not go on"):
        hasty.backend.beside("ledger")


def told(bad) -> list[str]:
    """What was asked of the store, in its order; parts, of which several are on their way, by their number."""
    kinds = {
        "versions": "list",
        "uploads": "begin",
        "partNumber": "part",
        "uploadId": "end",
        "versionId": "read",
    }
    return [
        next((word for name, word in kinds.items() if name in asked.query), asked.method.lower())
        for asked in bad.asked
    ]


def test_a_recording_costs_three_requests_and_a_long_one_one_more_for_each_part(hasty, bad, monkeypatch):
    """Each has a reason: is it there already, have it, give it back with its lock. Not one more."""
    monkeypatch.setattr(s3_writing, "PART", 5 * MIB)
    hasty.put(io.BytesIO(b"the first of a process, which sweeps"))
    bad.asked.clear()
    hasty.put(io.BytesIO(b"counted"))
    assert told(bad) == ["list", "put", "read"]
    bad.asked.clear()
    hasty.put(io.BytesIO(os.urandom(11 * MIB)))
    assert told(bad) == ["list", "begin", "part", "part", "part", "end", "read"]


def test_a_copy_costs_four_requests_and_a_paper_beside_it_four(hasty, bad, tmp_path):
    source = vaults.local_vault(tmp_path / "source")
    stored = source.put(io.BytesIO(b"once more, elsewhere"))
    hasty.put(io.BytesIO(b"the first of a process, which sweeps"))
    bad.asked.clear()
    copying.copy(source.backend, hasty.backend, BlobName.parse(stored.name))
    assert told(bad) == ["list", "list", "put", "read"]
    bad.asked.clear()
    hasty.backend.put_beside("ledger/counted.json", b"{}")
    assert told(bad) == ["list", "put", "list", "read"]


def test_a_store_that_does_not_tell_its_lock_with_the_octets_is_asked_for_it(hasty, bad, monkeypatch):
    stored = hasty.put(io.BytesIO(b"the first of a process, which sweeps"))
    monkeypatch.setattr(bad, "silent_of", "x-amz-object-lock-")
    bad.asked.clear()
    assert hasty.put(io.BytesIO(b"asked")).name != stored.name
    assert [each.query.keys() for each in bad.asked][-1] == {"retention", "versionId"}


def test_a_busy_store_is_waited_for(hasty, bad):
    bad.before = times(len(PAUSES) - 1, BUSY_ANSWER, lambda asked: asked.is_put)
    assert not hasty.put(io.BytesIO(b"patience")).already
    assert scrub(hasty).findings == ()


def test_a_store_that_stays_busy_is_said_to_be_and_nothing_is_half_there(hasty, bad):
    bad.before = times(100, BUSY_ANSWER, lambda asked: asked.is_put)
    with pytest.raises(StoreWriteError, match="SlowDown"):
        hasty.put(io.BytesIO(b"in vain"))
    bad.before = lambda _asked: None
    assert list(hasty.backend.walk()) == []
    assert not hasty.put(io.BytesIO(b"in vain")).already


def test_a_lost_answer_stores_nothing_twice(hasty, bad, client):
    bad.after = times(1, CUT, lambda asked: asked.is_put)
    stored = hasty.put(io.BytesIO(b"said once"))
    (found, markers) = versions_of(client, key_of(hasty, stored))
    assert (len(found), markers) == (1, [])


def test_a_lost_answer_to_the_last_part_stores_nothing_twice(hasty, bad, client, monkeypatch):
    monkeypatch.setattr(s3_writing, "PART", 5 * MIB)
    bad.after = times(1, CUT, lambda asked: asked.completes)
    octets = os.urandom(6 * MIB)
    stored = hasty.put(io.BytesIO(octets))
    assert len(versions_of(client, key_of(hasty, stored))[0]) == 1
    assert hasty.put(io.BytesIO(octets)).already


def test_parts_lost_on_the_way_are_sent_again(hasty, bad, monkeypatch):
    monkeypatch.setattr(s3_writing, "PART", 5 * MIB)
    bad.before = times(3, CUT, lambda asked: asked.is_part)
    assert not hasty.put(io.BytesIO(os.urandom(11 * MIB))).already


def test_what_comes_back_otherwise_than_it_was_sent_does_not_count(hasty, bad):
    """A store that says yes and keeps something else."""
    real = hasty.backend.keep

    def rots_at_once(name, blob):
        bad.flip(name, 250)
        real(name, blob)

    hasty.backend.keep = rots_at_once
    with pytest.raises(NotProvenError):
        hasty.put(io.BytesIO(b"x" * 1000))
    hasty.backend.keep = real
    stored = hasty.put(io.BytesIO(b"x" * 1000))
    assert (stored.already, stored.healed) == (False, True)
    assert hasty.verify(stored.content_digest).name == stored.name


def test_a_full_store_is_said_to_be_full(hasty, bad):
    bad.before = times(100, FULL_ANSWER, lambda asked: asked.is_put)
    with pytest.raises(StoreFullError, match="quota"):
        hasty.put(io.BytesIO(b"no room"))


def test_a_store_that_is_away_is_said_to_be(hasty, bad):
    bad.before = lambda _asked: CUT
    with pytest.raises(StoreAwayError):
        hasty.backend.description()


def test_where_the_clocks_are_far_apart_nothing_is_stored(tmp_path):
    clock = FixedClock(datetime.now(UTC))
    vault = Vault.create(
        s3_backend(tmp_path, clock=clock), vaults.IDENTITY.recipient, created_at=vaults.MADE_AT
    )
    clock.instant -= timedelta(days=400)
    with pytest.raises(StoreWriteError, match="clock"):
        vault.put(io.BytesIO(b"of another year"))
    assert list(vault.backend.walk()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from aigaq.core.clock import SystemClock
from aigaq.vault.backends.memory import MemoryBlob
from aigaq.vault.backends.s3 import Keys, Place, S3Backend, writing
from aigaq.vault.layout import BlobName
endpoint, bucket, prefix, folder, path = sys.argv[1:]
writing.PART = 5 << 20
writing._Multipart.complete = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
place = Place(bucket, prefix, endpoint, "us-east-1", "", "")
from datetime import timedelta
backend = S3Backend(place, Keys("testaccess", "testsecret"), staging=Path(folder), clock=SystemClock(),
                    lock_until=lambda at: at + timedelta(days=1))
backend.keep(BlobName.parse(path), MemoryBlob(bytes(6 << 20)))
"""


def test_a_killed_writer_leaves_nothing_that_is_found_and_is_swept_after(
    vault, client, monkeypatch, tmp_path
):
    name = f"blobs/00/00/{'0' * 64}.{'1' * 64}.age"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED,
            store().endpoint,
            common_bucket(),
            vault.backend.prefix,
            str(tmp_path),
            name,
        ],
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == -signal.SIGKILL
    begun = {"Bucket": common_bucket(), "Prefix": vault.backend.prefix}
    assert len(client.list_multipart_uploads(**begun).get("Uploads", [])) == 1
    assert list(vault.backend.walk()) == []
    assert vault.backend.sweep() == 0, "it could be another computer's, at work"
    monkeypatch.setattr(backends, "ABANDONED_AFTER", timedelta(seconds=-5))
    assert vault.backend.sweep() == 1
    assert client.list_multipart_uploads(**begun).get("Uploads", []) == []


@pytest.mark.parametrize(
    "place",
    [
        "s3://UPPER?endpoint=https://s3.example.kz",
        "s3://bucket/prefix",
        "s3://bucket?endpoint=ftp://s3.example.kz",
        "s3://bucket/a b?endpoint=https://s3.example.kz",
        "s3://bucket?endpoint=https://s3.example.kz&secret=x",
        "http://bucket",
    ],
)
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(WrongPlaceError, match="AIGAQ_VAULT"):
        Place.parse(place, name="AIGAQ_VAULT")


def test_a_place_is_read_with_all_that_belongs_to_it():
    text = "s3://evidence/almaty/vault?endpoint=https://s3.example.kz/&region=kz-1&keys=/etc/aigaq/s3"
    place = Place.parse(text, name="AIGAQ_VAULT")
    assert place == Place("evidence", "almaty/vault/", "https://s3.example.kz", "kz-1", "/etc/aigaq/s3", "")
    assert str(place) == "s3://evidence/almaty/vault/ (https://s3.example.kz)"
