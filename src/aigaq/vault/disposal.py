"""Taking a recording out of a store: what alone lifts the immutable flag, and retention alone imports.

Who calls has entered in the ledger what goes, before. A name that is gone already is no fault, so that what
was cut off is done again. Everything happens within the content's own lock (`Backend.exclusive`): nobody
stores that content meanwhile.
"""

import fcntl
import os
import struct
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aigaq.core import files
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.errors import N_
from aigaq.vault import layout
from aigaq.vault.backends.base import Backend
from aigaq.vault.backends.local import LocalBackend, reading, writing
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.backends.s3 import S3Backend
from aigaq.vault.backends.s3.calls import GoneError
from aigaq.vault.backends.s3.versions import Version, kept_under
from aigaq.vault.errors import HeldThereError, NotLockedError, StillLockedError, StoreWriteError, VaultError
from aigaq.vault.layout import BlobName

_GET_FLAGS: Final = 0x80086601
_SET_FLAGS: Final = 0x40086602
_IMMUTABLE: Final = 0x10
"""As in `core.files`."""


class NotDisposableError(VaultError):
    """A store from which nothing of ours removes anything: a docking PC's server."""

    code = "vault.not-disposable"
    message = N_("Nothing is removed from “{place}” by this program.")


@dataclass(frozen=True, slots=True)
class Removed:
    name: BlobName
    stored_size: int


def remove(
    backend: Backend | MemoryBackend, content: ContentDigest, *, keep: Collection[StoredDigest] = ()
) -> list[Removed]:
    """All blobs of this content, damaged ones too, durably; which they were. Within `Backend.exclusive`.

    Those of `keep` stay: the same was recorded, or came, once more.

    Raise `StillLockedError`, `NotDisposableError`, `VaultReadError` or `VaultWriteError`: then some may be
    gone, and it is to be done again.
    """
    if isinstance(backend, LocalBackend):
        return _from_directory(backend, content, keep)
    if isinstance(backend, MemoryBackend):
        names = [name for name in backend.find(content) if name.stored not in keep]
        return [Removed(name, len(backend.blobs.pop(name))) for name in names]
    if isinstance(backend, S3Backend):
        return _from_bucket(backend, content, keep)
    raise NotDisposableError(place=backend.place)


def locked_until(backend: Backend | MemoryBackend, content: ContentDigest) -> datetime | None:
    """When the last lock of this content ends, by the store's own clock; None where nothing locks it.

    Raise ``VaultReadError``, or `HeldThereError` where a legal hold keeps it, which has no end.
    """
    if not isinstance(backend, S3Backend):
        return None
    latest = None
    for version in _versions(backend, content, ()):
        until = _lock_of(backend, version)
        if until is not None and (latest is None or until > latest):
            latest = until
    return latest


def _from_directory(
    backend: LocalBackend, content: ContentDigest, keep: Collection[StoredDigest]
) -> list[Removed]:
    names = [name for name in backend.find(content) if name.stored not in keep]
    if not names:
        return []
    with reading():
        shard = backend.open_shard(content)
    try:
        with writing():
            removed = [Removed(name, _unlink(name.file, shard)) for name in names]
            os.fsync(shard)
    finally:
        os.close(shard)
    return removed


def _from_bucket(backend: S3Backend, content: ContentDigest, keep: Collection[StoredDigest]) -> list[Removed]:
    """Every version of every key, whatever somebody put over it; and looked whether it is gone.

    All locks are looked at before the first goes: a content is not taken apart. Whoever else asks the store
    to delete a version whose lock is not over is refused by the store itself, and so are we.
    """
    versions = _versions(backend, content, keep)
    locks = [until for version in versions if (until := _lock_of(backend, version)) is not None]
    if locks:
        raise StillLockedError(place=backend.place, until=max(locks))
    removed: dict[BlobName, int] = {}
    for version in versions:
        # What went meanwhile, by an earlier run that was cut off, is gone.
        with suppress(GoneError):
            backend.calls.write("delete_object", Key=version.key, VersionId=version.id)
        name = BlobName.from_file(version.key.rpartition("/")[2])
        if name is not None and version.size is not None:
            removed.setdefault(name, version.size)
    if _versions(backend, content, keep):
        raise StoreWriteError(place=backend.place, reason="it said that it deleted it, and has not")
    return [Removed(name, size) for name, size in removed.items()]


def _versions(backend: S3Backend, content: ContentDigest, keep: Collection[StoredDigest]) -> list[Version]:
    first, second = layout.shard_of(content)
    under = f"{backend.prefix}{layout.BLOBS}/{first}/{second}/{content.hex}."
    found = []
    for kept in kept_under(backend.calls, under):
        name = BlobName.from_file(kept.key.rpartition("/")[2])
        if name is None or name.stored not in keep:
            found += [each for each in (kept.first, *kept.later) if each is not None]
    return found


def _lock_of(backend: S3Backend, version: Version) -> datetime | None:
    """Until when the store keeps it; None where it could go now. Raise `HeldThereError`."""
    if version.size is None:
        return None
    if backend.locks.is_held(version):
        raise HeldThereError(place=backend.place)
    try:
        until = backend.locks.until(version)
    except NotLockedError:
        return None
    return until if until > (backend.calls.told_at or datetime.now(UTC)) else None


def _unlink(file: str, shard: int) -> int:
    """Never through a link, and never what is no regular file. How long it was. Raise ``OSError``."""
    fd, _ = files.open_regular(file, dir_fd=shard)
    try:
        size = os.fstat(fd).st_size
        _make_mutable(fd)
        os.unlink(file, dir_fd=shard)
    finally:
        os.close(fd)
    return size


def _make_mutable(fd: int) -> None:
    """Where it was never made immutable nothing is to be done; where it may not be, unlink says so."""
    try:
        (flags,) = struct.unpack("l", fcntl.ioctl(fd, _GET_FLAGS, struct.pack("l", 0)))
        if flags & _IMMUTABLE:
            fcntl.ioctl(fd, _SET_FLAGS, struct.pack("l", flags & ~_IMMUTABLE))
    except OSError:
        return
