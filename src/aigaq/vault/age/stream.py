"""Whole files and any part of one: streaming both ways, and a reader that seeks."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, Protocol

from aigaq.vault.age.errors import AgeTruncatedError
from aigaq.vault.age.payload import (
    CHUNK,
    SEALED_CHUNK,
    Addressee,
    Header,
    Opener,
    Sealer,
    chunk_open_into,
    open_header,
    plaintext_size,
    sealed_size,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RUN = 16
"""Chunks handled at once: 1 MiB, enough that the cipher and not the calls around it takes the time."""


class PRead(Protocol):
    """A stored file that can be read anywhere; `size` in octets."""

    @property
    def size(self) -> int: ...

    def pread(self, length: int, offset: int) -> bytes:
        """Up to `length` octets from `offset`; fewer only at the end of the file."""


class FileSource:
    """A seekable binary file as a `PRead`. The file stays the caller's to close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def pread(self, length: int, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)


class MemorySource:
    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self.size = len(octets)

    def pread(self, length: int, offset: int) -> bytes:
        return self._octets[offset : offset + length]


class SealedReader(io.RawIOBase):
    """The plaintext of an age file, from any place in it, at the cost of the chunks it lies in.

    Opening it authenticates the header and the last chunk, and with that the size; every read
    authenticates what it returns, and nothing else is ever returned. Whoever has just sealed the file gives
    a `Header` instead of an identity, and the header is not read again. Raises what `open_header` raises,
    and `AgePayloadError`. `source` stays the caller's to close. Not for two threads at once.
    """

    def __init__(self, source: PRead, identity: Opener | Sequence[Opener] | Header) -> None:
        super().__init__()
        self._source = source
        header = identity if isinstance(identity, Header) else open_header(source.pread, identity)
        self._key, self._start = header.payload_key, header.length
        self._sealed = source.size - header.length
        self.size = plaintext_size(self._sealed)
        """Octets of plaintext, proven."""
        self._position = 0
        self._window = memoryview(bytearray(min(RUN * CHUNK, max(self.size, 1))))
        self._held = range(0)
        self._fetch((max(self.size, 1) - 1) // CHUNK, 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        self._refuse_closed()
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._refuse_closed()
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}.get(whence)
        if base is None or base + offset < 0:
            raise ValueError("a file has no such place")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer`, or as much of it as one run of chunks has; 0 only at the end."""
        self._refuse_closed()
        wanted = memoryview(buffer).cast("B")
        end = min(self._position + len(wanted), self.size)
        if self._position >= end:
            return 0
        if self._position not in self._held:
            first = self._position // CHUNK
            self._fetch(first, min(RUN, (end - 1) // CHUNK - first + 1))
        offset = self._position - self._held.start
        count = min(end, self._held.stop) - self._position
        wanted[:count] = self._window[offset : offset + count]
        self._position += count
        return count

    def close(self) -> None:
        """Forget the plaintext held."""
        if not self.closed and hasattr(self, "_window"):
            self._held = range(0)
            self._window[:] = bytes(len(self._window))
        super().close()

    def _fetch(self, first: int, chunks: int) -> None:
        """Make the window hold `chunks` chunks from number `first`; hold nothing if one is not proven."""
        self._held = range(0)
        offset = first * SEALED_CHUNK
        length = min(chunks * SEALED_CHUNK, self._sealed - offset)
        sealed = self._source.pread(length, self._start + offset)
        if len(sealed) != length:
            raise AgeTruncatedError(chunk=first + len(sealed) // SEALED_CHUNK)
        last = offset + length == self._sealed
        opened = chunk_open_into(self._key, memoryview(sealed), self._window, first=first, last=last)
        self._held = range(first * CHUNK, first * CHUNK + opened)

    def _refuse_closed(self) -> None:
        if self.closed:
            raise ValueError("the reader is closed")


def encrypt(recipients: Addressee | Sequence[Addressee], reader: BinaryIO, writer: BinaryIO) -> None:
    """Encrypt all that `reader` gives into `writer`, in constant memory."""
    sealer = Sealer(recipients)
    _write_all(writer, memoryview(sealer.header))
    sealed = memoryview(bytearray(sealed_size(RUN * CHUNK)))
    for run, last in _runs(reader.read, RUN * CHUNK):
        _write_all(writer, sealed[: sealer.seal_into(memoryview(run), sealed, last=last)])


def encrypted(sealer: Sealer, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The age file of `pieces` one after the other, as they come, in constant memory."""
    yield sealer.header
    sealed = memoryview(bytearray(sealed_size(RUN * CHUNK)))
    for run, last in _runs(_Joined(pieces).read, RUN * CHUNK):
        yield bytes(sealed[: sealer.seal_into(memoryview(run), sealed, last=last)])


class _Joined:
    """Pieces of any length as if they were a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = memoryview(b"")

    def read(self, length: int) -> bytes:
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = memoryview(piece)
        taken, self._held = self._held[:length], self._held[length:]
        return bytes(taken)


def decrypt(identity: Opener | Sequence[Opener], reader: BinaryIO, writer: BinaryIO) -> None:
    """Decrypt all that `reader` gives into `writer`, in constant memory.

    Only proven chunks are written; but on an error (those of `SealedReader`) what was written before
    it is not the whole file, and the caller discards it.
    """
    beginning = bytearray()

    def read_beginning(length: int, offset: int) -> bytes:
        while len(beginning) < offset + length:
            piece = reader.read(offset + length - len(beginning))
            if not piece:
                break
            beginning.extend(piece)
        return bytes(beginning[offset : offset + length])

    header = open_header(read_beginning, identity)
    surplus = io.BytesIO(bytes(beginning[header.length :]))
    opened = memoryview(bytearray(RUN * CHUNK))
    first = 0
    for run, last in _runs(lambda length: surplus.read(length) or reader.read(length), RUN * SEALED_CHUNK):
        count = chunk_open_into(header.payload_key, memoryview(run), opened, first=first, last=last)
        _write_all(writer, opened[:count])
        first += RUN


def _runs(read: Callable[[int], bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """What `read` gives in runs of `size` octets, each with whether it is the last; at least one run."""
    run = _read_full(read, size)
    while len(run) == size and (following := _read_full(read, size)):
        yield run, False
        run = following
    yield run, True


def _read_full(read: Callable[[int], bytes], size: int) -> bytes:
    octets = bytearray()
    while len(octets) < size and (piece := read(size - len(octets))):
        octets += piece
    return bytes(octets)


def _write_all(writer: BinaryIO, octets: memoryview) -> None:
    """Write every octet: an unbuffered file may take fewer than it is given."""
    while octets:
        octets = octets[writer.write(octets) :]
