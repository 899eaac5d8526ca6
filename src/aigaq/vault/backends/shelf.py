"""Small files beside the blobs of a vault on a disk: the same dance as for a blob, from open directories."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator

from aigaq.core import files
from aigaq.core.direct import DirectReader, leave_direct


class NameNotDurableError(OSError):
    """The fsync of a directory failed: the next one could succeed falsely."""


def put(
    root: int, incoming: int, parts: tuple[str, ...], octets: bytes, *, protect: Callable[[int], object]
) -> None:
    """Write, prove, name, make durable. Raise ``OSError``, also where other octets have the name."""
    *folders, name = parts
    with _folders(root, folders, make=True) as opened:
        # What lies there already may have been linked by somebody who was killed before the fsync below.
        if _present(opened[-1], name) != octets:
            _write(incoming, opened[-1], name, octets, protect)
        try:
            for folder in (*reversed(opened), root):
                os.fsync(folder)
        except OSError as error:
            raise NameNotDurableError(*error.args) from error


def names(root: int, parts: tuple[str, ...]) -> list[str]:
    """Raise ``OSError``."""
    try:
        with _folders(root, parts, make=False) as opened:
            found = os.listdir(opened[-1])  # noqa: PTH208 - of an open directory, which a Path can't be
            return sorted(name for name in found if not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []


def read(root: int, parts: tuple[str, ...], *, fresh: bool = False) -> bytes:
    """Raise ``OSError`` or `files.ForeignFileError`."""
    *folders, name = parts
    with _folders(root, folders, make=False) as opened:
        return _read(opened[-1], name, fresh=fresh)


def _write(incoming: int, folder: int, name: str, octets: bytes, protect: Callable[[int], object]) -> None:
    part, fd, direct = files.create_part(dir_fd=incoming)
    try:
        if direct:
            leave_direct(fd)
        files.write_all(fd, octets)
        os.fchmod(fd, files.READ_ONLY)
        os.fsync(fd)
        if _read(incoming, part, fresh=True) != octets:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        files.publish(part, name, from_fd=incoming, to_fd=folder)
        protect(fd)
    finally:
        os.close(fd)
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=incoming)


def _present(folder: int, name: str) -> bytes | None:
    try:
        return _read(folder, name)
    except FileNotFoundError:
        return None


def _read(folder: int, name: str, *, fresh: bool = False) -> bytes:
    fd, direct = files.open_regular(name, dir_fd=folder, direct=fresh)
    with DirectReader(fd, direct=direct, drop=fresh) as file:
        return file.pread(file.size, 0)


@contextlib.contextmanager
def _folders(root: int, parts: tuple[str, ...] | list[str], *, make: bool) -> Iterator[list[int]]:
    """The open directories of a path, the outermost first; no link in it is followed."""
    opened: list[int] = []
    try:
        for part in parts:
            above = opened[-1] if opened else root
            if make:
                files.make_directory(part, dir_fd=above)
            opened.append(files.open_directory(part, dir_fd=above))
        yield opened
    finally:
        for fd in opened:
            os.close(fd)
