"""What does not add up in what a card told of its recorder: missing numbers (R20.1), a wrong clock (R6.1)."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry

_NAMED: Final = 20
"""Stretches of missing numbers that the sentence names; the entry has them all."""
_LONGEST_PATH: Final = 200


def numbers_missing(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """One incident for an unloading, however many numbers are missing in it."""
    body: Any = entry.body
    gaps = body["gaps"]
    if not gaps:
        return []
    facts: dict[str, Json] = {
        **(row.facts if row else {}),
        "number": _text(body["recorder"]),
        "count": sum(_whole(gap["count"]) for gap in gaps),
        "numbers": ", ".join(_stretch(gap) for gap in gaps[:_NAMED]) + (" …" if len(gaps) > _NAMED else ""),
        "before": _text(gaps[0]["before"])[-_LONGEST_PATH:],
        "after": _text(gaps[0]["after"])[-_LONGEST_PATH:],
    }
    key = f"{Kind.NUMBERS_MISSING}:{UUID(_text(body['unload']))}"
    return [_found(entry, row, Kind.NUMBERS_MISSING, key, facts)]


def clock_wrong(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """Once for an excursion: until it was read exactly, and was right."""
    body: Any = entry.body
    excursion, offset = _whole(body["excursion"]), _whole(body["offset_ms"])
    if not excursion or abs(offset) <= _whole(body["allowed_ms"]):
        return []
    facts: dict[str, Json] = {
        **(row.facts if row else {}),
        "number": _text(body["recorder"]),
        "offset_ms": offset,
        "exact": _text(body["way"]) in {"time-file", "time-code"},
        "at": _text(body["read_at"]),
    }
    parse_rfc3339(_text(body["read_at"]))
    key = f"{Kind.CLOCK_WRONG}:{UUID(_text(body['recorder_id']))}:{excursion}"
    return [_found(entry, row, Kind.CLOCK_WRONG, key, facts)]


def _found(entry: Entry, row: RowFacts | None, kind: Kind, key: str, facts: dict[str, Json]) -> Found:
    return Found(
        kind=kind,
        division=UUID(entry.division or ""),
        row=UUID(row.id) if row else None,
        key=key,
        facts=facts,
        evidence=(row.issued, entry.seq) if row else (entry.seq,),
        occurred_at=entry.at,
    )


def _stretch(gap: dict[str, Any]) -> str:
    """``0003–0005``, or one number; with the day or folder that it counts."""
    first, last = _whole(gap["first"]), _whole(gap["last"])
    numbers = f"{first:04}" if first == last else f"{first:04}–{last:04}"
    scope = _text(gap["scope"])[:_LONGEST_PATH]
    return f"{scope}: {numbers}" if scope else numbers


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")
