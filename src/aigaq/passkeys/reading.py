"""What a browser sends, read strictly: lenient readers could be shown different things by the same octets."""

import json
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import (
    DecodedEC2PublicKey,
    DecodedOKPPublicKey,
    DecodedRSAPublicKey,
    decode_credential_public_key,
)
from webauthn.helpers.exceptions import WebAuthnException

ALGORITHMS: Final = (
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
"""What stock tools verify: the last is what older Windows computers make."""
MALFORMED: Final = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What the library, `json` and `cbor2` raise for what is not of its form."""
_REASON: Final = 200
_COORDINATE: Final = 32
"""Octets, of P-256 and of Ed25519."""
_MODULUS: Final = range(2048, 4096 + 1)
"""Bits: less is forged, more is slow."""
_EXPONENT: Final = 65537
_UNCOMPRESSED_POINT: Final = 0x04
"""First octet of what the library also takes for a key: FIDO's older form, which is no COSE_Key."""


def reason_of(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:_REASON]


def client_data(octets: bytes, ceremony: str) -> dict[str, Any]:
    """The browser's statement for that ceremony, on a page of its own and not framed by another site's.

    Raises ``ValueError``, also for names that stand twice, of which readers choose differently
    (section 5.8.1; sections 7.1 and 7.2 on ``crossOrigin`` and ``topOrigin``).
    """
    given: Any = json.loads(octets.decode("utf-8"), object_pairs_hook=_each_once)
    if not isinstance(given, dict) or given.get("type") != ceremony:
        message = f"it is not of the ceremony {ceremony}"
        raise ValueError(message)
    if not all(isinstance(given.get(name), str) for name in ("challenge", "origin")):
        message = "it has no challenge or no origin"
        raise ValueError(message)
    if given.get("crossOrigin", False) is not False or "topOrigin" in given:
        message = "the page was framed by another site's"
        raise ValueError(message)
    return given


def check_key(cose: bytes) -> None:
    """Raise one of `MALFORMED` unless it is a key of `ALGORITHMS`, of the size and curve that go with it."""
    if cose[0] == _UNCOMPRESSED_POINT:
        message = "the key is no COSE_Key"
        raise ValueError(message)
    key = decode_credential_public_key(cose)
    match key:
        case DecodedEC2PublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.ECDSA_SHA_256 and key.crv == COSECRV.P256
            fits = fits and len(key.x) == len(key.y) == _COORDINATE
        case DecodedOKPPublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.EDDSA and key.crv == COSECRV.ED25519
            fits = fits and len(key.x) == _COORDINATE
        case DecodedRSAPublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256
            fits = fits and int.from_bytes(key.n, "big").bit_length() in _MODULUS
            fits = fits and int.from_bytes(key.e, "big") == _EXPONENT
        case _:
            fits = False
    if not fits:
        message = "its algorithm and its kind of key are none that are taken here"
        raise ValueError(message)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found
