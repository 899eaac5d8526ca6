"""Bringing blobs to another place, stopped or failed at every call to the operating system."""

import errno
import io
import itertools
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from aigaq.vault import copying
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.scrub import scrub
from tests.support import amount, vaults
from tests.support.killpoints import After, Fault, once, sweep, undurable

FULL = amount.FULL
STRIDE = 1 if FULL else 5
RECORDINGS = [os.urandom(70_001), b"tiny"]


@pytest.fixture
def prepare(tmp_path: Path) -> Callable[[], Path]:
    numbers = itertools.count()

    def make() -> Path:
        place = tmp_path / str(next(numbers))
        place.mkdir()
        vault = vaults.local_vault(place / "vault")
        for octets in RECORDINGS:
            vault.put(io.BytesIO(octets))
        copying.begin(vault.backend, disk(place, "disk"))
        return place

    return make


@pytest.fixture
def spoilt(prepare) -> Callable[[], Path]:
    """As before, copied, and then each blob of the copy gone bad."""

    def make() -> Path:
        place = prepare()
        bring(place)
        for path in vaults.blobs(place / "disk"):
            vaults.flip(path, path.stat().st_size - 5)
        return place

    return make


def disk(place: Path, name: str) -> LocalBackend:
    return LocalBackend(place / name, immutable=False)


def bring(place: Path) -> None:
    source, target = disk(place, "vault"), disk(place, "disk")
    for entry in source.walk():
        copying.copy(source, target, entry.blob)


def octets_of(place: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in vaults.blobs(place / name)}


def untouched(place: Path) -> None:
    """Whatever happens to a copy, the vault is what it was, and no file has a name that it does not deserve."""
    assert scrub(vaults.again(place / "vault")).findings == ()


def mended(place: Path) -> None:
    second = once(bring, place)
    assert second.how == "finished", second.report
    assert octets_of(place, "disk") == octets_of(place, "vault")
    # What was left behind right after a blob got its name waits for the next writer: there was nothing to write.
    with disk(place, "disk").draft():
        pass
    assert list((place / "disk" / "incoming").iterdir()) == []


def test_killed_at_any_call_nothing_half_is_found_and_the_next_run_ends_it(prepare, killed):
    def check(place: Path, after: After) -> None:
        untouched(place)
        assert scrub(vaults.again(place / "disk")).findings == ()
        mended(place)

    points = sweep(bring, prepare=prepare, check=check, fault=Fault("kill"), stride=STRIDE)
    assert points > 60 // STRIDE
    killed(points)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_any_call_may_fail_and_nothing_half_is_found(prepare, number):
    def check(place: Path, after: After) -> None:
        untouched(place)
        assert scrub(vaults.again(place / "disk")).findings == ()
        if after.how == "raised":
            assert after.error != "OSError", after.report
        else:
            lost = [name for name in undurable(after.trace) if "/disk/blobs" in name]
            assert not lost, f"a power cut could take back {lost}"

    start = 1 if FULL else 1 + number % STRIDE
    sweep(bring, prepare=prepare, check=check, fault=Fault("error", number), start=start, stride=STRIDE)


def test_killed_while_it_heals_the_bad_ones_stay_and_the_next_run_heals_them(spoilt, killed):
    def check(place: Path, after: After) -> None:
        untouched(place)
        second = once(bring, place)
        assert second.how == "finished", second.report
        report = scrub(vaults.again(place / "disk"))
        assert (len(report.findings), report.checked) == (2, 4), "each bad one, with a sound one beside it"

    points = sweep(bring, prepare=spoilt, check=check, fault=Fault("kill"), stride=STRIDE * 2)
    killed(points)


@pytest.mark.faults
def test_ten_thousand_flips_cuts_and_swaps_are_all_found_all_healed_and_no_alarm_is_false(tmp_path):
    """Over three places; each time one is spoilt, and each blob is sound in another."""
    chance, wanted = random.Random(10_000), amount.times(10_000, 100)
    vault = vaults.local_vault(tmp_path / "vault")
    names = [vault.put(io.BytesIO(chance.randbytes(chance.randrange(1, 4000)))).name for _ in range(20)]
    places = {"vault": vault.backend, "disk": disk(tmp_path, "disk"), "site": disk(tmp_path, "site")}
    for name in ("disk", "site"):
        copying.begin(vault.backend, places[name])
        for entry in vault.backend.walk():
            copying.copy(vault.backend, places[name], entry.blob)
    kept = {name: (tmp_path / "vault" / name).read_bytes() for name in names}
    for number in range(wanted):
        where, name = chance.choice(sorted(places)), chance.choice(names)
        path = tmp_path / where / name
        spoil(chance, path, tmp_path / where / chance.choice([each for each in names if each != name]))
        entry = next(each for each in places[where].walk() if each.path == name)
        assert copying.look_at(places[where], entry.blob).verdict == "damaged", (number, where, name)
        source = next(each for each in places if each != where)
        healed = copying.copy(places[source], places[where], entry.blob)
        assert (tmp_path / where / healed.name.path).read_bytes() == kept[name]
        # The disk is put back as it was, so that the next fault is alone again.
        (tmp_path / where / healed.name.path).unlink()
        path.chmod(0o600)
        path.write_bytes(kept[name])
        assert copying.look_at(places[where], entry.blob).verdict == "sound"


def spoil(chance: random.Random, path: Path, other: Path) -> None:
    path.chmod(0o600)
    octets = bytearray(path.read_bytes())
    match chance.choice(("flip", "cut", "swap", "grow", "zero")):
        case "flip":
            octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
        case "cut":
            del octets[chance.randrange(len(octets)) :]
        case "swap":
            octets = bytearray(other.read_bytes())
        case "grow":
            octets += chance.randbytes(1)
        case _:
            start = chance.randrange(len(octets))
            octets[start : start + 4096] = bytes(len(octets[start : start + 4096]))
            octets[-1] ^= 1
    path.write_bytes(octets)
