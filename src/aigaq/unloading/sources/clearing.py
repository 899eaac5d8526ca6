"""Deleting from a card what is in the vault, and only if it still is what was stored."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from aigaq.core.digests import ContentDigest
from aigaq.core.direct import aligned_buffer
from aigaq.core.files import ForeignFileError
from aigaq.unloading import errors
from aigaq.unloading.sources.folder import flush_directory
from aigaq.unloading.sources.listing import CardFile, Stamp, parent_of
from aigaq.vault.source import SourceChangedError, SourceFile, SourceUnreadableError
from aigaq.vault.store import Source

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Proven:
    """A file of the card whose content is durable in the vault and in the catalogue."""

    file: CardFile
    content_digest: ContentDigest


@dataclass(slots=True)
class Clearing:
    cleared: list[Proven] = field(default_factory=list)
    problems: list[errors.FileProblemError] = field(default_factory=list)


def clear(root: int, proven: Iterable[Proven]) -> Clearing:
    """Delete each of `proven` that is still the file that was stored, then the folders this emptied.

    What can't be deleted is a problem, and the rest goes on; a write-protected card ends it. A crash at
    any moment leaves files that a later call deletes.
    """
    outcome = Clearing()
    in_order = sorted(proven, key=lambda each: each.file.parts)
    folders = [(folder, list(held)) for folder, held in groupby(in_order, key=_folder)]
    try:
        for _, held in folders:
            _clear_folder(root, held, outcome)
    except errors.WriteProtectedError as problem:
        outcome.problems.append(problem)
        return outcome
    for folder, _ in sorted(folders, key=lambda each: len(each[0]), reverse=True):
        _remove_empty(root, folder)
    return outcome


def _folder(proven: Proven) -> tuple[bytes, ...]:
    return proven.file.parts[:-1]


def _clear_folder(root: int, held: list[Proven], outcome: Clearing) -> None:
    """Raise `WriteProtectedError`; all else becomes a problem."""
    waiting = list(reversed(held))
    try:
        with parent_of(root, held[0].file.parts) as directory:
            while waiting:
                _clear_file(directory, waiting[-1], outcome)
                waiting.pop()
            flush_directory(directory)
    except OSError as error:
        outcome.problems.extend(_not_cleared(each, error) for each in reversed(waiting))


def _clear_file(directory: int, proven: Proven, outcome: Clearing) -> None:
    try:
        _refuse_change(directory, proven)
        os.unlink(proven.file.parts[-1], dir_fd=directory)
    except errors.FileChangedError as problem:
        outcome.problems.append(problem)
    except OSError as error:
        if error.errno == errno.EROFS:
            raise errors.WriteProtectedError(path=proven.file.shown) from error
        outcome.problems.append(_not_cleared(proven, error))
    else:
        outcome.cleared.append(proven)


def _refuse_change(directory: int, proven: Proven) -> None:
    """Raise `FileChangedError` unless the name still leads to what was stored.

    On FAT and FUSE a file may get another inode number by itself, and then its octets decide.
    """
    name = proven.file.parts[-1]
    now = Stamp.of(os.stat(name, dir_fd=directory, follow_symlinks=False))
    if now == proven.file.stamp:
        return
    if now.size != proven.file.stamp.size or _digest_now(name, directory, proven) != proven.content_digest:
        raise errors.FileChangedError(path=proven.file.shown, reason="it is not what was stored")


def _digest_now(name: bytes, directory: int, proven: Proven) -> ContentDigest:
    try:
        return digest_of(name, directory)
    except (SourceChangedError, SourceUnreadableError, ForeignFileError) as error:
        raise errors.FileChangedError(path=proven.file.shown, reason=str(error)) from error


def digest_of(
    name: bytes, directory: int, through: Callable[[SourceFile], Source] = lambda source: source
) -> ContentDigest:
    """Of a file as the card gives it now, past the page cache; read as `through` reads it.

    Raise `SourceChangedError`, `SourceUnreadableError` or `ForeignFileError`.
    """
    digest = hashlib.sha256()
    buffer = aligned_buffer(_BUFFER)
    with SourceFile(name, dir_fd=directory) as source:
        if not source.is_direct:
            source.drop_cached()
        reader = through(source)
        while count := reader.readinto(buffer):
            digest.update(buffer[:count])
    return ContentDigest(digest.digest())


def _not_cleared(proven: Proven, error: OSError) -> errors.NotClearedError:
    return errors.NotClearedError(path=proven.file.shown, reason=error.strerror or str(error))


def _remove_empty(root: int, folder: tuple[bytes, ...]) -> None:
    """Remove a folder and those around it while they are empty, but none of the card's root (``DCIM``)."""
    while len(folder) > 1:
        try:
            with parent_of(root, folder) as directory:
                os.rmdir(folder[-1], dir_fd=directory)
                flush_directory(directory)
        except OSError:
            return
        folder = folder[:-1]
