"""Uploads: what is acknowledged is on the disk, what is complete is proven, and nobody takes more than their share."""

import hashlib
import io
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation

from aigaq.core.digests import StoredDigest
from aigaq.docks import errors, rules, services, uploads
from aigaq.docks.models import Dock, Received, Upload, UploadState
from aigaq.docks.uploads import Checksum, Intake
from aigaq.ledger.models import LedgerEntry
from aigaq.notices import services as notices
from aigaq.notices.models import Kind, Notice
from aigaq.notices.wording import sentence
from aigaq.vault.backends.receiving import UploadDraft
from aigaq.vault.errors import NotABlobError, UploadBusyError, UploadPartMissingError, VaultWriteError
from aigaq.vault.layout import BlobName
from tests.support.docks import Sealed, enrolled, hand_over, intake, sealed, send
from tests.support.vaults import blobs, flip

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock(office):
    return enrolled(office)[0]


@pytest.fixture
def line(office, tmp_path):
    return intake(office, tmp_path / "vault")


@pytest.fixture
def vault_folder(line):
    return line.receiver.uploads.directory.parent


@dataclass
class Scene:
    """What the longer tests need."""

    line: Intake
    dock: Dock
    blob: Sealed
    folder: Path


@pytest.fixture
def scene(line, dock, blob, vault_folder):
    return Scene(line, dock, blob, vault_folder)


@pytest.fixture
def blob():
    return sealed(os.urandom(10_000))


def begin(line, dock, blob):
    return uploads.begin(line, dock, name=blob.name, length=len(blob.octets))


def sha256(octets):
    return Checksum("sha256", hashlib.sha256(octets).digest())


class Breaks(io.BytesIO):
    """A line that breaks after what it has."""

    def read(self, length=-1, /):
        octets = super().read(length)
        if not octets:
            raise OSError("timed out")
        return octets


def test_a_blob_comes_in_parts_and_is_entered_once(line, dock, blob, vault_folder):
    upload = hand_over(line, dock, blob, part=1000)
    assert (upload.state, upload.offset, upload.kept_as) == (
        UploadState.COMPLETE,
        len(blob.octets),
        blob.name.stored.hex,
    )
    assert [path.read_bytes() for path in blobs(vault_folder)] == [blob.octets]
    received = Received.objects.get()
    assert (received.content_digest, received.stored_size) == (blob.name.content.hex, len(blob.octets))
    assert LedgerEntry.objects.get(kind="dock.received").seq == received.seq


def test_what_a_part_ends_with_is_acknowledged_and_stays(line, dock, blob):
    upload = begin(line, dock, blob)
    upload = send(line, upload, blob.octets[:700])
    assert upload.offset == 700
    part = line.receiver.uploads.directory / f"{upload.pk}.part"
    assert part.read_bytes() == blob.octets[:700]


@pytest.mark.parametrize("offset", [0, 699, 701, 10**15])
def test_a_part_at_another_place_is_refused(line, dock, blob, offset):
    upload = send(line, begin(line, dock, blob), blob.octets[:700])
    with pytest.raises(errors.WrongOffsetError):
        send(line, upload, blob.octets[700:800], offset=offset)
    assert uploads.upload_of(dock, upload.pk).offset == 700


def test_nothing_goes_beyond_the_length_that_was_announced(line, dock, blob, vault_folder):
    upload = begin(line, dock, blob)
    with pytest.raises(errors.BeyondLengthError):
        send(line, upload, blob.octets + b"more")
    assert uploads.upload_of(dock, upload.pk).offset == 0
    assert blobs(vault_folder) == []


def test_a_body_longer_than_it_says_is_read_no_further(line, dock, blob):
    upload = begin(line, dock, blob)
    body = io.BytesIO(blob.octets)
    upload = uploads.receive(line, upload, offset=0, length=500, body=body)
    assert (upload.offset, body.tell()) == (500, 500)


def test_a_line_that_breaks_leaves_what_came_before(line, dock, blob):
    upload = begin(line, dock, blob)
    for body in (Breaks(blob.octets[:300]), io.BytesIO(blob.octets[300:400])):
        with pytest.raises(errors.PartCutShortError):
            uploads.receive(line, upload, offset=upload.offset, length=1000, body=body)
        upload = uploads.upload_of(dock, upload.pk)
    assert upload.offset == 400
    while upload.offset < upload.length:
        upload = send(line, upload, blob.octets[upload.offset : upload.offset + 1000])
    assert upload.state == UploadState.COMPLETE


