"""A small vault and a small card, for tests."""

import os
from datetime import UTC, datetime
from pathlib import Path

from aigaq.vault.age import Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.source import SourceFile
from aigaq.vault.store import Stored, Vault

MADE_AT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
IDENTITY = Identity.generate()


def local_vault(directory: Path) -> Vault:
    """A new vault; not immutable, so that the test's folder can be removed."""
    return Vault.create(LocalBackend(directory, immutable=False), IDENTITY.recipient, created_at=MADE_AT)


def again(directory: Path) -> Vault:
    """The same vault as another process sees it."""
    return Vault.at(LocalBackend(directory, immutable=False))


def blobs(directory: Path) -> list[Path]:
    return sorted(path for path in (directory / "blobs").rglob("*") if not path.is_dir())


def put_file(vault: Vault, path: Path) -> Stored:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with SourceFile(path.name, dir_fd=folder) as source:
            return vault.put(source)
    finally:
        os.close(folder)


def flip(path: Path, offset: int, bit: int = 1) -> None:
    """One bit of a file, as a failing disk would; its times stay."""
    facts = path.stat()
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(offset)
        octet = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([octet ^ bit]))
    path.chmod(0o440)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
