"""What verification needs of many entries at once: that each fits the format, its number and its time.

`read` is the rule (`Entry.parse` without the object); `read_all` gives the same answers sooner. It takes the
envelope apart by its fixed canonical spelling and decodes only what is free in it, `body` and `right`.
Where every part is canonical and stands in canonical order, the whole is; whatever does not come apart
so is left to `read`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from aigaq.core.canonical import NotCanonicalError
from aigaq.tlog import spelling
from aigaq.tlog.entry import MAX_DEPTH, MAX_OCTETS, flaw


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why some octets are not an entry."""

    reason: str


Envelope: TypeAlias = tuple[int, str]
"""The entry's sequence number, and its time as spelt, which sorts as the instants do."""

_PLAIN = r'"[^"\\\x00-\x1f]*"'
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_HEAD = re.compile(
    rf'\{{"actor":\{{"id":{_PLAIN},"kind":"(?:person|system|unknown)","name":{_PLAIN}\}}'
    rf',"at":"({_INSTANT})","body":(?=\{{)'
)
_TAIL = re.compile(
    rf',"division":(?:null|{_PLAIN}),"kind":"[a-z]+(?:\.[a-z-]+)+"'
    r',"right":(null|\{.*\}),"seq":(0|[1-9][0-9]{0,14}),"v":1\}'
)
_TAIL_START = '},"division":'


def read(octets: bytes) -> Envelope | Flaw:
    if len(octets) > MAX_OCTETS:
        return Flaw(f"it is longer than {MAX_OCTETS} octets")
    try:
        value: Any = spelling.decode(octets)
    except NotCanonicalError as error:
        return Flaw(str(error.details["reason"]))
    found = flaw(octets, value)
    return (value["seq"], value["at"]) if found is None else Flaw(found)


def read_all(entries: Sequence[bytes]) -> list[Envelope | Flaw]:
    """`read` of each."""
    found: list[Envelope] = []
    free: list[str] = []
    rights: set[str] = set()
    for octets in entries:
        parts = _take_apart(octets)
        if parts is None:
            return [read(octets) for octets in entries]
        envelope, body, right = parts
        found.append(envelope)
        free.append(body)
        rights.add(right)
    rights.discard("null")
    if not spelling.are_canonical_objects([*free, *rights]):
        return [read(octets) for octets in entries]
    return list(found)


def _take_apart(octets: bytes) -> tuple[Envelope, str, str] | None:
    """The envelope, the text of the body and of the right; None where it is not that simple."""
    # With so few brackets nothing can be nested too deeply; long entries are rare and are read whole.
    if len(octets) > MAX_OCTETS or octets.count(b"{") + octets.count(b"[") > MAX_DEPTH:
        return None
    try:
        text = str(octets, "utf-8")
    except UnicodeDecodeError:
        return None
    head = _HEAD.match(text)
    cut = text.rfind(_TAIL_START) + 1
    tail = _TAIL.fullmatch(text, cut)
    if head is None or tail is None or cut <= head.end():
        return None
    try:
        datetime.fromisoformat(head[1])
    except ValueError:
        return None
    return (int(tail[2]), head[1]), text[head.end() : cut], tail[1]
