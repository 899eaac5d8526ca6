"""The structures of a UDF file system as octets: those that a disc needs that is written once, and no other.

Source: ECMA-167, 2nd edition (parts 3 and 4), and OSTA UDF 1.02, the revision that every system reads.
"""

import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

BLOCK: Final = 2048
REVISION: Final = 0x0102
NOBODY: Final = 0xFFFFFFFF
"""UDF 2.3.3.1, 2.3.3.2: no owner and no group are told."""
LONGEST_NAME: Final = 255
"""Octets of a name with the one that says how it is spelt (ECMA-167 4/14.4.4)."""
_TAG: Final = struct.Struct("<HHBBHHHI")
_FOLDER: Final = 4
_FILE: Final = 5
_EXTENT: Final = (1 << 30) - BLOCK
"""Octets of the longest extent: 30 bits of length, whole blocks (ECMA-167 4/14.14.1.1)."""
_FILE_HEAD: Final = 176
MOST_EXTENTS: Final = (BLOCK - _FILE_HEAD) // 8
LARGEST: Final = MOST_EXTENTS * _EXTENT
"""Octets of a file whose extents stand in its own block: 234 GiB."""
# ECMA-167 4/14.9.5: three times read, write, execute, for the owner, the group, all others.
_FILE_RIGHTS: Final = 0b00110_00100_00100
_FOLDER_RIGHTS: Final = 0b00111_00101_00101


def tagged(identifier: int, location: int, body: bytes) -> bytes:
    """A descriptor with its tag in front (ECMA-167 3/7.2); `location` is its block."""
    crc = binascii.crc_hqx(body, 0)
    head = _TAG.pack(identifier, 2, 0, 0, 0, crc, len(body), location)
    return _TAG.pack(identifier, 2, sum(head) & 0xFF, 0, 0, crc, len(body), location) + body


def block(octets: bytes) -> bytes:
    """Filled up to whole blocks."""
    return octets + bytes(-len(octets) % BLOCK)


