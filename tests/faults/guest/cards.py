"""A card in a dock that is pulled out, or that goes bad: its device is a table that can be changed under it.

    python -m tests.faults.guest.cards yanks|blocks COUNT SEED [MUTANT]

/dev/ubdb: the data folder; /dev/ubdc: the card.
"""

import importlib.util
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

from tests.faults.guest import begin

DATA, DISK, CARD = Path("/run/data"), "/dev/ubdc", "/dev/mapper/card"
SECTOR = 512
FIBMAP = 1
SALVAGES = importlib.util.find_spec("aigaq.unloading.sources.salvage") is not None
"""Whether what can be read of a damaged file is kept; a file with a hole stays on the card whole otherwise."""


@dataclass
class Device:
    """The card's block device. `pull` makes every access to it fail, as when there is nothing any more."""

    sectors: int
    octets: int | None = None
    """How many may still be read of its files before it is pulled out; None: as many as are wanted."""
    deletions: int | None = None
    pulled: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def table(self, kind: str) -> str:
        ends = {"linear": f"{DISK} 0", "error": "", "dust": f"{DISK} 0 {SECTOR}"}
        return f"0 {self.sectors} {kind} {ends[kind]}".strip()

    def change(self, kind: str) -> None:
        from tests.support.guest import command

        command("dmsetup", "suspend", "--noflush", "--nolockfs", "card")
        command("dmsetup", "load", "card", "--table", self.table(kind))
        command("dmsetup", "resume", "card")

    @contextmanager
    def plugged(self, kind: str = "linear") -> Iterator[None]:
        from tests.support.guest import command

        self.pulled = False
        command("dmsetup", "create", "card", "--table", self.table(kind))
        command("dmsetup", "mknodes")
        try:
            yield
        finally:
            command("dmsetup", "remove", "--retry", "card")

    def pull(self) -> None:
        if not self.pulled:
            self.pulled = True
            self.change("error")

    def instrument(self) -> None:
        """Pull it out when so many octets of files were read, or before a deletion: between two sectors."""
        from aigaq.vault.source import SourceFile

        readinto, unlink = SourceFile.readinto, os.unlink

        def reading(source: SourceFile, buffer: memoryview, /) -> int:
            with self.lock:
                if self.octets is not None:
                    left = self.octets // SECTOR * SECTOR
                    if left == 0:
                        self.pull()
                    else:
                        buffer = buffer[:left]
                        self.octets -= min(len(buffer), self.octets)
            return readinto(source, buffer)

        def deleting(path: object, **named: object) -> None:
            if isinstance(path, bytes) and self.deletions is not None:
                if self.deletions == 0:
                    self.pull()
                self.deletions -= 1
            unlink(path, **named)

        SourceFile.readinto, os.unlink = reading, deleting


class Dock:
    """An office, a card, and all that was ever on it."""

    def __init__(self, seed: int) -> None:
        from aigaq import wiring
        from tests.support import guest

        guest.command("mount", "/dev/ubdb", DATA)
        self.seed = seed
        self.identity = guest.identity()
        self.line = wiring.pipeline()
        self.device = Device(int(guest.command("blockdev", "--getsz", DISK)))
        self.known: set[str] = set()
        guest.TellingDesk.tell = staticmethod(lambda **_: None)

    def record(self, number: int, *, most: int) -> dict[str, bytes]:
        """What a recorder puts on the card before time `number`: other octets each time."""
        from tests.support import guest
        from tests.support.cards import take

        chance = random.Random(f"{self.seed}/{number}")
        content = {
            take(number * 10 + n, second=n): chance.randbytes(chance.randrange(1, most))
            for n in range(chance.randint(1, 4))
        }
        with guest.writable(DISK, Path("/run/recorder")) as card:
            guest.record(card, content)
        self.known |= {guest.sha256(octets) for octets in content.values()}
        return content

    def unload(self) -> tuple[str, list[str], list[str]]:
        """How it ended: the state or the error's code, the codes of its problems, and what they are about."""
        from aigaq.errors import AigaqError
        from tests.support import guest

        try:
            with guest.volume(CARD, lambda: not self.device.pulled).mounted() as medium:
                desk, ended = guest.unload(self.line, medium)
        except AigaqError as error:
            return error.code, [], []
        about = [str(each.details.get("path", "")) for each in ended.problems]
        return str(desk.unload.state), [each.code for each in ended.problems], about

    def left(self, device: str = DISK) -> dict[str, bytes]:
        from tests.support import guest
        from tests.support.cards import left_on

        with guest.writable(device, Path("/run/recorder")) as card:
            return left_on(card)

    def is_kept(self, octets: bytes) -> bool:
        from tests.support import guest

        return guest.is_kept(self.line.vault, octets, self.identity)

    def nothing_half(self) -> None:
        """All that is sealed is a whole recording."""
        from aigaq.recordings.models import RecordingFile

        for path, digest in RecordingFile.objects.values_list("path", "blob__content_digest"):
            assert digest in self.known, f"a part of {path} was sealed as if it were whole"

    def finally_sound(self) -> None:
        from aigaq.vault.scrub import scrub

        report = scrub(self.line.vault)
        assert report.findings == ()
        contents = {entry.blob.content.hex for entry in self.line.vault.backend.walk() if entry.blob}
        assert SALVAGES or contents <= self.known, "a part of a recording was sealed as if it were whole"


