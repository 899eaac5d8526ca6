"""`aigaq unload` as it is started, met by the kernel: each of its calls fails, once and from then on, or is its last.

The same sweep as `test_unload_kill`, from outside: nothing in Python is replaced, and what SQLite does by itself is
met too. strace counts the calls of each kind in each thread by itself; a point is a kind and a number. Which file
a thread takes is chance, so a point may be missing in one run: those that met nothing are counted and told.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from aigaq.ledger.services import Ledger
from tests.support import amount, databases
from tests.support.apart import Place
from tests.support.cards import fill, octets, take, takes
from tests.support.command import Shell
from tests.support.killpoints import once

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
    pytest.mark.skipif(databases.server is not None, reason="a PostgreSQL makes its calls elsewhere"),
]

FULL = amount.FULL
SAMPLE = int(os.environ.get("AIGAQ_FAULTS_CALLS", "3"))
"""Points of each mode in `make test`."""
LIMITS = 200 if FULL else 2
ROOT = Path(__file__).parents[2]
CALLS = (
    *("openat", "read", "pread64", "preadv", "preadv2", "write", "pwrite64", "pwritev", "pwritev2"),
    *("fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "truncate", "ftruncate", "fallocate", "fchmod", "flock"),
    *("getdents64", "newfstatat", "fstat", "statfs", "fstatfs", "fadvise64", "copy_file_range"),
)
CONTENT = {**takes(3, size=5000), "notes.txt": b"two\nlines"}
UNLOAD = ("-m", "aigaq")
MODES = {"kill": "signal=SIGKILL:when={}", "once": "error=EIO:when={}", "from then on": "error=EIO:when={}+"}


@dataclass(frozen=True)
class Point:
    call: str
    number: int
    line: str
    """What it was in the run that was written down."""


class Desk:
    """An installation in a folder, copied for each point."""

    written_down: ClassVar[dict[tuple[str, ...], list[Point]]] = {}
    """The points of each program, found once."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder, self._count = folder, 0
        self._template = SimpleNamespace(office=SimpleNamespace(ledger=ledger))

    def place(self, content: dict[str, bytes] = CONTENT) -> Place:
        self._count += 1
        folder = self._folder / f"place-{self._count}"
        shutil.copytree(self._folder / "data", folder)
        fill(folder / "card", content)
        return Place(folder, str(folder / "aigaq.sqlite3"), self._template)

    def run(self, place: Place, *wrapper: str, program: Sequence[str] = UNLOAD) -> int:
        environment = Shell(place.folder).environment() | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"}
        command = [*wrapper, sys.executable, *program, "unload", place.card, "--json"]
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=300
        ).returncode

    def points(self, program: tuple[str, ...] = UNLOAD) -> list[Point]:
        """Each call of one run that touches the card, the vault or the database, in their order."""
        if program not in self.written_down:
            self.written_down[program] = self._points(program)
        return self.written_down[program]

    def _points(self, program: tuple[str, ...]) -> list[Point]:
        place = self.place()
        log = self._folder / "calls"
        calls = f"trace={','.join(CALLS)}"
        strace = ("strace", "-f", "-y", "-qq", "-o", str(log), "-e", "signal=none", "-e", calls)
        assert self.run(place, *strace, program=program) == 0 or program != UNLOAD
        counts: Counter[tuple[str, str]] = Counter()
        found: dict[tuple[str, int], Point] = {}
        for line in log.read_text(errors="replace").splitlines():
            made = re.match(r"(\d+) +(\w+)\(", line)
            if made:
                thread, call = made.groups()
                counts[thread, call] += 1
                if str(place.folder) in line:
                    number = counts[thread, call]
                    found.setdefault((call, number), Point(call, number, line))
        shutil.rmtree(place.folder)
        return list(found.values())

    def meets(self, place: Place, point: Point, mode: str, program: Sequence[str] = UNLOAD) -> bool:
        """Run with the fault; False if there was none."""
        log = self._folder / "met"
        inject = f"inject={point.call}:{MODES[mode].format(point.number)}"
        strace = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={point.call}", "-e", inject)
        status = self.run(place, *strace, program=program)
        met = "(INJECTED)" in log.read_text(errors="replace") or "SIGKILL" in log.read_text(errors="replace")
        assert mode != "kill" or not met or status in (-9, 137), f"it was not killed: {status}"
        return met

    def sound_and_mended(self, place: Place, content: dict[str, bytes] = CONTENT) -> None:
        """Nothing is lost, and the next run, met by nothing, ends as if there had been none before."""
        place.is_sound(content)
        again = once(Place.unload, place)
        assert again.how == "finished", again.report
        place.is_sound(content)
        facts = place.facts()
        assert facts["left"] == []
        assert (
            facts["recordings"] == facts["placed"] == facts["in column 6"] == facts["cleared"] == len(content)
        )
        shutil.rmtree(place.folder)


@pytest.fixture
def desk(tmp_path, installed, django_db_blocker):
    ledger = installed(tmp_path / "data")
    with django_db_blocker.unblock():
        yield Desk(tmp_path, ledger)


@pytest.mark.parametrize("mode", MODES)
def test_any_call_may_fail_or_be_the_last(desk, say, killed, mode):
    points = desk.points()
    assert len(points) > 100
    seed = random.randrange(1 << 32)
    chosen = points if FULL else random.Random(seed).sample(points, SAMPLE)
    met = 0
    for point in chosen:
        place = desk.place()
        try:
            met += desk.meets(place, point, mode)
            desk.sound_and_mended(place)
        except BaseException as error:
            error.add_note(f"seed {seed}, {mode} at {point.call} number {point.number}: {point.line}")
            raise
    assert met > len(chosen) // 3, f"only {met} of {len(chosen)} faults were met (seed {seed})"
    killed(met if mode == "kill" else 0)
    say(f"{mode}: {len(chosen)} of {len(points)} points tried, {met} met")


def test_any_write_may_be_short(desk, say):
    """Truly short: of the write that passes the limit a part is done, and the next one is refused."""
    large = {take(n, second=n): octets(n, 3_000_000 + n) for n in range(2)}
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    database = (desk._folder / "data" / "aigaq.sqlite3").stat().st_size
    refused = 0
    for _ in range(LIMITS):
        place = desk.place(large)
        limit = chance.randrange(database + 200_000, 2_990_000)
        try:
            refused += desk.run(place, "prlimit", f"--fsize={limit}") != 0
            assert place.facts()["recordings"] == 0
            desk.sound_and_mended(place, large)
        except BaseException as error:
            error.add_note(f"seed {seed}, no file larger than {limit}")
            raise
    assert refused == LIMITS
    say(f"all {refused} of {LIMITS} short writes refused")


MUTANT = (
    "-c",
    (
        "from tests.support import mutants; import sys; sys.argv[0] = 'aigaq';"
        "import aigaq.cli.main as cli;"
        "mutants.clears_before_entering(); cli.main()"
    ),
)


def test_a_program_that_clears_before_it_enters_is_caught(desk):
    points = desk.points(MUTANT)
    last = max(n for n, point in enumerate(points) if point.call == "unlinkat" and "/card/DCIM" in point.line)
    after = [point for point in points[last + 1 :] if point.call == "pwrite64" and "sqlite3" in point.line]
    assert after, "it did nothing in the database after it cleared the card"

    def killed_there() -> None:
        for point in after[:5]:
            place = desk.place()
            desk.meets(place, point, "kill", MUTANT)
            desk.sound_and_mended(place)

    with pytest.raises(AssertionError, match=r"neither on the card nor in the vault|not in the catalogue"):
        killed_there()