def test_with_a_checksum_all_of_a_part_is_kept_or_nothing(line, dock, blob):
    upload = begin(line, dock, blob)
    part = blob.octets[:1000]
    with pytest.raises(errors.ChecksumMismatchError):
        send(line, upload, part[:-1] + b"?", checksum=sha256(part))
    with pytest.raises(errors.PartCutShortError):
        uploads.receive(line, upload, offset=0, length=1000, body=Breaks(part[:500]), checksum=sha256(part))
    assert uploads.upload_of(dock, upload.pk).offset == 0
    assert send(line, upload, part, checksum=sha256(part)).offset == 1000
    sha1 = Checksum("sha1", hashlib.sha1(blob.octets[1000:]).digest())
    upload = uploads.upload_of(dock, upload.pk)
    assert send(line, upload, blob.octets[1000:], checksum=sha1).state == UploadState.COMPLETE


def test_a_finished_upload_takes_nothing_more_and_loses_nothing(line, dock, blob, vault_folder):
    upload = hand_over(line, dock, blob)
    with pytest.raises(errors.UploadCompleteError):
        send(line, upload, b"more")
    with pytest.raises(errors.UploadCompleteError):
        uploads.terminate(line, upload)
    assert [path.read_bytes() for path in blobs(vault_folder)] == [blob.octets]


def test_what_was_not_announced_never_comes_under_blobs(line, dock, blob, vault_folder):
    wrong = BlobName(blob.name.content, StoredDigest(b"\1" * 32))
    upload = uploads.begin(line, dock, name=wrong, length=len(blob.octets))
    with pytest.raises(NotABlobError):
        send(line, upload, blob.octets)
    assert (blobs(vault_folder), line.receiver.uploads.parts()) == ([], [])
    with pytest.raises(errors.UploadEndedError):
        send(line, uploads.upload_of(dock, upload.pk), blob.octets)
    assert not Received.objects.exists()


def test_an_upload_of_another_dock_is_not_there(office, line, dock, blob):
    upload = begin(line, dock, blob)
    other, _pc = enrolled(office, name="Док 2")
    with pytest.raises(errors.UnknownUploadError):
        uploads.upload_of(other, upload.pk)
    with pytest.raises(errors.UnknownUploadError):
        uploads.upload_of(dock, uuid4())


def test_what_a_dock_sent_before_it_need_not_send_again(line, dock):
    first, again = sealed(b"same" * 1000), sealed(b"same" * 1000)
    hand_over(line, dock, first)
    upload = begin(line, dock, again)
    assert (upload.state, upload.offset, upload.kept_as) == (
        UploadState.COMPLETE,
        upload.length,
        first.name.stored.hex,
    )
    assert line.receiver.uploads.parts() == []


def test_what_others_sent_is_not_told_of_and_replaces_nothing(office, line, dock, vault_folder):
    """A hostile dock that puts garbage under a digest makes no honest one throw its recording away."""
    other, _pc = enrolled(office, name="Док 2")
    honest, poison = sealed(b"evidence" * 1000), sealed(b"garbage!" * 1000)
    claimed = BlobName(honest.name.content, poison.name.stored)
    bad = uploads.begin(line, other, name=claimed, length=len(poison.octets))
    send(line, bad, poison.octets)
    assert begin(line, dock, honest).state == UploadState.RECEIVING
    assert hand_over(line, dock, honest).kept_as == honest.name.stored.hex
    assert len(blobs(vault_folder)) == 2


def test_a_blob_that_was_lost_from_the_disk_is_asked_for_again(line, dock, vault_folder):
    hand_over(line, dock, sealed(b"same" * 1000))
    blobs(vault_folder)[0].unlink()
    assert begin(line, dock, sealed(b"same" * 1000)).state == UploadState.RECEIVING


def test_a_beginning_whose_answer_was_lost_is_asked_for_again_and_is_the_same(line, dock, blob, office):
    upload = send(line, begin(line, dock, blob), blob.octets[:700])
    again = begin(line, dock, blob)
    assert (again.pk, again.offset) == (upload.pk, 700)
    other, _pc = enrolled(office, name="Док 2")
    assert begin(line, other, blob).pk != upload.pk
    send(line, again, blob.octets[700:])
    assert Upload.objects.filter(dock=dock).count() == 1


def test_what_was_proven_a_moment_ago_is_not_read_again_for_an_answer_that_was_lost(
    office, line, dock, blob, vault_folder
):
    """A large blob takes the disk longer to read than a line has patience: or it would be read for ever."""
    hand_over(line, dock, sealed(blob.content))
    first = begin(line, dock, blob)
    flip(blobs(vault_folder)[0], 1000)
    assert begin(line, dock, blob) == first
    office.clock.instant += rules.PROVEN_LATELY + timedelta(seconds=1)
    assert begin(line, dock, blob).state == UploadState.RECEIVING, "read again, it is not sound any more"


def test_and_not_where_it_is_gone_from_the_disk_meanwhile(line, dock, blob, vault_folder):
    hand_over(line, dock, blob)
    blobs(vault_folder)[0].unlink()
    assert begin(line, dock, blob).state == UploadState.RECEIVING


