"""What was found of a content, for as long as nobody else on this computer can add to it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from aigaq.core.digests import ContentDigest
from aigaq.vault.layout import BlobName


@dataclass(frozen=True, slots=True)
class Look:
    """The blobs of a content, newest first, and all keys that were there beneath it, whatever they are."""

    names: tuple[BlobName, ...]
    keys: frozenset[str]


class Looks:
    """Each is its thread's own, and good only within the content's lock: to ask again would tell the same."""

    def __init__(self) -> None:
        self._of = threading.local()

    @contextlib.contextmanager
    def under(self, content: ContentDigest) -> Iterator[None]:
        self._held[content] = None
        try:
            yield
        finally:
            del self._held[content]

    def at(self, content: ContentDigest) -> Look | None:
        """None where nobody has looked yet, or the lock is not held."""
        return self._held.get(content)

    def keep(self, content: ContentDigest, look: Look) -> None:
        if content in self._held:
            self._held[content] = look

    def forget(self, content: ContentDigest) -> None:
        """It is about to change."""
        if content in self._held:
            self._held[content] = None

    @property
    def _held(self) -> dict[ContentDigest, Look | None]:
        held: dict[ContentDigest, Look | None] = self._of.__dict__.setdefault("held", {})
        return held
