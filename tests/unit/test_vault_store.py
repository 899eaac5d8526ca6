"""What is particular to a vault on a disk: durability, proof past the page cache, other programs, memory."""

import errno
import hashlib
import io
import multiprocessing
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from aigaq.vault.age import Recipient
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.errors import (
    BlobMissingError,
    NotProvenError,
    NoVaultError,
    VaultFullError,
    VaultReadError,
    VaultWriteError,
)
from aigaq.vault.scrub import scrub
from aigaq.vault.store import Vault
from tests.support import vaults

MIB = 1 << 20
ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path):
    return tmp_path / "vault"


@pytest.fixture
def vault(place):
    return vaults.local_vault(place)


def nothing_stored(place: Path) -> bool:
    return not vaults.blobs(place) and not os.listdir(place / "incoming")


def test_a_blob_is_read_only_alone_and_its_draft_gone(vault, place):
    stored = vault.put(io.BytesIO(b"x" * 100_000))
    (blob,) = vaults.blobs(place)
    facts = blob.stat()
    assert (facts.st_mode & 0o777, facts.st_nlink) == (0o440, 1)
    assert str(blob.relative_to(place)) == stored.name
    assert os.listdir(place / "incoming") == []


@pytest.mark.parametrize("runs", [1, 2, 3, 8])
@pytest.mark.parametrize("short_of", [-1, 0, 1, 1000, 4096, 30_000, 61_000, 65_536, 70_000])
def test_a_recording_of_any_size_is_proven_also_where_its_last_run_ends_with_a_cut_chunk(
    vault, runs, short_of
):
    octets = os.urandom(64) * ((runs * MIB - short_of) // 64 + 1)
    octets = octets[: runs * MIB - short_of]
    stored = vault.put(io.BytesIO(octets))
    assert (stored.size, stored.content_digest.value) == (len(octets), hashlib.sha256(octets).digest())


def test_the_read_back_is_past_the_page_cache(vault):
    assert vault.put(io.BytesIO(b"x" * MIB)).read_back in ("direct", "dropped")


def test_a_vault_on_a_disk_without_direct_access_works_and_says_so(vault, monkeypatch):
    real = os.open

    def refusing(name, flags, *args, **named):
        fd = real(name, flags & ~os.O_DIRECT, *args, **named)
        if flags & os.O_DIRECT:
            os.close(fd)
            raise OSError(errno.EINVAL, "no direct access here")
        return fd

    monkeypatch.setattr(os, "open", refusing)
    octets = os.urandom(2 * MIB + 5)
    stored = vault.put(io.BytesIO(octets))
    assert stored.read_back == "dropped"
    with vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.readall() == octets


@pytest.mark.parametrize("place_of_fault", ["header", "first chunk", "tail"])
def test_what_the_disk_did_not_keep_is_never_called_stored(vault, place, monkeypatch, place_of_fault):
    real = os.pwrite
    octets = os.urandom(2 * MIB + 70_001)
    target = {"header": 20, "first chunk": 5000, "tail": 2 * MIB + 70_500}[place_of_fault]

    def forgetful(fd, buffer, offset):
        written = bytearray(buffer)
        if offset <= target < offset + len(written):
            written[target - offset] ^= 4
        room = memoryview(buffer)
        kept = bytes(room)
        room[:] = written
        try:
            return real(fd, room, offset)
        finally:
            room[:] = kept

    monkeypatch.setattr(os, "pwrite", forgetful)
    with pytest.raises(NotProvenError):
        vault.put(io.BytesIO(octets))
    assert nothing_stored(place)


def test_a_disk_that_keeps_too_little_is_found_out(vault, place, monkeypatch):
    real = os.fsync

    def losing(fd):
        if os.fstat(fd).st_size > MIB:
            os.ftruncate(fd, MIB)
        real(fd)

    monkeypatch.setattr(os, "fsync", losing)
    with pytest.raises(NotProvenError, match="octets were written"):
        vault.put(io.BytesIO(bytes(2 * MIB)))
    assert nothing_stored(place)


def test_a_bit_that_flips_in_memory_between_hashing_and_encrypting_is_found_out(vault, place, monkeypatch):
    real = hashlib.sha256

    class Flipping:
        """The digest of the content, after which one bit of the buffer changes."""

        made = 0

        def __init__(self):
            Flipping.made += 1
            self._first = Flipping.made == 1
            self._digest = real()

        def update(self, octets):
            self._digest.update(octets)
            if self._first and len(octets) > 10:
                octets[10] ^= 1
                self._first = False

        def digest(self):
            return self._digest.digest()

    monkeypatch.setattr(hashlib, "sha256", Flipping)
    with pytest.raises(NotProvenError, match="digest differs"):
        vault.put(io.BytesIO(bytes(100_000)))
    assert nothing_stored(place)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_as_such(vault, place, monkeypatch, number):
    def full(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with pytest.raises(VaultFullError, match="disk is full"):
            vault.put(io.BytesIO(bytes(MIB)))
    assert nothing_stored(place)
    vault.put(io.BytesIO(bytes(MIB)))


def test_a_failed_fsync_is_not_tried_again_on_the_same_file(vault, place, monkeypatch):
    real, synced = os.fsync, []

    def failing(fd):
        synced.append(os.readlink(f"/proc/self/fd/{fd}"))
        if len(synced) == 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(VaultWriteError, match="Input/output error"):
        vault.put(io.BytesIO(b"once"))
    assert nothing_stored(place)
    vault.put(io.BytesIO(b"once"))
    assert synced.count(synced[0]) == 1


def test_after_a_failed_fsync_of_a_directory_nothing_more_is_taken(vault, monkeypatch):
    real = os.fsync

    def failing(fd):
        if "/blobs" in os.readlink(f"/proc/self/fd/{fd}"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(VaultWriteError):
            vault.put(io.BytesIO(b"named, but durably?"))
    with pytest.raises(VaultWriteError):
        vault.put(io.BytesIO(b"named, but durably?"))


def test_a_draft_left_by_a_killed_writer_is_swept_by_the_next(vault, place):
    code = """
        import io, os, signal, sys
        from pathlib import Path
        from tests.support import vaults
        vaults.again(Path(sys.argv[1])).put(
            io.BytesIO(bytes(3 << 20)), on_progress=lambda _: os.kill(os.getpid(), signal.SIGKILL))
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(place)], check=False, cwd=ROOT)
    assert killed.returncode == -9
    assert len(os.listdir(place / "incoming")) == 1
    scrub(vault)
    assert len(os.listdir(place / "incoming")) == 1
    vault.put(io.BytesIO(b"the next"))
    assert os.listdir(place / "incoming") == []


def test_the_sweep_of_another_process_leaves_a_living_draft(vault, place):
    other = vaults.again(place)

    def meanwhile(_):
        assert other.backend.sweep() == 0
        other.put(io.BytesIO(b"from another process"))

    vault.put(io.BytesIO(bytes(MIB)), on_progress=meanwhile)
    assert len(vaults.blobs(place)) == 2


def _put_many(place: Path, octets: bytes, times: int, barrier, results) -> None:
    vault = vaults.again(place)
    barrier.wait()
    results.put([vault.put(io.BytesIO(octets)).already for _ in range(times)])


def test_two_processes_putting_the_same_recording_fifty_times_store_one(vault, place):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(2), context.SimpleQueue()
    arguments = (place, os.urandom(30_000), 25, barrier, results)
    both = [context.Process(target=_put_many, args=arguments) for _ in range(2)]
    for process in both:
        process.start()
    already = results.get() + results.get()
    for process in both:
        process.join()
        assert process.exitcode == 0
    assert already.count(False) == 1
    assert len(vaults.blobs(place)) == 1
    assert os.listdir(place / "incoming") == []


def test_a_damaged_copy_that_the_disk_will_not_even_read_is_healed(vault, place, monkeypatch):
    vault.put(io.BytesIO(b"unreadable soon"))
    (blob,) = vaults.blobs(place)
    bad, real = blob.stat().st_ino, os.preadv

    def failing(fd, buffers, offset):
        if os.fstat(fd).st_ino == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", failing)
    assert vault.put(io.BytesIO(b"unreadable soon")).healed
    assert len(vaults.blobs(place)) == 2


def test_stock_age_opens_our_blobs(vault, place, tmp_path):
    octets = os.urandom(200_000)
    stored = vault.put(io.BytesIO(octets))
    (tmp_path / "identity").write_text(f"{vaults.IDENTITY}\n")
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", tmp_path / "identity", place / stored.name],
        capture_output=True,
        check=True,
    )
    assert opened.stdout == octets


def test_no_octet_of_a_recording_lies_open_in_the_vault(vault, place):
    marker = b"the inspector's face and voice, " * 4096
    vault.put(io.BytesIO(marker))
    for path in place.rglob("*"):
        assert path.is_dir() or marker[:24] not in path.read_bytes()


def test_links_are_not_followed_out_of_the_vault(vault, place, tmp_path):
    stored = vault.put(io.BytesIO(b"within"))
    shard = (place / stored.name).parent
    shard.rename(tmp_path / "elsewhere")
    shard.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(VaultReadError):
        vault.find(stored.content_digest)
    with pytest.raises(VaultWriteError):
        vault.put(io.BytesIO(b"within"))
    assert len(os.listdir(tmp_path / "elsewhere")) == 1


def test_a_vault_is_not_found_where_there_is_none(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NoVaultError, match="aigaq init"):
            Vault.at(LocalBackend(folder))


def test_a_copy_without_its_empty_folders_can_be_read(vault, place):
    stored = vault.put(io.BytesIO(b"restored"))
    (place / "incoming").rmdir()
    again = vaults.again(place)
    with again.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.readall() == b"restored"
    assert again.put(io.BytesIO(b"restored")).already


def test_immutable_blobs_resist_even_root(tmp_path):
    backend = LocalBackend(tmp_path / "vault", immutable=True)
    vault = Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)
    stored = vault.put(io.BytesIO(b"for ever"))
    blob = tmp_path / "vault" / stored.name
    listed = subprocess.run(["lsattr", blob], capture_output=True, text=True, check=False).stdout.split(" ")[
        0
    ]
    if "i" not in listed:
        pytest.skip("needs root and a file system with the immutable attribute")
    try:
        with pytest.raises(PermissionError):
            blob.unlink()
        assert vault.put(io.BytesIO(b"for ever")).already
    finally:
        subprocess.run(["chattr", "-i", blob], check=True)


def test_a_read_of_a_closed_recording_is_refused(vault):
    stored = vault.put(io.BytesIO(b"closed"))
    reader = vault.open(stored.content_digest, vaults.IDENTITY)
    reader.close()
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.read()


def test_opening_leaves_no_descriptor_behind(vault, place):
    stored = vault.put(io.BytesIO(b"x" * 1000))
    (blob,) = vaults.blobs(place)
    vaults.flip(blob, 100)
    vault.put(io.BytesIO(b"y"))
    before = opened(place)
    for _ in range(5):
        with pytest.raises(Exception, match="damaged"):
            vault.open(stored.content_digest, vaults.IDENTITY)
        with pytest.raises(BlobMissingError):
            vault.open(type(stored.content_digest)(bytes(32)), vaults.IDENTITY)
        vault.put(io.BytesIO(b"y"))
    assert opened(place) == before


def opened(place):
    """What this process holds open within it; what an earlier test left is closed whenever Python likes."""
    targets = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
    return sorted(target for target in targets if target.startswith(str(place)))


MEMORY = """
    import io, resource, sys
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from tests.support import vaults
    folder = Path(sys.argv[1])
    vault = vaults.local_vault(folder / "vault")
    vault.put(io.BytesIO(b"warm"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(3) as pool:
        sizes = list(pool.map(lambda i: vaults.put_file(vault, folder / f"{i}.mp4").size, range(3)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, sum(sizes))
"""


def test_memory_stays_flat_with_three_files_in_flight(tmp_path):
    for number in range(3):
        with (tmp_path / f"{number}.mp4").open("wb") as file:
            file.write(bytes([number]))
            file.truncate(100_000_000)
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEMORY), tmp_path],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    grown, octets = map(int, run.stdout.split())
    assert octets == 300_000_000
    assert grown < 100_000, f"{grown} KiB for {octets} octets"


def test_the_recipient_of_a_vault_is_in_its_description(vault, place):
    assert Recipient.parse(str(vault.recipient)) == vaults.IDENTITY.recipient
    assert vaults.again(place).recipient == vault.recipient
