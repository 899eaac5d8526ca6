"""Unloading a card, and assigning what waits in the tray (`docs/lifecycles/unload.md`)."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, transaction

from aigaq.core.files import displayed, lock_at_once
from aigaq.ingest.column6 import fill_column_6
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.running import PORT_LIMIT, Outcome, Pipeline, Progress, Run
from aigaq.ingest.whose import whose
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import Recording
from aigaq.recordings.services import place
from aigaq.registry.models import Division, Person, Role
from aigaq.registry.selectors import READERS, standing_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading import errors
from aigaq.unloading.sources.listing import list_card, open_card

__all__ = ["Outcome", "Pipeline", "Progress", "assign", "unload"]


def unload(
    office: Pipeline,
    path: Path,
    *,
    port: str | None = None,
    division: Division | None = None,
    keep: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Take everything on the card at `path` into the vault and the catalogue, then clear the card.

    Blob durable, then rows and entries committed, then the card cleared: killed anywhere, the next call goes
    on. `port` names the place on the screen (the path by default), `division` is where cards go that nobody
    knows (by default the first that has a custodian). With `keep` nothing is cleared. `stop` ends it
    after the files that are being read.

    Raise `NotACardError`, `CardBusyError`, `NoRoomError`, `UnloadStoppedError`, `DatabaseStoppedError` or a
    ``VaultError``: the card is as it was, and what was stored until then stays stored.
    """
    root = open_card(path)
    try:
        if not lock_at_once(root):
            raise errors.CardBusyError(path=displayed(str(path)))
        run = _prepared(office, root, path, port or displayed(str(path)), division)
        return run.run(keep=keep, progress=progress, stop=stop or threading.Event())
    except DatabaseError as error:
        raise errors.DatabaseStoppedError(reason=displayed(str(error))) from error
    finally:
        os.close(root)


def _prepared(office: Pipeline, root: int, path: Path, port: str, division: Division | None) -> Run:
    try:
        listing = list_card(root)
        answer = whose(
            root,
            listing,
            installation=office.vault.id,
            key=VerifierKey.of(office.ledger.signer),
            division=division or _home(),
            now=office.ledger.clock.now(),
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.NotACardError(path=displayed(str(path)), reason=reason) from error
    return Run(office, root, port[:PORT_LIMIT], listing, answer)


def _home() -> Division:
    """Where a card goes that nobody knows: the first division that has a custodian, or else the first."""
    kept = Division.objects.filter(appointments__role=Role.CUSTODIAN)
    return kept.order_by("created_at").first() or Division.objects.earliest("created_at")


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
        found = Recording.objects.filter(files__sightings__unload=unload, placement=None).order_by("pk")
        placed = place(ledger, by, found, row)
        fill_column_6(ledger, by, unload, ledger.clock.now())
        ledger.append(
            "unload.assigned", by, {"unload": str(unload.pk), "row": str(row.pk), "recordings": placed}
        )
    return placed
