"""Which rows of the catalogue each entry carries: `aigaq ledger verify` holds one against the other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.core.digests import ContentDigest, Digest
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table, spelt_json
from aigaq.recordings.models import (
    Blob,
    ClockReading,
    CoverageJudgement,
    Derivative,
    FlawedReading,
    Judgement,
    Placement,
    Recording,
    RecordingFile,
    Role,
    SequenceReading,
    TimeCodeReading,
    TimeCodeShowing,
)
from aigaq.recordings.origins import source_key
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: what refers to it is compared by content."}

TABLES: Final = (
    Table(Blob, derived=_NUMBERED, key="stored_digest", once=frozenset({"ingested_at"})),
    Table(Recording, key="id", named_in=("recording.ingested", "recording")),
    Table(
        RecordingFile, through={"blob_id": "stored_digest"}, key="id", named_in=("recording.ingested", "file")
    ),
    Table(
        Judgement,
        derived=_NUMBERED,
        through={"still_id": "stored_digest"},
        digested=frozenset({"facts"}),
    ),
    Table(Placement, derived=_NUMBERED),
    Table(ClockReading, derived=_NUMBERED),
    Table(SequenceReading, derived=_NUMBERED),
    Table(FlawedReading, derived=_NUMBERED),
    Table(CoverageJudgement, digested=frozenset({"parts", "takes", "days"})),
    Table(Derivative, derived=_NUMBERED, through={"blob_id": "stored_digest"}),
    Table(TimeCodeShowing),
    Table(TimeCodeReading, derived=_NUMBERED),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry.body) if says else ()


def _ingested(body: Mapping[str, Any]) -> Iterator[Carried]:
    at = body["ingested_at"]
    recording = {
        "id": body["recording"],
        "division_id": body["division"],
        "recorder_id": body["recorder_id"],
        "card_id": body["card_id"],
        "recorded_at": body["recorded_at"],
        "ingested_at": at,
        "listed_at": body["recorded_at"] or at,
        "unload": body["unload"],
    }
    file = {
        "id": body["file"],
        "recording_id": body["recording"],
        "blob_id": _hex(body["stored_digest"]),
        "path": body["path"],
        "source": body["source"],
        "source_key": source_key(
            body["source"], body["path"], ContentDigest.parse(body["content_digest"]), body.get("after")
        ),
        "modified_at": body["modified_at"],
        "kind": body["kind"],
        # Entries from before there were profiles say nothing of these.
        "role": body.get("role", Role.MAIN.value),
        "ordinal": str(body.get("ordinal", 1)),
        "recorded_at": body.get("file_recorded_at"),
    }
    if not body.get("joins", False):
        yield Carried("recordings.recording", recording)
    yield Carried("recordings.recordingfile", file)
    yield _blob(body, at)
    if body["judgement"] is not None:
        yield from _judgement(body["file"], body["judgement"], at)
    if body["row"] is not None:
        yield _placement(body["recording"], body["row"], at)


def _stored_again(body: Mapping[str, Any]) -> Iterator[Carried]:
    yield _blob(body, body["ingested_at"])


def _judged(body: Mapping[str, Any]) -> Iterator[Carried]:
    yield from _judgement(body["file"], body["judgement"], body["judged_at"])


def _placed(body: Mapping[str, Any]) -> Iterator[Carried]:
    for recording in body["recordings"]:
        yield _placement(recording, body["row"], body["placed_at"])


def _clock(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "recorder_id": body["recorder_id"],
        "card_id": body["card_id"],
        "way": body["way"],
        "device_at": body["device_at"],
        "server_at": body["server_at"],
        "offset_ms": str(body["offset_ms"]),
        "precision_ms": str(body["precision_ms"]),
        "path": body["path"],
        "allowed_ms": str(body["allowed_ms"]),
        "excursion": str(body["excursion"]),
        "unload": body["unload"],
        "read_at": body["read_at"],
    }
    yield Carried("recordings.clockreading", values)


def _sequence(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "recorder_id": body["recorder_id"],
        "card_id": body["card_id"],
        "source": body["source"],
        "profile": body["profile"],
        "runs": spelt_json(body["runs"]),
        "gaps": spelt_json(body["gaps"]),
        "unload": body["unload"],
        "read_at": body["read_at"],
    }
    yield Carried("recordings.sequencereading", values)


def _read_with_faults(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "file_id": body["file"],
        "card_id": body["card_id"],
        "unload": body["unload"],
        "errors": str(body["errors"]),
        "missing": str(body["missing"]),
        "holes": spelt_json(body["holes"]),
        "read_at": body["read_at"],
    }
    yield Carried("recordings.flawedreading", values)


def _covered(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["judgement"],
        "division_id": body["division"]["id"],
        "row_id": body["row"]["id"],
        "number": str(body["number"]),
        "because": None if body["because"] is None else str(body["because"]),
        "began_at": body["began_at"],
        "ended_at": body["ended_at"],
        "tolerances": spelt_json(body["tolerances"]),
        "parts": body["parts_digest"],
        "takes": body["takes_digest"],
        "offsets": spelt_json(body["offsets"]),
        "totals": spelt_json(body["totals"]),
        "days": body["days_digest"],
        "gaps": spelt_json(body["gaps"]),
        "judged_at": body["judged_at"],
    }
    yield Carried("recordings.coveragejudgement", values)


def _derived(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "file_id": body["file"],
        "product": body["product"],
        "blob_id": _hex(body["stored_digest"]),
        "source": _hex(body["source_digest"]),
        "recipe": spelt_json(body["recipe"]),
        "facts": spelt_json(body["facts"]),
        "made_at": body["made_at"],
    }
    yield Carried("recordings.derivative", values)
    yield _blob(body, body["made_at"])


def _shown(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "number": str(body["showing"]),
        "row_id": body["row"]["id"],
        "purpose": body["purpose"],
        "began_at": body["from"],
        "seconds": str(body["seconds"]),
        "root": body["root"],
        "pace": body["pace"],
        "by_id": body["custodian"],
    }
    yield Carried("recordings.timecodeshowing", values)


def _code_read(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "file_id": body["file"],
        "showing_id": None if body["showing"] is None else str(body["showing"]),
        "verdict": body["verdict"],
        "seen": spelt_json(body["seen"]),
        "proofs": spelt_json(body["proofs"]),
        "film_began_at": body["film_began_at"],
        "precision_ms": None if body["precision_ms"] is None else str(body["precision_ms"]),
        "unload": body["unload"],
        "read_at": body["read_at"],
    }
    yield Carried("recordings.timecodereading", values)


def _blob(about: Mapping[str, Any], at: str) -> Carried:
    values = {
        "content_digest": _hex(about["content_digest"]),
        "stored_digest": _hex(about["stored_digest"]),
        "size": str(about["size"]),
        "stored_size": str(about["stored_size"]),
        "name": about["blob"],
        "ingested_at": at,
    }
    return Carried("recordings.blob", values)


def _judgement(file: str, about: Mapping[str, Any], at: str) -> Iterator[Carried]:
    still = about["still"]
    values = {
        "file_id": file,
        "verdict": about["verdict"],
        "duration": about["duration"],
        "facts": about["facts_digest"],
        "still_id": None if still is None else _hex(still["stored_digest"]),
        "judged_at": at,
    }
    yield Carried("recordings.judgement", values)
    if still is not None:
        yield _blob(still, at)


def _placement(recording: str, row: str, at: str) -> Carried:
    return Carried("recordings.placement", {"recording_id": recording, "row_id": row, "placed_at": at})


def _hex(digest: str) -> str:
    """As the catalogue writes it."""
    return Digest.parse(digest).hex


_SAYS: Final = {
    "recording.ingested": _ingested,
    "recording.stored-again": _stored_again,
    "recording.judged": _judged,
    "recording.placed": _placed,
    "recorder.clock-read": _clock,
    "recorder.sequence-read": _sequence,
    "recording.read-with-faults": _read_with_faults,
    "coverage.judged": _covered,
    "recording.derived": _derived,
    "recorder.time-shown": _shown,
    "recording.time-code-read": _code_read,
}

STATEMENT: Final = Statement(TABLES, carried_by)
