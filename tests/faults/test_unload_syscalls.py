"""`aigaq unload` as it is started, met by the kernel: each of its calls fails, once and from then on, or is its last.

The same sweep as `test_unload_kill`, from outside: nothing in Python is replaced, and what SQLite does by itself is
met too. strace counts the calls of each kind in each thread by itself; a point is a kind and a number. Which file
a thread takes is chance, so a point may be missing in one run: those that met nothing are counted and told.

All installations have one path, one after another: the program is started once, and forked for each of them.
"""

import os
import random
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from aigaq.errors import EXIT_FAULTS
from aigaq.ledger.services import Ledger
from tests.support import amount, databases
from tests.support.apart import Place
from tests.support.cards import fill, octets, take, takes
from tests.support.command import Shell
from tests.support.forked import Forked
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
CALLS = (
    *("openat", "read", "pread64", "preadv", "preadv2", "write", "pwrite64", "pwritev", "pwritev2"),
    *("fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "truncate", "ftruncate", "fallocate", "fchmod", "flock"),
    *("getdents64", "newfstatat", "fstat", "statfs", "fstatfs", "fadvise64", "copy_file_range"),
)
CONTENT = {**takes(3, size=5000), "notes.txt": b"two\nlines"}
MODES = {"kill": "signal=SIGKILL:when={}", "once": "error=EIO:when={}", "from then on": "error=EIO:when={}+"}


@dataclass(frozen=True)
class Point:
    call: str
    number: int
    line: str
    """What it was in the run that was written down."""


class Desk:
    """An installation in a folder, copied for each point, and the program that unloads in it."""

    def __init__(self, folder: Path, ledger: Ledger, program: Forked) -> None:
        self._folder, self._program = folder, program
        self._template = SimpleNamespace(office=SimpleNamespace(ledger=ledger))

    def place(self, content: dict[str, bytes] = CONTENT) -> Place:
        folder = self._folder / "place"
        shutil.copytree(self._folder / "data", folder)
        fill(folder / "card", content)
        return Place(folder, str(folder / "aigaq.sqlite3"), self._template)

    def run(self, place: Place, tracer: Callable[[int], object]) -> int:
        return self._program.run(place.card, "--json", tracer=tracer)

    @cache  # noqa: B019 - as long as the desk
    def points(self, ends: int = 0) -> list[Point]:
        """Each call of one run that touches the card, the vault or the database, in their order."""
        place = self.place()
        status, log = self._under_strace(place, "-y", "-e", "signal=none", "-e", f"trace={','.join(CALLS)}")
        assert status == ends
        counts: Counter[tuple[str, str]] = Counter()
        found: dict[tuple[str, int], Point] = {}
        for line in log.splitlines():
            made = re.match(r"(\d+) +(\w+)\(", line)
            if made:
                thread, call = made.groups()
                counts[thread, call] += 1
                if str(place.folder) in line:
                    number = counts[thread, call]
                    found.setdefault((call, number), Point(call, number, line))
        shutil.rmtree(place.folder)
        return list(found.values())

    def meets(self, place: Place, point: Point, mode: str) -> bool:
        """Run with the fault; False if there was none."""
        inject = f"inject={point.call}:{MODES[mode].format(point.number)}"
        status, log = self._under_strace(place, "-e", f"trace={point.call}", "-e", inject)
        met = "(INJECTED)" in log or "SIGKILL" in log
        assert mode != "kill" or not met or status == -signal.SIGKILL, f"it was not killed: {status}"
        return met

    def _under_strace(self, place: Place, *options: str) -> tuple[int, str]:
        """Its status, and what was written down."""
        log = self._folder / "calls"
        with ExitStack() as stack:

            def tracer(pid: int) -> None:
                command = ("strace", "-f", "-p", str(pid), "-o", log, *options)
                strace = stack.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
                said = strace.stderr.readline()
                assert "attached" in said, said

            status = self.run(place, tracer)
        return status, log.read_text(errors="replace")

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
def desk_of(tmp_path, installed, django_db_blocker):
    """`desk_of(mutant)`; without one, of the program as it is."""
    ledger = installed(tmp_path / "data")
    with ExitStack() as stack:

        def made(mutant: str = "") -> Desk:
            environment = Shell(tmp_path / "place").environment()
            program = stack.enter_context(Forked("unload", environment, mutant))
            stack.enter_context(django_db_blocker.unblock())
            return Desk(tmp_path, ledger, program)

        yield made


@pytest.fixture
def desk(desk_of):
    return desk_of()


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
            refused += desk.run(place, lambda pid, limit=limit: no_larger(pid, limit)) != 0
            assert place.facts()["recordings"] == 0
            desk.sound_and_mended(place, large)
        except BaseException as error:
            error.add_note(f"seed {seed}, no file larger than {limit}")
            raise
    assert refused == LIMITS
    say(f"all {refused} of {LIMITS} short writes refused")


def no_larger(pid: int, limit: int) -> None:
    subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={limit}"], check=True)


def test_a_program_that_clears_before_it_enters_is_caught(desk_of):
    desk = desk_of("clears_before_entering")
    points = desk.points(EXIT_FAULTS)
    last = max(n for n, point in enumerate(points) if point.call == "unlinkat" and "/card/DCIM" in point.line)
    after = [point for point in points[last + 1 :] if point.call == "pwrite64" and "sqlite3" in point.line]
    assert after, "it did nothing in the database after it cleared the card"

    def killed_there() -> None:
        for point in after[:5]:
            place = desk.place()
            desk.meets(place, point, "kill")
            desk.sound_and_mended(place)

    with pytest.raises(AssertionError, match=r"neither on the card nor in the vault|not in the catalogue"):
        killed_there()
