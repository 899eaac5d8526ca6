"""Reading and writing our own two files on a card."""

import contextlib
import errno
import os

from aigaq.core import files
from aigaq.unloading.sources.listing import FOLDER, PART, open_directory, our_name

_NO_FSYNC = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
"""File systems of cards that can't flush a directory say one of these."""


def read(root: int, name: bytes, limit: int) -> bytes | None:
    """The first `limit` + 1 octets of our file `name`; None if there is none. Raise ``OSError``.

    Raise `ForeignFileError` if a link, a pipe or the like stands in its place.
    """
    folder_name = our_name(_names(root), FOLDER)
    if folder_name is None:
        return None
    try:
        folder = open_directory(folder_name, root)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise files.ForeignFileError(name=files.displayed(folder_name)) from error
        raise
    try:
        found = our_name(_names(folder), name)
        if found is None:
            return None
        fd, _ = files.open_regular(found, dir_fd=folder)
        try:
            return os.pread(fd, limit + 1, 0)
        finally:
            os.close(fd)
    finally:
        os.close(folder)


def write(root: int, name: bytes, octets: bytes) -> None:
    """Put our file `name` on the card, whole or not at all; an older one goes. Raise ``OSError``."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(our_name(_names(root), FOLDER) or FOLDER, dir_fd=root)
        flush_directory(root)
    folder = open_directory(our_name(_names(root), FOLDER) or FOLDER, root)
    try:
        part = name + PART
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part, dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(part, flags, 0o644, dir_fd=folder)
        try:
            files.write_all(fd, octets)
            os.fsync(fd)
        finally:
            os.close(fd)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        flush_directory(folder)
    finally:
        os.close(folder)


def flush_directory(directory: int) -> None:
    """Make the names in a card's directory durable, where its file system can. Raise ``OSError``."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise


def _names(directory: int) -> list[bytes]:
    return [os.fsencode(name) for name in os.listdir(directory)]
