"""Parts that outlive whoever wrote them, and blobs that somebody else encrypted."""

import errno
import hashlib
import os
from uuid import uuid4

import pytest

from aigaq.core import files
from aigaq.core.digests import StoredDigest
from aigaq.vault import layout
from aigaq.vault.errors import NotABlobError, UploadBusyError, UploadPartMissingError, VaultWriteError
from aigaq.vault.layout import BlobName
from aigaq.vault.receiving import LEAST, Receiver
from tests.support.docks import sealed
from tests.support.vaults import IDENTITY, again, blobs, flip, local_vault


@pytest.fixture
def vault(tmp_path):
    return local_vault(tmp_path / "vault")


@pytest.fixture
def receiver(vault):
    return Receiver(vault.backend)


def kept(receiver, octets, *, part=1000):
    """An upload that was kept in parts, each by another process."""
    upload = uuid4()
    receiver.uploads.create(upload)
    for start in range(0, len(octets), part):
        with receiver.uploads.open(upload) as draft:
            draft.resume(start)
            draft.write(octets[start : start + part])
            draft.keep()
    return upload


def finished(receiver, blob, *, own=()):
    upload = kept(receiver, blob.octets)
    with receiver.uploads.open(upload) as draft:
        return receiver.finish(draft, blob.name, own=own)


def parts_in(vault):
    return sorted(os.listdir(vault.backend.directory / layout.UPLOADS))


def test_what_came_in_parts_is_read_back_as_one_recording(vault, receiver):
    blob = sealed(os.urandom(200_000))
    assert finished(receiver, blob) == blob.name
    with vault.open(blob.name.content, IDENTITY) as reader:
        assert reader.read() == blob.content[: 1 << 20]
    (path,) = blobs(vault.backend.directory)
    assert (path.stat().st_mode & 0o777, path.stat().st_nlink) == (0o440, 1)
    assert parts_in(vault) == []


def test_the_vault_of_an_older_version_gets_the_directory_when_it_is_needed(vault, receiver):
    assert receiver.uploads.parts() == []
    assert not (vault.backend.directory / layout.UPLOADS).exists()
    upload = kept(receiver, b"x")
    assert receiver.uploads.parts() == [upload]


def test_what_was_not_kept_is_gone_when_it_is_taken_up_again(receiver):
    upload = kept(receiver, b"first")
    with receiver.uploads.open(upload) as draft:
        draft.resume(5)
        draft.write(b"lost")
    with receiver.uploads.open(upload) as draft:
        draft.resume(5)
        assert draft.size == 5
        draft.write(b"second")
        draft.drop()
        draft.write(b"third")
        assert draft.keep() == 10
    path = receiver.uploads.directory / f"{upload}.part"
    assert path.read_bytes() == b"firstthird"


def test_unfinished_uploads_survive_what_sweeps_the_writers_own_parts(vault, receiver):
    upload = kept(receiver, b"x")
    other = again(vault.backend.directory)
    with other.backend.draft():
        assert other.backend.sweep() == 0
    assert receiver.uploads.parts() == [upload]


def test_one_writer_at_a_time_in_this_process_or_another(vault, receiver):
    upload = kept(receiver, b"x")
    other = Receiver(again(vault.backend.directory).backend)
    with receiver.uploads.open(upload):
        for each in (receiver, other):
            with pytest.raises(UploadBusyError):
                each.uploads.open(upload)
            with pytest.raises(UploadBusyError):
                each.uploads.remove(upload)
    other.uploads.remove(upload)
    assert other.uploads.parts() == []


@pytest.mark.parametrize("offset", [2, 100])
def test_a_part_that_is_shorter_than_what_was_acknowledged_is_not_gone_on_with(receiver, offset):
    upload = kept(receiver, b"x")
    with receiver.uploads.open(upload) as draft, pytest.raises(UploadPartMissingError):
        draft.resume(offset)


def test_links_pipes_and_folders_in_the_place_of_a_part_are_not_followed(tmp_path, receiver):
    target = tmp_path / "target"
    target.write_bytes(b"keep me")
    kept(receiver, b"x")
    makers = (
        lambda path: path.symlink_to(target),
        os.mkfifo,
        lambda path: path.mkdir(),
    )
    for make in makers:
        upload = uuid4()
        make(receiver.uploads.directory / f"{upload}.part")
        with pytest.raises((UploadPartMissingError, VaultWriteError)):
            receiver.uploads.open(upload)
        receiver.uploads.remove(upload)
    assert target.read_bytes() == b"keep me"


def test_a_part_that_became_a_blob_is_never_written_again(vault, receiver):
    """Killed between the link and the unlink: the same file has two names, and one of them is evidence."""
    blob = sealed(b"y" * 5000)
    upload = kept(receiver, blob.octets)
    part = receiver.uploads.directory / f"{upload}.part"
    place = vault.backend.directory / blob.name.path
    place.parent.mkdir(parents=True)
    os.link(part, place)
    with pytest.raises(UploadPartMissingError):
        receiver.uploads.open(upload)
    assert place.read_bytes() == blob.octets
    receiver.uploads.remove(upload)
    assert receiver.find_sound(blob.name.content, {blob.name.stored}) == blob.name


