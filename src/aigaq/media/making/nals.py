"""Finding coded pictures in octets that no index tells anything of. Run in the child.

H.264 and H.265 in MP4 are units with their length in front (ISO/IEC 14496-15); between them lies sound. One
is believed if its header makes sense and if nothing is in it that its coding forbids: 00 00 00, 00 00 01 and
00 00 02 never stand in one (ITU-T H.264, 7.4.1; H.265, 7.4.2), but in nearly every long run that is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from aigaq.media.making.files import PlacedFile

START: Final = b"\x00\x00\x00\x01"
_BLOCK: Final = 4 << 20
_LARGEST: Final = 4 << 20
_FORBIDDEN: Final = re.compile(rb"\x00\x00[\x00-\x02]")
_PREFIX: Final = 4


class Codec(Protocol):
    """What tells the units of one codec."""

    @property
    def candidates(self) -> re.Pattern[bytes]:
        """Where a length and a header may stand; matches nothing by itself."""

    def is_unit(self, octets: bytes) -> bool: ...
    def is_parameters(self, octets: bytes) -> bool: ...
    def begins_picture(self, octets: bytes) -> bool | None:
        """The first part of a picture: True; a further part: False; no picture: None."""


class H264:
    candidates: Final = re.compile(
        rb"(?s)(?=\x00[\x00-\x3f]..[\x01\x21\x41\x61\x25\x45\x65\x06\x09\x27\x47\x67\x28\x48\x68])"
    )

    def is_unit(self, octets: bytes) -> bool:
        kind = octets[0] & 31
        if kind in {1, 5}:
            bits = _Bits(octets[1:17])
            first, slice_type = bits.exp_golomb(), bits.exp_golomb()
            intra = slice_type in {2, 4, 7, 9}
            return len(octets) > 4 and first < 1 << 16 and slice_type < 10 and (kind == 1 or intra)  # noqa: PLR2004 - tables 7-1 and 7-6
        if kind == 7:  # noqa: PLR2004 - sequence parameters: profiles of Annex A
            return len(octets) > 3 and octets[1] in {66, 77, 88, 100, 110, 122}  # noqa: PLR2004
        return kind in {6, 8, 9} and len(octets) >= 2  # noqa: PLR2004 - header and something

    def is_parameters(self, octets: bytes) -> bool:
        return octets[0] & 31 in {7, 8}

    def begins_picture(self, octets: bytes) -> bool | None:
        if octets[0] & 31 not in {1, 5}:
            return None
        return bool(octets[1] & 0x80)  # first_mb_in_slice is 0


class H265:
    candidates: Final = re.compile(rb"(?s)(?=\x00[\x00-\x3f]..[\x00-\x12\x20-\x2a\x40-\x50][\x01-\x07])")

    def is_unit(self, octets: bytes) -> bool:
        if len(octets) < 4 or octets[0] & 0x81 or octets[1] >> 3 or not octets[1] & 7:  # noqa: PLR2004 - 7.3.1.2
            return False
        kind = octets[0] >> 1
        if kind <= 9 or 16 <= kind <= 21:  # noqa: PLR2004 - table 7-1
            return len(octets) > 6  # noqa: PLR2004 - header, and a slice
        return kind in {32, 33, 34, 35, 39, 40}

    def is_parameters(self, octets: bytes) -> bool:
        return octets[0] >> 1 in {32, 33, 34}

    def begins_picture(self, octets: bytes) -> bool | None:
        return bool(octets[2] & 0x80) if octets[0] >> 1 <= 21 else None  # noqa: PLR2004 - slices, table 7-1


@dataclass(frozen=True, slots=True)
class Unit:
    octets: bytes


class Gatherer:
    """Puts the units of a picture together, each behind a start code (Annex B)."""

    def __init__(self, codec: Codec, front: bytes) -> None:
        """`front` goes before the first."""
        self._codec = codec
        self._octets = bytearray(front)
        self._has_slice = False

    def add(self, unit: bytes) -> bytes | None:
        """The picture before it, if this one begins another."""
        begins = self._codec.begins_picture(unit)
        whole = self.rest() if self._has_slice and begins is not False else None
        self._octets += START + unit
        self._has_slice = self._has_slice or begins is not None
        return whole

    def rest(self) -> bytes | None:
        """What is gathered so far, if there is a picture in it."""
        if not self._has_slice:
            return None
        whole = bytes(self._octets)
        self._octets.clear()
        self._has_slice = False
        return whole


@dataclass(frozen=True, slots=True)
class Between:
    """What lies between units: sound, most likely."""

    octets: bytes


class Window:
    """A file from `begin` to `end`, read in large blocks."""

    def __init__(self, source: PlacedFile, begin: int, end: int) -> None:
        self._source = source
        self.begin = begin
        self.end = end
        self._block = b""
        self._at = begin

    def get(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.end - offset))
        if offset < self._at or offset + length > self._at + len(self._block):
            self._at = offset
            self._block = read_all(self._source, offset, min(max(length, _BLOCK), self.end - offset))
        first = offset - self._at
        return self._block[first : first + length]


def read_all(source: PlacedFile, offset: int, length: int) -> bytes:
    source.seek(offset)
    octets = bytearray()
    while len(octets) < length:
        more = source.read(length - len(octets))
        if not more:
            break
        octets += more
    return bytes(octets)


def units(window: Window, codec: Codec) -> Iterator[Unit | Between]:
    """All units with their length in front, and what lies between them, in the file's order."""
    at = lost = window.begin
    while at < window.end:
        unit = _unit_at(window, codec, at)
        if unit is None:
            at = _next_candidate(window, codec, at + 1)
            continue
        if at > lost:
            yield from _between(window, lost, at)
        yield Unit(unit)
        at = lost = at + _PREFIX + len(unit)
    if window.end > lost:
        yield from _between(window, lost, window.end)


def _between(window: Window, begin: int, end: int) -> Iterator[Between]:
    """A long stretch is no sound between pictures: only its end can be."""
    begin = max(begin, end - _BLOCK)
    yield Between(window.get(begin, end - begin))


def _unit_at(window: Window, codec: Codec, at: int) -> bytes | None:
    length = int.from_bytes(window.get(at, _PREFIX), "big")
    if not 2 <= length <= _LARGEST or at + _PREFIX + length > window.end:  # noqa: PLR2004 - a header and something
        return None
    head = window.get(at + _PREFIX, min(length, 32))
    if not head or not codec.is_unit(head if length <= len(head) else head + bytes(1)):
        return None
    octets = window.get(at + _PREFIX, length)
    return None if _FORBIDDEN.search(octets.rstrip(b"\x00")) else octets


def _next_candidate(window: Window, codec: Codec, at: int) -> int:
    while at < window.end:
        block = window.get(at, _BLOCK)
        found = codec.candidates.search(block)
        if found is not None:
            return at + found.start()
        at += max(1, len(block) - _PREFIX - 2)
    return window.end


class _Bits:
    def __init__(self, octets: bytes) -> None:
        self._value = int.from_bytes(octets, "big")
        self._left = 8 * len(octets)

    def exp_golomb(self) -> int:
        """ue(v), ITU-T H.264, 9.1; something huge where it does not end."""
        zeros = 0
        while self._left and not self._bit():
            zeros += 1
        if zeros > self._left:
            return 1 << 62
        rest = 0
        for _ in range(zeros):
            rest = rest << 1 | self._bit()
        return (1 << zeros) - 1 + rest

    def _bit(self) -> int:
        self._left -= 1
        return self._value >> self._left & 1
