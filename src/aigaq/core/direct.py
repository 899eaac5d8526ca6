"""Reading and writing past the page cache (``O_DIRECT``), with a plain way where a file system has none.

Two reasons: what is read back must come from the disk and not from memory, and buffered input and
output costs more processor time than the cipher. The kernel asks that addresses, offsets and lengths be
multiples of the logical block; a page satisfies every disk.
"""

import errno
import fcntl
import mmap
import os
from typing import Literal, Self

PAGE = 4096
"""Octets. The alignment that every disk and file system with ``O_DIRECT`` accepts."""

Way = Literal["direct", "dropped", "cached", "memory", "remote"]
"""How octets are read: by ``O_DIRECT``; cached pages dropped first; as they come; from no disk; or over a
line, from a store that does not say which of its caches answered."""


def aligned_buffer(size: int) -> memoryview:
    """A writable buffer of `size` octets on a page boundary; freed with the last reference to it."""
    return memoryview(mmap.mmap(-1, size))


def aligned(size: int) -> int:
    """`size` rounded up to whole pages."""
    return -(-size // PAGE) * PAGE


def open_direct(
    name: str | bytes, flags: int, *, mode: int = 0o600, dir_fd: int | None = None
) -> tuple[int, bool]:
    """Open with ``O_DIRECT``, or without where the file system refuses it; say which. Raise ``OSError``."""
    try:
        return os.open(name, flags | os.O_DIRECT, mode, dir_fd=dir_fd), True
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    # With O_CREAT some file systems make the file before they refuse the flag: it is ours, and empty.
    return os.open(name, flags & ~os.O_EXCL, mode, dir_fd=dir_fd), False


def leave_direct(fd: int) -> None:
    """Go on through the page cache: for a last partial page, or a file system that took the flag in vain."""
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) & ~os.O_DIRECT)


class DirectReader:
    """Positional reads of one open file, from the disk. Owns `fd`. Methods raise ``OSError``.

    With neither `direct` nor `drop` the page cache may answer, which is what playback wants.
    """

    def __init__(self, fd: int, *, direct: bool, drop: bool = True) -> None:
        self._fd = fd
        self._way: Way = "direct" if direct else "cached"
        self.size = os.fstat(fd).st_size
        if drop and not direct:
            self._drop()

    @property
    def way(self) -> Way:
        return self._way

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        """Fill `buffer` from `offset`; fewer octets only at the end of the file.

        Give an aligned buffer, length and offset, or the reads go through the page cache.
        """
        done = 0
        while done < len(buffer):
            try:
                count = os.preadv(self._fd, [buffer[done:]], offset + done)
            except OSError as error:
                if error.errno != errno.EINVAL or self._way != "direct":
                    raise
                leave_direct(self._fd)
                self._drop()
                continue
            if count == 0:
                break
            done += count
            if offset + done >= self.size:
                break
        return done

    def pread(self, length: int, offset: int) -> bytes:
        """Up to `length` octets at `offset`; fewer only at the end of the file."""
        if self._way != "direct":
            octets = bytearray(length)
            return bytes(memoryview(octets)[: self.readinto_at(memoryview(octets), offset)])
        start = offset - offset % PAGE
        room = aligned_buffer(aligned(offset + length - start) or PAGE)
        count = self.readinto_at(room, start)
        return bytes(room[: min(count, offset - start + length)][offset - start :])

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drop(self) -> None:
        os.posix_fadvise(self._fd, 0, 0, os.POSIX_FADV_DONTNEED)
        self._way = "dropped"


class DirectWriter:
    """Append octets to a new file through one aligned buffer, without copying whole buffers.

    The caller fills `window()` and says with `advance()` how much of it counts. Whole pages go straight
    to the disk; what is left of a page waits for the next, and at the end for `finish()`. Borrows `fd`.
    Every method may raise ``OSError``, and the file is then to be thrown away: nothing here tries again.
    """

    def __init__(self, fd: int, *, direct: bool, window: int) -> None:
        self._fd = fd
        self._direct = direct
        self._buffer = aligned_buffer(aligned(window) + PAGE)
        self._waiting = 0
        self._written = 0

    @property
    def size(self) -> int:
        """Octets taken so far, written or waiting."""
        return self._written + self._waiting

    def window(self) -> memoryview:
        return self._buffer[self._waiting :]

    def advance(self, octets: int) -> None:
        """The next `octets` of the window are now part of the file."""
        self._waiting += octets
        whole = self._waiting - self._waiting % PAGE
        if whole:
            self._write(self._buffer[:whole])
            rest = self._waiting - whole
            self._buffer[:rest] = self._buffer[whole : self._waiting]
            self._waiting = rest

    def finish(self) -> None:
        """Write the last partial page. The file's octets are with the kernel then, not yet durable."""
        if self._waiting:
            self._leave_direct()
            self._write(self._buffer[: self._waiting])
            self._waiting = 0

    def _write(self, octets: memoryview) -> None:
        while octets:
            try:
                count = os.pwrite(self._fd, octets, self._written)
            except OSError as error:
                # The file system took the flag but not the write: it said so before writing anything.
                if error.errno != errno.EINVAL or not self._direct:
                    raise
                self._leave_direct()
                continue
            if count == 0:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            self._written += count
            octets = octets[count:]
            if count % PAGE:
                self._leave_direct()

    def _leave_direct(self) -> None:
        if self._direct:
            leave_direct(self._fd)
            self._direct = False
