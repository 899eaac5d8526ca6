"""Small cards, an office that unloads them, and what must hold after every fault."""

import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from aigaq.core.clock import FixedClock
from aigaq.core.digests import ContentDigest
from aigaq.ingest.services import Pipeline
from aigaq.unloading.run import Tools
from aigaq.vault.errors import BlobMissingError
from aigaq.vault.store import Vault
from tests.support.office import Office
from tests.support.vaults import IDENTITY, local_vault

DCIM = "DCIM/100AIGAQ"
Content = Mapping[str, bytes]
"""What lies on a card: octets by path."""


def take(number: int, *, recorder: str = "БТ-0001", ending: str = "DAT", second: int = 0) -> str:
    """A path as a recorder names its files."""
    return f"{DCIM}/{recorder}_20261120_0912{second:02}_{number:04}.{ending}"


def octets(number: int, size: int = 1000) -> bytes:
    """Other octets for each number."""
    block = hashlib.sha256(b"%d" % number).digest()
    return (block * (size // len(block) + 1))[:size]


def takes(count: int = 3, *, recorder: str = "БТ-0001", size: int = 1000) -> dict[str, bytes]:
    """Files that no prober has to look into, so that tests are quick."""
    return {take(n, recorder=recorder, second=n % 60): octets(n, size) for n in range(1, count + 1)}


def fill(folder: Path, content: Content) -> Path:
    for path, data in content.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def left_on(folder: Path) -> dict[str, bytes]:
    """Everything on the card, or in all ports of a dock, that is not ours."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not (path.parent.name == "AIGAQ" and path.name in ("identity.json", "cleared.txt"))
    }


def pipeline(office: Office, folder: Path) -> Pipeline:
    return Pipeline(office.ledger, Tools(local_vault(folder), clock=office.clock))


class Meanwhile(threading.Event):
    """For whoever waits for it time passes, and something happens."""

    def __init__(self, clock: FixedClock, happens: Callable[[float], object]) -> None:
        """`happens` is told for how many seconds it was waited in all."""
        super().__init__()
        self._clock = clock
        self._happens = happens
        self.seconds = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self._clock.instant += timedelta(seconds=timeout)
        self.seconds += timeout
        self._happens(self.seconds)
        return self.is_set()


def in_vault(vault: Vault, content: bytes) -> bool:
    """It is there, and decrypts to exactly this."""
    try:
        with vault.open(ContentDigest(hashlib.sha256(content).digest()), IDENTITY) as reader:
            return reader.read() == content
    except BlobMissingError:
        return False


def nothing_is_lost(card: Path, vault: Vault, content: Content) -> None:
    """The one thing that must hold at any moment, whatever happened: on the card, or proven in the vault."""
    left = left_on(card)
    for path, data in content.items():
        assert left.get(path) == data or in_vault(vault, data), (
            f"{path} is neither on the card nor in the vault"
        )


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        os.truncate(file.fileno(), size)
