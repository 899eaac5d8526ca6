"""What does not add up in what is stored: bad with no sound copy, vanished, or put there by a stranger."""

from typing import Any
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry


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


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")
