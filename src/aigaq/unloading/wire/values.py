"""What both sides read each value of a message with: nothing is taken that was not checked."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeGuard, TypeVar

from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import N_, BadInputError
from aigaq.unloading.sources.listing import MAX_DEPTH

PATH_LIMIT: Final = (MAX_DEPTH + 1) * (255 * len(r"\u202e") + 1)
"""Characters of a path: of FAT and NTFS a name has 255 signs, each of which may be spelt as ``\\u202e``;
elsewhere it has 255 octets, spelt as ``\\xNN`` at the longest."""
TEXT_LIMIT: Final = 200
FILES_LIMIT: Final = 200_000
SIZE_LIMIT: Final = 1 << 53
"""The largest whole numbers that every JSON reader keeps exactly."""
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")
"""What no text of ours has, and neither the ledger nor a database keeps: NUL, and half of a character."""
_FIRST_YEAR, _LAST_YEAR = 1904, 2200
"""Clocks of recorders run within. Near an end of the calendar an instant has no date in another zone."""

E = TypeVar("E", bound=StrEnum)


class MalformedMessageError(BadInputError):
    code = "dock.malformed-message"
    message = N_(
        "What the other side sent can't be read ({reason}). Server and dock may be of different versions: "
        "update the older one."
    )


def octets_out(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def flag(value: Mapping[str, Any], name: str) -> bool:
    found = value.get(name)
    require(isinstance(found, bool), name)
    return bool(found)


def whole(value: Mapping[str, Any], name: str) -> int:
    found = value.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < SIZE_LIMIT:
        raise MalformedMessageError(reason=name)
    return found


def object_in(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedMessageError(reason="a value is no object")
    return value


def is_text(value: object, limit: int = TEXT_LIMIT) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= limit and not _UNFIT.search(value)


def text_in(value: Mapping[str, Any], name: str, limit: int = TEXT_LIMIT) -> str:
    found = value.get(name)
    if not is_text(found, limit):
        raise MalformedMessageError(reason=name)
    return found


def list_in(value: Mapping[str, Any], name: str, limit: int) -> list[Any]:
    found = value.get(name)
    if not isinstance(found, list) or len(found) > limit:
        raise MalformedMessageError(reason=name)
    return found


def texts_in(value: Mapping[str, Any], name: str, limit: int) -> list[str]:
    texts = list_in(value, name, limit)
    require(all(is_text(each, PATH_LIMIT) for each in texts), name)
    return texts


def octets_in(value: object, limit: int) -> bytes:
    if not isinstance(value, str) or len(value) > 2 * limit + 4:
        raise MalformedMessageError(reason="octets")
    try:
        octets = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessageError(reason="octets are not base64") from error
    require(len(octets) <= limit, "octets")
    return octets


def member_in(members: type[E], value: object, name: str) -> E:
    try:
        return members(str(value))
    except ValueError as error:
        raise MalformedMessageError(reason=name) from error


def instant_out(instant: datetime | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def instant_in(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        instant = parse_rfc3339(str(value))
    except ValueError as error:
        raise MalformedMessageError(reason="a time") from error
    require(_FIRST_YEAR <= instant.year <= _LAST_YEAR, "a time")
    return instant


def require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise MalformedMessageError(reason=what)
