"""Storing a card's files, stopped at every call to the operating system: on the card, in the vault, or on both."""

import errno
import hashlib
import io
import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.vault.backends.local import LocalBackend, LocalDraft
from aigaq.vault.errors import BlobDamagedError, BlobMissingError, NoVaultError
from aigaq.vault.scrub import scrub
from tests.support import amount, vaults
from tests.support.killpoints import CALLS, After, Call, Fault, once, sweep, undurable

FULL = amount.FULL
STRIDE = 1 if FULL else 3
"""`make faults` tries every point, `make test` each third, from another one in each test."""

FILES = {"a.mp4": os.urandom(140_001), "b.jpg": b"\xff\xd8 tiny"}
CONTENTS = {name: ContentDigest(hashlib.sha256(octets).digest()) for name, octets in FILES.items()}


@pytest.fixture
def prepare(tmp_path: Path) -> Callable[[], Path]:
    numbers = itertools.count()

    def make() -> Path:
        place = tmp_path / str(next(numbers))
        (place / "card").mkdir(parents=True)
        for name, octets in FILES.items():
            (place / "card" / name).write_bytes(octets)
        vaults.local_vault(place / "vault")
        return place

    return make


def unload(place: Path) -> None:
    vault = vaults.again(place / "vault")
    for path in sorted((place / "card").iterdir()):
        vaults.put_file(vault, path)
        os.unlink(path)


def nothing_is_lost(place: Path, after: After) -> None:
    vault = vaults.again(place / "vault")
    for name, content in CONTENTS.items():
        if not (place / "card" / name).exists():
            vault.verify(content)
    assert all(path.name.endswith(".age") for path in vaults.blobs(place / "vault"))


def cleared_only_when_durable(place: Path, trace: tuple[Call, ...]) -> None:
    """A power cut in the very moment of each removal from the card would have taken nothing back."""
    for end, call in enumerate(trace):
        if call.name == "unlink" and (call.path or "").startswith(str(place / "card")):
            lost = [name for name in undurable(trace[:end]) if "/blobs" in name]
            assert not lost, f"a power cut could take back {lost}"


def mended_by_a_second_run(place: Path, after: After, again: Callable[[Path], None] = unload) -> None:
    second = once(again, place)
    assert second.how == "finished", second.report
    vault = vaults.again(place / "vault")
    for content in CONTENTS.values():
        assert len(vault.find(content)) == 1
        with vault.open(content, vaults.IDENTITY) as reader:
            assert reader.readall() == FILES[next(name for name, c in CONTENTS.items() if c == content)]
    assert not list((place / "card").iterdir())
    assert not list((place / "vault" / "incoming").iterdir())
    cleared_only_when_durable(place, (*after.trace, *second.trace))


def test_killed_at_any_call_nothing_is_lost_and_a_second_run_ends_in_the_same_state(prepare, killed):
    def check(place: Path, after: After) -> None:
        nothing_is_lost(place, after)
        mended_by_a_second_run(place, after)

    points = sweep(unload, prepare=prepare, check=check, fault=Fault("kill"), stride=STRIDE)
    assert points > 60 // STRIDE
    killed(points)


FILLING = ("open", "pwrite", "fsync", "link", "mkdir")
"""The calls that a full disk refuses."""


@pytest.mark.parametrize("kind", ["error", "errors"])
@pytest.mark.parametrize(("number", "calls"), [(errno.EIO, CALLS), (errno.ENOSPC, FILLING)])
def test_any_call_may_fail_and_nothing_is_lost(prepare, kind, number, calls):
    def check(place: Path, after: After) -> None:
        nothing_is_lost(place, after)
        fails_loudly(after)
        cleared_only_when_durable(place, after.trace)
        if kind == "error":
            mended_by_a_second_run(place, after)

    start = 1 if FULL else 1 + (number + len(kind)) % STRIDE
    fault = Fault(kind, number, calls)
    assert sweep(unload, prepare=prepare, check=check, fault=fault, start=start, stride=STRIDE) > 20 // STRIDE


def fails_loudly(after: After) -> None:
    assert after.how in ("finished", "raised")
    if after.met is not None and after.met.name == "fsync":
        assert after.how == "raised", f"a failed fsync passed unnoticed: {after.met}"
    on_the_card = after.met is not None and "/card" in (after.met.path or "")
    if after.how == "raised" and not on_the_card:
        assert after.error.endswith("Error"), after.report
        assert after.error != "OSError", after.report


