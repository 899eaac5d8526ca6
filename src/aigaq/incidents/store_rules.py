"""What does not add up in what is stored: bad with no sound copy, vanished, or put there by a stranger."""

from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.incidents.entries import whole
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry

_LONGEST: Final = 200


def stored_bad(entry: Entry, _row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """Where a sound copy was put beside it at once, that is for who looks after the disk: a notice."""
    body: Any = entry.body
    if body["serious"] is not True:
        return []
    facts: dict[str, Json] = {
        "number": _text(body["place"]),
        "place": _text(body["place"]),
        "fault": _text(body["kind"]),
        "path": _text(body["path"]),
    }
    return [
        Found(
            kind=Kind.STORE_FAULT,
            division=UUID(_text(body["division"])),
            row=None,
            key=f"{Kind.STORE_FAULT}:{UUID(_text(body['finding']))}",
            facts=facts,
            evidence=(entry.seq,),
            occurred_at=entry.at,
        )
    ]


def destroyed_returned(entry: Entry, _row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """One incident for an unloading, however many files of it were destroyed before."""
    body: Any = entry.body
    first = body["files"][0]
    destroyed = first["destroyed"]
    parse_rfc3339(_text(destroyed["at"]))
    facts: dict[str, Json] = {
        "number": _text(body["card"]) or _text(body["source"]),
        "file": _text(first["path"])[-_LONGEST:],
        "act": _text(destroyed["act"]),
        "at": _text(destroyed["at"]),
    }
    return [
        Found(
            kind=Kind.DESTROYED_RETURNED,
            division=UUID(_text(body["division"]["id"])),
            row=None,
            key=f"{Kind.DESTROYED_RETURNED}:{UUID(_text(body['unload']))}",
            facts=facts,
            evidence=tuple(sorted({whole(destroyed["seq"]), entry.seq})),
            occurred_at=entry.at,
        )
    ]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")
