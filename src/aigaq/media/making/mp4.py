"""The index of a finished MP4 moved to its front, so that it plays from its first octet. Run in the child.

Boxes: ISO/IEC 14496-12, 4.2; chunk offsets: 8.7.5.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aigaq.media.making.files import Spooled
from aigaq.media.making.streams import UnfitError

_HEADER: Final = 8
_LARGE_HEADER: Final = 16
_LARGEST_INDEX: Final = 256 << 20
_INSIDE: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
"""On the way from the index to its chunk offsets."""


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    offset: int
    size: int


def index_in_front(out: Spooled) -> list[list[int]]:
    """Write the moved index behind all else; give the parts of `out` that make the film, in their order."""
    boxes = {box.name: box for box in _top(out)}
    if not {b"ftyp", b"mdat", b"moov"} <= boxes.keys() or boxes[b"moov"].size > _LARGEST_INDEX:
        raise UnfitError
    kind, data, index = boxes[b"ftyp"], boxes[b"mdat"], boxes[b"moov"]
    front = out.back(kind.offset, kind.size) + out.back(index.offset, index.size)
    moved = bytearray(front)
    _move(moved, kind.size, len(front), len(front) - data.offset)
    at = out.seek(0, 2)
    out.write(bytes(moved))
    return [[at, len(moved)], [data.offset, data.size]]


def _top(out: Spooled) -> Iterator[_Box]:
    offset = 0
    while offset + _HEADER <= out.size:
        size, name = struct.unpack(">I4s", out.back(offset, _HEADER))
        if size == 1:
            (size,) = struct.unpack(">Q", out.back(offset + _HEADER, 8))
        if size < _HEADER:
            raise UnfitError
        yield _Box(name, offset, size)
        offset += size


def _move(index: bytearray, begin: int, end: int, by: int) -> None:
    """Add `by` to every chunk offset in the boxes between `begin` and `end`."""
    at = begin
    while at + _HEADER <= end:
        size, name = struct.unpack_from(">I4s", index, at)
        if size < _HEADER or at + size > end:
            raise UnfitError
        if name in _INSIDE:
            _move(index, at + _HEADER, at + size, by)
        elif name in {b"stco", b"co64"}:
            form = "I" if name == b"stco" else "Q"
            (count,) = struct.unpack_from(">I", index, at + 12)
            layout = struct.Struct(f">{count}{form}")
            if layout.size > size - 16:
                raise UnfitError
            offsets = [each + by for each in layout.unpack_from(index, at + 16)]
            if form == "I" and offsets and max(offsets) >= 1 << 32:
                raise UnfitError
            layout.pack_into(index, at + 16, *offsets)
        at += size
