"""Packages made to exhaust whoever checks them: less than 200 MB, and an end in seconds, whatever lies in them."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from aigaq.core import canonical
from aigaq.package import verify, writer
from tests.support import amount, package_mutants, packages
from tests.support.package_mutants import put_back, sealed

pytestmark = pytest.mark.faults

MOST_MEMORY = 200_000_000
LONGEST = 60
"""Seconds of processor time."""
WIDE = "📹"
"""One of these in a text, and Python takes four octets for each of its signs."""


WATCHED = """
import resource, runpy, sys
program, sys.argv = sys.argv[1], sys.argv[1:]
try:
    runpy.run_path(program, run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open("/proc/self/status") as status:
        peak = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    print(int(peak) * 1024, used.ru_utime + used.ru_stime, file=sys.stderr)
"""
"""What the system counts for a child (`ru_maxrss`) begins with what its parent had."""


def checked(folder: Path) -> set[str]:
    """The kinds of faults that a checker of its own finds, which keeps within time and memory."""
    command = [sys.executable, "-I", "-c", WATCHED, verify.__file__, "--json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20 * LONGEST)
    assert done.returncode == verify.EXIT_FAULTS, done.stderr
    peak, seconds = map(float, done.stderr.split())
    assert peak < MOST_MEMORY, f"{peak / 1e6:.0f} MB"
    assert seconds < LONGEST
    return {fault["kind"] for fault in json.loads(done.stdout)["faults"]}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    into = tmp_path_factory.mktemp("sound")
    (bag,) = writer.write(packages.contents(), into).bags
    return into / bag.name, package_mutants.read(into / bag.name)


def full(octets: int, item: bytes) -> bytes:
    """An array of so many octets, with as many items as a checker takes."""
    items = item * min(verify.MAX_VALUES - 10, octets // 2 // len(item))
    wide = WIDE.encode()
    return b"[" + items + b'"' + wide + b"a" * (octets - len(items) - len(wide) - 4) + b'"]'


ITEMS = {"texts": b'"ab",', "arrays": b"[],", "objects": b"{},", "numbers": b"12345,"}


@pytest.mark.parametrize("item", list(amount.of(ITEMS, every=4)))
def test_json_that_swells(sound, item):
    folder, files = sound
    swollen = {path: full(most, ITEMS[item]) for path, most in (
        ("data/package.json", verify.MAX_PACKAGE), ("data/clocks.json", verify.MAX_PAPER),
    )}  # fmt: skip
    put_back(folder, {**files, **swollen})
    assert "package-malformed" in checked(folder)
    swollen = {
        path: full(verify.MAX_PAPER, ITEMS[item])
        for path in ("data/clocks.json", "data/journal/extract.json")
    }
    put_back(folder, sealed({**files, **swollen}))
    assert "package-malformed" in checked(folder)
    put_back(folder, files)


def test_lists_as_long_as_they_may_be(sound):
    """Papers of the right form, and full of what has to be looked up."""
    folder, files = sound
    package = json.loads(files["data/package.json"])
    package["papers"] += [{**package["papers"][0], "path": f"x{number}"} for number in range(20_000)]
    steps = json.loads(files["data/custody/001.json"])
    steps["steps"] = steps["steps"][:1] * 15_000
    packed = {
        "data/package.json": canonical.encode(package),
        "data/custody/001.json": canonical.encode(steps),
    }
    put_back(folder, sealed({**files, **packed}))
    assert {"list-mismatch", "custody-mismatch"} <= checked(folder)
    put_back(folder, files)


def test_manifests_that_do_not_end(sound):
    folder, files = sound
    lines = b"".join(b"%064x  data/%s%07d\n" % (number, b"d" * 200, number) for number in range(60_000))
    put_back(folder, {**files, "manifest-sha256.txt": lines, "manifest-sha512.txt": b"a" * 50_000_000})
    assert "bag-malformed" in checked(folder)
    put_back(folder, files)


def test_folders_within_folders(sound):
    folder, files = sound
    deep = folder / "data"
    for _ in range(200):
        deep /= "d" * 15
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(b"")
    assert "file-added" in checked(folder)
    (deep / "file").unlink()
    for each in (deep, *deep.parents):
        if each == folder / "data":
            break
        each.rmdir()
    put_back(folder, files)


def test_more_files_than_any_package_has(sound):
    folder, files = sound
    many = folder / "data" / "many"
    many.mkdir()
    for number in range(amount.times(verify.MAX_FILES + 10, 2_000)):
        (many / str(number)).touch()
    kinds = checked(folder)
    assert kinds >= ({"bag-malformed"} if amount.FULL else {"file-added"})
    put_back(folder, files)


SWELLING = {
    "journal.remarked": lambda body: body | {"text": WIDE + "a" * 250_000},
    "recording.time-code-read": lambda body: body | {"proofs": [[]] * 80_000},
    "journal.paused": lambda body: body | {"reason": [[]] * 80_000},
    "coverage.judged": lambda body: body | {"rows": [41, *range(40_000)]},
    "recording.ingested": lambda body: body | {"kind": [{}] * 80_000},
    "recorder.clock-read": lambda body: body | {"way": [[]] * 80_000},
}
"""Of each kind of entry that papers are held against, a body that takes much more memory than it has octets."""


@pytest.mark.parametrize("kind", list(amount.of(SWELLING, every=3)))
def test_a_ledger_of_entries_as_long_as_they_may_be(tmp_path, kind):
    """Honestly proven, all of it of the row and of the files that are here."""
    contents = packages.contents()
    entries = [each.octets for each in contents.entries]
    swollen = json.loads(next(each for each in entries if f'"{kind}"'.encode() in each))
    swollen["body"] = SWELLING[kind](swollen["body"])
    for _ in range(amount.times(90, 20)):
        swollen["seq"] = len(entries)
        swollen["body"] |= {"pause": str(len(entries))} if kind == "journal.paused" else {}
        entries.append(canonical.encode(swollen))
    proven, note = packages.proven(entries, range(len(entries)), packages.signer())
    began = time.monotonic()
    (bag,) = writer.write(replace(contents, entries=proven, checkpoint=note), tmp_path).bags
    assert time.monotonic() - began < LONGEST
    assert checked(tmp_path / bag.name) & {"extract-mismatch", "clocks-mismatch", "custody-mismatch"}
