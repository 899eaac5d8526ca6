"""A vault on a disk of this computer: `docs/formats/vault.md`, step by step.

Everything below the vault's own directory is reached from open directories, never by a path, and no
symbolic link is followed.
"""

import contextlib
import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from aigaq.core import files
from aigaq.core.digests import ContentDigest
from aigaq.core.direct import DirectReader, DirectWriter, Way
from aigaq.vault import layout
from aigaq.vault.backends import shelf, tree
from aigaq.vault.backends.base import WINDOW, Entry
from aigaq.vault.errors import (
    BesideMissingError,
    BlobMissingError,
    NoVaultError,
    VaultExistsError,
    VaultFullError,
    VaultReadError,
    VaultWriteError,
)
from aigaq.vault.layout import BlobName

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """What the disk refuses becomes `VaultFullError` or `VaultWriteError`."""
    try:
        yield
    except OSError as error:
        kind = VaultFullError if error.errno in _FULL else VaultWriteError
        raise kind(reason=_reason(error)) from error


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """What the disk refuses becomes `VaultReadError`."""
    try:
        yield
    except OSError as error:
        raise VaultReadError(reason=_reason(error)) from error


def _fsync_folder(folder: Path) -> None:
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return  # we may not read it, so we did not make it
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


class LocalBlob:
    def __init__(self, reader: DirectReader) -> None:
        self._reader = reader

    @property
    def size(self) -> int:
        return self._reader.size

    @property
    def way(self) -> Way:
        return self._reader.way

    def pread(self, length: int, offset: int) -> bytes:
        with reading():
            return self._reader.pread(length, offset)

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        with reading():
            return self._reader.readinto_at(buffer, offset)

    def close(self) -> None:
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Trust:
    """Whether the names in a directory are believed to be durable after an fsync.

    Shared by all that write there in a process, and lost for its life once such an fsync failed: the next
    one could succeed falsely.
    """

    def __init__(self) -> None:
        self._reason: str | None = None

    def require(self) -> None:
        """Raise `VaultWriteError` where it was lost."""
        if self._reason is not None:
            raise VaultWriteError(reason=self._reason)

    def lose(self, error: OSError) -> None:
        self._reason = _reason(error)


