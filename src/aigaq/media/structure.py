"""Whether a file is whole by its own bookkeeping: declared lengths against the octets that are there.

A decoder plays what it finds and says nothing of an end that is missing; these checks do. They read
headers only. Run in the child: what they walk is hostile.
"""

import struct
from typing import Final, Protocol

from aigaq.media.kinds import HEAD, Family, packet_size
from aigaq.media.probe import Flaw


class Source(Protocol):
    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int, /) -> bytes | None: ...


_MOST_BOXES: Final = 50_000
"""Ten hours of fragments of one second, with room; past it the walk stops and finds no flaw."""

_UNKNOWN_32: Final = 0xFFFFFFFF
_LONG_BOX: Final = 1
_TO_THE_END: Final = 0


def flaw_of(source: Source, size: int, family: Family) -> Flaw | None:
    """What is missing of a file of `size` octets, if its structure tells. May move `source`."""
    check = {
        Family.ISOBMFF: _isobmff,
        Family.HEIF: _isobmff,
        Family.AVI: _riff,
        Family.WAVE: _riff,
        Family.MATROSKA: _matroska,
        Family.MPEGTS: _mpegts,
    }.get(family)
    return check(source, size) if check else None


def _at(source: Source, offset: int, length: int) -> bytes:
    source.seek(offset)
    octets = bytearray()
    while len(octets) < length:
        more = source.read(length - len(octets))
        if not more:
            break
        octets += more
    return bytes(octets)


def _isobmff(source: Source, size: int) -> Flaw | None:
    """Boxes of ISO/IEC 14496-12, 4.2, at the top level. An index is ``moov``, or ``meta`` in a photo."""
    offset, has_index = 0, False
    for _ in range(_MOST_BOXES):
        header = _at(source, offset, 16)
        if len(header) < 8:  # noqa: PLR2004 - size and type
            break
        length, name = struct.unpack_from(">I4s", header)
        if length == _LONG_BOX and len(header) == 16:  # noqa: PLR2004 - with the 64-bit size
            (length,) = struct.unpack_from(">Q", header, 8)
        has_index = has_index or name in {b"moov", b"meta"}
        if length == _TO_THE_END:
            break
        if length < 8 or offset + length > size:  # noqa: PLR2004 - a box holds its own header
            return Flaw.CUT_SHORT if has_index else Flaw.NO_INDEX
        offset += length
    return None if has_index else Flaw.NO_INDEX


def _riff(source: Source, size: int) -> Flaw | None:
    """The RIFF header's length; cameras write 0 there and come back when the recording ends."""
    header = _at(source, 0, 8)
    if len(header) < 8:  # noqa: PLR2004 - tag and length
        return Flaw.CUT_SHORT
    tag, length = struct.unpack("<4sI", header)
    if length == 0:
        return Flaw.NO_INDEX
    if tag == b"RF64" or length == _UNKNOWN_32:
        return None  # the true length stands elsewhere (EBU Tech 3306)
    return Flaw.CUT_SHORT if 8 + length > size else None


_SEGMENT: Final = b"\x18\x53\x80\x67"


def _matroska(source: Source, size: int) -> Flaw | None:
    """EBML header, then one Segment (RFC 8794, 4 and 6; RFC 9559, 5.1)."""
    head = _at(source, 0, 4 + 8)
    header_length = _vint(head[4:])
    if header_length is None:
        return Flaw.CUT_SHORT
    at = 4 + header_length[1] + (header_length[0] or 0)
    segment = _at(source, at, 4 + 8)
    if segment[:4] != _SEGMENT:
        return None
    length = _vint(segment[4:])
    if length is None:
        return Flaw.CUT_SHORT
    value, width = length
    if value is None:
        return Flaw.NO_INDEX  # of unknown size: written as a stream and never closed
    return Flaw.CUT_SHORT if at + 4 + width + value > size else None


def _vint(octets: bytes) -> tuple[int | None, int] | None:
    """A variable-size integer and its width; ``None`` inside for “unknown”, outside if it is cut off."""
    if not octets or not octets[0]:
        return None
    width = 9 - octets[0].bit_length()
    if len(octets) < width:
        return None
    ones = (1 << 7 * width) - 1
    value = int.from_bytes(octets[:width], "big") & ones
    return (None if value == ones else value), width


def _mpegts(source: Source, size: int) -> Flaw | None:
    packet = packet_size(_at(source, 0, HEAD))
    return Flaw.CUT_SHORT if packet and size % packet else None
