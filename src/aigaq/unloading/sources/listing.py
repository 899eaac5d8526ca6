"""What lies on a card: every file, and every thing that can't be taken, with its reason. In bounded time.

Directories are opened relative to one another and links are never followed, so the walk can't be led
off the card, whatever somebody changes on it meanwhile.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from aigaq.core import files
from aigaq.unloading import errors
from aigaq.unloading.sources.names import path_text

MAX_DEPTH = 32
"""Folders within one another. A camera makes two; a damaged FAT makes as many as one lets it."""
MAX_ENTRIES = 200_000
"""Names of all kinds. A full 256 GB card of one-minute files has some 3,000."""
LOOP = 4
"""So many directories within one another that hold exactly the same are one that contains itself."""

FOLDER = b"AIGAQ"
IDENTITY = b"identity.json"
NOTE = b"cleared.txt"
PART = b".part"
OURS = frozenset({IDENTITY, NOTE, IDENTITY + PART, NOTE + PART})
"""In the folder `FOLDER` of the card's root: written by us, no evidence (`docs/formats/card.md`)."""

_KINDS = {
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


class Stamp(NamedTuple):
    """By what a file is known again. The inode alone would not do: FAT gives a new one at will."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, facts: os.stat_result) -> Self:
        return cls(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class CardFile:
    """A regular file of a card, as listed."""

    parts: tuple[bytes, ...]
    """From the card's root."""
    stamp: Stamp

    @property
    def path(self) -> str:
        return path_text(self.parts)

    @property
    def shown(self) -> str:
        """The path, fit for a screen."""
        return files.displayed(b"/".join(self.parts))


@dataclass(slots=True)
class Listing:
    files: list[CardFile] = field(default_factory=list)
    """By path."""
    problems: list[errors.FileProblemError] = field(default_factory=list)
    sound: bool = True
    """False if the file system contradicts itself or was not seen whole. Such a card is never cleared."""

    @property
    def octets(self) -> int:
        return sum(each.stamp.size for each in self.files)

    @property
    def fingerprint(self) -> str:
        """Differs when anything was added, changed or taken away."""
        digest = hashlib.sha256()
        for each in self.files:
            digest.update(repr((each.parts, each.stamp.size, each.stamp.modified_ns)).encode())
        for problem in self.problems:
            digest.update(repr((problem.code, problem.details)).encode())
        return digest.hexdigest()


def open_card(path: str | os.PathLike[str]) -> int:
    """A descriptor of the card's root. Raise `NotACardError`."""
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise errors.NotACardError(path=files.displayed(os.fspath(path)), reason=reason) from error


def list_card(root: int, *, max_depth: int = MAX_DEPTH, max_entries: int = MAX_ENTRIES) -> Listing:
    """List the card whose root is open as `root`. What can't be taken becomes a problem.

    Raise ``OSError`` only if the root itself is gone.
    """
    walk = _Walk(os.fstat(root).st_dev, max_depth, max_entries)
    walk.descend(root, (), ())
    return walk.finished()


@contextmanager
def parent_of(root: int, parts: tuple[bytes, ...]) -> Iterator[int]:
    """A descriptor of the directory that holds `parts`; no link is followed. Raise ``OSError``."""
    directory = os.dup(root)
    try:
        for name in parts[:-1]:
            inner = open_directory(name, directory)
            os.close(directory)
            directory = inner
        yield directory
    finally:
        os.close(directory)


def open_directory(name: bytes, directory: int) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(name, flags, dir_fd=directory)


def our_name(names: list[bytes], wanted: bytes) -> bytes | None:
    """The one of `names` that is `wanted`: exactly, or else in another case of letters."""
    if wanted in names:
        return wanted
    return next((name for name in sorted(names) if name.lower() == wanted.lower()), None)


_Seen = tuple[tuple[bytes, int, int, int], ...]
"""Name, kind, size and time of each thing in a directory. By this a directory is known again when a damaged
FAT leads back to it: its inode does not help, since FAT has none and one is made up for each way to it."""


@dataclass(frozen=True, slots=True)
class _Above:
    """A directory that holds the one looked at."""

    parts: tuple[bytes, ...]
    seen: _Seen


class _Walk:
    def __init__(self, device: int, max_depth: int, max_entries: int) -> None:
        self.listing = Listing()
        self._device = device
        self._max_depth = max_depth
        self._left = self._max_entries = max_entries
        self._full = False
        self._folder: bytes | None = None
        self._again: list[tuple[bytes, ...]] = []

    def finished(self) -> Listing:
        """What was found through a directory that was met before is there without it."""
        self.listing.files = sorted(
            (
                each
                for each in self.listing.files
                if not any(_is_in(each.parts, again) for again in self._again)
            ),
            key=lambda each: each.parts,
        )
        return self.listing

    def descend(self, directory: int, parts: tuple[bytes, ...], above: tuple[_Above, ...]) -> None:
        """List an open directory and those in it; `above` are those that hold it, the outermost first."""
        found = self._read(directory, parts)
        inner = [name for name, facts in found if stat.S_ISDIR(facts.st_mode)]
        here = _Above(parts, tuple((n, stat.S_IFMT(f.st_mode), f.st_size, f.st_mtime_ns) for n, f in found))
        same = [each.parts for each in (*above, here) if each.seen == here.seen]
        if inner and len(same) >= LOOP:
            if same[1] not in self._again:
                self._again.append(same[1])
                self._distrust(errors.DirectoryLoopError(path=_shown(same[1])))
            return
        if not parts:
            self._folder = our_name(inner, FOLDER)
        ours = self._ours(parts, [name for name, facts in found if stat.S_ISREG(facts.st_mode)])
        for name, facts in found:
            if stat.S_ISDIR(facts.st_mode):
                self._enter(directory, (*parts, name), facts, (*above, here))
            elif not stat.S_ISREG(facts.st_mode):
                kind = _KINDS.get(stat.S_IFMT(facts.st_mode), "foreign thing")
                self.listing.problems.append(errors.NotAFileError(path=_shown((*parts, name)), kind=kind))
            elif name not in ours:
                self.listing.files.append(CardFile((*parts, name), Stamp.of(facts)))

    def _enter(
        self, directory: int, parts: tuple[bytes, ...], facts: os.stat_result, above: tuple[_Above, ...]
    ) -> None:
        if facts.st_dev != self._device:
            self.listing.problems.append(errors.OtherDeviceError(path=_shown(parts)))
        elif len(parts) > self._max_depth:
            self._distrust(errors.TooDeepError(path=_shown(parts), limit=self._max_depth))
        elif self._left <= 0:
            self._stop(parts)
        else:
            self._open(directory, parts, above)

    def _open(self, directory: int, parts: tuple[bytes, ...], above: tuple[_Above, ...]) -> None:
        try:
            inner = open_directory(parts[-1], directory)
        except OSError as error:
            self._unreadable(parts, error)
            return
        try:
            # Something may have been mounted over it since it was listed.
            if os.fstat(inner).st_dev == self._device:
                self.descend(inner, parts, above)
            else:
                self.listing.problems.append(errors.OtherDeviceError(path=_shown(parts)))
        finally:
            os.close(inner)

    def _read(self, directory: int, parts: tuple[bytes, ...]) -> list[tuple[bytes, os.stat_result]]:
        """The names in it with their facts, sorted. Says so if it ends early: at an error or the bound."""
        found: list[tuple[bytes, os.stat_result]] = []
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    name = os.fsencode(entry.name)
                    if self._left <= 0:
                        self._stop((*parts, name))
                        break
                    self._left -= 1
                    self._look(entry, (*parts, name), found)
        except OSError as error:
            self._unreadable(parts, error)
        return sorted(found, key=lambda each: each[0])

    def _look(
        self,
        entry: os.DirEntry[str],
        parts: tuple[bytes, ...],
        found: list[tuple[bytes, os.stat_result]],
    ) -> None:
        try:
            found.append((parts[-1], entry.stat(follow_symlinks=False)))
        except OSError as error:
            reason = error.strerror or str(error)
            self.listing.problems.append(errors.FileUnreadableError(path=_shown(parts), reason=reason))

    def _ours(self, parts: tuple[bytes, ...], names: list[bytes]) -> frozenset[bytes]:
        """Of the files of this directory those that we wrote."""
        if len(parts) != 1 or parts[0] != self._folder:
            return frozenset()
        return frozenset(filter(None, (our_name(names, wanted) for wanted in OURS)))

    def _stop(self, parts: tuple[bytes, ...]) -> None:
        if not self._full:
            self._full = True
            self._distrust(errors.TooManyEntriesError(path=_shown(parts), limit=self._max_entries))

    def _unreadable(self, parts: tuple[bytes, ...], error: OSError) -> None:
        reason = error.strerror or str(error)
        self.listing.problems.append(errors.UnreadableDirectoryError(path=_shown(parts), reason=reason))

    def _distrust(self, problem: errors.FileProblemError) -> None:
        self.listing.sound = False
        self.listing.problems.append(problem)


def _is_in(parts: tuple[bytes, ...], folder: tuple[bytes, ...]) -> bool:
    return parts[: len(folder)] == folder


def _shown(parts: tuple[bytes, ...]) -> str:
    return files.displayed(b"/".join(parts)) or "."
