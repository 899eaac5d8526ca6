"""What the vault promises, whatever keeps its blobs."""

import hashlib
import io
import os
import threading
from contextlib import ExitStack
from functools import cache, partial

import pytest

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault.age import AgeNoMatchError, Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.backends.s3 import S3Backend
from aigaq.vault.errors import BlobDamagedError, BlobMissingError, UnknownVaultFormatError
from aigaq.vault.layout import BlobName
from aigaq.vault.scrub import Finding, scrub
from aigaq.vault.store import Vault
from tests.support import vaults
from tests.support.badstores import bad_store
from tests.support.buckets import s3_backend

MIB = 1 << 20
SIZES = [0, 1, 65_535, 65_536, 65_537, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 65_536, 5_000_011]


@pytest.fixture(params=["local", "memory", "s3"])
def vault(request, tmp_path, rotten):
    match request.param:
        case "local":
            backend = LocalBackend(tmp_path / "vault", immutable=False)
        case "memory":
            backend = MemoryBackend()
        case _:
            backend = s3_backend(tmp_path, endpoint=rotten().endpoint)
    vault = Vault.create(backend, vaults.IDENTITY.recipient, created_at=vaults.MADE_AT)
    yield vault
    backend.close()


@pytest.fixture
def rotten():
    """The store in front of the store, started by the first who asks."""
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(bad_store()))


@pytest.fixture
def damage(rotten):
    return partial(damaged, rotten)


def damaged(rotten, vault: Vault, name: BlobName, offset: int) -> None:
    if isinstance(vault.backend, S3Backend):
        rotten().flip(name, offset)
    elif isinstance(vault.backend, MemoryBackend):
        octets = bytearray(vault.backend.blobs[name])
        octets[offset] ^= 1
        vault.backend.blobs[name] = bytes(octets)
    else:
        vaults.flip(vault.backend.directory / name.path, offset)


@pytest.mark.parametrize("size", SIZES)
def test_a_recording_comes_back_as_it_went_in(vault, size):
    octets = os.urandom(size)
    stored = vault.put(io.BytesIO(octets))
    assert stored.content_digest == ContentDigest(hashlib.sha256(octets).digest())
    assert (stored.size, stored.already, stored.healed) == (size, False, False)
    with vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.size == size
        assert reader.readall() == octets
    name = BlobName.parse(stored.name)
    with vault.backend.open(name) as blob:
        ciphertext = blob.pread(blob.size, 0)
    assert name.stored == StoredDigest(hashlib.sha256(ciphertext).digest()) == stored.stored_digest
    assert len(ciphertext) == stored.stored_size == vault.stat(stored.content_digest).stored_size
    assert vault.verify(stored.content_digest) == vault.stat(stored.content_digest)


def test_the_same_recording_is_stored_once(vault):
    first = vault.put(io.BytesIO(b"take one"))
    second = vault.put(io.BytesIO(b"take one"))
    assert second.already
    assert not second.healed
    assert second.read_back != "cached", "what was there must be proven past the page cache too"
    assert (second.name, second.stored_digest, second.stored_size) == (
        first.name,
        first.stored_digest,
        first.stored_size,
    )
    assert vault.find(first.content_digest) == [BlobName.parse(first.name)]


def test_many_putting_the_same_recording_at_once_store_one(vault):
    octets = os.urandom(100_000)
    start = threading.Barrier(8)
    results = []

    def put() -> None:
        start.wait()
        results.extend(vault.put(io.BytesIO(octets)) for _ in range(3))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 24
    assert len({stored.name for stored in results}) == 1
    assert sum(not stored.already for stored in results) == 1
    assert scrub(vault).checked == 1


@pytest.mark.parametrize("offset", [0, 30, 100, 190, 199, 200, 65_751, 65_752, -17, -1])
def test_a_flipped_bit_is_found_refused_and_healed(vault, damage, offset):
    octets = os.urandom(100_000)
    stored = vault.put(io.BytesIO(octets))
    name = BlobName.parse(stored.name)
    damage(vault, name, offset % stored.stored_size)
    assert scrub(vault).findings == (Finding("damaged", stored.name),)
    with pytest.raises(BlobDamagedError) as refused:
        vault.verify(stored.content_digest)
    assert stored.name in str(refused.value)
    with pytest.raises(BlobDamagedError), vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        reader.readall()
    healed = vault.put(io.BytesIO(octets))
    assert healed.healed
    assert not healed.already
    assert healed.name != stored.name
    assert vault.verify(stored.content_digest).name == healed.name
    with vault.open(stored.content_digest, vaults.IDENTITY) as reader:
        assert reader.readall() == octets
    assert scrub(vault).findings == (Finding("damaged", stored.name),)
    assert vault.put(io.BytesIO(octets)).already


