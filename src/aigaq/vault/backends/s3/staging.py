"""Where what goes into a bucket lies on this computer until it is there."""

import os
from pathlib import Path

from aigaq.core.direct import Way
from aigaq.vault.backends.local import LocalBackend, LocalDraft, Places, writing
from aigaq.vault.backends.memory import MemoryBlob


class Staging(LocalBackend):
    """Of a local vault's tree what a bucket can't have: unfinished parts, and locks. No blob lies here."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, immutable=False)

    def make(self) -> None:
        with writing():
            self._make_folders()

    def draft(self) -> "StagedDraft":
        with writing():
            return StagedDraft(self, self._opened_incoming())

    def _open_places(self) -> Places:
        self._make_folders()
        return super()._open_places()


class StagedDraft(LocalDraft):
    """Never committed here, and gone with its writer: it need not survive a power cut."""

    def settle(self) -> int:
        with writing():
            self._writer.finish()
            return os.fstat(self._fd).st_size


class Staged(MemoryBlob):
    """What was read from the disk once, whole."""

    def __init__(self, octets: bytes, way: Way) -> None:
        super().__init__(octets)
        self.way = way

    def readinto_at(self, buffer: memoryview, offset: int) -> int:
        octets = memoryview(self._octets)[offset : offset + len(buffer)]
        buffer[: len(octets)] = octets
        return len(octets)
