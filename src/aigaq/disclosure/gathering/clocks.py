"""How far the cameras' clocks were off, and how that is known: `clocks.json`, and the clock of each file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import instant_of, milliseconds, parse_rfc3339
from aigaq.disclosure.gathering.extract import standing_of
from aigaq.disclosure.gathering.files import FileThen
from aigaq.disclosure.gathering.rows import RowThen
from aigaq.disclosure.gathering.then import LedgerThen, uuid_of
from aigaq.journal.signed import RECORDER
from aigaq.recordings.models import ClockReading, TimeCodeShowing
from aigaq.recordings.offsets import NEAR, ClockRead, Known, Offset, offset_of
from aigaq.tlog.entry import Entry

FORMAT: Final = "aigaq-clocks/1"
_CODE_READ: Final = "recording.time-code-read"


@dataclass(frozen=True, slots=True)
class Clocks:
    document: dict[str, Json]
    of_files: Mapping[UUID, dict[str, Json]]
    """`clock` of each file, by its id."""
    entries: tuple[Entry, ...]
    """Readings of clocks, and the showings whose codes were filmed."""


def clocks_of(then: LedgerThen, files: Sequence[FileThen], rows: Sequence[RowThen]) -> Clocks:
    """`files` in the order of the package: what is said of a file names its number."""
    recorders = {each.id: uuid_of(standing_of(each).received[RECORDER]["id"]) for each in rows}
    readings: dict[int, Entry] = {}
    of_files: dict[UUID, dict[str, Json]] = {}
    for each in files:
        recorder = recorders.get(each.row) if each.row else uuid_of(each.body["recorder_id"])
        near = _near(then, recorder, each) if recorder else []
        offset = offset_of(*_place(each), map(_read, near))
        of_files[each.file.pk] = _about(offset)
        for reading in near:
            if reading.body["unload"] == each.body["unload"] or reading.seq == offset.reading:
                readings[reading.seq] = reading
    showings = _showings(then, files)
    document: dict[str, Json] = {
        "format": FORMAT,
        "readings": [_reading(readings[seq]) for seq in sorted(readings)],
        "time_codes": [
            told for number, each in enumerate(files, 1) for told in _codes(number, each, showings)
        ],
    }
    return Clocks(document, of_files, (*readings.values(), *showings.values()))


def _near(then: LedgerThen, recorder: UUID, file: FileThen) -> list[Entry]:
    """Readings of that recorder's clock, made near the taking in."""
    at = milliseconds(parse_rfc3339(file.body["ingested_at"]))
    rows = ClockReading.objects.filter(
        recorder=recorder, read_at__gte=instant_of(at - NEAR), read_at__lte=instant_of(at + NEAR)
    )
    return then.entries(then.had(rows).values_list("seq", flat=True))


def _place(file: FileThen) -> tuple[int | None, UUID, int]:
    began = file.recorded_at
    camera = None if began is None else milliseconds(parse_rfc3339(began))
    return camera, UUID(file.body["unload"]), milliseconds(parse_rfc3339(file.body["ingested_at"]))


def _read(entry: Entry) -> ClockRead:
    body: Any = entry.body
    return ClockRead(
        id=entry.seq,
        way=body["way"],
        unload=UUID(body["unload"]),
        camera=milliseconds(parse_rfc3339(body["device_at"])),
        read=milliseconds(parse_rfc3339(body["read_at"])),
        offset=body["offset_ms"],
        precision=body["precision_ms"],
    )


def _about(offset: Offset) -> dict[str, Json]:
    return {
        "known": offset.known.value,
        "offset_ms": offset.ms,
        "precision_ms": offset.precision,
        "seq": None if offset.known is Known.UNKNOWN else offset.reading,
    }


def _reading(entry: Entry) -> dict[str, Json]:
    body = entry.body
    return {
        "seq": entry.seq,
        "way": body["way"],
        "recorder": body["recorder"],
        "camera_at": body["device_at"],
        "true_at": body["server_at"],
        "offset_ms": body["offset_ms"],
        "precision_ms": body["precision_ms"],
    }


def _showings(then: LedgerThen, files: Sequence[FileThen]) -> dict[int, Entry]:
    """By their numbers, the showings whose codes were read in these films."""
    numbers = {
        int(str(entry.body["showing"]))
        for each in files
        for entry in each.entries
        if entry.kind == _CODE_READ and entry.body["showing"] is not None
    }
    rows = then.had(TimeCodeShowing.objects.filter(number__in=numbers))
    found = then.entries(rows.values_list("seq", flat=True))
    return {int(str(each.body["showing"])): each for each in found}


def _codes(number: int, file: FileThen, showings: Mapping[int, Entry]) -> Iterator[dict[str, Json]]:
    """The first and the last code of each showing that a film has: those with a proof of their second."""
    for entry in file.entries:
        if entry.kind != _CODE_READ or entry.body["showing"] not in showings:
            continue
        body: Any = entry.body
        shown = showings[body["showing"]]
        ends = {text: first for text, first, _last in (body["seen"][-1], body["seen"][0])}
        texts = dict.fromkeys((body["seen"][0][0], body["seen"][-1][0]))
        for text, proof in zip(texts, body["proofs"], strict=True):
            yield {
                "seq": entry.seq,
                "file": number,
                "text": text,
                "place_ms": ends[text],
                "row": body["named"]["id"] if body["named"] else None,
                "proof": {
                    "root_seq": shown.seq,
                    "index": proof["index"],
                    "size": shown.body["seconds"],
                    "path": proof["path"],
                },
            }