def test_a_sound_older_copy_is_read_when_the_newer_one_does_not_open(vault, damage):
    octets = os.urandom(1000)
    old = BlobName.parse(vault.put(io.BytesIO(octets)).name)
    damage(vault, old, 0)
    new = BlobName.parse(vault.put(io.BytesIO(octets)).name)
    damage(vault, old, 0)
    damage(vault, new, 0)
    with vault.open(old.content, vaults.IDENTITY) as reader:
        assert reader.readall() == octets


def test_what_was_never_stored_is_missing(vault):
    content = ContentDigest(bytes(32))
    for act in (vault.stat, vault.verify, lambda content: vault.open(content, vaults.IDENTITY)):
        with pytest.raises(BlobMissingError, match="0000"):
            act(content)


def test_the_key_of_another_vault_opens_nothing(vault):
    stored = vault.put(io.BytesIO(b"private"))
    with pytest.raises(AgeNoMatchError):
        vault.open(stored.content_digest, Identity.generate())
    with pytest.raises(AgeNoMatchError):
        vault.open(stored.content_digest, [])


def test_an_error_of_the_source_stores_nothing(vault):
    class Yanked(io.BytesIO):
        def readinto(self, buffer):
            if self.tell() > MIB:
                raise ConnectionResetError
            return super().readinto(buffer)

    with pytest.raises(ConnectionResetError):
        vault.put(Yanked(bytes(3 * MIB)))
    assert scrub(vault).checked == 0


def test_progress_tells_how_much_of_the_source_is_read(vault):
    told = []
    vault.put(io.BytesIO(bytes(2 * MIB + 5)), on_progress=told.append)
    assert told == [MIB, 2 * MIB, 2 * MIB + 5]


def test_before_a_blob_gets_its_name_somebody_is_told_of_it_and_can_still_end_it(vault):
    def refuse(_):
        raise EOFError

    def hear(content):
        told.append((content, len(vault.find(content))))

    told, octets = [], b"a playable copy"
    with pytest.raises(EOFError):
        vault.put(io.BytesIO(octets), before_name=refuse)
    assert scrub(vault).checked == 0
    content = vault.put(io.BytesIO(octets), before_name=hear).content_digest
    assert vault.put(io.BytesIO(octets), before_name=hear).already
    assert told == [(content, 0), (content, 1)]


@pytest.mark.parametrize("times", [1, 2])
def test_the_recording_can_be_inspected_without_any_identity(vault, times):
    octets = os.urandom(MIB + 100)
    seen = []

    def inspect(reader):
        reader.seek(MIB)
        seen.append(reader.read(100))
        reader.seek(0)
        seen.append(reader.readall())

    for _ in range(times):
        seen.clear()
        vault.put(io.BytesIO(octets), inspect=inspect)
        assert seen == [octets[MIB:], octets]


def test_a_failing_inspection_does_not_undo_the_storing(vault):
    def inspect(_):
        raise EOFError

    with pytest.raises(EOFError):
        vault.put(io.BytesIO(b"a broken video"), inspect=inspect)
    assert vault.put(io.BytesIO(b"a broken video")).already


def test_what_the_catalogue_knows_and_the_vault_lacks_is_missing(vault):
    stored = vault.put(io.BytesIO(b"here"))
    gone = BlobName(ContentDigest(b"c" * 32), StoredDigest(b"s" * 32))
    told = []
    report = scrub(
        vault,
        [(stored.content_digest, stored.stored_digest), (gone.content, gone.stored)],
        lambda checked, octets: told.append((checked, octets)),
    )
    assert report.findings == (Finding("missing", gone.path),)
    assert (report.checked, report.bytes) == (1, stored.stored_size)
    assert told == [(1, stored.stored_size)]


def test_a_vault_opened_again_is_the_same_vault(vault):
    stored = vault.put(io.BytesIO(b"kept"))
    again = Vault.at(vault.backend)
    assert (again.id, again.recipient) == (vault.id, vault.recipient)
    assert again.put(io.BytesIO(b"kept")).name == stored.name


def test_a_vault_of_an_unknown_format_is_refused():
    backend = MemoryBackend()
    backend.create(
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":2,"recipient":"age1x","vault":"00"}'
    )
    with pytest.raises(UnknownVaultFormatError, match="format 2"):
        Vault.at(backend)
