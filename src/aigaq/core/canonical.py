"""JSON in its one canonical form (RFC 8785): what is hashed and signed anywhere in Aigaq."""

import json
from typing import TypeAlias

import rfc8785

from aigaq.errors import N_, AigaqError

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


class NotCanonicalError(AigaqError):
    code = "canonical.not-canonical"
    message = N_("This text is not canonical JSON (RFC 8785): {reason}.")


_LARGEST = 2**53 - 1
_PLAINLY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def encode(value: Json) -> bytes:
    """Canonical octets of `value`. Integers beyond 2**53 - 1 and non-finite numbers are refused."""
    try:
        if _is_plain(value):
            # Python's own encoder, in C, writes the same and takes a tenth of the time.
            return _PLAINLY.encode(value).encode()
    except (UnicodeEncodeError, RecursionError):
        pass  # the standard's own encoder says why
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonicalError(reason=str(error)) from error


def decode(octets: bytes) -> Json:
    """Read `octets`; raise `NotCanonicalError` unless they are exactly what `encode` would write.

    So a document has one spelling, and two readers can't be shown different ones: no duplicate
    names, no other order, no other number format.
    """
    try:
        value: Json = json.loads(octets.decode("utf-8"))
        again = encode(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(reason=str(error)) from error
    if again != octets:
        raise NotCanonicalError(reason="its spelling differs from the canonical one")
    return value


def _is_plain(value: object) -> bool:
    """No number with a fraction, no large one, no name out of ASCII, nothing but Python's own types.

    Of that the order of names and the spelling of numbers are the same in both encoders.
    """
    kind = type(value)
    if kind is dict:
        for name, each in value.items():  # type: ignore[attr-defined] # it is a dict
            if type(name) is not str or not name.isascii() or not _is_plain(each):
                return False
        return True
    if kind is list:
        # A generator's frame would halve how deep it may be nested.
        for each in value:  # type: ignore[attr-defined] # noqa: SIM110 - as above
            if not _is_plain(each):
                return False
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator] # it is an integer
    return value is None or kind is str or kind is bool
