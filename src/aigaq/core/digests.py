"""Digests are types, so that the digest of a content is never taken for that of its ciphertext."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from aigaq.errors import N_, BadInputError

SIZE = 32
"""Octets of a SHA-256 digest (FIPS 180-4)."""

_HEX = re.compile(r"[0-9a-f]{64}")


class MalformedDigestError(BadInputError):
    code = "digest.malformed"
    message = N_("“{text}” is not a SHA-256 digest: give 64 hexadecimal digits, with or without “sha256:”.")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 value. Never used bare: take one of its two kinds."""

    value: bytes
    algorithm: ClassVar[str] = "sha256"

    def __post_init__(self) -> None:
        if len(self.value) != SIZE:
            raise MalformedDigestError(text=self.value.hex())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``sha256:<hex>`` or the bare 64 digits; raise `MalformedDigestError` on anything else."""
        digits = text.removeprefix("sha256:")
        if not _HEX.fullmatch(digits):
            raise MalformedDigestError(text=text)
        return cls(bytes.fromhex(digits))

    @property
    def hex(self) -> str:
        return self.value.hex()

    def __str__(self) -> str:
        return f"sha256:{self.hex}"


class ContentDigest(Digest):
    """Of the recording as it was on the card: what a court compares."""

    __slots__ = ()


class StoredDigest(Digest):
    """Of the ciphertext as it lies in the vault: what `scrub` compares, with no key."""

    __slots__ = ()