def test_a_vault_whose_making_was_killed_at_any_call_is_made_whole_by_the_next(tmp_path, killed):
    numbers = itertools.count()

    def empty() -> Path:
        place = tmp_path / f"empty{next(numbers)}"
        place.mkdir()
        return place

    def make_and_put(place: Path) -> None:
        try:
            vault = vaults.again(place / "new" / "vault")
        except NoVaultError:
            vault = vaults.local_vault(place / "new" / "vault")
        vault.put(io.BytesIO(b"the first"))

    def check(place: Path, after: After) -> None:
        second = once(make_and_put, place)
        assert second.how == "finished", second.report
        lost = [name for name in undurable((*after.trace, *second.trace)) if not name.endswith(".part")]
        assert not lost, f"a power cut could take back {lost}"
        assert scrub(vaults.again(place / "new" / "vault")).checked == 1

    points = sweep(make_and_put, prepare=empty, check=check, fault=Fault("kill"), stride=STRIDE)
    assert points > 50 // STRIDE
    killed(points)


def test_short_writes_and_short_reads_are_gone_on_with(prepare):
    calls = ("write", "pwrite", "read", "pread", "preadv")

    def check(place: Path, after: After) -> None:
        assert after.how == "finished", after.report
        mended_by_a_second_run(place, after)

    assert sweep(unload, prepare=prepare, check=check, fault=Fault("short", calls=calls)) > 5


def test_a_file_is_durable_then_proven_then_named_then_cleared(prepare):
    place = prepare()
    made = once(unload, place).trace
    link = next(i for i, call in enumerate(made) if call.name == "link")
    part, blob = made[link].path, made[link].to
    before = [call.name for call in made[:link] if call.path == part]
    after = [(call.name, call.path) for call in made[link + 1 :]]
    assert before[before.index("fsync") :].count("pwrite") == 0
    assert "preadv" in before[before.index("fsync") :]
    shard = os.path.dirname(blob)
    order = [("fsync", shard), ("fsync", os.path.dirname(shard)), ("fsync", f"{place}/vault/blobs")]
    places = [after.index(step) for step in (*order, ("unlink", f"{place}/card/a.mp4"))]
    assert places == sorted(places)


# What the sweeps must catch.


def unload_and_unlink_first(place: Path) -> None:
    vault = vaults.again(place / "vault")
    for path in sorted((place / "card").iterdir()):
        with path.open("rb", buffering=0) as file:
            os.unlink(path)
            vault.put(file)


def unload_without_directory_fsync(place: Path) -> None:
    LocalBackend.make_durable = lambda *_: None
    unload(place)


def unload_trusting_that_what_is_there_is_durable(place: Path) -> None:
    LocalBackend.affirm = lambda *_: None
    unload(place)


def unload_without_file_fsync(place: Path) -> None:
    def settle(draft: LocalDraft) -> int:
        draft._writer.finish()
        return os.fstat(draft._fd).st_size

    LocalDraft.settle = settle
    unload(place)


def unload_swallowing_fsync_errors(place: Path) -> None:
    real = os.fsync

    def lenient(fd: int) -> None:
        with suppress(OSError):
            real(fd)

    os.fsync = lenient
    unload(place)


def test_the_sweep_catches_a_source_removed_too_early(prepare):
    with pytest.raises((BlobMissingError, BlobDamagedError)):
        sweep(unload_and_unlink_first, prepare=prepare, check=nothing_is_lost, fault=Fault("kill"))


@pytest.mark.parametrize("mutant", [unload_without_directory_fsync, unload_without_file_fsync])
def test_the_trace_catches_a_missing_fsync(prepare, mutant):
    place = prepare()
    with pytest.raises(AssertionError, match="power cut"):
        cleared_only_when_durable(place, once(mutant, place).trace)


def test_the_sweep_catches_a_second_run_that_trusts_the_page_cache(prepare):
    def check(place: Path, after: After) -> None:
        mended_by_a_second_run(place, after, unload_trusting_that_what_is_there_is_durable)

    with pytest.raises(AssertionError, match="power cut"):
        sweep(unload, prepare=prepare, check=check, fault=Fault("kill", calls=("fsync", "unlink")))


def test_the_sweep_catches_a_swallowed_fsync_error(prepare):
    with pytest.raises(AssertionError, match="passed unnoticed"):
        sweep(
            unload_swallowing_fsync_errors,
            prepare=prepare,
            check=lambda _, after: fails_loudly(after),
            fault=Fault("error", calls=("fsync",)),
        )
