"""Every way we could think of to take something out of a bucket before its day, by whoever has the store's keys.

Each is refused by the store, or changes nothing that is read and is named: by reading everything through, or by
what `aigaq check` tries. Against the SeaweedFS that the tests start; add a row for whatever comes to mind next.
"""

import contextlib
import http.client
import io
import os
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault import disposal
from aigaq.vault.backends.s3.backend import S3Backend
from aigaq.vault.backends.s3.conformance import conformance
from aigaq.vault.errors import HeldThereError, NotLockedError, StillLockedError
from aigaq.vault.layout import BlobName
from aigaq.vault.scrub import scrub
from aigaq.vault.store import Stored, Vault
from tests.support import vaults
from tests.support.buckets import s3_backend, store

EVIDENCE = b"kept for three years"
SOON = timedelta(minutes=1)


@dataclass
class Scene:
    """One recording in a bucket of its own, locked for a week, and a client with all rights there."""

    client: Any
    bucket: str
    vault: Vault
    stored: Stored

    @property
    def backend(self) -> S3Backend:
        return self.vault.backend

    @property
    def about(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.backend.prefix + self.stored.name}

    @property
    def exact(self) -> dict[str, str]:
        found = self.client.list_object_versions(Bucket=self.bucket, Prefix=self.about["Key"])
        return {**self.about, "VersionId": found["Versions"][-1]["VersionId"]}

    @property
    def known(self) -> list[tuple[ContentDigest, StoredDigest]]:
        return [(self.stored.content_digest, self.stored.stored_digest)]

    def again(self) -> Vault:
        """As a process sees it that was just started."""
        folder = self.backend.staging.directory.parent
        return Vault.at(s3_backend(folder, bucket=self.bucket, prefix=self.backend.prefix))

    def is_there(self) -> bool:
        with self.again().open(self.stored.content_digest, vaults.IDENTITY) as reader:
            return reader.readall() == EVIDENCE

    def retain(self, until: timedelta, mode: str = "COMPLIANCE", **more: Any) -> None:
        retention = {"Mode": mode, "RetainUntilDate": datetime.now(UTC) + until}
        self.client.put_object_retention(**self.exact, Retention=retention, **more)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """None of these ways changes what the next one finds: that is the point."""
    bucket, client = store().bucket(), store().client()
    backend = s3_backend(tmp_path_factory.mktemp("bucket"), bucket=bucket)
    vault = Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)
    return Scene(client, bucket, vault, vault.put(io.BytesIO(EVIDENCE)))


def in_parts(scene: Scene) -> None:
    begun = scene.client.create_multipart_upload(**scene.about)
    about = {**scene.about, "UploadId": begun["UploadId"]}
    tag = scene.client.upload_part(PartNumber=1, Body=b"ransom", **about)["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
    scene.client.complete_multipart_upload(MultipartUpload=parts, **about)


def copied_over(scene: Scene) -> None:
    scene.client.put_object(Bucket=scene.bucket, Key="ransom", Body=b"ransom")
    scene.client.copy_object(**scene.about, CopySource={"Bucket": scene.bucket, "Key": "ransom"})


def expires(scene: Scene) -> None:
    scene.client.put_bucket_lifecycle_configuration(
        Bucket=scene.bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "tidy",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Expiration": {"Days": 1},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                }
            ]
        },
    )


def past_the_s3_port(scene: Scene) -> None:
    """SeaweedFS' own filer, on another port: `docs/operations/vault-copies.md` says to firewall it."""
    line = http.client.HTTPConnection("127.0.0.1", store().port + 3, timeout=10)
    key = urllib.parse.quote(scene.about["Key"])
    for path in (f"/buckets/{scene.bucket}/{key}", f"/buckets/{scene.bucket}/{key}.versions"):
        line.request("DELETE", f"{path}?recursive=true&ignoreRecursiveError=true")
        line.getresponse().read()
    line.close()


