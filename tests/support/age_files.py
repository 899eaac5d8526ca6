"""Age files to read, made of plaintext that anyone can make again."""

import functools
import io
import random

from aigaq.vault.age import Identity, MemorySource, Recipient, SealedReader, decrypt, encrypt

SIZES = [0, 1, 65535, 65536, 65537, 3 * 65536, 1_000_003, 1 << 20, (1 << 20) + 1, 2 << 20]
IDENTITY = Identity.parse("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
"""The example of the specification."""


def octets(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def sealed(plaintext: bytes, *recipients: Recipient) -> bytes:
    written = io.BytesIO()
    encrypt(recipients or IDENTITY.recipient, io.BytesIO(plaintext), written)
    return written.getvalue()


@functools.cache
def sealed_once(size: int) -> bytes:
    """The same age file of `octets(size)` for every example of a property."""
    return sealed(octets(size))


def opened(file: bytes, identity: Identity = IDENTITY) -> bytes:
    written = io.BytesIO()
    decrypt(identity, io.BytesIO(file), written)
    return written.getvalue()


def read_fully(reader: SealedReader, length: int) -> bytes:
    pieces = b""
    while len(pieces) < length and (piece := reader.read(length - len(pieces))):
        pieces += piece
    return pieces


class CountingSource(MemorySource):
    """Notes how much was asked of it."""

    def __init__(self, file: bytes) -> None:
        super().__init__(file)
        self.taken = 0

    def pread(self, length: int, offset: int) -> bytes:
        self.taken += length
        return super().pread(length, offset)
