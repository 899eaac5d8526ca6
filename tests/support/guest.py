"""The other end of `tests.support.uml`: what programs in the guest have in common."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aigaq.core.digests import ContentDigest
from aigaq.dock.mounted import BlockVolume
from aigaq.ingest.desk import OfficeDesk
from aigaq.ingest.services import Pipeline, _home
from aigaq.recordings.models import RecordingFile
from aigaq.unloading import run
from aigaq.unloading.desk import Settled
from aigaq.unloading.facts import EnteredFile, FoundFile
from aigaq.unloading.medium import Medium
from aigaq.vault.age import Identity
from aigaq.vault.errors import BlobMissingError
from aigaq.vault.store import Vault

CARDS = Path("/run/cards")


def say(**facts: Any) -> None:
    """To the test, at once and whole."""
    os.write(1, f"\n@@ {json.dumps(facts)}\n".encode())


def command(*words: object) -> str:
    done = subprocess.run(list(map(str, words)), capture_output=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr.decode(errors='replace')}"
    return done.stdout.decode(errors="replace")


@contextmanager
def writable(device: str, at: Path, kind: str = "vfat") -> Iterator[Path]:
    """As a recorder has its card."""
    at.mkdir(parents=True, exist_ok=True)
    command("mount", "-t", kind, *(["-o", "utf8=1"] if kind == "vfat" else []), device, at)
    try:
        yield at
    finally:
        command("umount", at)


def record(card: Path, content: dict[str, bytes]) -> None:
    """Durably, as a recorder leaves its files when it is switched off."""
    for path, octets in content.items():
        file = card / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.write(octets)
            out.flush()
            os.fsync(out.fileno())


def volume(device: str, is_there: Callable[[], bool] = lambda: True) -> BlockVolume:
    """A card in a dock."""
    CARDS.mkdir(exist_ok=True)
    return BlockVolume(Path(device), CARDS, is_there, lambda: False)


def identity() -> Identity:
    """That of the test's vault, as it was handed in."""
    return Identity.parse(os.environ["AIGAQ_TEST_IDENTITY"])


def sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def of_device(device: str) -> str:
    """A digest of all its octets, past every cache."""
    digest = hashlib.sha256()
    with open(device, "rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_kept(vault: Vault, octets: bytes, identity: Identity) -> bool:
    """In the vault, proven, and in the catalogue, tied to a row."""
    content = ContentDigest(hashlib.sha256(octets).digest())
    try:
        with vault.open(content, identity) as reader:
            sound = reader.read() == octets
    except BlobMissingError:
        return False
    rows = RecordingFile.objects.filter(blob__content_digest=content.hex, recording__placement__isnull=False)
    return sound and rows.exists()


class TellingDesk(OfficeDesk):
    """Says what it has done: what was said must outlive everything that happens afterwards."""

    tell: Callable[..., None] = staticmethod(say)

    def enter(self, found: Sequence[FoundFile]) -> list[EnteredFile]:
        entered = super().enter(found)
        self.tell(entered={each.path: each.content_digest.hex for each in entered})
        return entered

    def settle(self, unread: Sequence[str]) -> Settled:
        settled = super().settle(unread)
        self.tell(settled=True)
        return settled

    def intend(self, paths: Sequence[str]) -> None:
        super().intend(paths)
        self.tell(clearing=len(paths))

    def say_cleared(self, left: Sequence[str], note: bytes | None) -> None:
        super().say_cleared(left, note)
        self.tell(cleared=True)


def unload(line: Pipeline, medium: Medium) -> tuple[OfficeDesk, run.Ended]:
    """As `ingest.services.unload` does it, at a desk that tells."""
    desk = TellingDesk(line.office, division=_home())
    return desk, run.unload(desk, line.tools, medium, port="p")
