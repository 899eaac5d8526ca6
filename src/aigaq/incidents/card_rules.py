"""What does not add up in a card: what it did not give, gave in two ways, showed too late; whose it is."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.incidents.entries import by_entry, text, whole
from aigaq.incidents.facts import Found, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.tlog.entry import Entry

_KINDS: Final[Mapping[str, Kind]] = {
    "file.partial": Kind.READ_IN_PART,
    "file.reads-disagree": Kind.READS_DISAGREE,
    "file.appeared": Kind.FILES_APPEARED,
    "card.identity-altered": Kind.CARD_DOUBTED,
    "card.disagrees": Kind.CARD_DOUBTED,
    "card.twice": Kind.CARD_DOUBTED,
}
_NAMED: Final = 5
"""Files that the sentence names; the entry has more of them."""
_LONGEST: Final = 200


def card_flawed(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """One incident for each kind, however many files it is about; no other while the card shows the same."""
    body: Any = entry.body
    by_kind: dict[Kind, list[Any]] = {}
    for problem in body["problems"]:
        kind = _KINDS.get(problem["code"])
        if kind is not None:
            by_kind.setdefault(kind, []).append(problem)
    return [_found(entry, row, kind, problems) for kind, problems in by_kind.items()]


def _found(entry: Entry, row: RowFacts | None, kind: Kind, problems: list[Any]) -> Found:
    body: Any = entry.body
    paths = [text(problem["facts"].get("path", "")) for problem in problems]
    named = [f"“{path[-_LONGEST:]}”" for path in paths[:_NAMED] if path]
    facts: dict[str, Json] = {
        "number": text(body["card"] or body["recorder"] or body["source"]),
        "count": len(problems),
        "files": ", ".join(named) + (" …" if len(paths) > _NAMED else ""),
        "missing": sum(whole(problem["facts"].get("missing", 0)) for problem in problems),
        "codes": ", ".join(sorted({text(problem["code"]) for problem in problems})),
    }
    shown = "\n".join([text(body["source"]), *sorted(f"{each['code']} {each['facts']}" for each in problems)])
    return by_entry(entry, row, kind, hashlib.sha256(shown.encode()).hexdigest()[:40], facts)
