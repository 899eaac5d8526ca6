"""Unloading a card here, and assigning what waits in the tray (`docs/lifecycles/unload.md`)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from aigaq.errors import AigaqError
from aigaq.ingest.column6 import fill_column_6
from aigaq.ingest.desk import Office, OfficeDesk
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.selectors import doubt_of
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.clocks import DRIFT
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.recordings.services import place
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import READERS, first_keeping, standing_of
from aigaq.unloading import errors, run
from aigaq.unloading.medium import FolderMedium, Medium
from aigaq.unloading.run import Progress, Tools
from aigaq.vault.store import Vault

__all__ = ["Outcome", "Pipeline", "Progress", "assign", "unload"]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What an unloading works with; built by `wiring`."""

    ledger: Ledger
    tools: Tools
    drift: timedelta = DRIFT
    copy: Callable[[], object] | None = None
    """See `Office.copy`."""

    @property
    def vault(self) -> Vault:
        return self.tools.vault

    @property
    def office(self) -> Office:
        office = Office(self.ledger, self.vault.id, self.tools.recorders, self.drift, self.tools.read_twice)
        return office if self.copy is None else replace(office, copy=self.copy)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a card. Of one that was empty, with nothing to finish, `unload` is not stored."""

    unload: Unload
    files: tuple[RecordingFile, ...] = ()
    """The catalogue's rows of all that lay on the card and is stored, by path."""
    problems: tuple[errors.FileProblemError, ...] = ()
    doubt: AigaqError | None = None
    """Why it went to the tray."""
    left: str = ""
    """Fingerprint of what it left on the card; empty if something came upon the card in the meantime."""


def unload(
    office: Pipeline,
    card: Path | Medium,
    *,
    port: str | None = None,
    division: Division | None = None,
    keep: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Take everything on `card`, a folder or something mounted, into the vault and the catalogue; clear it.

    Blob durable, then rows and entries committed, then the card cleared: killed anywhere, the next call goes
    on. `port` names the place on the screen (the path by default), `division` is where cards go that nobody
    knows (by default the first that has a custodian). With `keep` nothing is cleared. `stop` ends it
    after the files that are being read.

    Raise `NotACardError`, `CardBusyError`, `NoRoomError`, `UnloadStoppedError`, `MediumGoneError`,
    `DatabaseStoppedError` or a ``VaultError``: the card is as it was, and what was stored until then stays
    stored.
    """
    stop = stop or threading.Event()
    desk = OfficeDesk(office.office, division=division or _home(), wait=stop.wait)
    medium = FolderMedium(card) if isinstance(card, Path) else card
    ended = run.unload(desk, office.tools, medium, port=port or "", keep=keep, progress=progress, stop=stop)
    found = RecordingFile.objects.filter(sightings__unload=desk.unload.pk)
    files = found.select_related("blob").order_by("path")
    return Outcome(desk.unload, tuple(files), ended.problems, doubt_of(desk.unload), ended.left)


def _home() -> Division:
    """Where a card goes that nobody knows: the first division that has a custodian, or else the first."""
    return first_keeping() or Division.objects.earliest("created_at")


def assign(ledger: Ledger, by: By, *, unload: Unload, row: JournalRow, custodian: Person) -> int:
    """Tie everything of an unloading in the tray to `row`, and fill column 6; return how many recordings.

    The next unloading clears the card. Raise `NotCustodianError`, `OtherDivisionError`, `NotInTrayError`.
    """
    division = unload.division
    standing = standing_of(custodian, ledger.clock.now())
    if standing.appointment(division, *READERS) is None:
        raise errors.NotCustodianError(division=division.name)
    if row.division_id != division.pk:
        raise errors.OtherDivisionError
    with transaction.atomic():
        ledger.take_turn("unload.assigned")
        waiting = Unload.objects.filter(pk=unload.pk, state=UnloadState.TRAY)
        if not waiting.update(state=UnloadState.KEPT, reason="", reason_facts={}, row=row):
            raise errors.NotInTrayError
        unload.refresh_from_db()
        found = Recording.objects.filter(files__sightings__unload=unload, placement=None)
        placed = place(ledger, by, found.order_by("pk").distinct(), row)
        fill_column_6(ledger, by, unload, ledger.clock.now())
        ledger.append(
            "unload.assigned", by, {"unload": str(unload.pk), "row": str(row.pk), "recordings": placed}
        )
    return placed
