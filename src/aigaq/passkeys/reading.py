"""What a browser sends, read strictly: lenient readers could be shown different things by the same octets.

Whoever signs chooses these octets. What holds here has to hold by every checker there is
(`docs/formats/signature.md`), or a signer could make evidence that is sound at the office and not in court.
"""

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
_PRIME: Final = 2**255 - 19
"""Of edwards25519 (RFC 8032, 5.1)."""
_LARGEST: Final = 2**53 - 1
_DIGITS: Final = 17
_BRACKETS: Final = 32
"""In what a browser states: it has one object, and inner ones are rare."""
_DEPTH: Final = 4
"""Of items of CBOR, the innermost counted."""
_HAS_KEY: Final = 0x40
_HAS_EXTENSIONS: Final = 0x80
_UNCOMPRESSED_POINT: Final = 0x04
"""First octet of what the library also takes for a key: FIDO's older form, which is no COSE_Key."""


def reason_of(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:_REASON]


def client_data(octets: bytes, ceremony: str) -> dict[str, Any]:
    """The browser's statement for that ceremony, on a page of its own and not framed by another site's.

    Raises ``ValueError``, also for names that stand twice, of which readers choose differently
    (section 5.8.1; sections 7.1 and 7.2 on ``crossOrigin`` and ``topOrigin``).
    """
    if octets.count(b"{") + octets.count(b"[") > _BRACKETS:
        message = "it is nested too deeply"
        raise ValueError(message)
    given: Any = json.loads(
        octets.decode("utf-8"), object_pairs_hook=_each_once, parse_int=_integer, parse_constant=_integer
    )
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
    if item_end(cose, 0) != len(cose):
        message = "there is more than a key"
        raise ValueError(message)
    key = decode_credential_public_key(cose)
    match key:
        case DecodedEC2PublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.ECDSA_SHA_256 and key.crv == COSECRV.P256
            fits = fits and len(key.x) == len(key.y) == _COORDINATE
        case DecodedOKPPublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.EDDSA and key.crv == COSECRV.ED25519
            # The point, not its sign; and none of those of which everybody can make signatures.
            y = int.from_bytes(key.x, "little") & (1 << 255) - 1
            fits = fits and len(key.x) == _COORDINATE and 1 < y < _PRIME - 1
        case DecodedRSAPublicKey():
            fits = key.alg == COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256
            fits = fits and int.from_bytes(key.n, "big").bit_length() in _MODULUS
            fits = fits and int.from_bytes(key.e, "big") == _EXPONENT
        case _:
            fits = False
    if not fits:
        message = "its algorithm and its kind of key are none that are taken here"
        raise ValueError(message)


def check_announced(data: bytes) -> None:
    """Raise one of `MALFORMED` unless what its flags announce, and no more, stands behind the count."""
    flags, end = data[32], 37
    if flags & _HAS_KEY:
        end = item_end(data, end + 18 + int.from_bytes(data[53:55], "big"))
    if flags & _HAS_EXTENSIONS:
        end = item_end(data, end)
    if end != len(data):
        message = "the flags announce something else than what is there"
        raise ValueError(message)


def item_end(octets: bytes, at: int, depth: int = _DEPTH) -> int:
    """Where the item of CBOR at `at` ends (RFC 8949, 3). Raise one of `MALFORMED` for one not read by all."""
    kind, short = octets[at] >> 5, octets[at] & 31
    more = {24: 1, 25: 2, 26: 4}.get(short, 0)
    at += 1 + more
    value = int.from_bytes(octets[at - more : at], "big") if more else short
    is_word = kind == 7 and short in (20, 21, 22)  # noqa: PLR2004 - false, true, null
    if not depth or short > 26 or kind == 6 or (kind == 7 and not is_word) or at > len(octets):  # noqa: PLR2004 - as RFC 8949 has them
        message = "it is not CBOR of the kinds that keys and extensions are made of"
        raise ValueError(message)
    if kind in (2, 3):
        at += value
        if kind == 3:  # noqa: PLR2004 - text
            octets[at - value : at].decode("utf-8")
    for place in range({4: value, 5: 2 * value}.get(kind, 0)):
        if kind == 5 and not place % 2 and octets[at] >> 5 not in (0, 1, 3):  # noqa: PLR2004 - a map
            message = "a name in it is neither a number nor a text"
            raise ValueError(message)
        at = item_end(octets, at, depth - 1)
    if at > len(octets):
        message = "it is cut off"
        raise ValueError(message)
    return at


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS or abs(int(digits)) > _LARGEST:
        message = "a number in it is none that all can read"
        raise ValueError(message)
    return int(digits)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found
