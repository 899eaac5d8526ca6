"""What dm-log-writes wrote down: every write of a disk in the order in which it could no longer be lost.

Its format is the kernel's (``drivers/md/dm-log-writes.c``): a head, then for each entry a sector that says what
it is, followed by what was written. A write is entered when a flush, or its own FUA, has made it durable: so
each prefix of the log is what a power cut may leave at the least.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

MAGIC = 0x6A736677736872
_FLUSH, _FUA, _DISCARD, _MARK = 1, 2, 4, 8
_SECTOR = 512


@dataclass(frozen=True)
class Write:
    """One entry. With a `mark` it is no write, but something that the test had written between them."""

    at: int
    """Octets, as the following."""
    length: int
    mark: str
    found_at: int
    discards: bool


def entries(log: Path) -> Iterator[Write]:
    with log.open("rb") as file:
        magic, version, count, size = struct.unpack("<QQQI", file.read(28))
        assert (magic, version) == (MAGIC, 1), "that is no log of dm-log-writes"
        offset = size
        for _ in range(count):
            file.seek(offset)
            sector, sectors, flags, length = struct.unpack("<QQQQ", file.read(32))
            mark = file.read(length).decode() if flags & _MARK else ""
            offset += size
            discards = bool(flags & _DISCARD)
            yield Write(sector * _SECTOR, sectors * _SECTOR, mark, offset, discards)
            if not discards:
                offset += sectors * _SECTOR


class Replay:
    """A disk as it was before the log began, onto which its writes are put one after another."""

    def __init__(self, log: Path, disk: Path) -> None:
        self._log = os.open(log, os.O_RDONLY)
        self._disk = os.open(disk, os.O_RDWR)

    def put(self, write: Write) -> None:
        if write.length and not write.discards:
            os.pwrite(self._disk, os.pread(self._log, write.length, write.found_at), write.at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._log)
        os.close(self._disk)
