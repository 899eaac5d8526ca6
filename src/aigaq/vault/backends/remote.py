"""A server's vault, as a dock sees it: blobs pass through a spool of this computer and are handed over.

The spool is a folder like a local vault's. All that is written here is encrypted to the vault's recipient and
proven before anything is sent; a blob leaves it when the far side has it. No key is ever here.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Self

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault import layout
from aigaq.vault.backends.base import Blob, Entry
from aigaq.vault.backends.local import LocalBackend, LocalBlob, LocalDraft
from aigaq.vault.layout import BlobName

Deliver = Callable[[BlobName, Blob], StoredDigest]
"""Returns when the far side has the blob durable and proven; gives the digest that it is stored under there.

What it raises passes through `Vault.put`: the recording stays on the card, and in the spool.
"""


class RemoteBackend:
    """`spool` must not make its blobs immutable: they leave it."""

    def __init__(self, spool: LocalBackend, deliver: Deliver) -> None:
        self._spool = spool
        self._deliver = deliver
        self.delivered: dict[ContentDigest, StoredDigest] = {}
        """What the far side has, as it said."""

    @property
    def place(self) -> str:
        return self._spool.place

    def free(self) -> None:
        """Each blob is here for a short time only; the far side says whether it has room."""

    def create(self, description: bytes) -> None:
        self._spool.create(description)

    def description(self) -> bytes:
        return self._spool.description()

    def draft(self) -> "RemoteDraft":
        return RemoteDraft(self, self._spool.draft())

    def exclusive(self, content: ContentDigest) -> AbstractContextManager[None]:
        return self._spool.exclusive(content)

    def find(self, content: ContentDigest) -> list[BlobName]:
        """Those in the spool: left by a run that was cut off before they were handed over."""
        return self._spool.find(content)

    def open(self, name: BlobName, *, fresh: bool = False) -> LocalBlob:
        return self._spool.open(name, fresh=fresh)

    def affirm(self, name: BlobName) -> None:
        self._spool.affirm(name)
        self.hand_over(name)
        self.let_go(name)

    def walk(self, after: str = "") -> Iterator[Entry]:
        return self._spool.walk(after)

    def sweep(self) -> int:
        return self._spool.sweep()

    def close(self) -> None:
        self._spool.close()

    def hand_over(self, name: BlobName) -> None:
        with self._spool.open(name) as blob:
            self.delivered[name.content] = self._deliver(name, blob)

    def let_go(self, name: BlobName) -> None:
        """Of the spool alone, and only what the far side has. One that stays is taken by the next sweep."""
        if name.content not in self.delivered:
            return
        with contextlib.suppress(OSError):
            first, second = layout.shard_of(name.content)
            (self._spool.directory / layout.BLOBS / first / second / name.file).unlink()


class RemoteDraft:
    def __init__(self, backend: RemoteBackend, inner: LocalDraft) -> None:
        self._backend = backend
        self._inner = inner
        self._committed: BlobName | None = None

    def window(self) -> memoryview:
        return self._inner.window()

    def advance(self, octets: int) -> None:
        self._inner.advance(octets)

    def settle(self) -> int:
        return self._inner.settle()

    def reader(self, *, fresh: bool) -> LocalBlob:
        return self._inner.reader(fresh=fresh)

    def commit(self, name: BlobName) -> None:
        self._inner.commit(name)
        self._committed = name
        self._backend.hand_over(name)

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.__exit__(*_)
        if self._committed is not None:
            self._backend.let_go(self._committed)
