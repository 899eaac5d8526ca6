"""Photos in the boxes of ISO/IEC 23008-12 (HEIC): the coded pictures that make one, how it is held, its EXIF.

Phones cut a photo into tiles. Run in the child: everything read here is hostile.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

_LARGEST_META: Final = 4 << 20
_LARGEST_ITEM: Final = 64 << 20
_MOST_ITEMS: Final = 2_000
_MOST_BOXES: Final = 10_000
_LONG: Final = 1


class Source(Protocol):
    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int, /) -> bytes | None: ...


class NotHeifError(Exception):
    """Nothing here that could be shown."""


@dataclass(frozen=True, slots=True)
class Tile:
    octets: bytes
    record: bytes
    """Parameter sets (HEVCDecoderConfigurationRecord)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """`tiles` row by row; `width` and `height` as the whole is said to be, before it is turned."""

    tiles: tuple[Tile, ...]
    columns: int
    width: int
    height: int
    quarters: int
    """Turns by 90° against the clock."""
    mirrored: int | None
    """0: top and bottom changed places; 1: left and right."""


@dataclass(slots=True)
class _Item:
    kind: bytes = b""
    method: int = 0
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)


class Heif:
    """A file opened: raises `NotHeifError` if it makes no sense."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._size = size
        self._items: dict[int, _Item] = {}
        self._made_of: dict[int, list[int]] = {}
        self._properties: list[tuple[bytes, bytes]] = []
        self._data = b""
        self._primary = 0
        try:
            self._read_meta(self._meta())
        except (struct.error, IndexError, ValueError) as error:
            raise NotHeifError from error

    def exif(self) -> bytes | None:
        """What follows the offset to the TIFF header (ISO/IEC 23008-12, A.2.1), if there is any."""
        for number, item in self._items.items():
            if item.kind == b"Exif":
                octets = self._octets(number)
                if len(octets) > 4:  # noqa: PLR2004 - the offset
                    (skip,) = struct.unpack_from(">I", octets)
                    return octets[4 + skip :]
        return None

    def photo(self) -> Photo:
        item = self._items.get(self._primary)
        if item is None:
            raise NotHeifError
        try:
            return self._grid(item) if item.kind == b"grid" else self._single(item)
        except (struct.error, IndexError) as error:
            raise NotHeifError from error

    def _single(self, item: _Item) -> Photo:
        width, height = self._sides(item)
        return self._held(item, (self._tile(self._primary),), 1, width, height)

    def _grid(self, item: _Item) -> Photo:
        told = self._octets(self._primary)
        form = ">II" if told[1] & 1 else ">HH"
        rows, columns = told[2] + 1, told[3] + 1
        width, height = struct.unpack_from(form, told, 4)
        numbers = self._made_of.get(self._primary, [])
        if len(numbers) != rows * columns:
            raise NotHeifError
        return self._held(item, tuple(self._tile(number) for number in numbers), columns, width, height)

    def _held(self, item: _Item, tiles: tuple[Tile, ...], columns: int, width: int, height: int) -> Photo:
        quarters, mirrored = 0, None
        for name, body in self._of(item):
            if name == b"irot":
                quarters = body[0] & 3
            elif name == b"imir":
                mirrored = body[0] & 1
        return Photo(tiles, columns, width, height, quarters, mirrored)

    def _tile(self, number: int) -> Tile:
        item = self._items.get(number)
        if item is None or item.kind != b"hvc1":
            raise NotHeifError
        record = next((body for name, body in self._of(item) if name == b"hvcC"), None)
        if record is None:
            raise NotHeifError
        return Tile(self._octets(number), record)

    def _sides(self, item: _Item) -> tuple[int, int]:
        body = next((body for name, body in self._of(item) if name == b"ispe"), None)
        if body is None:
            raise NotHeifError
        width, height = struct.unpack_from(">II", body, 4)
        return width, height

    def _of(self, item: _Item) -> Iterator[tuple[bytes, bytes]]:
        for number in item.properties:
            if 0 < number <= len(self._properties):
                yield self._properties[number - 1]

    def _octets(self, number: int) -> bytes:
        item = self._items[number]
        if sum(length for _, length in item.extents) > _LARGEST_ITEM:
            raise NotHeifError
        if item.method == 1:
            return b"".join(self._data[offset : offset + length] for offset, length in item.extents)
        return b"".join(self._at(offset, length) for offset, length in item.extents)

    def _at(self, offset: int, length: int) -> bytes:
        self._source.seek(min(offset, self._size))
        octets = bytearray()
        while len(octets) < length:
            more = self._source.read(length - len(octets))
            if not more:
                break
            octets += more
        return bytes(octets)

    def _meta(self) -> bytes:
        offset = 0
        for _ in range(_MOST_BOXES):
            header = self._at(offset, 16)
            if len(header) < 8:  # noqa: PLR2004 - size and type
                break
            size, name = struct.unpack_from(">I4s", header)
            if size == _LONG:
                (size,) = struct.unpack_from(">Q", header, 8)
            if name == b"meta" and 12 < size <= _LARGEST_META:  # noqa: PLR2004 - a full box
                return self._at(offset + 12, size - 12)
            if size < 8:  # noqa: PLR2004 - a box holds its own header
                break
            offset += size
        raise NotHeifError

    def _read_meta(self, meta: bytes) -> None:
        readers = {
            b"pitm": self._read_primary,
            b"iinf": self._read_kinds,
            b"iloc": self._read_places,
            b"iref": self._read_references,
            b"iprp": self._read_properties,
            b"idat": self._read_data,
        }
        for name, body in boxes(meta):
            reader = readers.get(name)
            if reader is not None:
                reader(body)
        if len(self._items) > _MOST_ITEMS:
            raise NotHeifError

    def _item(self, number: int) -> _Item:
        return self._items.setdefault(number, _Item())

    def _read_primary(self, body: bytes) -> None:
        (self._primary,) = struct.unpack_from(">H" if body[0] == 0 else ">I", body, 4)

    def _read_data(self, body: bytes) -> None:
        self._data = body

    def _read_kinds(self, body: bytes) -> None:
        for name, entry in boxes(body[6 if body[0] == 0 else 8 :]):
            if name == b"infe" and entry[0] in {2, 3}:
                wide = entry[0] == 3  # noqa: PLR2004 - the version with long numbers
                (number,) = struct.unpack_from(">I" if wide else ">H", entry, 4)
                at = 10 if wide else 8
                self._item(number).kind = entry[at : at + 4]

    def _read_places(self, body: bytes) -> None:
        version, sizes = body[0], struct.unpack_from(">H", body, 4)[0]
        offset_size, length_size = sizes >> 12, sizes >> 8 & 15
        base_size, index_size = sizes >> 4 & 15, sizes & 15 if version else 0
        wide = version == 2  # noqa: PLR2004 - the version with long numbers
        at = 6
        (count,) = struct.unpack_from(">I" if wide else ">H", body, at)
        at += 4 if wide else 2
        for _ in range(min(count, _MOST_ITEMS)):
            (number,) = struct.unpack_from(">I" if wide else ">H", body, at)
            at += 4 if wide else 2
            item = self._item(number)
            if version:
                item.method = body[at + 1] & 15
                at += 2
            at += 2
            base, at = _number(body, at, base_size)
            (extents,) = struct.unpack_from(">H", body, at)
            at += 2
            for _ in range(min(extents, _MOST_ITEMS)):
                at += index_size
                offset, at = _number(body, at, offset_size)
                length, at = _number(body, at, length_size)
                item.extents.append((base + offset, length or self._size))

    def _read_references(self, body: bytes) -> None:
        form = ">H" if body[0] == 0 else ">I"
        width = struct.calcsize(form)
        for name, entry in boxes(body[4:]):
            if name != b"dimg":
                continue
            (number,) = struct.unpack_from(form, entry)
            (count,) = struct.unpack_from(">H", entry, width)
            self._made_of[number] = [
                struct.unpack_from(form, entry, width + 2 + place * width)[0] for place in range(count)
            ]

    def _read_properties(self, body: bytes) -> None:
        for name, inner in boxes(body):
            if name == b"ipco":
                self._properties = list(boxes(inner))
            elif name == b"ipma":
                self._read_associations(inner)

    def _read_associations(self, body: bytes) -> None:
        wide, large = body[0] > 0, body[3] & 1
        (count,) = struct.unpack_from(">I", body, 4)
        at = 8
        for _ in range(min(count, _MOST_ITEMS)):
            (number,) = struct.unpack_from(">I" if wide else ">H", body, at)
            at += 4 if wide else 2
            associations = body[at]
            at += 1
            for _ in range(associations):
                told = struct.unpack_from(">H", body, at)[0] & 0x7FFF if large else body[at] & 0x7F
                at += 2 if large else 1
                self._item(number).properties.append(told)


def boxes(octets: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each box one after the other; ends at the first that makes no sense."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(octets):
            return
        size, name = struct.unpack_from(">I4s", octets, at)
        if size < 8 or at + size > len(octets):  # noqa: PLR2004 - a box holds its own header
            return
        yield name, octets[at + 8 : at + size]
        at += size


def _number(octets: bytes, at: int, size: int) -> tuple[int, int]:
    return int.from_bytes(octets[at : at + size], "big"), at + size
