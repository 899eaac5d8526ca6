"""The age v1 format (C2SP age, https://c2sp.org/age) with X25519 recipients, written and read, and seekable.

Byte-compatible with the `age` program, so whoever holds the key needs nothing of ours. Passphrases,
ASCII armor and other versions are refused by name; recipients of other types are somebody else.
"""

from aigaq.vault.age.errors import (
    AgeError,
    AgeHeaderError,
    AgeHeaderMacError,
    AgeHeaderTooLongError,
    AgeKeyError,
    AgeNoMatchError,
    AgeNotAgeError,
    AgePayloadError,
    AgeTruncatedError,
    AgeUnsupportedError,
)
from aigaq.vault.age.header import MAX_HEADER
from aigaq.vault.age.payload import (
    CHUNK,
    SEALED_CHUNK,
    TAG,
    Header,
    PayloadKey,
    Sealer,
    chunk_open_into,
    open_header,
    plaintext_size,
    sealed_size,
)
from aigaq.vault.age.stream import FileSource, MemorySource, PRead, SealedReader, decrypt, encrypt
from aigaq.vault.age.x25519 import Identity, Recipient

__all__ = [
    "CHUNK",
    "MAX_HEADER",
    "SEALED_CHUNK",
    "TAG",
    "AgeError",
    "AgeHeaderError",
    "AgeHeaderMacError",
    "AgeHeaderTooLongError",
    "AgeKeyError",
    "AgeNoMatchError",
    "AgeNotAgeError",
    "AgePayloadError",
    "AgeTruncatedError",
    "AgeUnsupportedError",
    "FileSource",
    "Header",
    "Identity",
    "MemorySource",
    "PRead",
    "PayloadKey",
    "Recipient",
    "SealedReader",
    "Sealer",
    "chunk_open_into",
    "decrypt",
    "encrypt",
    "open_header",
    "plaintext_size",
    "sealed_size",
]
