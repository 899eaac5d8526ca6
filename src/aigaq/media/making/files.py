"""Files as the maker's child has them: ranges that it asks the parent for, and a place to write to.

Run in the child, which can open nothing.
"""

import io
import struct
import time
from typing import Final

from aigaq.media.ranges import RangeFile
from aigaq.media.wire import PLACE, RANGE, RANGE_SIZE, WRITE_SIZE, Channel, Tag

OFFSET: Final = struct.Struct(">Q")
PERMILLE: Final = struct.Struct(">H")
_EVERY: Final = 0.2
"""Seconds between two reports of progress, at least."""


class PlacedFile(RangeFile):
    """File number `number` of the job, of `size` octets."""

    def __init__(self, channel: Channel, number: int, size: int) -> None:
        super().__init__(channel, size)
        self._number = number

    def _ask(self, at: int, wanted: int) -> None:
        self._channel.send(Tag.PLACE, PLACE.pack(self._number, at, wanted))


class _Through(io.RawIOBase):
    """Another way to see `source`: the same octets at the same places, but for what a subclass says."""

    def __init__(self, source: PlacedFile) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._source.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        return self._source.readinto(buffer)


class Shifted(_Through):
    """`source` from `offset` on, as if it began there."""

    def __init__(self, source: PlacedFile, offset: int) -> None:
        super().__init__(source)
        self._offset = offset

    def tell(self) -> int:
        return super().tell() - self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            return super().seek(self._offset + max(0, offset)) - self._offset
        return max(super().seek(offset, whence), self._offset) - self._offset


class Patched(_Through):
    """`source` with other octets at its beginning."""

    def __init__(self, source: PlacedFile, front: bytes) -> None:
        super().__init__(source)
        self._front = front

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        at = self.tell()
        count = super().readinto(buffer)
        front = self._front[at : at + count]
        buffer[: len(front)] = front
        return count


class Spooled(io.RawIOBase):
    """What is being made: written through to the parent, who keeps it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._at = 0
        self.size = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if not 0 <= base + offset <= self.size:
            raise OSError(22, "a position outside of what is written")
        self._at = base + offset
        return self._at

    def write(self, octets: bytes | memoryview) -> int:  # type: ignore[override]
        view = memoryview(octets).cast("B")
        for first in range(0, len(view), WRITE_SIZE):
            piece = view[first : first + WRITE_SIZE]
            self._channel.send(Tag.WRITE, OFFSET.pack(self._at) + bytes(piece))
            self._at += len(piece)
        self.size = max(self.size, self._at)
        return len(view)

    def back(self, offset: int, length: int) -> bytes:
        """What was written there."""
        octets = bytearray()
        while len(octets) < length:
            wanted = min(RANGE_SIZE, length - len(octets))
            self._channel.send(Tag.BACK, RANGE.pack(offset + len(octets), wanted))
            _, more = self._channel.receive({Tag.DATA: wanted})
            octets += more
        return bytes(octets)


class Progress:
    """How far it is, told now and then: also where that is no further, so that it is known to be at work."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._told = 0
        self._next = 0.0

    def tell(self, share: float) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._told = max(self._told, min(1000, int(share * 1000)))
        self._next = now + _EVERY
        self._channel.send(Tag.PROGRESS, PERMILLE.pack(self._told))
