"""What entries of the ledger say of the catalogue: enough to build it again from them."""

from collections.abc import Sequence
from datetime import datetime

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.ledger.tables import digest_of_json
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.recordings.origins import Origin
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.vault.store import Stored


def about_file(
    origin: Origin,
    file: RecordingFile,
    found: FoundFile,
    *,
    at: datetime,
    row: JournalRow | None,
    joins: bool,
) -> dict[str, Json]:
    """All that the catalogue has of a file. With `joins` an earlier entry has stated its recording."""
    recording, segment = file.recording, found.segment
    return {
        "unload": str(origin.unload),
        "division": str(origin.division.pk),
        "recording": str(recording.pk),
        "joins": joins,
        "file": str(file.pk),
        "source": file.source,
        "path": file.path,
        "kind": file.kind,
        "role": str(file.role),
        "ordinal": file.ordinal,
        "profile": segment.profile if segment else None,
        "number": segment.number if segment else None,
        "card": origin.card.inventory_number if origin.card else None,
        "card_id": str(origin.card.pk) if origin.card else None,
        "recorder": origin.recorder.inventory_number if origin.recorder else None,
        "recorder_id": str(origin.recorder.pk) if origin.recorder else None,
        "row": str(row.pk) if row else None,
        "recorded_at": _instant(recording.recorded_at),
        "file_recorded_at": _instant(file.recorded_at),
        "modified_at": _instant(file.modified_at),
        "ingested_at": rfc3339(at),
        **about_blob(found.stored),
        "judgement": about_judged(found.judged) if found.judged else None,
    }


def about_blob(stored: Stored) -> dict[str, Json]:
    return {
        "content_digest": str(stored.content_digest),
        "stored_digest": str(stored.stored_digest),
        "size": stored.size,
        "stored_size": stored.stored_size,
        "blob": stored.name,
    }


def about_placed(row: JournalRow, recordings: Sequence[Recording], at: datetime) -> dict[str, Json]:
    return {
        "row": str(row.pk),
        "recordings": [str(each.pk) for each in recordings],
        "placed_at": rfc3339(at),
    }


def about_judged(judged: Judged) -> Json:
    duration = judged.judgement.duration
    return {
        "verdict": judged.judgement.verdict.value,
        "flaw": judged.judgement.flaw.value if judged.judgement.flaw else None,
        # Whole numbers only: they are spelt alike everywhere.
        "duration_ms": None if duration is None else round(duration * 1000),
        "duration": None if duration is None else repr(float(duration)),
        "facts_digest": digest_of_json(judged.judgement.to_dict()),
        "still": about_blob(judged.still) if judged.still else None,
    }


def _instant(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
