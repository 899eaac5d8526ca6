"""A card with bad blocks: a double of the operating system's reads, on files that are given by path.

It fails as a block device does: a read gives what lies before the first bad block, and fails where it begins
with one. It counts, so that a test can't pass because no fault fired.
"""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK = 512


@dataclass
class BadCard:
    """By inode: which blocks are bad, for how many reads; which octet is told otherwise from which read on."""

    bad: dict[int, dict[int, float]] = field(default_factory=dict)
    liars: dict[int, int] = field(default_factory=dict)
    """The number of whole readings that are true; those after it differ in one bit."""
    gone_after: int | None = None
    """Reads, on any file of it, until it is pulled out."""
    all_or_nothing: bool = False
    """A read with a bad block anywhere in it fails, as one past the page cache may."""
    hanging: set[int] = field(default_factory=set)
    fired: int = 0
    reads: int = 0
    _starts: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    let_go: threading.Event = field(default_factory=threading.Event)
    hangs_for: float | None = None
    """Seconds; None: until it is let go."""

    def breaks(self, path: Path, *blocks: int, times: float = float("inf")) -> None:
        self.bad.setdefault(path.stat().st_ino, {}).update(dict.fromkeys(blocks, times))

    def heals(self, path: Path) -> None:
        self.bad.pop(path.stat().st_ino, None)

    def lies(self, path: Path, *, after: int = 1) -> None:
        self.liars[path.stat().st_ino] = after

    def hangs(self, path: Path) -> None:
        self.hanging.add(path.stat().st_ino)

    def holes(self, path: Path) -> list[tuple[int, int]]:
        """What can't be read of it, in octets, touching ones as one."""
        size, found = path.stat().st_size, []
        for block in sorted(self.bad.get(path.stat().st_ino, {})):
            start, end = block * BLOCK, min((block + 1) * BLOCK, size)
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return [(start, end - start) for start, end in found]

    def expected(self, path: Path) -> bytes:
        """Everything that can be read, zeros in place of the rest."""
        octets = bytearray(path.read_bytes())
        for offset, length in self.holes(path):
            octets[offset : offset + length] = bytes(length)
        return bytes(octets)

    def preadv(self, real: Any, fd: int, buffers: Any, offset: int, *flags: Any) -> int:
        inode = os.fstat(fd).st_ino
        if inode not in self.bad and inode not in self.liars and inode not in self.hanging:
            return real(fd, buffers, offset, *flags)
        if inode in self.hanging:
            self.fired += 1
            self.let_go.wait(self.hangs_for)
        with self._lock:
            self.reads += 1
            if self.gone_after is not None and self.reads > self.gone_after:
                self._fail()
            length = self._readable(inode, offset, len(buffers[0]))
        count = real(fd, [buffers[0][:length]], offset, *flags)
        return self._told(inode, buffers[0], offset, count)

    def _readable(self, inode: int, offset: int, length: int) -> int:
        first = offset // BLOCK
        for block in range(first, -(-(offset + length) // BLOCK)):
            left = self.bad.get(inode, {}).get(block, 0)
            if left > 0:
                if block > first and not self.all_or_nothing:
                    return block * BLOCK - offset
                self.bad[inode][block] = left - 1
                self._fail()
        return length

    def _told(self, inode: int, buffer: Any, offset: int, count: int) -> int:
        if inode in self.liars and offset == 0 and count:
            self._starts[inode] = self._starts.get(inode, 0) + 1
            if self._starts[inode] > self.liars[inode]:
                buffer[0] ^= 1
                self.fired += 1
        return count

    def _fail(self) -> None:
        self.fired += 1
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@contextmanager
def bad_card(monkeypatch: Any) -> Iterator[BadCard]:
    """While it lasts the reads of the files named are its. Fails if no fault fired."""
    card, real = BadCard(), os.preadv
    with monkeypatch.context() as patched:
        patched.setattr(
            os, "preadv", lambda fd, buffers, offset, *flags: card.preadv(real, fd, buffers, offset, *flags)
        )
        try:
            yield card
        finally:
            card.let_go.set()
    assert card.fired, "no fault fired: the test proves nothing"
