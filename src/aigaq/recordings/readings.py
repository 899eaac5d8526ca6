"""How files were read from a failing card: what is missing of them, and how often it was tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.ledger.services import Act, By, Ledger
from aigaq.recordings.models import FlawedReading, RecordingFile
from aigaq.registry.models import Card
from aigaq.unloading.facts import CLEAN, FoundFile

KIND = "recording.read-with-faults"


@dataclass(frozen=True, slots=True)
class Flawed:
    """A file of the catalogue, as it was found."""

    file: RecordingFile
    size: int
    reading: FlawedReading
    card: Card | None


def flawed(
    file: RecordingFile, found: FoundFile, *, card: Card | None, unload: UUID, at: datetime
) -> Flawed | None:
    """None where it was read without fault. What was told of a file once is not told again."""
    if found.reading == CLEAN or FlawedReading.objects.filter(file=file.pk).exists():
        return None
    row = FlawedReading(
        file=file,
        card=card,
        unload=unload,
        errors=found.reading.errors,
        missing=found.reading.missing,
        holes=[[hole.offset, hole.length] for hole in found.reading.holes],
        read_at=at,
    )
    return Flawed(file, found.stored.size, row, card)


def write(ledger: Ledger, by: By, rows: Sequence[Flawed]) -> None:
    """Within the transaction that writes the files."""
    if not rows:
        return
    entries = ledger.append_all([Act(KIND, by, _about(each)) for each in rows])
    for entry, each in zip(entries, rows, strict=True):
        each.reading.seq = entry.seq
    FlawedReading.objects.bulk_create([each.reading for each in rows])


def better_of(file: RecordingFile) -> RecordingFile | None:
    """A later reading of the same file of the same card that has less missing; the best of them."""
    mine = getattr(file, "reading", None)
    if mine is None or not mine.missing:
        return None
    others = (
        RecordingFile.objects.filter(
            source=file.source, path=file.path, modified_at=file.modified_at, blob__size=file.blob.size
        )
        .exclude(pk=file.pk)
        .select_related("reading", "blob")
    )
    better = [other for other in others if _missing(other) < mine.missing]
    return min(better, key=_missing, default=None)


def _missing(file: RecordingFile) -> int:
    reading = getattr(file, "reading", None)
    return reading.missing if reading is not None else 0


def _about(flawed: Flawed) -> dict[str, Json]:
    row = flawed.reading
    return {
        "file": str(flawed.file.pk),
        "path": flawed.file.path,
        "size": flawed.size,
        "card": flawed.card.inventory_number if flawed.card else None,
        "card_id": str(flawed.card.pk) if flawed.card else None,
        "unload": str(row.unload),
        "errors": row.errors,
        "missing": row.missing,
        "holes": row.holes,
        "read_at": rfc3339(row.read_at),
    }
