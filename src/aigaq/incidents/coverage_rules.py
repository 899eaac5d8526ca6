"""What does not add up in how much of a duty was recorded (R19.1, R20.1): gaps nobody announced. Pure."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import instant_of, rfc3339
from aigaq.incidents.entries import whole
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry

_NAMED: Final = 5
"""Gaps that the sentence names; the entry has more of them."""
_SURE: Final = ("unknown", "at-least", "exact")
"""How an offset is known, the least first."""


def not_recorded(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """One incident for all gaps of a judgement that no judgement before it found."""
    body: Any = entry.body
    gaps = [(whole(start), whole(end)) for start, end in body["new_gaps"]]
    if not gaps or row is None:
        return []
    offsets = body["offsets"]
    facts: dict[str, Json] = {
        **row.facts,
        "total_ms": whole(body["new_gaps_ms"]),
        "count": len(gaps),
        "gaps": [[rfc3339(instant_of(start)), rfc3339(instant_of(end))] for start, end in gaps[:_NAMED]],
        "known": min((_known(each) for each in offsets), key=_SURE.index, default="exact"),
        "offset_ms": max((whole(each["offset_ms"]) for each in offsets), key=abs, default=0),
        "not_unloaded": bool(body["not_unloaded"]),
        "number_of_judgement": whole(body["number"]),
    }
    return [
        Found(
            kind=Kind.NOT_RECORDED,
            division=UUID(entry.division or ""),
            row=UUID(row.id),
            key=f"{Kind.NOT_RECORDED}:{row.id}:{whole(body['number'])}",
            facts=facts,
            evidence=tuple(sorted({*map(whole, body["rests_on"]), entry.seq})),
            occurred_at=min(instant_of(gaps[0][0]), entry.at),
        )
    ]


def _known(offset: dict[str, Any]) -> str:
    known = offset["known"]
    if known not in _SURE:
        raise ValueError
    return str(known)
