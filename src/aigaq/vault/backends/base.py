"""The contract between the vault and whatever keeps its blobs; `tests/contract` holds every backend to it.

A backend moves octets and knows names; it knows nothing of encryption, and no key ever reaches it. There
is no way here to remove or change a blob. All methods may be called from several threads at once; one
`Draft` or `Blob` belongs to one thread.

Errors, of every method, if nothing else is said: `VaultFullError`, `VaultWriteError` and
`VaultReadError`, never a bare ``OSError``.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self, runtime_checkable

from aigaq.core.digests import ContentDigest
from aigaq.core.direct import Way
from aigaq.vault.layout import BlobName

WINDOW = (1 << 20) + (1 << 16)
"""Octets. The least that `Draft.window` offers: 1 MiB of recording, sealed, and room to spare."""


class Blob(Protocol):
    """A stored file open for reading at any place. A context manager: leaving it closes."""

    @property
    def size(self) -> int: ...

    @property
    def way(self) -> Way:
        """How it is read; for one opened `fresh`, how the page cache was avoided so far."""

    def pread(self, length: int, offset: int) -> bytes:
        """Up to `length` octets from `offset`; fewer only at the end."""

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        """Fill `buffer` from `offset`; the count is smaller only at the end."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Draft(Protocol):
    """A file being written, which nobody finds yet. Leaving the context without `commit` discards it.

    After an error of any method there is nothing to do but to leave: a failed write or fsync is never
    tried again on the same draft.
    """

    def window(self) -> memoryview:
        """Where the next octets go: writable, at least `WINDOW` octets; good until `advance`."""

    def advance(self, octets: int) -> None:
        """The first `octets` of the window are now part of the file."""

    def settle(self) -> int:
        """No more octets come: make them durable; return how many the store says it holds."""

    def reader(self, *, fresh: bool) -> Blob:
        """Read what was written, to which nothing is added any more; `fresh`: from the disk, after `settle`.

        Works before and after `commit`; not after leaving.
        """

    def commit(self, name: BlobName) -> None:
        """After `settle`, within `exclusive`: the file has its name, durably, and can't be changed.

        Never replaces: a name that is taken is an error. After an error here the blob may be there or not.
        A store that is not on this computer has given all of it back once more by then, and said how long it
        is locked.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """Something found under ``blobs/``. `blob` is set when its name and place are right."""

    path: str
    blob: BlobName | None
    problem: str | None = None
    """``misnamed``, ``unexpected`` or ``unreadable``, when `blob` is None."""


@runtime_checkable
class Locking(Protocol):
    """A store that itself refuses to delete, until a day that it was given for each blob."""

    def locked_until(self, name: BlobName) -> datetime:
        """Raise `NotLockedError` where it could be deleted now."""

    def extend(self, name: BlobName, until: datetime) -> None:
        """Lock it for longer; a lock that lasts longer already stays as it is. Read back."""

    def hold(self, name: BlobName) -> None:
        """Keep it beyond its day, until it is released. Read back."""

    def release(self, name: BlobName) -> None:
        """End the hold; the day up to which it is locked stays."""


class Backend(Protocol):
    @property
    def place(self) -> str:
        """Where this is, for people."""

    def free(self) -> int | None:
        """Octets that may still be stored; None where nobody can say. Raise `VaultReadError`."""

    def create(self, description: bytes) -> None:
        """Make an empty vault. Raise `VaultExistsError` if one is there."""

    def description(self) -> bytes:
        """Raise `NoVaultError` if there is no vault."""

    def draft(self) -> Draft: ...

    def exclusive(self, content: ContentDigest) -> AbstractContextManager[None]:
        """Nobody else commits a blob of this content in the meantime, in this process or another.

        Where the store knows no locks that holds for this computer alone. Another one may then commit a
        second blob of the same content, which costs room and nothing else.
        """

    def find(self, content: ContentDigest) -> list[BlobName]:
        """The blobs of this content, newest first; empty if there are none."""

    def open(self, name: BlobName, *, fresh: bool = False) -> Blob:
        """Raise `BlobMissingError` if it isn't there. `fresh`: past the page cache."""

    def affirm(self, name: BlobName) -> None:
        """Make certain that a blob which is there stays there: its name durable, the file protected.

        Whoever linked it may have been killed before that. Raise `BlobMissingError` if it isn't there now.
        """

    def walk(self, after: str = "") -> Iterator[Entry]:
        """Everything under ``blobs/`` in the order of the names. Follows no link, stops at no bad entry.

        Where what comes next can't be told, `VaultReadError` is raised: the end of a list is an end.
        `after`: go on behind this path, as `Entry.path` gave it.
        """

    def sweep(self) -> int:
        """Remove what dead writers left unfinished, and only that; return how many.

        A backend does so by itself before its first draft.
        """

    def close(self) -> None: ...


@runtime_checkable
class Shelf(Protocol):
    """What lies in a vault beside its blobs: small files, each written once under a name of its own.

    A name is a path from the vault's root of two to four parts (`layout.beside`), none of them hidden.
    A backend moves octets; what they say, and whether they are whole, is for whoever reads them.
    """

    @property
    def place(self) -> str: ...

    def put_beside(self, name: str, octets: bytes) -> None:
        """When this returns the file is there, whole and durable, and can't be changed.

        Never replaces: the same octets under the same name are well; others raise `VaultWriteError`.
        """

    def beside(self, folder: str) -> list[str]:
        """The names right under `folder`, of files and of folders, in their order; empty if there is none."""

    def read_beside(self, name: str, *, fresh: bool = False) -> bytes:
        """Raise `BesideMissingError` if it isn't there. `fresh`: past the page cache."""
