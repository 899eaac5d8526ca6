"""A bag of BagIt 1.0 (RFC 8493) on a disk: files written once, the same on every machine, and durable."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from aigaq.core.files import write_all

PIECE: Final = 1 << 20
"""Octets read at a time."""
FILE_MODE: Final = 0o644
FOLDER_MODE: Final = 0o755
_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ALGORITHMS: Final = ("sha256", "sha512")


@dataclass(frozen=True, slots=True)
class Fixity:
    """What a manifest says of a file, and how large it is."""

    size: int
    sha256: str
    sha512: str

    @classmethod
    def of(cls, octets: bytes) -> "Fixity":
        return cls(len(octets), hashlib.sha256(octets).hexdigest(), hashlib.sha512(octets).hexdigest())

    def digest(self, algorithm: str) -> str:
        return self.sha256 if algorithm == "sha256" else self.sha512


@dataclass(frozen=True, slots=True)
class BagInfo:
    """Of ``bag-info.txt`` (RFC 8493, 2.2.2), but what is counted."""

    organization: str
    identifier: str
    description: str
    bagging_date: str
    volume: int
    volumes: int


def measure(
    source: BinaryIO,
    pool: Executor,
    told: Callable[[int], None],
    write: Callable[[bytes], object] | None = None,
) -> Fixity:
    """Read `source` to its end, both digests made while it passes; each piece is written by `write`.

    `told` gets the number of octets of each piece.
    """
    hashes, size = (hashlib.sha256(), hashlib.sha512()), 0
    piece = source.read(PIECE)
    while piece:
        # Hashing lets go of the interpreter's lock: this goes on while it is written and the next is read.
        busy = [pool.submit(each.update, piece) for each in hashes]
        if write is not None:
            write(piece)
        size += len(piece)
        told(len(piece))
        following = source.read(PIECE)
        for each in busy:
            each.result()
        piece = following
    return Fixity(size, *(each.hexdigest() for each in hashes))


def copy(
    source: BinaryIO, target: Path, made_at: datetime, pool: Executor, told: Callable[[int], None]
) -> Fixity:
    """Write what `source` gives to a new file while it is measured; durable then. Raise ``OSError``."""
    fd = _create(target)
    try:
        fixity = measure(source, pool, told, lambda piece: write_all(fd, piece))
        _finish(fd, made_at)
    finally:
        os.close(fd)
    return fixity


def write(target: Path, octets: bytes, made_at: datetime) -> None:
    """A small file, new and durable. Raise ``OSError``."""
    fd = _create(target)
    try:
        write_all(fd, octets)
        _finish(fd, made_at)
    finally:
        os.close(fd)


def tag_files(
    info: BagInfo, payload: Mapping[str, Fixity], beside: Callable[[bytes], Mapping[str, bytes]]
) -> dict[str, bytes]:
    """All that lies beside ``data/``: by name. `payload` is by path from the bag's root.

    `beside` gives the files of ours, once ``bag-info.txt`` is known.
    """
    bag_info = _bag_info(info, payload.values())
    tags = {"bagit.txt": _DECLARATION, "bag-info.txt": bag_info, **beside(bag_info)}
    tags |= {f"manifest-{each}.txt": manifest(each, payload) for each in _ALGORITHMS}
    fixities = {path: Fixity.of(octets) for path, octets in tags.items()}
    return tags | {f"tagmanifest-{each}.txt": manifest(each, fixities) for each in _ALGORITHMS}


def manifest(algorithm: str, files: Mapping[str, Fixity]) -> bytes:
    """Sorted by path, in code points; paths have no character that RFC 8493 (2.1.3) has encoded."""
    lines = (f"{files[path].digest(algorithm)}  {path}\n" for path in sorted(files))
    return "".join(lines).encode()


def settle(folder: Path, made_at: datetime) -> None:
    """Give `folder` and all folders in it their mode and time, the inmost first; durable then."""
    for path, _folders, _files in os.walk(folder, topdown=False):
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _finish(fd, made_at, FOLDER_MODE)
        finally:
            os.close(fd)


def remove(folder: Path) -> None:
    """All of it, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _bag_info(info: BagInfo, payload: Iterable[Fixity]) -> bytes:
    sizes: Sequence[int] = [each.size for each in payload]
    lines = {
        "Source-Organization": info.organization,
        "External-Identifier": info.identifier,
        "External-Description": info.description,
        "Bagging-Date": info.bagging_date,
        "Payload-Oxum": f"{sum(sizes)}.{len(sizes)}",
    }
    if info.volumes > 1:
        lines["Bag-Group-Identifier"] = info.identifier
        lines["Bag-Count"] = f"{info.volume} of {info.volumes}"
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()


def _create(target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _finish(fd: int, made_at: datetime, mode: int = FILE_MODE) -> None:
    """Mode and time of the approval, whoever writes it and when; the time first counts in the fsync."""
    os.fchmod(fd, mode)
    seconds = int(made_at.timestamp())
    os.utime(fd, (seconds, seconds))
    os.fsync(fd)