def test_a_flood_of_creations_is_bounded(line, dock):
    for number in range(rules.UPLOADS_OPEN):
        begin(line, dock, sealed(b"%d" % number))
    with pytest.raises(errors.TooManyUploadsError):
        begin(line, dock, sealed(b"one more"))
    assert len(line.receiver.uploads.parts()) == rules.UPLOADS_OPEN
    uploads.terminate(line, Upload.objects.first())
    begin(line, dock, sealed(b"one more"))


def test_a_hundred_gigabytes_are_refused_before_anything_is_written(line, dock, blob):
    with pytest.raises(errors.UploadTooLargeError):
        uploads.begin(line, dock, name=blob.name, length=100 * 1000**3)
    assert (line.receiver.uploads.parts(), Upload.objects.count()) == ([], 0)


def test_announcing_alone_keeps_nobody_else_out(office, line, dock, blob, monkeypatch):
    # What is free is asked once: others write on this disk as well.
    free = line.receiver.uploads.free()
    monkeypatch.setattr(type(line.receiver.uploads), "free", lambda _uploads: free)
    monkeypatch.setattr(rules, "RESERVE", free - 10 * 1000**2)
    with pytest.raises(errors.NoRoomForUploadError):
        uploads.begin(line, dock, name=blob.name, length=11 * 1000**2)
    uploads.begin(line, dock, name=blob.name, length=9 * 1000**2)
    with pytest.raises(errors.TooMuchUnfinishedError):
        uploads.begin(line, dock, name=sealed(b"x").name, length=9 * 1000**2)
    other, _pc = enrolled(office, name="Док 2")
    uploads.begin(line, other, name=sealed(b"x").name, length=9 * 1000**2)


def test_the_reserve_of_the_disk_is_kept_at_every_part(line, dock, blob, monkeypatch):
    upload = begin(line, dock, blob)
    monkeypatch.setattr(rules, "RESERVE", 1 << 60)
    with pytest.raises(errors.NoRoomForUploadError):
        send(line, upload, blob.octets)
    monkeypatch.undo()
    assert send(line, uploads.upload_of(dock, upload.pk), blob.octets).state == UploadState.COMPLETE


def test_a_revoked_dock_finishes_nothing(office, line, dock, blob, vault_folder):
    upload = send(line, begin(line, dock, blob), blob.octets[:-10])
    services.revoke(office.ledger, office.by(office.head), dock, "Ұрланды")
    with pytest.raises(errors.DockRevokedError):
        send(line, upload, blob.octets[-10:])
    assert blobs(vault_folder) == []
    assert not Received.objects.exists()


def test_an_upload_can_be_given_up_until_it_is_finished(line, dock, blob):
    upload = send(line, begin(line, dock, blob), blob.octets[:10])
    uploads.terminate(line, upload)
    assert line.receiver.uploads.parts() == []
    with pytest.raises(errors.UploadEndedError):
        send(line, uploads.upload_of(dock, upload.pk), blob.octets[10:])


def test_abandoned_uploads_are_given_up_and_forgotten_in_the_end(office, line, dock, blob):
    left = begin(line, dock, blob)
    office.clock.instant += rules.ABANDONED_AFTER - timedelta(days=1)
    going_on = begin(line, dock, sealed(b"another"))
    assert uploads.attend(line) == 0
    office.clock.instant += timedelta(days=1, seconds=1)
    assert uploads.attend(line) == 1
    left.refresh_from_db()
    assert left.state == UploadState.EXPIRED
    assert line.receiver.uploads.parts() == [going_on.pk]
    office.clock.instant += rules.ENDED_KEPT + timedelta(seconds=1)
    uploads.attend(line)
    uploads.attend(line)
    assert not Upload.objects.filter(pk=left.pk).exists()


def test_a_dock_that_fills_the_disk_with_what_it_never_ends_is_held_and_its_custodian_told(
    office, line, dock, monkeypatch
):
    monkeypatch.setattr(rules, "MAX_UNFINISHED", 45_000)
    filled = sum(begin(line, dock, sealed(os.urandom(10_000))).length for _ in range(4))
    for _ in range(3):
        with pytest.raises(errors.TooMuchUnfinishedError):
            begin(line, dock, sealed(os.urandom(10_000)))
    (entry,) = LedgerEntry.objects.filter(kind="dock.quota-reached")
    assert f'"octets":{filled}' in entry.entry
    notices.catch_up(office.ledger)
    found = Notice.objects.filter(kind=Kind.DOCK_QUOTA)
    assert {each.person for each in found} == {office.custodian, office.head}
    with translation.override("en"):
        assert "The docking PC “Док 1” asks for more uploads than it may have: 4 are" in sentence(found[0])

    another, _pc = enrolled(office, name="Док 2")
    assert begin(line, another, sealed(b"whole")).state == UploadState.RECEIVING
    office.clock.instant += rules.QUOTA_AGAIN
    with pytest.raises(errors.TooMuchUnfinishedError):
        begin(line, dock, sealed(os.urandom(10_000)))
    assert LedgerEntry.objects.filter(kind="dock.quota-reached").count() == 2


