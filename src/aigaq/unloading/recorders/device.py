"""The files by which a recorder tells who it is and what time it has, and by which it is told the time.

Whatever lies there was written by whoever had the card: it is read within bounds, and no link is followed.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from aigaq.core import files
from aigaq.core.files import ForeignFileError
from aigaq.unloading.recorders.profile import DeviceFile, TimeFile
from aigaq.unloading.recorders.template import Fields
from aigaq.unloading.sources.folder import flush_directory
from aigaq.unloading.sources.listing import CardFile, open_directory, our_name, parent_of

_MOST_OCTETS: Final = 65_536
_MOST_LINES: Final = 2_000
_PART: Final = b".part"
_BLANK: Final = "\ufeff \t\r"
_LONGEST_TIME: Final = 256
"""Octets of a time file."""
PRECISION: Final = timedelta(seconds=1)


def read_device(root: int, told: DeviceFile) -> Fields | None:
    """What the first line of that form says; None if there is no such file or line. Raises nothing."""
    octets = _read(root, told.path)
    if octets is None:
        return None
    for line in octets.decode("utf-8", "replace").split("\n")[:_MOST_LINES]:
        found = told.line.read(line.strip(_BLANK))
        if found is not None:
            return found
    return None


def is_time_file(root: int, file: CardFile, told: TimeFile) -> bool:
    """Is this what we left for the recorder to take its time from? Then it is no evidence.

    Only where it reads as we write it: another file of that name is somebody's. One that we did not come to
    finish is ours too.
    """
    parts = tuple(part.decode("utf-8", "surrogateescape").casefold() for part in file.parts)
    whole = tuple(part.casefold() for part in told.path)
    unfinished = (*whole[:-1], whole[-1] + _PART.decode())
    if parts not in {whole, unfinished} or file.stamp.size > _LONGEST_TIME:
        return False
    octets = _octets(root, file)
    if not octets:
        return octets == b"" and parts == unfinished
    try:
        at = datetime.strptime(octets.decode(), told.text + told.newline.octets.decode())  # noqa: DTZ007 - only its form
    except ValueError:
        return False
    return rendered(told, at) == octets


def rendered(told: TimeFile, local: datetime) -> bytes:
    """The whole file, saying `local`."""
    text = local.strftime(told.text).encode()
    return text.replace(b"\n", told.newline.octets or b"\n") + told.newline.octets


def set_time(root: int, told: TimeFile, zone: tzinfo, now: datetime) -> bytes:
    """Leave the file from which the recorder takes its time, in its `zone`; what was written.

    Raise ``OSError``: the card is write-protected, full, or something else stands in its place.
    """
    octets = rendered(told, (now + told.ahead).astimezone(zone))
    with _folder_of(root, told.path[:-1], make=True) as folder:
        name = _existing(folder, told.path[-1])
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                raise IsADirectoryError(files.displayed(name))
        part = name + _PART
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
    return octets


def _read(root: int, path: tuple[str, ...]) -> bytes | None:
    try:
        with _folder_of(root, path[:-1], make=False) as folder:
            return _first_octets(_existing(folder, path[-1]), folder)
    except (OSError, ForeignFileError):
        return None


def _octets(root: int, file: CardFile) -> bytes | None:
    """Of this very file: another may have the same name but for the case of its letters."""
    try:
        with parent_of(root, file.parts) as folder:
            return _first_octets(file.parts[-1], folder)
    except (OSError, ForeignFileError):
        return None


def _first_octets(name: bytes, folder: int) -> bytes:
    fd, _ = files.open_regular(name, dir_fd=folder)
    try:
        return os.pread(fd, _MOST_OCTETS, 0)
    finally:
        os.close(fd)


@contextlib.contextmanager
def _folder_of(root: int, folders: tuple[str, ...], *, make: bool) -> Iterator[int]:
    folder = os.dup(root)
    try:
        for each in folders:
            name = _existing(folder, each)
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, dir_fd=folder)
                    flush_directory(folder)
            inner = open_directory(name, folder)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


def _existing(folder: int, name: str) -> bytes:
    """As it is spelt there, or else in the profile: FAT does not tell capital letters from small ones."""
    wanted = os.fsencode(name)
    return our_name([os.fsencode(each) for each in os.listdir(folder)], wanted) or wanted
