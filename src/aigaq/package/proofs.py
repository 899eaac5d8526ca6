"""The papers that prove: C2SP's files for an entry, and keys in the form that stock tools read."""

import base64
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aigaq.package.contents import ProvenEntry
from aigaq.package.errors import UnusableContentsError
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey
from aigaq.tlog.merkle import leaf_hash, verify_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"


def tlog_proof(index: int, path: Sequence[bytes], checkpoint: str) -> bytes:
    """An inclusion proof under a signed checkpoint (c2sp.org/tlog-proof, version 1)."""
    hashes = [base64.b64encode(each).decode("ascii") for each in path]
    lines = [HEADER, f"index {index}", *hashes, ""]
    return ("".join(f"{line}\n" for line in lines) + checkpoint).encode()


def require_proven(entry: ProvenEntry, checkpoint: Checkpoint) -> None:
    """Raise `tlog.errors.InclusionError` unless the path leads to the checkpoint's root."""
    verify_inclusion(leaf_hash(entry.octets), entry.seq, checkpoint.size, entry.path, checkpoint.root)


def ledger_key_pem(key: VerifierKey) -> bytes:
    """The ledger's key for ``openssl pkeyutl -verify -rawin``."""
    return _pem(Ed25519PublicKey.from_public_bytes(key.public_key))


def passkey_pem(cose: bytes) -> bytes:
    """A passkey's COSE_Key for ``openssl``. Raises one of `passkeys.reading.MALFORMED` for other keys."""
    from webauthn.helpers.decode_credential_public_key import (
        DecodedEC2PublicKey,
        DecodedOKPPublicKey,
        DecodedRSAPublicKey,
        decode_credential_public_key,
    )

    from aigaq.passkeys.reading import check_key  # both load what takes as long as Django

    check_key(cose)
    key = decode_credential_public_key(cose)
    match key:
        case DecodedOKPPublicKey():
            return _pem(Ed25519PublicKey.from_public_bytes(key.x))
        case DecodedEC2PublicKey():
            x, y = (int.from_bytes(each, "big") for each in (key.x, key.y))
            return _pem(EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key())
        case DecodedRSAPublicKey():
            e, n = (int.from_bytes(each, "big") for each in (key.e, key.n))
            return _pem(RSAPublicNumbers(e, n).public_key())
    raise UnusableContentsError(reason="a key is of a kind that no passkey has")


def _pem(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