def test_what_a_revoked_dock_left_unfinished_is_removed(office, line, dock, blob):
    left = begin(line, dock, blob)
    whole = hand_over(line, dock, sealed(b"whole"))
    services.revoke(office.ledger, office.by(office.custodian), dock, reason="ұрланды")
    assert uploads.attend(line) == 1
    assert line.receiver.uploads.parts() == []
    assert {each.pk: each.state for each in Upload.objects.all()} == {
        left.pk: UploadState.EXPIRED,
        whole.pk: UploadState.COMPLETE,
    }


def test_parts_that_nobody_knows_are_swept_and_nothing_else(line, dock, blob):
    upload = begin(line, dock, blob)
    stray = uuid4()
    line.receiver.uploads.create(stray)
    (line.receiver.uploads.directory / "notes.txt").write_text("somebody's")
    uploads.attend(line)
    assert line.receiver.uploads.parts() == [upload.pk]
    assert (line.receiver.uploads.directory / "notes.txt").exists()


def test_while_one_request_writes_another_is_told_to_wait(line, dock, blob):
    upload = begin(line, dock, blob)
    with line.receiver.uploads.open(upload.pk), pytest.raises(UploadBusyError):
        send(line, upload, blob.octets)
    with line.receiver.uploads.open(upload.pk), pytest.raises(UploadBusyError):
        uploads.terminate(line, upload)
    assert send(line, upload, blob.octets).state == UploadState.COMPLETE


def test_of_two_parts_for_one_place_the_second_is_told_where_it_stands(line, dock, blob):
    upload = begin(line, dock, blob)
    stale = uploads.upload_of(dock, upload.pk)
    send(line, upload, blob.octets[:1000])
    with pytest.raises(errors.WrongOffsetError) as told:
        send(line, stale, blob.octets[:1000])
    assert told.value.details["offset"] == 1000
    part = line.receiver.uploads.directory / f"{upload.pk}.part"
    assert part.read_bytes() == blob.octets[:1000]


class Killed(BaseException):
    """As a SIGKILL: nothing after it runs but what the kernel does."""


STEPS = ["keep", "settle", "reader", "commit"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_the_end_the_last_part_sent_again_finishes_it(scene, monkeypatch, step, after):
    line, dock, blob = scene.line, scene.dock, scene.blob
    upload = send(line, begin(line, dock, blob), blob.octets[:5000])
    true = getattr(UploadDraft, step)

    def killed(self, *args):
        if after:
            true(self, *args)
        raise Killed

    monkeypatch.setattr(UploadDraft, step, killed)
    with pytest.raises(Killed):
        send(line, upload, blob.octets[5000:])
    monkeypatch.undo()
    upload = uploads.upload_of(dock, upload.pk)
    assert (upload.state, upload.offset) == (UploadState.RECEIVING, 5000)
    upload = send(line, upload, blob.octets[5000:])
    assert upload.state == UploadState.COMPLETE
    assert [path.read_bytes() for path in blobs(scene.folder)] == [blob.octets]
    assert Received.objects.count() == LedgerEntry.objects.filter(kind="dock.received").count() == 1


def test_a_part_that_vanished_ends_the_upload_with_a_sentence(line, dock, blob):
    upload = send(line, begin(line, dock, blob), blob.octets[:5000])
    line.receiver.uploads.remove(upload.pk)
    with pytest.raises(UploadPartMissingError):
        send(line, upload, blob.octets[5000:])
    with pytest.raises(errors.UploadEndedError):
        send(line, uploads.upload_of(dock, upload.pk), blob.octets[5000:])


@pytest.mark.parametrize("step", ["write", "keep", "settle"])
def test_after_a_failed_write_or_fsync_the_file_is_not_gone_on_with(scene, monkeypatch, step):
    line, dock, blob = scene.line, scene.dock, scene.blob
    upload = begin(line, dock, blob)

    def fails(_self, *_args):
        raise VaultWriteError(reason="Input/output error")

    monkeypatch.setattr(UploadDraft, step, fails)
    with pytest.raises(VaultWriteError):
        send(line, upload, blob.octets)
    monkeypatch.undo()
    with pytest.raises(errors.UploadEndedError):
        send(line, uploads.upload_of(dock, upload.pk), blob.octets)
    assert blobs(scene.folder) == []
    uploads.attend(line)
    assert line.receiver.uploads.parts() == []