REFUSED: dict[str, Callable[[Scene], object]] = {
    "delete the version": lambda s: s.client.delete_object(**s.exact),
    "delete the version, passing over locks": lambda s: s.client.delete_object(
        **s.exact, BypassGovernanceRetention=True
    ),
    "shorten the lock to a minute": lambda s: s.retain(SOON),
    "shorten the lock, passing over locks": lambda s: s.retain(SOON, BypassGovernanceRetention=True),
    "let the lock be over": lambda s: s.retain(-SOON),
    "make the lock one that its owner lifts": lambda s: s.retain(timedelta(days=30), "GOVERNANCE"),
    "take the lock away": lambda s: s.client.put_object_retention(**s.exact, Retention={}),
    "take the lock away, passing over locks": lambda s: s.client.put_object_retention(
        **s.exact, Retention={}, BypassGovernanceRetention=True
    ),
    "delete the bucket": lambda s: s.client.delete_bucket(Bucket=s.bucket),
    "no longer keep versions": lambda s: s.client.put_bucket_versioning(
        Bucket=s.bucket, VersioningConfiguration={"Status": "Suspended"}
    ),
}
IN_VAIN: dict[str, Callable[[Scene], object]] = {
    "delete it together with others": lambda s: s.client.delete_objects(
        Bucket=s.bucket,
        Delete={"Objects": [{name: s.exact[name] for name in ("Key", "VersionId")}]},
    ),
    "delete it together with others, passing over locks": lambda s: s.client.delete_objects(
        Bucket=s.bucket,
        Delete={"Objects": [{name: s.exact[name] for name in ("Key", "VersionId")}]},
        BypassGovernanceRetention=True,
    ),
    "a default lock of a day for the bucket": lambda s: s.client.put_object_lock_configuration(
        Bucket=s.bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    ),
    "end a legal hold": lambda s: s.client.put_object_legal_hold(**s.exact, LegalHold={"Status": "OFF"}),
    "a marking of the object": lambda s: s.client.put_object_tagging(
        **s.about, Tagging={"TagSet": [{"Key": "delete", "Value": "yes"}]}
    ),
}
"""The store may say yes: nothing comes of it."""
FOUND_BY_SCRUB: dict[str, Callable[[Scene], object]] = {
    "delete the object": lambda s: s.client.delete_object(**s.about),
    "put something over it": lambda s: s.client.put_object(**s.about, Body=b"ransom"),
    "put nothing over it": lambda s: s.client.put_object(**s.about, Body=b""),
    "put something over it with a short lock": lambda s: s.client.put_object(
        **s.about,
        Body=b"ransom",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=datetime.now(UTC) + SOON,
    ),
    "put something over it, then change the lock of what is below": lambda s: (
        s.client.put_object(**s.about, Body=b"ransom"),
        s.retain(timedelta(days=8)),
    ),
    "put something over it in parts": in_parts,
    "copy something over it": copied_over,
    "put something beside it": lambda s: s.client.put_object(
        Bucket=s.bucket, Key=s.about["Key"] + ".bak", Body=b"x"
    ),
}
FOUND_BY_CHECK: dict[str, tuple[Callable[[Scene], object], str]] = {
    "a rule by which objects expire": (expires, "lifecycle"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_refused_by_the_store(scene, way):
    with pytest.raises(ClientError):
        REFUSED[way](scene)
    assert scene.is_there()
    assert scene.backend.locked_until(BlobName.parse(scene.stored.name)) > datetime.now(UTC) + timedelta(
        days=6
    )


@pytest.mark.parametrize("way", IN_VAIN)
def test_in_vain(scene, way):
    with contextlib.suppress(ClientError):
        IN_VAIN[way](scene)
    assert scene.is_there()
    assert scene.backend.locked_until(BlobName.parse(scene.stored.name)) > datetime.now(UTC) + timedelta(
        days=6
    )


@pytest.mark.parametrize("way", FOUND_BY_SCRUB)
def test_hides_nothing_and_is_found_by_reading_it_through(scene, way):
    before = {each.blob for each in scrub(scene.again(), scene.known).findings}
    FOUND_BY_SCRUB[way](scene)
    after = {each.blob for each in scrub(scene.again(), scene.known).findings}
    assert after - before, "it is named"
    assert scene.is_there()


@pytest.mark.parametrize("way", FOUND_BY_CHECK)
def test_found_by_check(scene, way):
    act, tried = FOUND_BY_CHECK[way]
    act(scene)
    try:
        assert tried in {failed.tried for failed in conformance(scene.backend)}
    finally:
        scene.client.delete_bucket_lifecycle(Bucket=scene.bucket)
    assert scene.is_there()


@pytest.mark.skipif("AIGAQ_TEST_S3_PORT" in os.environ, reason="a door of SeaweedFS alone")
def test_past_the_s3_port_it_can_be_deleted_and_is_missed(tmp_path):
    bucket = store().bucket()
    backend = s3_backend(tmp_path, bucket=bucket)
    vault = Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)
    scene = Scene(store().client(), bucket, vault, vault.put(io.BytesIO(EVIDENCE)))
    past_the_s3_port(scene)
    assert [each.kind for each in scrub(scene.again(), scene.known).findings] == ["missing"]


def test_a_bucket_that_locks_nothing_takes_no_vault(tmp_path):
    backend = s3_backend(tmp_path, bucket=store().bucket(locks=False))
    with pytest.raises(NotLockedError):
        Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)


def test_not_even_our_own_disposal_takes_out_what_is_locked_or_held(scene):
    content, name = scene.stored.content_digest, BlobName.parse(scene.stored.name)
    with pytest.raises(StillLockedError) as refused:
        disposal.remove(scene.backend, content)
    assert refused.value.until == disposal.locked_until(scene.backend, content)
    scene.backend.hold(name)
    with pytest.raises(HeldThereError):
        disposal.remove(scene.backend, content)
    scene.backend.release(name)
    assert scene.is_there()


def test_when_the_lock_is_over_a_disposal_takes_out_every_version_and_nothing_else(tmp_path):
    """Two seconds are as good as three years for the store, whose clock nobody here can move."""
    second = timedelta(seconds=2)
    backend = s3_backend(tmp_path, lock_until=lambda at: at + second)
    vault = Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)
    stored, other = vault.put(io.BytesIO(EVIDENCE)), vault.put(io.BytesIO(b"another"))
    about = {"Bucket": backend.calls.bucket, "Key": backend.prefix + stored.name}
    client = store().client()
    client.put_object(**about, Body=b"ransom")
    client.delete_object(**about)
    with pytest.raises(StillLockedError) as refused:
        disposal.remove(backend, stored.content_digest)
    while disposal.locked_until(backend, stored.content_digest) is not None:
        assert datetime.now(UTC) < refused.value.until + 5 * second
    assert [each.name.path for each in disposal.remove(backend, stored.content_digest)] == [stored.name]
    assert disposal.remove(backend, stored.content_digest) == [], "called again, nothing is left to do"
    page = client.list_object_versions(Bucket=about["Bucket"], Prefix=about["Key"])
    assert (page.get("Versions", []), page.get("DeleteMarkers", [])) == ([], [])
    assert vault.verify(other.content_digest).name == other.name


def test_there_are_twenty_of_them():
    assert len(REFUSED) + len(IN_VAIN) + len(FOUND_BY_SCRUB) + len(FOUND_BY_CHECK) >= 20
