"""What every place that keeps a vault's blobs must do. A new backend is one line in `MAKERS`."""

import hashlib
import os
import random
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.core.direct import PAGE, aligned_buffer
from aigaq.vault.backends.base import WINDOW, Backend
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.errors import (
    BesideMissingError,
    BlobMissingError,
    NoVaultError,
    VaultError,
    VaultExistsError,
)
from aigaq.vault.layout import BlobName
from tests.support.buckets import s3_backend

MAKERS: dict[str, Callable[[Path], Backend]] = {
    "local": lambda folder: LocalBackend(folder / "vault", immutable=False),
    "memory": lambda _: MemoryBackend(),
    "s3": s3_backend,
}
SIZES = [0, 1, PAGE - 1, PAGE, PAGE + 1, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 17]


@pytest.fixture(params=MAKERS)
def backend(request, tmp_path):
    backend = MAKERS[request.param](tmp_path)
    backend.create(b'{"a":"description"}')
    yield backend
    backend.close()


def name_of(octets: bytes, content: bytes = b"") -> BlobName:
    kept = content or octets
    return BlobName(
        ContentDigest(hashlib.sha256(kept).digest()), StoredDigest(hashlib.sha256(octets).digest())
    )


def write(draft, octets: bytes, piece: int = WINDOW) -> None:
    for start in range(0, len(octets), piece):
        part = octets[start : start + piece]
        draft.window()[: len(part)] = part
        draft.advance(len(part))


def keep(backend: Backend, octets: bytes, content: bytes = b"") -> BlobName:
    name = name_of(octets, content)
    with backend.draft() as draft, backend.exclusive(name.content):
        write(draft, octets)
        draft.settle()
        draft.commit(name)
    return name


@pytest.mark.parametrize("size", SIZES)
def test_what_is_committed_comes_back_whole(backend, size):
    octets = os.urandom(size)
    name = keep(backend, octets)
    assert backend.find(name.content) == [name]
    for fresh in (False, True):
        with backend.open(name, fresh=fresh) as blob:
            assert blob.size == size
            assert blob.pread(size + 10, 0) == octets


@pytest.mark.parametrize("piece", [1000, PAGE, 65_552, WINDOW])
def test_a_draft_grows_by_pieces_of_any_size_and_tells_its_own(backend, piece):
    octets = os.urandom(3 * PAGE + 700 if piece < PAGE else 2 * WINDOW + 123)
    with backend.draft() as draft:
        assert len(draft.window()) >= WINDOW
        write(draft, octets, piece)
        assert len(draft.window()) >= WINDOW
        assert draft.settle() == len(octets)
        for fresh in (True, False):
            with draft.reader(fresh=fresh) as blob:
                assert blob.pread(len(octets), 0) == octets


def test_a_committed_draft_can_still_be_read(backend):
    octets = os.urandom(70_000)
    name = name_of(octets)
    with backend.draft() as draft, backend.exclusive(name.content):
        write(draft, octets)
        draft.settle()
        draft.commit(name)
        with draft.reader(fresh=False) as blob:
            assert blob.pread(70_000, 0) == octets


def test_any_place_can_be_read(backend):
    octets = os.urandom(2 * WINDOW + 99)
    name = keep(backend, octets)
    chance = random.Random(7)
    buffer = aligned_buffer(WINDOW)
    for fresh in (False, True):
        with backend.open(name, fresh=fresh) as blob:
            for _ in range(40):
                offset, length = chance.randrange(len(octets) + 50), chance.randrange(100_000)
                assert blob.pread(length, offset) == octets[offset : offset + length]
            assert bytes(buffer[: blob.readinto_at(buffer, WINDOW)]) == octets[WINDOW : 2 * WINDOW]
            assert bytes(buffer[: blob.readinto_at(buffer, 2 * WINDOW)]) == octets[2 * WINDOW :]
            assert blob.readinto_at(buffer, len(octets) + PAGE) == 0


def test_a_draft_that_is_left_leaves_nothing(backend):
    octets = b"begun and given up"
    with backend.draft() as draft:
        write(draft, octets)
        draft.settle()
    assert backend.find(name_of(octets).content) == []
    assert list(backend.walk()) == []


def test_an_error_inside_a_draft_leaves_nothing(backend):
    def interrupted() -> None:
        with backend.draft() as draft:
            write(draft, b"interrupted")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(backend.walk()) == []


def test_a_name_is_never_taken_twice(backend):
    name = keep(backend, b"the first")
    with backend.draft() as draft, backend.exclusive(name.content):
        write(draft, b"an impostor")
        draft.settle()
        with pytest.raises(VaultError):
            draft.commit(name)
    with backend.open(name) as blob:
        assert blob.pread(100, 0) == b"the first"
    assert [entry.blob for entry in backend.walk()] == [name]


