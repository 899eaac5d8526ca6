"""A notice as a phone sends it: octets of anybody's making, read strictly or not at all.

What each name means is in `docs/lifecycles/pauses-and-failures.md`. Knows no HTTP.
"""

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from aigaq.errors import N_, BadInputError
from aigaq.journal.services.telling import PhoneClock

LIMIT: Final = 4096
"""Octets of a notice; the longest honest one has half of that."""
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2100, 1, 1, tzinfo=UTC)
_FURTHEST: Final = 10**13
"""Milliseconds that a phone's clock may be wrong by: three centuries."""
_WORD: Final = 32
"""Characters of what is chosen from a list."""
_WORDS: Final = 1000
"""Characters; the rules of the journal take less, and say so."""
_ID: Final = 36


class UnreadableNoticeError(BadInputError):
    code = "phone.unreadable"
    message = N_(
        "The office could not read what the phone sent, so nothing was entered. Tell the custodian by voice."
    )


class Act(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    FAILURE = "failure"


_COMMON: Final = frozenset({"id", "person", "row", "act", "at", "sent_at", "clock"})
_OWN: Final = {
    Act.PAUSE: frozenset({"reason"}),
    Act.RESUME: frozenset({"pause"}),
    Act.FAILURE: frozenset({"cause", "words"}),
}
_CLOCK: Final = frozenset({"offset", "uncertainty", "offset_when_sent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is told, whichever way it came; what an act has no use for is left empty."""

    act: Act
    reason: str = ""
    pause: UUID | None = None
    cause: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`person` is whose notice it is; `at` when they pressed the button, by the server's time."""

    id: UUID
    person: UUID
    row: UUID
    said: Said
    at: datetime
    clock: PhoneClock


def read(octets: bytes) -> Sent:
    """Raises `UnreadableNoticeError` for anything but a notice with exactly its names."""
    try:
        return _notice(_parsed(octets))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableNoticeError from error


def _parsed(octets: bytes) -> dict[str, Any]:
    if len(octets) > LIMIT:
        raise ValueError
    value = json.loads(octets.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
    if not isinstance(value, dict):
        raise TypeError
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _refuse(_constant: str) -> None:
    raise ValueError


def _notice(value: dict[str, Any]) -> Sent:
    act = Act(value["act"])
    if value.keys() != _COMMON | _OWN[act]:
        raise KeyError
    clock = value["clock"]
    if not isinstance(clock, dict) or clock.keys() != _CLOCK:
        raise TypeError
    return Sent(
        id=_id(value["id"]),
        person=_id(value["person"]),
        row=_id(value["row"]),
        said=Said(
            act=act,
            reason=_text(value.get("reason", ""), _WORD),
            pause=None if value.get("pause") is None else _id(value["pause"]),
            cause=_text(value.get("cause", ""), _WORD),
            words=_text(value.get("words", ""), _WORDS),
        ),
        at=_instant(value["at"]),
        clock=PhoneClock(
            offset=_span(clock["offset"], -_FURTHEST),
            uncertainty=_span(clock["uncertainty"], 0),
            offset_when_sent=_span(clock["offset_when_sent"], -_FURTHEST),
            sent_at=_instant(value["sent_at"]),
        ),
    )


def _id(value: object) -> UUID:
    if not isinstance(value, str) or len(value) != _ID:
        raise TypeError
    return UUID(value)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _instant(value: object) -> datetime:
    """Milliseconds since 1970."""
    span = timedelta(milliseconds=_within(_whole(value), 0, _FURTHEST))
    instant = datetime(1970, 1, 1, tzinfo=UTC) + span
    if not _FROM <= instant < _UNTIL:
        raise ValueError
    return instant


def _span(value: object, least: int) -> timedelta:
    return timedelta(milliseconds=_within(_whole(value), least, _FURTHEST))


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise ValueError
    return value


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise TypeError
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\t\n\r" for each in value):
        raise ValueError
    return value
