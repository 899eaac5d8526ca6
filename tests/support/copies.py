"""A vault with recordings in it, and further places: disks that can be pulled out, filled and spoilt."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from aigaq.copies import mirroring, rules, scrubbing
from aigaq.copies.places import Places
from aigaq.ingest.services import unload
from aigaq.retention import plans
from aigaq.vault import copying
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.store import Vault
from tests.support.cards import fill, pipeline, takes
from tests.support.vaults import blobs


def never(_seconds: float) -> bool:
    """Nobody asks to stop, and no pause takes time."""
    return False


@dataclass
class Shelf:
    """The office's vault, and copies by name, each a folder of its own."""

    office: object
    folder: Path
    names: tuple[str, ...] = ("disk",)
    required: str = ""
    days: int = 30
    vault: Vault = field(init=False)

    def __post_init__(self):
        self.line = pipeline(self.office, self.folder / "vault")
        self.vault = self.line.vault
        for name in self.names:
            copying.begin(self.vault.backend, self.disk(name))

    def disk(self, name: str) -> LocalBackend:
        return LocalBackend(self.folder / name, immutable=False)

    def unload(self, count: int = 3, size: int = 1000, name: str = "card") -> None:
        unload(self.line, fill(self.folder / name, takes(count, size=size)))

    @property
    def places(self) -> Places:
        return Places(
            vault=LocalBackend(self.folder / "vault", immutable=False),
            copies={name: self.disk(name) for name in self.names},
            policy=rules.policy_of(self.required, self.names),
            days=self.days,
            going=plans.going,
        )

    def copies(self, wait=never) -> int:
        return mirroring.attend(self.office.ledger, self.places, wait)

    def scrubs(self, wait=never, *, at_once=True) -> int:
        return scrubbing.attend(self.office.ledger, self.places, wait, at_once=at_once)

    def heals(self) -> int:
        return scrubbing.heal_open(self.office.ledger, self.places, never)

    def files(self, name: str = "vault") -> dict[str, bytes]:
        root = self.folder / name
        return {str(path.relative_to(root)): path.read_bytes() for path in blobs(root)}

    def blob(self, number: int, name: str = "vault") -> Path:
        return blobs(self.folder / name)[number]

    def pulls_out(self, name: str) -> None:
        """What is left is the empty folder under which it was mounted."""
        (self.folder / name).rename(self.folder / f"{name} in a drawer")
        (self.folder / name).mkdir()

    def plugs_in(self, name: str) -> None:
        (self.folder / name).rmdir()
        (self.folder / f"{name} in a drawer").rename(self.folder / name)


def lose(path: Path) -> None:
    """As a disk that forgets a file, or somebody who may do all."""
    path.parent.chmod(0o750)
    path.unlink()


def wipe(folder: Path) -> None:
    shutil.rmtree(folder)
