"""Blobs that come in parts, over a line that breaks: `docs/formats/vault.md`, "Unfinished uploads".

Beside `incoming/`, whose parts live and die with a process, `uploads/` keeps parts for as long as whoever
keeps their list says. What has been kept (`UploadDraft.keep`) is on the disk: a restart, a kill or a power
cut loses no more than what came after.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from uuid import UUID

from aigaq.core import files
from aigaq.core.direct import DirectReader
from aigaq.vault import layout
from aigaq.vault.backends.local import LocalBackend, LocalBlob, reading, writing
from aigaq.vault.errors import UploadBusyError, UploadPartMissingError
from aigaq.vault.layout import BlobName

HandOn = Callable[[BlobName, LocalBlob], None]
"""Keeps a whole file under its name where blobs lie elsewhere; when it returns, it is there and proven."""


class Uploads:
    """The directory ``uploads/`` of a vault on this disk. For several threads and processes at once.

    `hand_on`: blobs don't lie on this disk, and go to where they do when they are whole.
    """

    def __init__(self, backend: LocalBackend, hand_on: HandOn | None = None) -> None:
        self._backend = backend
        self._hand_on = hand_on

    @property
    def directory(self) -> Path:
        return self._backend.directory / layout.UPLOADS

    def free(self) -> int:
        """Octets that this service may still write to the vault's disk."""
        return self._backend.free()

    def create(self, upload: UUID) -> None:
        """An empty part, which survives a power cut."""
        self._backend.require_trust()
        with writing(), self._opened() as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            fd = os.open(_part(upload), flags, 0o600, dir_fd=folder)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
            os.fsync(folder)

    def open(self, upload: UUID) -> "UploadDraft":
        """The part, locked, as it is; `UploadDraft.resume` comes next.

        Raise `UploadBusyError` while somebody else has it, `UploadPartMissingError` if it isn't there, or has
        become a blob meanwhile (its writer was killed between the link and the unlink).
        """
        with writing():
            folder = self._open_folder()
            try:
                return UploadDraft(self._backend, folder, _part(upload), self._hand_on)
            except BaseException:
                os.close(folder)
                raise

    def remove(self, upload: UUID) -> None:
        """Give up a part. Nothing happens if it is not there. Raise `UploadBusyError`."""
        with writing(), self._opened() as folder:
            try:
                fd, _ = files.open_regular(_part(upload), dir_fd=folder)
            except (FileNotFoundError, files.ForeignFileError):
                return
            try:
                if not files.lock_at_once(fd):
                    raise UploadBusyError
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(_part(upload), dir_fd=folder)
            except OSError as error:
                # It is a blob by now, and immutable: its second name is in nobody's way.
                if error.errno != errno.EPERM:
                    raise
            finally:
                os.close(fd)

    def parts(self) -> list[UUID]:
        """Which there are. Anything else in the directory is not ours and is left alone."""
        if not self.directory.is_dir():
            return []
        with reading(), self._opened() as folder:
            found = (_upload_in(name) for name in os.listdir(folder))  # noqa: PTH208 - of an open directory
            return sorted(upload for upload in found if upload is not None)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        folder = self._open_folder()
        try:
            yield folder
        finally:
            os.close(folder)

    def _open_folder(self) -> int:
        """Made when first needed: a vault of an older version lacks it. Raise ``OSError``."""
        root = files.open_directory(self._backend.directory)
        try:
            if files.make_directory(layout.UPLOADS, dir_fd=root):
                os.fsync(root)
            return files.open_directory(layout.UPLOADS, dir_fd=root)
        finally:
            os.close(root)


