"""The age v1 format (C2SP age, https://c2sp.org/age) with X25519 recipients, written and read, and seekable.

Byte-compatible with the `age` program, so whoever holds the key needs nothing of ours. A passphrase (scrypt)
may take the place of a key where something leaves the office; the vault knows none. ASCII armor and other
versions are refused by name; recipients of other types are somebody else.
"""

from aigaq.vault.age.errors import (
    AgeError,
    AgeHeaderError,
    AgeHeaderMacError,
    AgeHeaderTooLongError,
    AgeKeyError,
    AgeNoMatchError,
    AgeNotAgeError,
    AgePassphraseError,
    AgePayloadError,
    AgeTruncatedError,
    AgeUnsupportedError,
    WeakPassphraseError,
)
from aigaq.vault.age.header import MAX_HEADER
from aigaq.vault.age.passphrase import Passphrase
from aigaq.vault.age.payload import (
    CHUNK,
    SEALED_CHUNK,
    TAG,
    Addressee,
    Header,
    Opener,
    PayloadKey,
    Sealer,
    chunk_open_into,
    open_header,
    plaintext_size,
    sealed_size,
)
from aigaq.vault.age.stream import FileSource, MemorySource, PRead, SealedReader, decrypt, encrypt, encrypted
from aigaq.vault.age.x25519 import Identity, Recipient

__all__ = [
    "CHUNK",
    "MAX_HEADER",
    "SEALED_CHUNK",
    "TAG",
    "Addressee",
    "AgeError",
    "AgeHeaderError",
    "AgeHeaderMacError",
    "AgeHeaderTooLongError",
    "AgeKeyError",
    "AgeNoMatchError",
    "AgeNotAgeError",
    "AgePassphraseError",
    "AgePayloadError",
    "AgeTruncatedError",
    "AgeUnsupportedError",
    "FileSource",
    "Header",
    "Identity",
    "MemorySource",
    "Opener",
    "PRead",
    "Passphrase",
    "PayloadKey",
    "Recipient",
    "SealedReader",
    "Sealer",
    "WeakPassphraseError",
    "chunk_open_into",
    "decrypt",
    "encrypt",
    "encrypted",
    "open_header",
    "plaintext_size",
    "sealed_size",
]