class LocalBackend:
    """A directory. `immutable` asks for ``chattr +i`` on each blob.

    Without that right (an ordinary user, a file system that has no such attribute) blobs are read-only.
    """

    def __init__(self, directory: Path, *, immutable: bool = True, trust: Trust | None = None) -> None:
        self.directory = directory
        self._immutable = immutable
        self._trust = trust or Trust()
        self._lock = threading.Lock()
        self._places: Places | None = None
        self._incoming: int | None = None
        self._durable: set[tuple[str, ...]] = set()

    @property
    def place(self) -> str:
        return files.displayed(str(self.directory))

    def free(self) -> int:
        with reading():
            disk = os.statvfs(self.directory)
        return disk.f_bavail * disk.f_frsize

    def create(self, description: bytes) -> None:
        with writing():
            for folder in self._make_folders():
                _fsync_folder(folder)
        try:
            files.write_once(self.directory / layout.DESCRIPTION, description)
        except files.AlreadyWrittenError as error:
            raise VaultExistsError(place=self.place) from error
        except files.NotWrittenError as error:
            raise VaultWriteError(reason=error.details["reason"]) from error

    def description(self) -> bytes:
        """From the disk itself: of one that was pulled out the page cache would go on telling."""
        try:
            root = files.open_directory(self.directory)
            try:
                fd, direct = files.open_regular(layout.DESCRIPTION, dir_fd=root, direct=True)
            finally:
                os.close(root)
            with LocalBlob(DirectReader(fd, direct=direct)) as file:
                return file.pread(min(file.size, layout.DESCRIPTION_LIMIT), 0)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoVaultError(place=self.place) from error
        except OSError as error:
            raise VaultReadError(reason=_reason(error)) from error

    def require_trust(self) -> None:
        """Raise `VaultWriteError` once the fsync of a directory failed: until a restart nothing is taken."""
        self._trust.require()

    def draft(self) -> "LocalDraft":
        self.require_trust()
        with writing():
            return LocalDraft(self, self._opened_incoming())

    @contextlib.contextmanager
    def exclusive(self, content: ContentDigest) -> Iterator[None]:
        with writing():
            shard = self.open_shard(content, make=True)
        # Closing the directory lets the lock go, however this ends.
        try:
            with writing():
                files.lock(shard)
            yield
        finally:
            os.close(shard)

    def find(self, content: ContentDigest) -> list[BlobName]:
        found = []
        with reading():
            try:
                shard = self.open_shard(content)
            except FileNotFoundError:
                return []
            try:
                for file in os.listdir(shard):  # noqa: PTH208 - of an open directory, which a Path can't be
                    name = BlobName.from_file(file)
                    if name is not None and name.content == content:
                        facts = os.stat(file, dir_fd=shard, follow_symlinks=False)
                        if stat.S_ISREG(facts.st_mode):
                            found.append((facts.st_mtime_ns, name.number, name))
            finally:
                os.close(shard)
        return [name for *_, name in sorted(found, reverse=True)]

    def open(self, name: BlobName, *, fresh: bool = False) -> LocalBlob:
        with reading():
            try:
                shard = self.open_shard(name.content)
                try:
                    fd, direct = files.open_regular(name.file, dir_fd=shard, direct=fresh)
                finally:
                    os.close(shard)
            except (FileNotFoundError, files.ForeignFileError) as error:
                raise BlobMissingError(content=name.content) from error
            return LocalBlob(DirectReader(fd, direct=direct, drop=fresh))

    def affirm(self, name: BlobName) -> None:
        with writing():
            shard = self.open_shard(name.content)
            try:
                self.make_durable(shard, name)
                try:
                    fd, _ = files.open_regular(name.file, dir_fd=shard)
                except (FileNotFoundError, files.ForeignFileError) as error:
                    raise BlobMissingError(content=name.content) from error
                try:
                    self.protect(fd)
                finally:
                    os.close(fd)
            finally:
                os.close(shard)

    def put_beside(self, name: str, octets: bytes) -> None:
        parts = layout.beside(name)
        self.require_trust()
        with writing():
            try:
                shelf.put(self._opened().root, self._opened_incoming(), parts, octets, protect=self.protect)
            except shelf.NameNotDurableError as error:
                self._trust.lose(error)
                raise

    def beside(self, folder: str) -> list[str]:
        with reading():
            return shelf.names(self._opened().root, tuple(folder.split("/")))

    def read_beside(self, name: str, *, fresh: bool = False) -> bytes:
        parts = layout.beside(name)
        with reading():
            try:
                return shelf.read(self._opened().root, parts, fresh=fresh)
            except (FileNotFoundError, NotADirectoryError, files.ForeignFileError) as error:
                raise BesideMissingError(name=name) from error

    def walk(self, after: str = "") -> Iterator[Entry]:
        with reading():
            blobs = self._opened().blobs
        yield from tree.walk(blobs, after=after)

    def sweep(self) -> int:
        with writing():
            return files.sweep_parts(dir_fd=self._opened_incoming())

    def close(self) -> None:
        """Close the directories; they are opened again when needed. No draft may be alive."""
        with self._lock:
            opened = (*(self._places or ()), self._incoming)
            self._places = self._incoming = None
        for fd in opened:
            if fd is not None:
                os.close(fd)

    def __del__(self) -> None:
        """A draft holds its backend, so none is alive."""
        self.close()

    def make_durable(self, shard: int, name: BlobName) -> None:
        """Step 8: the name of a blob, and those of the directories above it.

        Raise ``OSError``, or as `require_trust`: a name that is there already may not be durable either.
        """
        self.require_trust()
        try:
            os.fsync(shard)
            for above in (name.shard, name.shard[:1], ()):
                if above not in self._durable:
                    self._fsync_above(above)
                    self._durable.add(above)
        except OSError as error:
            self._trust.lose(error)
            raise

    def _fsync_above(self, shard: tuple[str, ...]) -> None:
        """Make durable the name of ``blobs/ab/cd`` (ab, cd), of ``blobs/ab`` (ab,) or of ``blobs`` ()."""
        places = self._opened()
        match shard:
            case (first, _):
                above = files.open_directory(first, dir_fd=places.blobs)
                try:
                    os.fsync(above)
                finally:
                    os.close(above)
            case (_,):
                os.fsync(places.blobs)
            case _:
                os.fsync(places.root)

    def protect(self, fd: int) -> None:
        """Step 9. Raise ``OSError``."""
        if self._immutable:
            if self._incoming is not None:
                # An immutable file can't lose its other name, so that one is gone for good first.
                os.fsync(self._incoming)
            files.make_immutable(fd)

    def open_shard(self, content: ContentDigest, *, make: bool = False) -> int:
        """The open directory of a content. Raise ``OSError``; ``FileNotFoundError`` without `make`."""
        first, second = layout.shard_of(content)
        blobs = self._opened().blobs
        if make:
            files.make_directory(first, dir_fd=blobs)
        middle = files.open_directory(first, dir_fd=blobs)
        try:
            if make:
                files.make_directory(second, dir_fd=middle)
            return files.open_directory(second, dir_fd=middle)
        finally:
            os.close(middle)

    def _make_folders(self) -> list[Path]:
        """Make the vault's folder and what is missing around it; say which to fsync. Raise ``OSError``.

        Those are all above it on this disk: which of them is new is not known after a killed attempt.
        """
        folder = self.directory.absolute()
        folder.mkdir(files.PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        for name in (layout.BLOBS, layout.INCOMING):
            (folder / name).mkdir(files.PRIVATE_DIRECTORY, exist_ok=True)
        device = folder.stat().st_dev
        return [folder, *(above for above in folder.parents if above.stat().st_dev == device)]

    def _opened(self) -> "Places":
        with self._lock:
            if self._places is None:
                self._places = self._open_places()
            return self._places

    def _open_places(self) -> "Places":
        try:
            root = files.open_directory(self.directory)
            try:
                return Places(root, files.open_directory(layout.BLOBS, dir_fd=root))
            except OSError:
                os.close(root)
                raise
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoVaultError(place=self.place) from error

    def _opened_incoming(self) -> int:
        """The directory of the unfinished, swept when first needed; a copy of a vault may lack it."""
        root = self._opened().root
        with self._lock:
            if self._incoming is None:
                files.make_directory(layout.INCOMING, dir_fd=root)
                incoming = files.open_directory(layout.INCOMING, dir_fd=root)
                try:
                    files.sweep_parts(dir_fd=incoming)
                except OSError:
                    os.close(incoming)
                    raise
                self._incoming = incoming
            return self._incoming


class Places(NamedTuple):
    """Open directories, for as long as the backend is."""

    root: int
    blobs: int


class LocalDraft:
    """``incoming/<uuid>.part``, locked while this lives. Made by `LocalBackend.draft`."""

    def __init__(self, backend: LocalBackend, incoming: int) -> None:
        """Raise ``OSError``."""
        self._backend = backend
        self._incoming = incoming
        self._part, self._fd, direct = files.create_part(dir_fd=incoming)
        self._writer = DirectWriter(self._fd, direct=direct, window=WINDOW)
        self._committed: BlobName | None = None

    def window(self) -> memoryview:
        return self._writer.window()

    def advance(self, octets: int) -> None:
        with writing():
            self._writer.advance(octets)

    def settle(self) -> int:
        with writing():
            self._writer.finish()
            os.fchmod(self._fd, files.READ_ONLY)
            os.fsync(self._fd)
            return os.fstat(self._fd).st_size

    def reader(self, *, fresh: bool) -> LocalBlob:
        with writing():
            self._writer.finish()
        if self._committed is not None:
            return self._backend.open(self._committed, fresh=fresh)
        with reading():
            fd, direct = files.open_regular(self._part, dir_fd=self._incoming, direct=fresh)
            if not os.path.sameopenfile(fd, self._fd):
                os.close(fd)
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            return LocalBlob(DirectReader(fd, direct=direct, drop=fresh))

    def commit(self, name: BlobName) -> None:
        with writing():
            shard = self._backend.open_shard(name.content)
            try:
                files.publish(self._part, name.file, from_fd=self._incoming, to_fd=shard)
                self._committed = name
                self._backend.make_durable(shard, name)
                self._backend.protect(self._fd)
            finally:
                os.close(shard)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)
        if self._committed is None:
            # Whatever remains is unlocked now, and the next sweep takes it.
            with contextlib.suppress(OSError):
                os.unlink(self._part, dir_fd=self._incoming)
