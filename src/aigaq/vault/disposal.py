"""Taking a recording out of a store: what alone lifts the immutable flag, and retention alone imports.

Who calls has entered in the ledger what goes, before. A name that is gone already is no fault, so that what
was cut off is done again. Everything happens within the content's own lock (`Backend.exclusive`): nobody
stores that content meanwhile.
"""

import fcntl
import os
import struct
from dataclasses import dataclass
from typing import Final

from aigaq.core import files
from aigaq.core.digests import ContentDigest
from aigaq.errors import N_
from aigaq.vault.backends.base import Backend
from aigaq.vault.backends.local import LocalBackend, reading, writing
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.errors import VaultError
from aigaq.vault.layout import BlobName

_GET_FLAGS: Final = 0x80086601
_SET_FLAGS: Final = 0x40086602
_IMMUTABLE: Final = 0x10
"""As in `core.files`."""


class NotDisposableError(VaultError):
    """A store from which nothing of ours removes anything: a locked bucket, a docking PC's server."""

    code = "vault.not-disposable"
    message = N_("Nothing is removed from “{place}” by this program. It stays there until its lock is over.")


@dataclass(frozen=True, slots=True)
class Removed:
    name: BlobName
    stored_size: int


def remove(backend: Backend | MemoryBackend, content: ContentDigest) -> list[Removed]:
    """All blobs of this content, damaged ones too, durably; which they were. Within `Backend.exclusive`.

    Raise `NotDisposableError`, `VaultReadError` or `VaultWriteError`: then some may be gone, and it is to be
    done again.
    """
    if isinstance(backend, LocalBackend):
        return _from_directory(backend, content)
    if isinstance(backend, MemoryBackend):
        return [Removed(name, len(backend.blobs.pop(name))) for name in backend.find(content)]
    raise NotDisposableError(place=backend.place)


def _from_directory(backend: LocalBackend, content: ContentDigest) -> list[Removed]:
    names = backend.find(content)
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