class UploadDraft:
    """``uploads/<uuid>.part``, locked while this lives. Leaving it keeps what was kept and nothing more.

    After a `VaultError` of `write`, `keep` or `settle` there is nothing to do but to leave and to give the
    whole upload up: a failed write or fsync is never tried again on the same file.
    """

    def __init__(self, backend: LocalBackend, folder: int, part: str, hand_on: HandOn | None = None) -> None:
        """Takes `folder` over, unless it raises: ``OSError`` and as `Uploads.open`."""
        self._hand_on = hand_on
        self._backend = backend
        self._folder = folder
        self._part = part
        self._lock = _locked(folder, part)
        try:
            _make_writable(self._lock, folder, part)
            self._fd = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except BaseException:
            os.close(self._lock)
            raise
        self.offset = 0
        """Octets that are kept."""
        self._size = 0
        if not os.path.sameopenfile(self._fd, self._lock):
            self._close_files()
            raise UploadPartMissingError

    @property
    def size(self) -> int:
        """Octets, kept or not."""
        return self._size

    def resume(self, offset: int) -> None:
        """Go on with exactly the first `offset` octets: what came after them was never acknowledged.

        Whoever calls learnt `offset` under this lock: what another writer has kept meanwhile is not cut off.
        Raise `UploadPartMissingError` if there are fewer: it was cut short, or the disk lost some.
        """
        with writing():
            if os.fstat(self._fd).st_size < offset:
                raise UploadPartMissingError
            os.ftruncate(self._fd, offset)
            os.lseek(self._fd, offset, os.SEEK_SET)
        self.offset = self._size = offset

    def write(self, octets: bytes | memoryview) -> None:
        with writing():
            self._size += files.write_all(self._fd, octets)

    def keep(self) -> int:
        """Make durable what was written; from here on it is kept. Returns `offset`."""
        with writing():
            os.fdatasync(self._fd)
        self.offset = self._size
        return self.offset

    def drop(self) -> None:
        """Forget what was written and not kept."""
        with writing():
            os.ftruncate(self._fd, self.offset)
            os.lseek(self._fd, self.offset, os.SEEK_SET)
        self._size = self.offset

    def settle(self) -> int:
        """No more octets come: mode and fsync, as step 4 has it; return how many the store says it holds."""
        with writing():
            os.fchmod(self._fd, files.READ_ONLY)
            os.fsync(self._fd)
            return os.fstat(self._fd).st_size

    def reader(self) -> LocalBlob:
        """Read it from the disk, after `settle`."""
        with reading():
            fd, direct = files.open_regular(self._part, dir_fd=self._folder, direct=True)
            if not os.path.sameopenfile(fd, self._fd):
                os.close(fd)
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            return LocalBlob(DirectReader(fd, direct=direct))

    def commit(self, name: BlobName) -> None:
        """After `settle`, within the vault's `exclusive`: as `Draft.commit`."""
        if self._hand_on is not None:
            with self.reader() as blob:
                self._hand_on(name, blob)
            # Killed before: the same part comes once more, and what is there by then is found sound.
            self.discard()
            return
        with writing():
            shard = self._backend.open_shard(name.content)
            try:
                files.publish(self._part, name.file, from_fd=self._folder, to_fd=shard)
                self._backend.make_durable(shard, name)
                # An immutable file can't lose its other name, so that one is gone for good first.
                os.fsync(self._folder)
                self._backend.protect(self._fd)
            finally:
                os.close(shard)

    def discard(self) -> None:
        """Give the upload up."""
        with contextlib.suppress(OSError):
            os.unlink(self._part, dir_fd=self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_files()
        os.close(self._folder)

    def _close_files(self) -> None:
        os.close(self._fd)
        os.close(self._lock)


def _locked(folder: int, part: str) -> int:
    """Raise `UploadBusyError`, `UploadPartMissingError` or ``OSError``."""
    try:
        fd, _ = files.open_regular(part, dir_fd=folder)
    except (FileNotFoundError, files.ForeignFileError) as error:
        raise UploadPartMissingError from error
    try:
        is_ours = files.lock_at_once(fd)
    except OSError:
        os.close(fd)
        raise
    if not is_ours:
        os.close(fd)
        raise UploadBusyError
    return fd


def _make_writable(fd: int, folder: int, part: str) -> None:
    """It is read-only if its writer was killed after `settle`; and no part any more if it was killed later.

    Nor if it got its name as a blob between being opened and being locked here: that has one name again.
    Raise `UploadPartMissingError` or ``OSError``.
    """
    facts = os.fstat(fd)
    try:
        there = os.stat(part, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError as error:
        raise UploadPartMissingError from error
    if facts.st_nlink != 1 or not os.path.samestat(facts, there):
        raise UploadPartMissingError
    os.fchmod(fd, 0o600)


def _part(upload: UUID) -> str:
    return f"{upload}{files.PART_SUFFIX}"


def _upload_in(name: str) -> UUID | None:
    try:
        upload = UUID(name.removesuffix(files.PART_SUFFIX))
    except ValueError:
        return None
    return upload if _part(upload) == name else None