def timestamp(at: datetime) -> bytes:
    """ECMA-167 1/7.3: a time with its zone, which is UTC."""
    utc = at.astimezone(UTC)
    spelt = struct.pack("<HhBBBBB", 1 << 12, utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
    return spelt + bytes(3)


def characters(text: str) -> bytes:
    """OSTA compressed Unicode (UDF 2.1.1): one octet a character where that is enough, else two."""
    try:
        return b"\x08" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"\x10" + text.encode("utf-16-be")


def dstring(text: str, size: int) -> bytes:
    """ECMA-167 1/7.2.12: in a field of `size` octets, the last of which tells how many are used."""
    spelt = characters(text) if text else b""
    return spelt.ljust(size - 1, b"\0") + bytes([len(spelt)])


def _charspec() -> bytes:
    return b"\0" + b"OSTA Compressed Unicode".ljust(63, b"\0")


def _regid(name: bytes, suffix: bytes = b"") -> bytes:
    return b"\0" + name.ljust(23, b"\0") + suffix.ljust(8, b"\0")


_IMPLEMENTATION: Final = _regid(b"*Aigaq")
_DOMAIN: Final = _regid(b"*OSTA UDF Compliant", struct.pack("<HB", REVISION, 3))
"""The 3: nothing may be written to it, neither by this system nor by another."""


def _extent(length: int, location: int) -> bytes:
    return struct.pack("<II", length, location)


def _long(length: int, location: int, unique: int = 0) -> bytes:
    return struct.pack("<IIHHI", length, location, 0, 0, unique)


@dataclass(frozen=True, slots=True)
class Volume:
    """What the descriptors of a volume say alike."""

    name: str
    """At most 30 Latin characters."""
    unique: str
    """16 hexadecimal digits: no other volume set begins with them (UDF 2.2.2.5)."""
    at: datetime
    partition: int
    """Its first block."""
    blocks: int
    """Of the partition."""
    integrity: int
    """Block of the sequence that says that the volume was closed."""
    folders: int
    files: int

    def sequence(self, first: int) -> bytes:
        """The descriptors of the volume, one a block, from block `first` on (ECMA-167 3/8.4.2)."""
        bodies = (
            (1, self._primary()),
            (4, self._about()),
            (5, self._partition()),
            (6, self._logical()),
            (7, struct.pack("<II", 4, 0)),
            (8, bytes(496)),
        )
        return b"".join(block(tagged(kind, first + at, body)) for at, (kind, body) in enumerate(bodies))

    def closed(self) -> bytes:
        """Logical volume integrity, and its end."""
        body = timestamp(self.at) + struct.pack("<I", 1) + bytes(8)
        body += struct.pack("<Q", 16 + self.folders + self.files) + bytes(24)
        body += struct.pack("<IIII", 1, 46, 0, self.blocks)
        body += _IMPLEMENTATION + struct.pack("<IIHHH", self.files, self.folders, *[REVISION] * 3)
        return block(tagged(9, self.integrity, body)) + block(tagged(8, self.integrity + 1, bytes(496)))

    def file_set(self, root: int) -> bytes:
        """The two blocks in which the partition begins; `root` is the block of the root's file entry."""
        body = timestamp(self.at) + struct.pack("<HHIIII", 3, 3, 1, 1, 0, 0)
        body += _charspec() + dstring(self.name, 128) + _charspec() + dstring(self.name, 32) + bytes(64)
        body += _long(BLOCK, root) + _DOMAIN + bytes(16) + bytes(48)
        return block(tagged(256, 0, body)) + block(tagged(8, 1, bytes(496)))

    def _primary(self) -> bytes:
        body = struct.pack("<II", 0, 0) + dstring(self.name, 32) + struct.pack("<HHHHII", 1, 1, 2, 2, 1, 1)
        body += dstring(self.unique + self.name, 128) + _charspec() + _charspec() + bytes(16)
        body += _IMPLEMENTATION + timestamp(self.at) + _IMPLEMENTATION + bytes(64)
        return body + struct.pack("<IH", 0, 0) + bytes(22)

    def _about(self) -> bytes:
        body = struct.pack("<I", 1) + _regid(b"*UDF LV Info", struct.pack("<H", REVISION))
        return body + _charspec() + dstring(self.name, 128) + bytes(108) + _IMPLEMENTATION + bytes(128)

    def _partition(self) -> bytes:
        body = struct.pack("<IHH", 2, 1, 0) + _regid(b"+NSR02") + bytes(128)
        body += struct.pack("<III", 1, self.partition, self.blocks)
        return body + _IMPLEMENTATION + bytes(128 + 156)

    def _logical(self) -> bytes:
        body = struct.pack("<I", 3) + _charspec() + dstring(self.name, 128) + struct.pack("<I", BLOCK)
        body += _DOMAIN + _long(2 * BLOCK, 0) + struct.pack("<II", 6, 1) + _IMPLEMENTATION + bytes(128)
        return body + _extent(2 * BLOCK, self.integrity) + struct.pack("<BBHH", 1, 6, 1, 0)


def recognition() -> bytes:
    """The three blocks by which a UDF volume is known (ECMA-167 2/8.1)."""
    return b"".join(block(b"\0" + name + b"\x01") for name in (b"BEA01", b"NSR02", b"TEA01"))


def anchor(location: int, main: int, reserve: int) -> bytes:
    """Where the two sequences of volume descriptors are; each may take 16 blocks (ECMA-167 3/10.2)."""
    return block(tagged(2, location, _extent(16 * BLOCK, main) + _extent(16 * BLOCK, reserve) + bytes(480)))


def named(name: str, icb: int, unique: int, location: int, *, is_folder: bool) -> bytes:
    """An entry of a folder, from block `location` on (ECMA-167 4/14.4); the nameless one is of its parent."""
    spelt = characters(name) if name else b""
    kind = (2 if is_folder else 0) | (0 if name else 8)
    body = struct.pack("<HBB", 1, kind, len(spelt)) + _long(BLOCK, icb, unique) + struct.pack("<H", 0)
    return tagged(257, location, body + spelt + bytes(-(38 + len(spelt)) % 4))


def named_size(name: str) -> int:
    length = 38 + (len(characters(name)) if name else 0)
    return length + -length % 4


def file_entry(
    location: int, data: int, size: int, unique: int, at: datetime, *, links: int, is_folder: bool
) -> bytes:
    """The block that says where a file's or folder's octets are: from block `data` on (ECMA-167 4/14.9)."""
    extents = [
        _extent(min(_EXTENT, size - begin), data + begin // BLOCK) for begin in range(0, size, _EXTENT)
    ]
    icb = struct.pack("<IHHHBB", 0, 4, 0, 1, 0, _FOLDER if is_folder else _FILE) + bytes(6)
    body = icb + struct.pack("<H", 0)
    body += struct.pack("<IIIH", NOBODY, NOBODY, _FOLDER_RIGHTS if is_folder else _FILE_RIGHTS, links)
    body += bytes(6) + struct.pack("<QQ", size, -(-size // BLOCK)) + timestamp(at) * 3
    body += struct.pack("<I", 1) + bytes(16) + _IMPLEMENTATION
    body += struct.pack("<QII", unique, 0, 8 * len(extents))
    return block(tagged(261, location, body + b"".join(extents)))
