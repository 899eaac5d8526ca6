"""The write-once dance: how a file comes to be on a disk whole, durable and unchangeable, or not at all.

Temporary name in the same file system, every short write written on, byte count, fsync, read back, link
to the final name (which fails if that is taken), fsync of the directory. Names are looked up relative to
open directories and symbolic links are not followed, so nobody who can write beside us can lead us
elsewhere. An fsync that failed is never repeated on the same file: the kernel may have dropped the pages
and would say yes ("Can applications recover from fsync failures?", USENIX ATC 2020).
"""

import contextlib
import errno
import fcntl
import os
import stat
import struct
import uuid
from pathlib import Path

from aigaq.core.direct import DirectReader, open_direct
from aigaq.errors import N_, AigaqError

READ_ONLY = 0o440
PRIVATE_DIRECTORY = 0o750
PART_SUFFIX = ".part"

_GET_FLAGS = 0x80086601
_SET_FLAGS = 0x40086602
_IMMUTABLE = 0x10
"""FS_IOC_GETFLAGS, FS_IOC_SETFLAGS and FS_IMMUTABLE_FL of linux/fs.h, 64-bit."""

_NOT_ALLOWED = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EROFS}
)


class AlreadyWrittenError(AigaqError):
    code = "files.already-written"
    message = N_("“{name}” is there already and is never written over.")


class NotWrittenError(AigaqError):
    """The file is not there; what was begun of it has been removed."""

    code = "files.not-written"
    message = N_(
        "“{name}” could not be written ({reason}). Check the disk and its free space, then try again."
    )


class ForeignFileError(AigaqError):
    """Something that isn't a regular file stands where one is expected."""

    code = "files.foreign"
    message = N_("“{name}” is not an ordinary file. Find out who put it there; it is not read.")


def displayed(name: str | bytes) -> str:
    """A name fit for a sentence, a log line or JSON, whoever chose it.

    What is not printable (line breaks, escape sequences, marks that turn the direction of writing,
    octets that are no UTF-8) is spelt as an escape, so two names that differ never look alike by that.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def open_directory(name: str | Path, *, dir_fd: int | None = None) -> int:
    """A descriptor of a directory, never through a symbolic link in its last part. Raise ``OSError``."""
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)


def make_directory(name: str, *, dir_fd: int) -> bool:
    """Make one directory; False if it is there. Durable after an fsync of `dir_fd`. Raise ``OSError``."""
    try:
        os.mkdir(name, PRIVATE_DIRECTORY, dir_fd=dir_fd)
    except FileExistsError:
        return False
    return True


def open_regular(name: str | bytes, *, dir_fd: int, direct: bool = False, flags: int = 0) -> tuple[int, bool]:
    """Open a regular file for reading; say whether past the page cache.

    Neither a link is followed nor a pipe waited for. Raise `ForeignFileError` or ``OSError``.
    """
    flags |= os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        fd, is_direct = (
            open_direct(name, flags, dir_fd=dir_fd)
            if direct
            else (os.open(name, flags, dir_fd=dir_fd), False)
        )
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a symbolic link; a socket or a device with no driver
            raise ForeignFileError(name=displayed(name)) from error
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise ForeignFileError(name=displayed(name))
    return fd, is_direct


def write_all(fd: int, octets: bytes | memoryview) -> int:
    """Write all of `octets`, however short each write falls; return their number. Raise ``OSError``."""
    rest = memoryview(octets)
    while rest:
        count = os.write(fd, rest)
        if count == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[count:]
    return len(octets)


def publish(part: str, name: str, *, from_fd: int, to_fd: int) -> None:
    """Give the finished file `part` its name and take the old one away. Never replaces.

    Raise ``FileExistsError`` if `name` is taken, ``OSError`` otherwise. Durable after an fsync of `to_fd`.
    """
    os.link(part, name, src_dir_fd=from_fd, dst_dir_fd=to_fd, follow_symlinks=False)
    os.unlink(part, dir_fd=from_fd)


def make_immutable(fd: int) -> bool:
    """Forbid change and removal, to root as well (``chattr +i``). False where that isn't possible."""
    try:
        (flags,) = struct.unpack("l", fcntl.ioctl(fd, _GET_FLAGS, struct.pack("l", 0)))
        if not flags & _IMMUTABLE:
            fcntl.ioctl(fd, _SET_FLAGS, struct.pack("l", flags | _IMMUTABLE))
    except OSError as error:
        if error.errno in _NOT_ALLOWED:
            return False
        raise
    return True


def lock(fd: int) -> None:
    """Wait for the exclusive lock of a file or directory. Closing `fd` lets it go. Raise ``OSError``."""
    fcntl.flock(fd, fcntl.LOCK_EX)


def lock_at_once(fd: int) -> bool:
    """Take the exclusive lock if nobody holds it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def create_part(*, dir_fd: int) -> tuple[str, int, bool]:
    """A new, empty, locked ``<uuid>.part``: its name, descriptor, and whether writes pass the page cache.

    The lock tells a sweep that the writer lives. Raise ``OSError``.
    """
    while True:
        name = f"{uuid.uuid4()}{PART_SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        fd, direct = open_direct(name, flags, dir_fd=dir_fd)
        try:
            # Between its creation and its lock a sweep may have taken it for an orphan: then start anew.
            if lock_at_once(fd) and os.fstat(fd).st_nlink == 1:
                return name, fd, direct
        except OSError:
            os.close(fd)
            raise
        os.close(fd)


def sweep_parts(*, dir_fd: int) -> int:
    """Remove the unfinished files whose writer is gone; return their number. Raise ``OSError``.

    One that can't be removed now (it became an immutable blob before its writer died; the disk fails) is
    left to the next sweep: it is in nobody's way.
    """
    swept = 0
    for name in sorted(os.listdir(dir_fd)):
        if not name.endswith(PART_SUFFIX):
            continue
        try:
            fd, _ = open_regular(name, dir_fd=dir_fd)
        except (ForeignFileError, OSError):
            continue
        try:
            with contextlib.suppress(OSError):
                if lock_at_once(fd):
                    os.unlink(name, dir_fd=dir_fd)
                    swept += 1
        finally:
            os.close(fd)
    return swept


def write_once(path: Path, octets: bytes, *, mode: int = READ_ONLY) -> None:
    """Write a small file that is never written again, with the whole dance; its directory must exist.

    Raise `AlreadyWrittenError` or `NotWrittenError`; the file is then as before, or not there.
    """
    try:
        directory = open_directory(path.parent)
        try:
            _write_once(path.name, octets, mode, directory)
        finally:
            os.close(directory)
    except FileExistsError as error:
        raise AlreadyWrittenError(name=displayed(path.name)) from error
    except OSError as error:
        raise NotWrittenError(name=displayed(path.name), reason=error.strerror) from error


def _write_once(name: str, octets: bytes, mode: int, directory: int) -> None:
    part = f".{name}.{uuid.uuid4()}{PART_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(part, flags, 0o600, dir_fd=directory)
    try:
        write_all(fd, octets)
        os.fchmod(fd, mode)
        os.fsync(fd)
        again_fd, direct = open_regular(part, dir_fd=directory, direct=True)
        with DirectReader(again_fd, direct=direct) as again:
            if again.size != len(octets) or again.pread(again.size, 0) != octets:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.link(part, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    finally:
        os.close(fd)
        os.unlink(part, dir_fd=directory)
    os.fsync(directory)
