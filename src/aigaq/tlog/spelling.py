"""Reading canonical JSON (RFC 8785) at the speed a ledger of millions is verified with.

The rule is `aigaq.core.canonical`'s and so is the last word. The standard library's C reader and writer
agree with RFC 8785 except for fractions, integers beyond 2**53 - 1, and the order of names beyond the
Basic Multilingual Plane; a document with any of these goes the slow way.
"""

import json
from collections.abc import Sequence
from typing import NoReturn

from aigaq.core import canonical
from aigaq.core.canonical import Json, NotCanonicalError

_SAFE_DIGITS = 15
"""Any integer of so many characters is within 2**53 - 1."""


class _SlowWayError(Exception):
    """This document is for `canonical.decode`: not wrong yet."""


def _integer(digits: str) -> int:
    if len(digits) > _SAFE_DIGITS:
        raise _SlowWayError
    return int(digits)


def _slow_way(_: str) -> NoReturn:
    raise _SlowWayError


_READER = json.JSONDecoder(parse_float=_slow_way, parse_int=_integer, parse_constant=_slow_way)
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def decode(octets: bytes) -> Json:
    """What `canonical.decode` returns and raises, sooner; too deep for Python's stack is not canonical."""
    try:
        text = str(octets, "utf-8")
        _require_plane_zero(text)
        value = _parse_object(text)
        if _WRITER.encode(value) == text:
            return value
    except (_SlowWayError, ValueError, RecursionError):
        pass
    try:
        return canonical.decode(octets)
    except RecursionError as error:
        raise NotCanonicalError(reason="it is nested too deeply") from error


def are_canonical_objects(texts: Sequence[str]) -> bool:
    """Say whether every text is surely a canonical JSON object; False also where only `decode` can tell."""
    joined = ",".join(texts)
    try:
        _require_plane_zero(joined)
        values = [_parse_object(text) for text in texts]
    except (_SlowWayError, ValueError, RecursionError):
        return False
    # One encoding of the whole list is cheaper than one of each, and proves as much: every text was read
    # to its end as one object, which ends at its own closing brace, so the joined texts are equal only
    # if each is.
    return _WRITER.encode(values) == f"[{joined}]"


def _require_plane_zero(text: str) -> None:
    # Python orders names by code point, RFC 8785 by UTF-16 code unit; they agree where one is the other.
    if len(text.encode("utf-16-le")) != 2 * len(text):
        raise _SlowWayError


def _parse_object(text: str) -> Json:
    value: Json
    value, end = _READER.raw_decode(text)
    if end != len(text) or not isinstance(value, dict):
        raise _SlowWayError
    return value
