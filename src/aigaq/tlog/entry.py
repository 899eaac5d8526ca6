"""One entry of the ledger: a canonical JSON object (RFC 8785) whose octets are a leaf of the tree.

The format, field by field, is in docs/formats/ledger.md.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from aigaq.core import canonical, clock
from aigaq.core.canonical import Json, NotCanonicalError
from aigaq.tlog import merkle, spelling
from aigaq.tlog.errors import MalformedEntryError

VERSION = 1
MAX_OCTETS = 256 * 1024
"""An entry names things and digests of things; what is larger belongs into the vault."""
MAX_DEPTH = 32
"""Objects and arrays within one another, the entry itself being the first."""
MAX_SEQ = 2**53 - 1
"""The largest integer that JSON carries unharmed (RFC 8785 section 3.2.2.3)."""

_NAMES = frozenset({"v", "seq", "kind", "at", "actor", "right", "division", "body"})
_ACTOR_NAMES = frozenset({"kind", "id", "name"})
_KIND = re.compile(r"[a-z]+(\.[a-z-]+)+")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class ActorKind(StrEnum):
    PERSON = "person"
    SYSTEM = "system"
    UNKNOWN = "unknown"


_ACTOR_KINDS = frozenset(ActorKind)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, as known at that moment. `id` is stable; `name` is what a reader of the ledger sees."""

    kind: ActorKind
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry that fits the format: making one that does not raises `MalformedEntryError`.

    `octets` are fixed when it is made, are what is hashed and stored, and alone decide equality.
    `right` says by which appointment or rule the actor could act; `division` is the stable name of the
    division concerned.
    """

    seq: int = field(compare=False)
    kind: str = field(compare=False)
    at: datetime = field(compare=False)
    actor: Actor = field(compare=False)
    body: Mapping[str, Json] = field(compare=False)
    right: Mapping[str, Json] | None = field(default=None, compare=False)
    division: str | None = field(default=None, compare=False)
    octets: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise MalformedEntryError(reason="its time has no time zone")
        value: Json = {
            "v": VERSION,
            "seq": self.seq,
            "kind": self.kind,
            "at": clock.rfc3339(self.at),
            "actor": {"kind": str(self.actor.kind), "id": self.actor.id, "name": self.actor.name},
            "right": None if self.right is None else dict(self.right),
            "division": self.division,
            "body": dict(self.body),
        }
        try:
            octets = canonical.encode(value)
        except NotCanonicalError as error:
            raise MalformedEntryError(reason=error.details["reason"]) from error
        except RecursionError as error:
            raise MalformedEntryError(reason=f"it is nested deeper than {MAX_DEPTH}") from error
        found = flaw(octets, value)
        if found is not None:
            raise MalformedEntryError(reason=found)
        object.__setattr__(self, "octets", octets)

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read stored octets; `MalformedEntryError` unless they are exactly what the format allows."""
        if len(octets) > MAX_OCTETS:
            raise MalformedEntryError(reason=f"it is longer than {MAX_OCTETS} octets")
        try:
            value: Any = spelling.decode(octets)
        except NotCanonicalError as error:
            raise MalformedEntryError(reason=error.details["reason"]) from error
        found = flaw(octets, value)
        if found is not None:
            raise MalformedEntryError(reason=found)
        actor = value["actor"]
        return cls(
            seq=value["seq"],
            kind=value["kind"],
            at=clock.parse_rfc3339(value["at"]),
            actor=Actor(ActorKind(actor["kind"]), actor["id"], actor["name"]),
            body=value["body"],
            right=value["right"],
            division=value["division"],
        )

    @property
    def leaf_hash(self) -> bytes:
        return merkle.leaf_hash(self.octets)


def flaw(octets: bytes, value: Any) -> str | None:  # noqa: ANN401 - any JSON, and this is what judges it
    """Why `value`, read from the canonical `octets`, is not an entry; None if it is one."""
    if len(octets) > MAX_OCTETS:
        return f"it is longer than {MAX_OCTETS} octets"
    if type(value) is not dict or value.keys() != _NAMES:
        return "it is not an object of exactly " + ", ".join(sorted(_NAMES))
    if type(value["v"]) is not int or value["v"] != VERSION:
        return f"its version is not {VERSION}"
    seq = value["seq"]
    if type(seq) is not int or not 0 <= seq <= MAX_SEQ:
        return "its sequence number is not an integer from 0 to 2**53 - 1"
    return _flaw_of_act(value) or _flaw_of_depth(octets, value)


def _flaw_of_act(value: dict[str, Any]) -> str | None:
    for name, fits, reason in _RULES:
        if not fits(value[name]):
            return reason
    return None


def _is_instant(text: object) -> bool:
    if type(text) is not str or not _AT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_kind(kind: object) -> bool:
    return type(kind) is str and _KIND.fullmatch(kind) is not None


def _is_actor(actor: Any) -> bool:  # noqa: ANN401 - any JSON
    return (
        type(actor) is dict
        and actor.keys() == _ACTOR_NAMES
        and type(actor["kind"]) is type(actor["id"]) is type(actor["name"]) is str
        and actor["kind"] in _ACTOR_KINDS
    )


def _is_object(value: object) -> bool:
    return type(value) is dict


def _is_object_or_null(value: object) -> bool:
    return value is None or type(value) is dict


def _is_text_or_null(value: object) -> bool:
    return value is None or type(value) is str


_RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("kind", _is_kind, "its kind is not lower-case words joined by dots"),
    ("at", _is_instant, "its time is not an instant in UTC with six decimals and Z"),
    ("actor", _is_actor, "its actor is not {kind: person, system or unknown, id: text, name: text}"),
    ("body", _is_object, "its body is not an object"),
    ("right", _is_object_or_null, "its right is neither an object nor null"),
    ("division", _is_text_or_null, "its division is neither text nor null"),
)


def _flaw_of_depth(octets: bytes, value: Json) -> str | None:
    # So few brackets in the text, even counting those inside strings, can't nest deeper.
    if octets.count(b"{") + octets.count(b"[") <= MAX_DEPTH:
        return None
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            return f"it is nested deeper than {MAX_DEPTH}"
        level = [child for node in level for child in _children(node) if isinstance(child, dict | list)]
    return None


def _children(node: Json) -> list[Json]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
