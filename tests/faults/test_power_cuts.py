"""The power is cut while a dock unloads: kernel vfat, ext4 with its journal, SQLite, all real, in a guest.

Each recording is on its card or in the vault, proven and entered; nothing that was said to be done is undone;
and the computer that starts again ends the unloading by itself. `make faults` cuts a thousand times.
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from aigaq.core.digests import ContentDigest
from aigaq.journal import checks as journal_checks
from aigaq.ledger import checks
from aigaq.ledger.comparison import compare
from aigaq.ledger.installation import Installation
from aigaq.recordings import checks as recordings_checks
from aigaq.recordings.models import RecordingFile
from aigaq.vault.errors import BlobMissingError
from aigaq.vault.scrub import scrub
from tests.support import amount, uml, vaults
from tests.support.apart import database
from tests.support.command import Shell

pytestmark = [
    pytest.mark.faults,
    pytest.mark.cards,
    pytest.mark.skipif(bool(uml.missing()), reason=uml.missing()),
]

FULL = amount.FULL
CUTS = int(os.environ.get("AIGAQ_FAULTS_CUTS", "1000" if FULL else "2"))
IN_A_ROW = 25
"""Cuts of one installation; then it is another one, so that looking through it stays quick."""
FOREVER = 1_000_000


class Computer:
    """Three disks, and everything that was ever recorded on the card or said to be done."""

    def __init__(self, folder: Path, seed: int, installed: Callable[[Path], object]) -> None:
        self.folder, self.seed = folder, seed
        data = folder / "data"
        installed(data)
        vault = data / "vault"
        self.vault = uml.ext4_disk(folder / "vault.img", megabytes=192, content=vault)
        shutil.rmtree(vault)
        vault.mkdir()
        self.data = uml.ext4_disk(folder / "data.img", megabytes=32, content=data)
        self.card = uml.fat_disk(folder / "card.img")
        shutil.rmtree(data)
        self.recorded: dict[str, str] = {}
        self.entered: dict[str, str] = {}
        self.rounds = 0

    def start(self, *, rounds: int = FOREVER, mutant: str = "") -> uml.Guest:
        return uml.Guest(
            self.folder,
            "cuts",
            *(self.rounds + 1, rounds, self.seed, mutant),
            disks=(self.data, self.vault, self.card),
            environment={"AIGAQ_DATA": "/run/data"},
        )

    def note(self, guest: uml.Guest) -> None:
        """What it said, also in its last moment."""
        for message in guest.told:
            if "recorded" in message:
                self.rounds = message["recorded"]
                self.recorded |= message["files"]
            self.entered |= message.get("entered", {})
            if "ended_as" in message:
                assert message["ended_as"] == "ready", message
                assert message["left"] == message["problems"] == []

    def is_sound(self, *, told: bool = False) -> None:
        """Looked at as its next start would find it. `told`: the command line says so too."""
        on_card = {
            path: hashlib.sha256(octets).hexdigest()
            for path, octets in uml.files_on_fat(self.card).items()
            if octets is not None
        }
        at = self.folder / "looked-at"
        with uml.mounted(self.data, at), uml.mounted(self.vault, at / "vault"):
            self._nothing_is_lost(at, on_card)
            if told:
                shell = Shell(at)
                assert shell.run("vault", "scrub").status == 0
                assert shell.run("ledger", "verify").status == 0

    def _nothing_is_lost(self, data: Path, on_card: dict[str, str]) -> None:
        vault = vaults.again(data / "vault")
        try:
            report = scrub(vault)
            with database(str(data / "aigaq.sqlite3")):
                files = RecordingFile.objects.filter(recording__placement__isnull=False)
                kept = dict(files.values_list("path", "blob__content_digest"))
                names = list(RecordingFile.objects.values_list("blob__name", flat=True))
                ledger = checks.verify(Installation.read(data).ledger_key)
                astray = list(compare((journal_checks.STATEMENT, recordings_checks.STATEMENT)))
                connection.close()
            for path, digest in self.recorded.items():
                is_kept = kept.get(path) == digest and opens(vault, digest)
                assert is_kept or on_card.get(path) == digest, (
                    f"{path} is neither on the card nor in the vault"
                )
            for path, digest in self.entered.items():
                assert kept.get(path) == digest, f"{path} was said to be entered, and is not"
                assert opens(vault, digest), f"{path} was said to be entered, and is not in the vault"
            assert len(names) == len(set(names))
            assert all((data / "vault" / name).exists() for name in names), "an entered recording has no blob"
            assert report.findings == ()
            assert [*ledger.faults, *astray] == []
        finally:
            vault.backend.close()


def opens(vault: vaults.Vault, digest: str) -> bool:
    """It is there, and decrypts to exactly that."""
    try:
        with vault.open(ContentDigest.parse(digest), vaults.IDENTITY) as reader:
            return hashlib.sha256(reader.read()).hexdigest() == digest
    except BlobMissingError:
        return False


@pytest.fixture
def folder():
    with uml.workshop() as found:
        yield found


MOMENTS = ("recorded", "entered", "settled", "clearing", "cleared", "ended_as")


def test_the_power_may_be_cut_at_any_moment(folder, installed, say, django_db_blocker):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    met = rounds = entered = 0
    with django_db_blocker.unblock():
        for done in range(CUTS):
            if done % IN_A_ROW == 0:
                computer = Computer(folder, seed + done, installed)
            after, seconds = chance.choice(MOMENTS), chance.choice((0, chance.uniform(0, 0.8)))
            plan = f"seed {seed}, cut {done + 1}: {seconds:.3f} s after “{after}”"
            try:
                with computer.start() as guest:
                    guest.wait_for("recorded")
                    guest.wait_for(after)
                    guest.listen(seconds)
                    guest.cut()
                    met += "ended" not in guest.told[-1]
                    computer.note(guest)
                computer.is_sound()
                if done % IN_A_ROW == IN_A_ROW - 1 or done == CUTS - 1:
                    with computer.start(rounds=0) as guest:
                        guest.end()
                        computer.note(guest)
                    computer.is_sound(told=True)
                    rounds, entered = rounds + computer.rounds, entered + len(computer.entered)
                    for image in folder.glob("*.img"):
                        image.unlink()
            except BaseException as error:
                error.add_note(plan)
                raise
            if FULL and done % 10 == 9:
                say(f"{done + 1}")
    assert met == CUTS, f"only {met} of {CUTS} cuts met a running computer"
    say(f"all {met} of {CUTS} cuts met a running dock: 0 lost of {entered} entered in {rounds} unloadings")


@pytest.mark.parametrize(
    ("mutant", "moment"),
    [("no_directory_fsync", "cleared"), ("relaxed_database", "ended_as"), ("clears_early", "settled")],
)
def test_what_loses_recordings_when_the_power_is_cut_is_caught(
    folder, installed, django_db_blocker, mutant, moment
):
    def cut_five_times() -> None:
        for _ in range(5):
            with computer.start(mutant=mutant) as guest:
                guest.wait_for("recorded")
                guest.wait_for(moment)
                guest.cut()
                computer.note(guest)
            computer.is_sound()

    with django_db_blocker.unblock():
        computer = Computer(folder, 7, installed)
        with pytest.raises(AssertionError, match=r"neither on the card|said to be|has no blob"):
            cut_five_times()
