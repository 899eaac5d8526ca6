"""What is being sealed for a bucket: a part of the staging folder, until its octets are there."""

from collections.abc import Callable
from typing import Self

from aigaq.vault.backends.base import Blob
from aigaq.vault.backends.s3.staging import Staged, StagedDraft
from aigaq.vault.backends.s3.writing import PART
from aigaq.vault.layout import BlobName

Keep = Callable[[BlobName, Blob], None]
"""Has it stand in the bucket, proven, when it returns."""


class S3Draft:
    def __init__(self, inner: StagedDraft, keep: Keep) -> None:
        self._inner = inner
        self._keep = keep
        self._proven: Staged | None = None

    def window(self) -> memoryview:
        return self._inner.window()

    def advance(self, octets: int) -> None:
        self._inner.advance(octets)

    def settle(self) -> int:
        return self._inner.settle()

    def reader(self, *, fresh: bool) -> Blob:
        """Of the part: it stays until the draft is left, and what the bucket has was compared with it.

        What fits into one request is read from the disk once: the octets that are proven are those sent.
        """
        blob = self._inner.reader(fresh=fresh)
        if not fresh or blob.size > PART:
            return blob
        with blob:
            self._proven = Staged(blob.pread(blob.size, 0), blob.way)
        return self._proven

    def commit(self, name: BlobName) -> None:
        with self._proven or self._inner.reader(fresh=True) as blob:
            self._keep(name, blob)
        self._proven = None

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.__exit__(*_)
