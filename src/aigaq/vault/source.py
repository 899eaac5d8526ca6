"""Reading a file of a card, which may lie about its sizes, be pulled out, or be hostile."""

import contextlib
import errno
import os
from types import TracebackType
from typing import Self

from aigaq.core import files
from aigaq.core.direct import leave_direct
from aigaq.errors import N_, AigaqError


class SourceChangedError(AigaqError):
    """The file is not what it was when it was opened: somebody still writes to it, or the card is faulty."""

    code = "source.changed"
    message = N_(
        "“{name}” changed while it was being read ({reason}), so it was not stored and stays on the card. "
        "Make sure that the recorder has stopped recording, then unload again."
    )


class SourceUnreadableError(AigaqError):
    """`offset` (octets) in `details` says how far the reading came."""

    code = "source.unreadable"
    message = N_(
        "“{name}” can't be read from the card beyond byte {offset} ({reason}), so it was not stored and "
        "stays on the card. Plug the card in again; if it fails again, set the card aside and report a "
        "failure."
    )


class SourceFile:
    """One regular file of a card, read once from its start to its end. A context manager.

    Raise `files.ForeignFileError` for anything but a regular file (links are not followed, pipes not
    waited for) and `SourceUnreadableError`. `name` is one name in the directory `dir_fd`, no path.
    """

    def __init__(self, name: str | bytes, *, dir_fd: int) -> None:
        self.name = files.displayed(name)
        if os.fsencode(name) in (b"", b".", b"..") or b"/" in os.fsencode(name):
            raise files.ForeignFileError(name=self.name)
        self._position = 0
        try:
            self._fd, self._direct = files.open_regular(name, dir_fd=dir_fd, direct=True)
        except OSError as error:
            raise self._unreadable(error) from error
        try:
            facts = os.fstat(self._fd)
            os.posix_fadvise(self._fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        except OSError as error:
            os.close(self._fd)
            raise self._unreadable(error) from error
        self.size = facts.st_size
        self.modified_ns = facts.st_mtime_ns
        self.device = facts.st_dev
        self.inode = facts.st_ino

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill some of `buffer`; 0 at the end, and only if the file is still what it was when opened.

        Raise `SourceChangedError` or `SourceUnreadableError`. Whole pages into an aligned buffer go past the
        page cache.
        """
        left = self.size - self._position
        if left == 0:
            self._refuse_change()
            return 0
        count = self._read(buffer)
        if count == 0:
            raise SourceChangedError(name=self.name, reason="it became shorter")
        if count > left:
            raise SourceChangedError(name=self.name, reason="it became longer")
        self._position += count
        return count

    @property
    def position(self) -> int:
        """Octets read, or passed over, so far."""
        return self._position

    @property
    def is_direct(self) -> bool:
        """Reads go past the page cache, down to the device's own blocks."""
        return self._direct

    def pass_over(self, count: int) -> None:
        """Go on `count` octets further on, though they were not read; never beyond the end."""
        if count > self.size - self._position:
            raise ValueError(count)
        self._position += count

    def can_read(self, buffer: memoryview, offset: int) -> bool:
        """Whether the device still gives what is at `offset`: asked anew, of no cache."""
        try:
            if not self._direct:
                self.drop_cached()
            return os.preadv(self._fd, [buffer], offset) > 0
        except OSError as error:
            return error.errno == errno.EINVAL

    def drop_cached(self) -> None:
        """Have what is read next come from the device, where the file system has no direct reads."""
        with contextlib.suppress(OSError):
            os.posix_fadvise(self._fd, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, buffer: memoryview) -> int:
        try:
            return os.preadv(self._fd, [buffer], self._position)
        except OSError as error:
            if error.errno != errno.EINVAL or not self._direct:
                raise self._unreadable(error) from error
        # Not aligned, or a file system that took the flag in vain.
        try:
            self._leave_direct()
            return os.preadv(self._fd, [buffer], self._position)
        except OSError as error:
            raise self._unreadable(error) from error

    def _leave_direct(self) -> None:
        if self._direct:
            leave_direct(self._fd)
            self._direct = False

    def _refuse_change(self) -> None:
        """The size that the card states may be stale or a lie, so one octet more is tried as well."""
        try:
            self._leave_direct()
            facts = os.fstat(self._fd)
            beyond = os.pread(self._fd, 1, self.size)
        except OSError as error:
            raise self._unreadable(error) from error
        if facts.st_size != self.size or beyond:
            raise SourceChangedError(name=self.name, reason="its size changed")
        if facts.st_mtime_ns != self.modified_ns:
            raise SourceChangedError(name=self.name, reason="its time of change moved")

    def _unreadable(self, error: OSError) -> SourceUnreadableError:
        return SourceUnreadableError(
            name=self.name, offset=self._position, reason=error.strerror or str(error)
        )
