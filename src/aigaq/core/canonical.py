"""JSON in its one canonical form (RFC 8785): what is hashed and signed anywhere in Aigaq."""

import json
from typing import TypeAlias

import rfc8785

from aigaq.errors import N_, AigaqError

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


class NotCanonicalError(AigaqError):
    code = "canonical.not-canonical"
    message = N_("This text is not canonical JSON (RFC 8785): {reason}.")


def encode(value: Json) -> bytes:
    """Canonical octets of `value`. Integers beyond 2**53 - 1 and non-finite numbers are refused."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
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
