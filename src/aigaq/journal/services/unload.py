"""Unload: column 6 is filled each time recordings of a row are taken into the vault (R12.1)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_row
from aigaq.journal.errors import UnloadedElsewhereError
from aigaq.journal.models import JournalRow, Unloading
from aigaq.journal.selectors import row_with
from aigaq.journal.services.acting import within, writer_of
from aigaq.ledger.services import By, Ledger


def record_unloading(
    ledger: Ledger,
    by: By,
    *,
    row: JournalRow,
    unload_id: UUID,
    files: int,
    octets: int,
    occurred_at: datetime,
) -> Unloading:
    """Enter one unloading on `row`, returned or not; there may be several. Doing it twice is done once.

    Raises `UnknownRowError`, or `UnloadedElsewhereError` if `unload_id` stands on another row.
    """
    with transaction.atomic():
        ledger.take_turn("journal.unloaded")
        known = Unloading.objects.filter(unload=unload_id).select_related("row").first()
        if known is not None and known.row_id != row.pk:
            raise UnloadedElsewhereError(row=known.row.number)
        if known is not None:
            return known
        row = row_with(row.pk)
        body: dict[str, Json] = {
            **about_row(row),
            "unload": str(unload_id),
            "files": files,
            "octets": str(octets),
            "occurred_at": rfc3339(occurred_at),
        }
        entry = ledger.append("journal.unloaded", within(by, row.division), body)
        return Unloading.objects.create(
            row=row,
            occurred_at=occurred_at,
            entered_at=entry.at,
            by_id=writer_of(by),
            seq=entry.seq,
            unload=unload_id,
            files=files,
            octets=octets,
        )
