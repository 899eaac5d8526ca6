"""What does not add up in the time codes that a film shows (R19.1, R20.1)."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
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
    verdict = _text(body["verdict"])
    if verdict not in _DOUBTED:
        return []
    named, showing = body["named"], body["showing"]
    facts: dict[str, Json] = {
        **(row.facts if row else {}),
        "why": verdict,
        "file": _text(body["path"])[-_LONGEST_PATH:],
        "text": _text(body["seen"][0][0])[:_LONGEST_CODE],
    }
    if named is not None:
        facts["named"] = _whole(named["number"])
    if body["apart_ms"] is not None:
        facts["apart_ms"] = _whole(body["apart_ms"])
    facts.setdefault("number", _text(body["recorder"] or body["card"] or "") or facts["file"])
    of = f"{UUID(_text(body['file']))}:{verdict}" + (f":{_whole(showing)}" if showing is not None else "")
    return [
        Found(
            kind=Kind.TIME_CODE_DOUBTED,
            division=UUID(entry.division or ""),
            row=UUID(row.id) if row else None,
            key=f"{Kind.TIME_CODE_DOUBTED}:{of}",
            facts=facts,
            evidence=(row.issued, entry.seq) if row else (entry.seq,),
            occurred_at=entry.at,
        )
    ]


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")
