"""The X25519 recipient of age: who a file is encrypted to, who opens it, and how the file key is wrapped.

Source: C2SP age, "The X25519 recipient type".
"""

import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aigaq.vault import bech32
from aigaq.vault.age.errors import AgeHeaderError, AgeKeyError
from aigaq.vault.age.header import Stanza, base64_decoded, base64_encoded

STANZA_TYPE = "X25519"
FILE_KEY_SIZE = 16
KEY_SIZE = 32
_INFO = b"age-encryption.org/v1/X25519"
_RECIPIENT_PREFIX = "age"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-"
_WRAPPED_SIZE = FILE_KEY_SIZE + 16
_ZERO_NONCE = bytes(12)


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """32 octets by HKDF-SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), KEY_SIZE, salt, info).derive(secret)


def _key_octets(text: str, prefix: str) -> bytes:
    try:
        found, octets = bech32.decode(text)
    except ValueError as error:
        raise AgeKeyError(reason=str(error)) from None
    if found != prefix:
        raise AgeKeyError(reason=f"it does not begin with “{prefix}1”")
    if len(octets) != KEY_SIZE:
        raise AgeKeyError(reason="its length is wrong")
    return octets


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public half: whoever has it can encrypt, and not read."""

    octets: bytes

    def __post_init__(self) -> None:
        if len(self.octets) != KEY_SIZE:
            raise AgeKeyError(reason="its length is wrong")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``age1…``; `AgeKeyError` on anything else."""
        return cls(_key_octets(text, _RECIPIENT_PREFIX))

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.octets)

    def wrap(self, file_key: bytes) -> Stanza:
        """`file_key` wrapped under a fresh ephemeral key; `AgeKeyError` if this key can keep no secret."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.octets))
        except ValueError:  # a low-order point: the shared secret would be all zero
            raise AgeKeyError(reason="it is a point of low order") from None
        key = hkdf_sha256(secret, share + self.octets, _INFO)
        body = ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)
        return Stanza((STANZA_TYPE, base64_encoded(share)), body)


@dataclass(frozen=True, slots=True)
class Identity:
    """The secret half. ``str()`` is the secret itself, for paper and files; ``repr()`` does not show it."""

    octets: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.octets) != KEY_SIZE:
            raise AgeKeyError(reason="its length is wrong")

    @classmethod
    def generate(cls) -> Self:
        return cls(os.urandom(KEY_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``AGE-SECRET-KEY-1…``; `AgeKeyError` on anything else."""
        return cls(_key_octets(text, _IDENTITY_PREFIX))

    @property
    def recipient(self) -> Recipient:
        return Recipient(X25519PrivateKey.from_private_bytes(self.octets).public_key().public_bytes_raw())

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX.lower(), self.octets).upper()

    def __repr__(self) -> str:
        return f"Identity(of {self.recipient})"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or ``None`` if `stanza` is for someone else; `AgeHeaderError` if it is malformed."""
        if stanza.arguments[0] != STANZA_TYPE:
            return None
        share = _share_of(stanza)
        try:
            secret = X25519PrivateKey.from_private_bytes(self.octets).exchange(
                X25519PublicKey.from_public_bytes(share)
            )
        except ValueError:
            raise AgeHeaderError(reason="an X25519 share is a point of low order") from None
        key = hkdf_sha256(secret, share + self.recipient.octets, _INFO)
        try:
            return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def _share_of(stanza: Stanza) -> bytes:
    if len(stanza.arguments) != 2:  # noqa: PLR2004 - the type and the share
        raise AgeHeaderError(reason="an X25519 stanza has the wrong number of arguments")
    share = base64_decoded(stanza.arguments[1])
    if len(share) != KEY_SIZE:
        raise AgeHeaderError(reason="an X25519 share is not 32 bytes long")
    # Before decrypting: a body of another length would make this a partitioning oracle.
    if len(stanza.body) != _WRAPPED_SIZE:
        raise AgeHeaderError(reason="an X25519 stanza does not hold a key of 16 bytes")
    return share
