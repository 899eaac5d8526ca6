"""What does not add up in what a card told of its recorder: missing numbers (R20.1), a wrong clock (R6.1)."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.incidents.entries import by_entry, text, whole
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
        "number": text(body["recorder"]),
        "count": sum(whole(gap["count"]) for gap in gaps),
        "numbers": ", ".join(_stretch(gap) for gap in gaps[:_NAMED]) + (" …" if len(gaps) > _NAMED else ""),
        "before": text(gaps[0]["before"])[-_LONGEST_PATH:],
        "after": text(gaps[0]["after"])[-_LONGEST_PATH:],
    }
    return [by_entry(entry, row, Kind.NUMBERS_MISSING, str(UUID(text(body["unload"]))), facts)]


def clock_wrong(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """Once for an excursion: until it was read exactly, and was right."""
    body: Any = entry.body
    excursion, offset = whole(body["excursion"]), whole(body["offset_ms"])
    if not excursion or abs(offset) <= whole(body["allowed_ms"]):
        return []
    facts: dict[str, Json] = {
        "number": text(body["recorder"]),
        "offset_ms": offset,
        "exact": text(body["way"]) in {"time-file", "time-code"},
        "at": text(body["read_at"]),
    }
    parse_rfc3339(text(body["read_at"]))
    of = f"{UUID(text(body['recorder_id']))}:{excursion}"
    return [by_entry(entry, row, Kind.CLOCK_WRONG, of, facts)]


def _stretch(gap: dict[str, Any]) -> str:
    """``0003–0005``, or one number; with the day or folder that it counts."""
    first, last = whole(gap["first"]), whole(gap["last"])
    numbers = f"{first:04}" if first == last else f"{first:04}–{last:04}"
    scope = text(gap["scope"])[:_LONGEST_PATH]
    return f"{scope}: {numbers}" if scope else numbers
