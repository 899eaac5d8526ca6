"""What does not add up in the time codes that a film shows (R19.1, R20.1)."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.incidents.entries import by_entry, text, whole
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry

_DOUBTED: Final = frozenset({"not-live", "forged", "foreign", "other-row", "contradicts"})
"""Verdicts (`timecode.film.Verdict`) that a person has to look at; with the others nothing is wrong."""
_LONGEST_PATH: Final = 200
_LONGEST_CODE: Final = 64


def time_code_doubted(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """One for each verdict on the codes of a film, and each showing in it."""
    body: Any = entry.body
    verdict = text(body["verdict"])
    if verdict not in _DOUBTED:
        return []
    named, showing = body["named"], body["showing"]
    facts: dict[str, Json] = {
        "why": verdict,
        "file": text(body["path"])[-_LONGEST_PATH:],
        "text": text(body["seen"][0][0])[:_LONGEST_CODE],
    }
    if named is not None:
        facts["named"] = whole(named["number"])
    if body["apart_ms"] is not None:
        facts["apart_ms"] = whole(body["apart_ms"])
    if row is None:
        facts["number"] = text(body["recorder"] or body["card"] or "") or facts["file"]
    of = f"{UUID(text(body['file']))}:{verdict}" + (f":{whole(showing)}" if showing is not None else "")
    return [by_entry(entry, row, Kind.TIME_CODE_DOUBTED, of, facts)]