def test_a_part_that_becomes_a_blob_while_another_reaches_for_it_is_not_touched(receiver, monkeypatch):
    """Opened before it lost its name as a part, locked after: the file has one name again, and it is evidence."""
    blob = sealed(b"y" * 5000)
    upload, real = kept(receiver, blob.octets), files.lock_at_once
    place = receiver.uploads.directory.parent / blob.name.path

    def slowly(fd):
        monkeypatch.undo()
        with receiver.uploads.open(upload) as draft:
            receiver.finish(draft, blob.name, own=())
        return real(fd)

    monkeypatch.setattr(files, "lock_at_once", slowly)
    with pytest.raises(UploadPartMissingError):
        receiver.uploads.open(upload)
    assert place.stat().st_mode & 0o777 == 0o440


def test_killed_after_the_mode_was_set_it_is_finished_all_the_same(receiver):
    blob = sealed(b"z" * 5000)
    upload = kept(receiver, blob.octets)
    with receiver.uploads.open(upload) as draft:
        draft.settle()
    with receiver.uploads.open(upload) as draft:
        assert receiver.finish(draft, blob.name, own=()) == blob.name


def named(octets, name):
    return BlobName(name.content, StoredDigest(hashlib.sha256(octets).digest()))


def test_what_is_not_what_was_announced_never_comes_under_blobs(vault, receiver):
    blob, other = sealed(b"a" * 1000), sealed(b"a" * 1000)
    header = blob.octets.index(b"\n--- ")
    two = blob.octets.replace(b"\n--- ", b"\n-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n--- ", 1)
    scrypt = blob.octets.replace(b"-> X25519 ", b"-> scrypt ", 1)
    cases = [
        (other.octets, blob.name),
        (blob.octets[:-1] + b"?", blob.name),
        (b"\0" * LEAST, None),
        (blob.octets[:header], None),
        (blob.octets[:-1], blob.name),
        (two, None),
        (scrypt, None),
        (b"age-encryption.org/v1\n" + b"-> X25519 " + b"A" * 70_000, None),
    ]
    for octets, name in cases:
        upload = kept(receiver, octets, part=1 << 20)
        with receiver.uploads.open(upload) as draft, pytest.raises(NotABlobError):
            receiver.finish(draft, name or named(octets, blob.name), own=())
        assert blobs(vault.backend.directory) == []


def test_a_payload_that_ends_within_a_tag_is_refused(vault, receiver):
    octets = sealed(b"").octets[:-1]
    upload = kept(receiver, octets)
    with receiver.uploads.open(upload) as draft, pytest.raises(NotABlobError):
        receiver.finish(draft, named(octets, sealed(b"").name), own=())
    assert blobs(vault.backend.directory) == []


def test_the_senders_own_sound_blob_is_kept_instead_of_another_one(vault, receiver):
    first, second = sealed(b"same" * 1000), sealed(b"same" * 1000)
    assert finished(receiver, first) == first.name
    assert finished(receiver, second, own={first.name.stored}) == first.name
    assert len(blobs(vault.backend.directory)) == 1
    assert parts_in(vault) == []


def test_nobodys_recording_is_thrown_away_for_a_blob_that_somebody_else_says_is_the_same(vault, receiver):
    """The poison: garbage under the digest of a recording that is still on an honest dock's card."""
    honest, poison = sealed(b"evidence" * 1000), sealed(b"garbage!" * 1000)
    claimed = BlobName(honest.name.content, poison.name.stored)
    upload = kept(receiver, poison.octets)
    with receiver.uploads.open(upload) as draft:
        assert receiver.finish(draft, claimed, own=()) == claimed
    assert finished(receiver, honest) == honest.name
    assert len(blobs(vault.backend.directory)) == 2


def test_what_was_put_beside_a_recording_later_is_not_what_is_read(vault, receiver):
    honest, other = sealed(b"evidence" * 1000), sealed(b"replaced" * 1000)
    finished(receiver, honest)
    claimed = BlobName(honest.name.content, other.name.stored)
    upload = kept(receiver, other.octets)
    with receiver.uploads.open(upload) as draft:
        receiver.finish(draft, claimed, own=())
    with vault.open(honest.name.content, IDENTITY, entered=honest.name.stored) as reader:
        assert reader.read() == honest.content
    flip(vault.backend.directory / honest.name.path, len(honest.octets) - 1)
    with vault.open(honest.name.content, IDENTITY, entered=honest.name.stored) as reader:
        assert reader.name == claimed


def test_a_damaged_blob_of_ones_own_is_no_reason_to_keep_nothing(vault, receiver):
    first, second = sealed(b"same" * 1000), sealed(b"same" * 1000)
    finished(receiver, first)
    flip(blobs(vault.backend.directory)[0], 1000)
    assert receiver.find_sound(first.name.content, {first.name.stored}) is None
    assert finished(receiver, second, own={first.name.stored}) == second.name


def test_after_a_failed_fsync_of_a_directory_no_upload_is_taken_either(vault, receiver, monkeypatch):
    """The next one may say yes though the name is lost; and the same blob comes again, from a dock's spool."""
    blob, real = sealed(b"named, but durably?" * 1000), os.fsync

    def failing(fd):
        if "/blobs" in os.readlink(f"/proc/self/fd/{fd}"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd)

    upload = kept(receiver, blob.octets)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with receiver.uploads.open(upload) as draft, pytest.raises(VaultWriteError):
            receiver.finish(draft, blob.name, own=())
    with pytest.raises(VaultWriteError):
        receiver.find_sound(blob.name.content, {blob.name.stored})
    with pytest.raises(VaultWriteError):
        receiver.uploads.create(uuid4())
    other = Receiver(again(vault.backend.directory).backend)
    assert other.find_sound(blob.name.content, {blob.name.stored}) == blob.name