def test_several_blobs_of_one_content_are_listed_newest_first(backend):
    names = [keep(backend, octets, b"the recording") for octets in (b"one", b"two", b"three")]
    if isinstance(backend, LocalBackend):  # a file system's clock may be too coarse to tell them apart
        for age, name in enumerate(names):
            os.utime(backend.directory / name.path, (age, age))
    assert backend.find(names[0].content) == names[::-1]
    assert keep(backend, b"else") not in backend.find(names[0].content)


def test_what_is_not_there_is_missing(backend):
    name = name_of(b"never stored")
    assert backend.find(name.content) == []
    for act in (backend.open, lambda name: backend.open(name, fresh=True)):
        with pytest.raises(BlobMissingError):
            act(name)


def test_a_vault_is_made_once_and_described(backend):
    assert backend.description() == b'{"a":"description"}'
    with pytest.raises(VaultExistsError):
        backend.create(b"another")
    assert backend.description() == b'{"a":"description"}'


@pytest.mark.parametrize("kind", MAKERS)
def test_where_there_is_no_vault_it_is_said(kind, tmp_path):
    backend = MAKERS[kind](tmp_path)
    with pytest.raises(NoVaultError):
        backend.description()


def test_walking_names_every_blob_in_order(backend):
    names = sorted(keep(backend, bytes([i])) for i in range(30))
    entries = list(backend.walk())
    assert [entry.blob for entry in entries] == names
    assert [entry.path for entry in entries] == [name.path for name in names]
    assert not any(entry.problem for entry in entries)


def test_walking_goes_on_behind_any_blob(backend):
    names = sorted(keep(backend, bytes([i]) * 3) for i in range(9))
    for place, name in enumerate(names):
        assert [entry.blob for entry in backend.walk(name.path)] == names[place + 1 :]


def test_the_same_file_can_stand_beside_one_that_went_bad(backend):
    first = keep(backend, b"the recording")
    second = replace(first, number=2)
    with backend.draft() as draft, backend.exclusive(first.content):
        write(draft, b"the recording")
        draft.settle()
        draft.commit(second)
    assert set(backend.find(first.content)) == {first, second}
    with backend.open(second, fresh=True) as blob:
        assert blob.pread(100, 0) == b"the recording"
    assert [entry.blob for entry in backend.walk()] == [second, first]


def test_affirming_what_is_there_changes_nothing(backend):
    name = keep(backend, b"affirmed")
    backend.affirm(name)
    with backend.open(name) as blob:
        assert blob.pread(100, 0) == b"affirmed"


def test_what_went_meanwhile_is_missing_when_it_is_affirmed(backend):
    """So that whoever found it stores its own: a dock's spool gives up what the server has, at any moment."""
    with backend.exclusive(name_of(b"gone").content), pytest.raises(BlobMissingError):
        backend.affirm(name_of(b"gone"))


def test_one_content_is_committed_by_one_at_a_time(backend):
    content = name_of(b"sought after").content
    inside, worst = 0, 0
    guard = threading.Lock()
    start = threading.Barrier(4)

    def enter() -> None:
        nonlocal inside, worst
        start.wait()
        for _ in range(25):
            with backend.exclusive(content):
                with guard:
                    inside += 1
                    worst = max(worst, inside)
                os.sched_yield()
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == 1


def test_several_drafts_live_at_once(backend):
    with backend.draft() as one, backend.draft() as two:
        write(one, b"one")
        write(two, b"two")
        for draft, octets in ((one, b"one"), (two, b"two")):
            assert draft.settle() == 3
            with backend.exclusive(name_of(octets).content):
                draft.commit(name_of(octets))
    assert {entry.blob for entry in backend.walk()} == {name_of(b"one"), name_of(b"two")}
    assert backend.sweep() == 0


SMALL = "ledger/000000/000000000000-000000000003.a.age"


@pytest.mark.parametrize("octets", [b"", b"small", bytes(3 * PAGE + 1)])
def test_what_is_put_beside_the_blobs_comes_back(backend, octets):
    assert backend.beside("ledger") == []
    backend.put_beside(SMALL, octets)
    assert backend.read_beside(SMALL) == octets
    assert (backend.beside("ledger"), backend.beside("ledger/000000")) == (["000000"], [SMALL[14:]])
    assert list(backend.walk()) == []


def test_what_lies_beside_the_blobs_is_never_replaced(backend):
    backend.put_beside(SMALL, b"first")
    backend.put_beside(SMALL, b"first")
    with pytest.raises(VaultError):
        backend.put_beside(SMALL, b"second")
    assert backend.read_beside(SMALL) == b"first"


@pytest.mark.parametrize(
    "name", ["ledger", "blobs/ab/cd", "ledger/../x", "ledger/.x", "ledger//x", "keys/a/b/c/d", "/ledger/x"]
)
def test_only_names_of_its_own_lie_beside_the_blobs(backend, name):
    with pytest.raises(ValueError, match=re.escape(name)):
        backend.put_beside(name, b"")


def test_a_small_file_that_is_not_there_is_told(backend):
    with pytest.raises(BesideMissingError):
        backend.read_beside(SMALL)
