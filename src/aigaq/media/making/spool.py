"""Where a derivative lies until it is whole: on the disk, without a name, sealed with a key of memory alone.

A crash leaves nothing, and nothing of it can ever be read.
"""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from aigaq.errors import N_, AigaqError

BLOCK: Final = 64 * 1024
_SEALED: Final = BLOCK + 16


class SpoolError(AigaqError):
    code = "media.spool"
    message = N_("What was being made could not be kept for the moment: {reason}.")


class WrittenOverError(AigaqError):
    """Only the first block may be written again, where a film keeps its length; else only the end."""

    code = "media.written-over"
    message = N_("The making program wrote where it must not.")


class Spool:
    """A context manager; leaving it forgets all. Not for two threads at once.

    Every block but the first is sealed once, under its number: no nonce is ever used twice with this key.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by `__exit__`
        except OSError as error:
            raise SpoolError(reason=error.strerror or str(error)) from error
        self._cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
        self._first = bytearray()
        self._tail = bytearray()
        """Of the block that is not full yet, if it is not the first."""
        self._sealed = 0
        """Blocks on the disk; the first of all never is."""
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, offset: int, octets: bytes) -> None:
        """At the end, or within the first block. Raise `WrittenOverError`, `SpoolError`."""
        within = octets[: max(0, BLOCK - offset)]
        rest, at = octets[len(within) :], offset + len(within)
        if offset > self.size or (rest and at not in {self.size, BLOCK}):
            raise WrittenOverError
        if rest and at == BLOCK and self.size > BLOCK:
            raise WrittenOverError
        self._first[offset : offset + len(within)] = within
        self.size = max(self.size, offset + len(within))
        if rest:
            self._append(rest)

    def read(self, offset: int, length: int) -> bytes:
        """`length` octets; fewer only at the end. Raise `SpoolError`."""
        end = min(offset + length, self.size)
        octets = bytearray()
        while offset + len(octets) < end:
            number, within = divmod(offset + len(octets), BLOCK)
            octets += self._block(number)[within : within + end - offset - len(octets)]
        return bytes(octets)

    def clear(self) -> None:
        """Begin anew, under a new key."""
        try:
            os.ftruncate(self._file.fileno(), 0)
        except OSError as error:
            raise SpoolError(reason=error.strerror or str(error)) from error
        self._cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
        self._first, self._tail, self._sealed, self.size = bytearray(), bytearray(), 0, 0

    def _append(self, octets: bytes) -> None:
        self._tail += octets
        self.size += len(octets)
        while len(self._tail) >= BLOCK:
            self._seal(bytes(self._tail[:BLOCK]))
            del self._tail[:BLOCK]

    def _seal(self, block: bytes) -> None:
        number = self._sealed + 1
        sealed = self._cipher.encrypt(number.to_bytes(12, "big"), block, None)
        try:
            written = os.pwrite(self._file.fileno(), sealed, self._sealed * _SEALED)
        except OSError as error:
            raise SpoolError(reason=error.strerror or str(error)) from error
        if written != len(sealed):
            raise SpoolError(reason="the disk took only part of it")
        self._sealed += 1

    def _block(self, number: int) -> bytes | bytearray:
        if number == 0:
            return self._first
        if number > self._sealed:
            return self._tail
        try:
            sealed = os.pread(self._file.fileno(), _SEALED, (number - 1) * _SEALED)
        except OSError as error:
            raise SpoolError(reason=error.strerror or str(error)) from error
        try:
            return self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
        except InvalidTag as error:
            raise SpoolError(reason="the disk gave back something else") from error


class Parts:
    """Stretches of a spool one after the other, as a source for the vault."""

    def __init__(self, spool: Spool, parts: tuple[tuple[int, int], ...]) -> None:
        self._spool = spool
        self._left = [part for part in parts if part[1]]
        self.size = sum(length for _, length in parts)

    def readinto(self, buffer: memoryview, /) -> int:
        if not self._left:
            return 0
        offset, length = self._left[0]
        octets = self._spool.read(offset, min(length, len(buffer)))
        if not octets:
            raise SpoolError(reason="it is shorter than it was")
        buffer[: len(octets)] = octets
        self._left[0] = (offset + len(octets), length - len(octets))
        if self._left[0][1] == 0:
            self._left.pop(0)
        return len(octets)
