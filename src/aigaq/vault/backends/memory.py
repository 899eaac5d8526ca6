"""A vault in memory, gone with the process: for tests, and as the plainest reading of the contract."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Self

from aigaq.core.digests import ContentDigest
from aigaq.core.direct import Way
from aigaq.vault import layout
from aigaq.vault.backends.base import WINDOW, Entry
from aigaq.vault.errors import (
    BesideMissingError,
    BlobMissingError,
    NoVaultError,
    VaultExistsError,
    VaultWriteError,
)
from aigaq.vault.layout import BlobName, shard_of


class MemoryBlob:
    way: Way = "memory"

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    @property
    def size(self) -> int:
        return len(self._octets)

    def pread(self, length: int, offset: int) -> bytes:
        return self._octets[offset : offset + length]

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        octets = self.pread(len(buffer), offset)
        buffer[: len(octets)] = octets
        return len(octets)

    def close(self) -> None:
        """Nothing to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class MemoryBackend:
    """`blobs` maps each name to its octets, the oldest first."""

    place = "memory"

    def __init__(self) -> None:
        self.blobs: dict[BlobName, bytes] = {}
        self.papers: dict[str, bytes] = {}
        """What lies beside the blobs, by name."""
        self._description: bytes | None = None
        self._lock = threading.Lock()
        self._shards: dict[tuple[str, str], threading.Lock] = {}

    def free(self) -> None:
        """Nobody can say."""

    def create(self, description: bytes) -> None:
        with self._lock:
            if self._description is not None:
                raise VaultExistsError(place=self.place)
            self._description = description

    def description(self) -> bytes:
        if self._description is None:
            raise NoVaultError(place=self.place)
        return self._description

    def draft(self) -> "MemoryDraft":
        return MemoryDraft(self)

    def exclusive(self, content: ContentDigest) -> AbstractContextManager[bool]:
        with self._lock:
            return self._shards.setdefault(shard_of(content), threading.Lock())

    def find(self, content: ContentDigest) -> list[BlobName]:
        return [name for name in reversed(list(self.blobs)) if name.content == content]

    def open(self, name: BlobName, *, fresh: bool = False) -> MemoryBlob:  # noqa: ARG002 - there is no cache
        try:
            return MemoryBlob(self.blobs[name])
        except KeyError as error:
            raise BlobMissingError(content=name.content) from error

    def affirm(self, name: BlobName) -> None:
        if name not in self.blobs:
            raise BlobMissingError(content=name.content)

    def keep(self, name: BlobName, octets: bytes) -> None:
        """Raise `VaultWriteError` if the name is taken."""
        with self._lock:
            if name in self.blobs:
                raise VaultWriteError(reason="the name is taken")
            self.blobs[name] = octets

    def put_beside(self, name: str, octets: bytes) -> None:
        layout.beside(name)
        with self._lock:
            if self.papers.setdefault(name, octets) != octets:
                raise VaultWriteError(reason="the name is taken")

    def beside(self, folder: str) -> list[str]:
        under = f"{folder}/"
        found = (name.removeprefix(under).split("/")[0] for name in self.papers if name.startswith(under))
        return sorted(set(found))

    def read_beside(self, name: str, *, fresh: bool = False) -> bytes:  # noqa: ARG002 - there is no cache
        try:
            return self.papers[name]
        except KeyError as error:
            raise BesideMissingError(name=name) from error

    def walk(self, after: str = "") -> Iterator[Entry]:
        for name in sorted(self.blobs, key=lambda each: each.path):
            if name.path > after:
                yield Entry(name.path, name)

    def sweep(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing to close."""


class MemoryDraft:
    def __init__(self, backend: MemoryBackend) -> None:
        self._backend = backend
        self._window = memoryview(bytearray(WINDOW))
        self._octets = bytearray()

    def window(self) -> memoryview:
        return self._window

    def advance(self, octets: int) -> None:
        self._octets += self._window[:octets]

    def settle(self) -> int:
        return len(self._octets)

    def reader(self, *, fresh: bool) -> MemoryBlob:  # noqa: ARG002 - there is no cache
        return MemoryBlob(bytes(self._octets))

    def commit(self, name: BlobName) -> None:
        self._backend.keep(name, bytes(self._octets))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._octets.clear()
