"""Column 6 of the book: one line for each unloading that brought something, whenever it was cut off."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Count, Sum

from aigaq.ingest.models import Unload
from aigaq.journal.models import JournalRow, Unloading
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import RecordingFile


def fill_column_6(ledger: Ledger, by: By, unload: Unload, at: datetime) -> int:
    """Write what this unloading saw, is placed, and stands in no line yet; return how many lines it took.

    An unloading that was killed before its line is made up for by the next one of the same card; one that
    found everything written writes nothing. `unload.row` is set by then and not changed after.
    """
    rows = JournalRow.objects.filter(placements__recording__files__sightings__unload=unload).distinct()
    return sum(_fill(ledger, by, unload, row, at) for row in rows)


def _fill(ledger: Ledger, by: By, unload: Unload, row: JournalRow, at: datetime) -> bool:
    runs = Unload.objects.filter(sightings__file__sightings__unload=unload).distinct()
    lines = {_line(run, row): run.pk for run in runs}
    written = Unloading.objects.filter(row=row, unload__in=lines).values_list("unload", flat=True)
    due = (
        RecordingFile.objects.filter(sightings__unload=unload, recording__placement__row=row)
        .exclude(sightings__unload__in=[lines[line] for line in written])
        .aggregate(files=Count("pk"), octets=Sum("blob__size"))
    )
    if not due["files"]:
        return False
    record_unloading(
        ledger,
        by,
        row=row,
        unload_id=_line(unload, row),
        files=due["files"],
        octets=due["octets"],
        occurred_at=at,
    )
    return True


def _line(unload: Unload, row: JournalRow) -> UUID:
    """The name of its line in the book: its own, and another one on a row that is not its own."""
    return unload.pk if unload.row_id == row.pk else uuid5(unload.pk, str(row.pk))
