"""What one side signs and the other believes: ``{"body":…,"key":…,"signature":…}``, canonical JSON.

The signature is over the canonical octets of the body alone; the body says in `format` what it is, so that
one kind of document is never taken for another (`docs/formats/receipt.md`, `docs/formats/dock-api.md`).
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aigaq.core import canonical
from aigaq.core.canonical import Json

_NAMES = frozenset({"body", "key", "signature"})


class MalformedEnvelopeError(ValueError):
    """No document of this form. The text says why, for a log or another error's `reason`."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A document that was read and not believed yet."""

    body: Mapping[str, Any]
    key: str
    signature: bytes

    @property
    def signed_octets(self) -> bytes:
        return canonical.encode(dict(self.body))


def sealed(body: Mapping[str, Json], key: str, sign: Callable[[bytes], bytes]) -> bytes:
    signature = base64.b64encode(sign(canonical.encode(dict(body)))).decode("ascii")
    return canonical.encode({"body": dict(body), "key": key, "signature": signature})


def unsealed(octets: bytes, limit: int) -> Envelope:
    """Raise `MalformedEnvelopeError` unless `octets` are exactly what `sealed` would write for some body."""
    if len(octets) > limit:
        raise MalformedEnvelopeError(f"it is longer than {limit} octets")
    try:
        value: Any = canonical.decode(octets)
    except canonical.NotCanonicalError as error:
        raise MalformedEnvelopeError(str(error.details["reason"])) from error
    if type(value) is not dict or value.keys() != _NAMES or type(value["body"]) is not dict:
        raise MalformedEnvelopeError("it has other names")
    return Envelope(value["body"], _text(value["key"]), octets_of(value["signature"]))


def octets_of(text: object) -> bytes:
    """Base64 in its one spelling. Raise `MalformedEnvelopeError`."""
    try:
        octets = base64.b64decode(_text(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedEnvelopeError("a value is not base64") from error
    if base64.b64encode(octets).decode("ascii") != text:
        raise MalformedEnvelopeError("a value is not spelt as base64 is")
    return octets


def base64_of(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedEnvelopeError("a value is no text")
    return value
