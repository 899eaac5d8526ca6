"""A package as one stream: a tar archive, sealed with age or in the clear (`docs/formats/package.md`).

It is made while it is read, and nothing of it touches a disk here. Its size is known beforehand, and the
same members give the same archive.
"""

import io
import os
import stat
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import accumulate, chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from aigaq.errors import N_
from aigaq.package.errors import PackageError
from aigaq.package.members import Member
from aigaq.vault.age import Addressee, Sealer, encrypted, sealed_size

FILE_MODE: Final = 0o644
FOLDER_MODE: Final = 0o755


class NotAFileError(PackageError):
    code = "package.not-a-file"
    message = N_(
        "“{path}” in the package's folder is no plain file. Build the package again in an empty folder."
    )


def members_of(*folders: Path) -> tuple[Member, ...]:
    """All files of `folders`, each under its folder's name; `NotAFileError` for a link or a device."""
    found = chain.from_iterable(_inside(folder, PurePosixPath(folder.name)) for folder in folders)
    return tuple(sorted(found, key=lambda each: each.path))


def _inside(folder: Path, under: PurePosixPath) -> Iterator[Member]:
    with os.scandir(folder) as entries:
        listed = list(entries)
    for entry in listed:
        path = under / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _inside(Path(entry.path), path)
            continue
        found = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise NotAFileError(path=str(path))
        yield Member(str(path), found.st_size, partial(_opened, Path(entry.path)))


def _opened(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    return os.fdopen(descriptor, "rb", buffering=0)


def folders_of(members: Iterable[Member]) -> list[str]:
    """The folders that they lie in, each before what is in it."""
    above = (PurePosixPath(each.path).parts[:-1] for each in members)
    return sorted({path for parts in above for path in accumulate(parts, "{}/{}".format)})


@dataclass(frozen=True, slots=True)
class Archive:
    """POSIX tar: ustar, with pax headers for names and sizes that ustar has no room for."""

    members: Sequence[Member]
    at: datetime
    """The time of everything in it."""

    @property
    def size(self) -> int:
        """Octets."""
        told = sum(len(header) for header, _member in self._headed())
        held = sum(_padded(member.size) for member in self.members)
        return _to_record(told + held)

    def pieces(self) -> Iterator[bytes]:
        """The archive from its first octet to its last. Raises `MemberChangedError`, what `open` raises."""
        done = 0
        for header, member in self._headed():
            yield header
            done += len(header)
            if member is not None:
                yield from member.pieces()
                yield bytes(_padded(member.size) - member.size)
                done += _padded(member.size)
        yield bytes(_to_record(done) - done)

    def _headed(self) -> Iterator[tuple[bytes, Member | None]]:
        """Folders and files in the order of their paths, each with its header."""
        folders: list[tuple[str, Member | None]] = [(path, None) for path in folders_of(self.members)]
        for path, member in sorted((*folders, *((each.path, each) for each in self.members)), key=_path):
            yield self._header(path, member), member

    def _header(self, path: str, member: Member | None) -> bytes:
        told = tarfile.TarInfo(path if member else f"{path}/")
        told.type = tarfile.REGTYPE if member else tarfile.DIRTYPE
        told.mode = FILE_MODE if member else FOLDER_MODE
        told.size = member.size if member else 0
        told.mtime = int(self.at.timestamp())
        return told.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _path(one: tuple[str, Member | None]) -> str:
    return one[0]


def _padded(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


def _to_record(size: int) -> int:
    """With the two empty blocks at the end, in whole records, as every tar writes it."""
    return -(-(size + 2 * tarfile.BLOCKSIZE) // tarfile.RECORDSIZE) * tarfile.RECORDSIZE


class SealedArchive:
    """An archive in one age file, to a key or to a passphrase. One use: a second would be another file."""

    def __init__(self, archive: Archive, addressee: Addressee | Sequence[Addressee]) -> None:
        self._archive = archive
        self._sealer = Sealer(addressee)
        self.size: Final = len(self._sealer.header) + sealed_size(archive.size)

    def pieces(self) -> Iterator[bytes]:
        return encrypted(self._sealer, self._archive.pieces())


class Streamed(io.RawIOBase):
    """Pieces as a file to be read once from its beginning, for whoever wants one."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = memoryview(piece)
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count


def as_file(pieces: Iterable[bytes]) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(Streamed(pieces)))
