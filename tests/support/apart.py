"""Installations of their own, copied from one template in milliseconds, for tests that kill programs in them."""

import atexit
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from aigaq.core.clock import FixedClock
from aigaq.ingest.services import Pipeline, unload
from aigaq.journal.models import JournalRow, Unloading
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Judgement, Placement, RecordingFile
from aigaq.unloading.run import Tools
from tests.support import databases, vaults
from tests.support.cards import Content, fill, in_vault, left_on
from tests.support.duty import on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import Office, open_office

_numbers = itertools.count()


@contextmanager
def database(name: str) -> Iterator[None]:
    """Everything in this block speaks to that database: a path of SQLite, or a name on the tests' server."""
    before = connection.settings_dict["NAME"]
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(before)


def _turn_to(name: str) -> None:
    # Not closed: after a fork it is the parent's, and closing would end the parent's session too.
    connections["default"].connection = None
    connections["default"].settings_dict["NAME"] = name


@dataclass(frozen=True)
class Place:
    """One office with a card plugged in, a vault, and a recorder that is out on a row."""

    folder: Path
    name: str
    template: "Template"

    @property
    def card(self) -> Path:
        return self.folder / "card"

    @property
    def vault(self) -> vaults.Vault:
        return vaults.again(self.folder / "vault")

    def unload(self, **changes: object) -> None:
        """In this very process, with everything it needs made anew, as a started program has it."""
        threads = changes.pop("threads", 1)
        with database(self.name):
            unload(
                Pipeline(self.template.office.ledger, Tools(self.vault, threads=threads)),
                self.card,
                port="p",
                **changes,
            )
            connection.close()

    def facts(self) -> dict[str, object]:
        """What must be the same however often, and wherever, a run was cut off."""
        with database(self.name):
            files = RecordingFile.objects.select_related("blob").order_by("path")
            found = {
                "files": [(file.path, file.blob.content_digest, file.blob.size) for file in files],
                "recordings": len({file.recording_id for file in files}),
                "judged": Judgement.objects.count(),
                "placed": Placement.objects.filter(row__number=1).count(),
                "in column 6": sum(line.files for line in Unloading.objects.all()),
                "octets in column 6": sum(line.octets for line in Unloading.objects.all()),
                "ingested": LedgerEntry.objects.filter(kind="recording.ingested").count(),
                "cleared": sum(
                    entry.entry.count('"content_digest"')
                    for entry in LedgerEntry.objects.filter(kind="card.cleared")
                ),
            }
            connection.close()
        found["note"] = (self.card / "AIGAQ" / "cleared.txt").exists()
        found["left"] = sorted(left_on(self.card))
        found["blobs"] = len(vaults.blobs(self.folder / "vault"))
        return found

    def is_sound(self, content: Content) -> None:
        """What must hold at every moment, however the last run ended."""
        left, vault = left_on(self.card), self.vault
        with database(self.name):
            entered = set(
                RecordingFile.objects.filter(recording__placement__isnull=False).values_list(
                    "path", flat=True
                )
            )
            paths = list(RecordingFile.objects.values_list("path", flat=True))
            digests = list(RecordingFile.objects.values_list("blob__name", flat=True))
            connection.close()
        for path, data in content.items():
            if left.get(path) != data:
                assert in_vault(vault, data), f"{path} is neither on the card nor in the vault"
                assert path in entered, f"{path} is not on the card and not in the catalogue"
        assert len(paths) == len(set(paths)), "a recording is entered twice"
        for name in digests:
            assert (self.folder / "vault" / name).exists(), "an entered recording has no blob"


@cache
def _on_duty(at: datetime) -> tuple[str, Office]:
    """A database that nobody changes, in which the recorder is out, and the office that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="aigaq-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = f"template_{next(_numbers)}" if databases.server else str(folder / "template.sqlite3")
    if databases.server:
        databases.server.create(name)
    with database(name), override_settings(PASSWORD_HASHERS=QUICKLY):
        call_command("migrate", verbosity=0)
        office = open_office(FixedClock(at))
        on_duty(office).issue()
        assert JournalRow.objects.get().number == 1
        connection.close()
    return name, office


class Template:
    """An office on duty whose recorder is out, made once, and a vault. `place` copies it."""

    def __init__(self, folder: Path, clock: FixedClock, content: Content) -> None:
        self._folder = folder
        self._content = content
        self._name, office = _on_duty(clock.now())
        self.office: Office = replace(office, clock=clock, ledger=Ledger(office.ledger.signer, clock))
        vaults.local_vault(folder / "vault")

    def place(self) -> Place:
        number = next(_numbers)
        folder = self._folder / f"place-{number}"
        shutil.copytree(self._folder / "vault", folder / "vault")
        fill(folder / "card", self._content)
        name = str(folder / "aigaq.sqlite3")
        if databases.server:
            name = f"place_{number}"
            databases.server._run(
                *(
                    "createdb",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(databases.server.port),
                    "-U",
                    "aigaq",
                    "-T",
                    self._name,
                    name,
                )
            )
        else:
            shutil.copy(self._name, name)
        return Place(folder, name, self)

    def throw_away(self, place: Place) -> None:
        shutil.rmtree(place.folder)
        if databases.server:
            subprocess.run(
                [
                    "psql",
                    "-q",
                    databases.server.url("postgres"),
                    "-c",
                    f"DROP DATABASE {place.name} WITH (FORCE)",
                ],
                check=True,
                stdout=subprocess.DEVNULL,
            )