def yank(dock: Dock, number: int) -> str:
    """One card, pulled out once; then put in again. Returns where it was pulled."""
    from tests.support import guest

    device, chance = dock.device, random.Random(f"{dock.seed}/yank {number}")
    content = dock.record(number, most=100_000 if number % 8 else 2_500_000)
    whole = guest.of_device(DISK)
    while_clearing = number % 5 == 2
    device.octets = None if while_clearing else chance.randrange(sum(map(len, content.values())))
    device.deletions = chance.randrange(len(content)) if while_clearing else None
    where = f"deletion {device.deletions}" if while_clearing else f"octet {device.octets}"
    ended, problems = "", []
    try:
        with device.plugged():
            ended, problems, _ = dock.unload()
        assert device.pulled, "it was not pulled out"
        device.octets = device.deletions = None
        dock.nothing_half()
        if not while_clearing:
            assert ended == "card.gone", (ended, problems)
            assert guest.of_device(DISK) == whole, "something on the card was changed"
        assert ended != "ready"
        left = dock.left()
        for path, octets in content.items():
            assert left.get(path) == octets or dock.is_kept(octets), f"{path} is lost"
        with device.plugged():
            again = dock.unload()
        assert again == ("ready", [], []), again
        assert all(map(dock.is_kept, content.values()))
        assert dock.left() == {}
    except AssertionError as error:
        error.add_note(f"seed {dock.seed}, card {number}, pulled at {where}, then “{ended}” {problems}")
        raise
    return "clearing" if while_clearing else "reading"


def sectors_of(path: Path) -> list[int]:
    with path.open("rb") as file:
        count = -(-path.stat().st_size // SECTOR)
        return [int.from_bytes(ioctl(file, FIBMAP, n.to_bytes(4, "little")), "little") for n in range(count)]


def readable(path: Path) -> list[tuple[int, int]]:
    """What ddrescue gets out of a file: from where, to where."""
    log = Path("/run/tmp/map")
    log.unlink(missing_ok=True)
    command = ["ddrescue", "-d", "-b", str(SECTOR), "-f", "-q", path, "/run/tmp/rescued", log]
    subprocess.run(command, check=True)
    lines = [line.split() for line in log.read_text().splitlines() if not line.startswith("#")]
    return [(int(at, 0), int(at, 0) + int(size, 0)) for at, size, status in lines[1:] if status == "+"]


def wear(dock: Dock, number: int, count: int) -> tuple[int, int]:
    """One card with `count` bad blocks in its files; then they can be read after all."""
    from tests.support import guest

    chance = random.Random(f"{dock.seed}/blocks {number}")
    content = dock.record(number, most=400_000)
    with guest.writable(DISK, Path("/run/recorder")) as card:
        sectors = sorted({each for path in content for each in sectors_of(card / path)})
    bad = chance.sample(sectors, min(count, len(sectors)))
    with dock.device.plugged("dust"):
        for sector in bad:
            guest.command("dmsetup", "message", "card", "0", "addbadblock", sector)
        guest.command("dmsetup", "message", "card", "0", "enable")
        with guest.writable(CARD, Path("/run/recorder")) as card:
            kept = {path: readable(card / path) for path in content}
        damaged = {path for path, octets in content.items() if kept[path] != [(0, len(octets))]}
        assert damaged, "no bad block was met"
        ended, problems, about = dock.unload()
        try:
            for path, octets in content.items():
                if path in damaged:
                    what_can_be_read_is_kept(dock, path, octets, kept[path])
                else:
                    assert dock.is_kept(octets), f"{path} can be read, and was not kept"
            nothing_kept = not any(kept.values()) if SALVAGES else damaged == set(content)
            assert (ended, set(about)) == ("failed" if nothing_kept else "kept", damaged)
            guest.command("dmsetup", "message", "card", "0", "disable")
            left = dock.left(CARD)
            assert all(left.get(path) == content[path] for path in damaged), "a damaged file was not left"
            again = dock.unload()
            assert again == ("ready", [], []), again
            assert all(map(dock.is_kept, content.values()))
        except AssertionError as error:
            error.add_note(
                f"seed {dock.seed}, card {number}, bad {sorted(bad)}: {ended}, {problems}, {about}"
            )
            raise
    return len(bad), len(damaged)


def what_can_be_read_is_kept(dock: Dock, path: str, octets: bytes, ranges: list[tuple[int, int]]) -> None:
    """ddrescue is the yardstick; what is missing is zeros."""
    from aigaq.core.digests import ContentDigest
    from aigaq.recordings.models import RecordingFile

    rows = RecordingFile.objects.filter(path=path)
    if not SALVAGES:
        assert not rows.exists(), f"{path} has a hole, and was sealed as if it were whole"
        return
    assert rows.exists() or not ranges, f"{path}: {ranges} can be read, and nothing was kept"
    if not ranges:
        return
    digest = rows.values_list("blob__content_digest", flat=True)[0]
    with dock.line.vault.open(ContentDigest.parse(digest), dock.identity) as reader:
        stored = reader.read()
    assert len(stored) == len(octets), f"a part of {path} was sealed as if it were whole"
    for start, end in ranges:
        assert stored[start:end] == octets[start:end], (
            f"{path}: {start} to {end} can be read, and was not kept"
        )
    wrong = [n for n, octet in enumerate(stored) if octet != octets[n] and octet]
    assert not wrong, f"{path}: what was not read is not zeros at {wrong[:5]}"


def main(what: str, count: int, seed: int, mutant: str = "") -> None:
    begin()
    from tests.support import guest, mutants

    dock = Dock(seed)
    mutants.ALL.get(mutant, bool)()
    if what == "yanks":
        dock.device.instrument()
        for number in range(1, count + 1):
            guest.say(yanked=number, where=yank(dock, number))
    else:
        for number in range(1, count + 1):
            blocks = {1: 1, 2: 20, 3: 100}.get(number) or random.Random(f"{seed}{number}").randint(1, 100)
            bad, damaged = wear(dock, number, blocks)
            guest.say(worn=number, bad=bad, damaged=damaged)
    dock.finally_sound()
    guest.say(sound=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
