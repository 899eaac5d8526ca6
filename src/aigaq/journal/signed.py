"""What a signature is on: a canonical document's digest (`docs/formats/signature.md`). Knows no Django."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.digests import Digest

FORMAT: Final = "aigaq-journal/2"
"""Changes when a document's names or their meaning do."""
FORMATS: Final = frozenset({"aigaq-journal/1", FORMAT})
"""What was signed stays signed: all that were ever written."""

RECORDER: Final = "recorder"
CARD: Final = "card"
INSPECTOR: Final = "inspector"
RECEIVED: Final = (RECORDER, CARD, INSPECTOR)
"""The cells of columns 2 and 3, by their names in documents. They are chosen from the register, not typed."""


class SignedDigest(Digest):
    """Of a document in its canonical form."""

    __slots__ = ()


def digest_of(document: Mapping[str, Json]) -> SignedDigest:
    """Raises `NotCanonicalError` for what has no canonical form."""
    return SignedDigest(sha256(canonical.encode(dict(document))).digest())
