"""What the rules read an entry with, and what most of them make of it. Of another shape: ``TypeError``."""

from collections.abc import Mapping
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.incidents.facts import Found, RowFacts
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry


def whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def text(value: object) -> str:
    """Without what no database keeps."""
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")


def by_entry(entry: Entry, row: RowFacts | None, kind: Kind, of: str, facts: Mapping[str, Json]) -> Found:
    """Found when it was entered, on the row if there is one. `of` with the kind is its key."""
    return Found(
        kind=kind,
        division=UUID(entry.division or ""),
        row=UUID(row.id) if row else None,
        key=f"{kind}:{of}",
        facts={**(row.facts if row else {}), **facts},
        evidence=(row.issued, entry.seq) if row else (entry.seq,),
        occurred_at=entry.at,
    )
