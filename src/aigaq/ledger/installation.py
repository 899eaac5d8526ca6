"""Which installation a data folder holds, and how one comes to be there whole or can be begun anew.

`installation.json` is written last, so a folder without it holds no installation, whatever else is in it.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from aigaq.core import canonical, files
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.ledger.errors import (
    DamagedInstallationError,
    InitRunningError,
    InstallationExistsError,
    NoInstallationError,
    StrayFilesError,
    UnfinishedInstallationError,
    UnfinishedRestoreError,
)
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.errors import MalformedKeyError

FORMAT = 1
FILE = "installation.json"
MARK = "init.unfinished"
REVIVING = "restore.unfinished"
KEYS = "keys"
LEDGER_KEY = "ledger.key"
SESSIONS_KEY = "sessions.key"
PRIVATE = 0o700
PRIVATE_FILE = 0o600
_OURS = (KEYS, "vault", "aigaq.sqlite3", "aigaq.sqlite3-wal", "aigaq.sqlite3-shm", "aigaq.sqlite3-journal")


@dataclass(frozen=True, slots=True)
class Installation:
    """What `installation.json` says."""

    id: str
    ledger_key: VerifierKey
    """The public half of the ledger's key; its name is the ledger's."""
    created_at: datetime

    @staticmethod
    def new_id() -> str:
        return secrets.token_hex(16)

    def encode(self) -> bytes:
        return canonical.encode(
            {
                "format": FORMAT,
                "installation": self.id,
                "ledger_key": str(self.ledger_key),
                "created_at": rfc3339(self.created_at),
            }
        )

    @classmethod
    def decode(cls, octets: bytes) -> Self:
        """The inverse of `encode`. Raises ``ValueError``."""
        try:
            match canonical.decode(octets):
                case {
                    "format": 1,
                    "installation": str(id_),
                    "ledger_key": str(key),
                    "created_at": str(at),
                }:
                    return cls(id_, VerifierKey.parse(key), parse_rfc3339(at))
        except (canonical.NotCanonicalError, MalformedKeyError) as error:
            raise ValueError(str(error)) from error
        raise ValueError("it is of another format")

    @classmethod
    def read(cls, data: Path) -> Self:
        """Raises `NoInstallationError`, `UnfinishedInstallationError` or `DamagedInstallationError`."""
        try:
            octets = (data / FILE).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            kind = NoInstallationError
            if (data / MARK).exists():
                kind = UnfinishedInstallationError
            elif (data / REVIVING).exists():
                kind = UnfinishedRestoreError
            raise kind(data=data) from None
        except OSError as error:
            raise DamagedInstallationError(data=data, reason=error.strerror) from error
        try:
            return cls.decode(octets)
        except ValueError as error:
            raise DamagedInstallationError(data=data, reason=str(error)) from error


@contextmanager
def begun(data: Path) -> Iterator[None]:
    """An empty data folder that nobody else is filling, marked as unfinished until `finish`.

    What an interrupted attempt left is moved aside, into a folder of its own, never deleted. Raises
    `InstallationExistsError`, `StrayFilesError`, `InitRunningError` or ``OSError``.
    """
    data.mkdir(PRIVATE, parents=True, exist_ok=True)
    folder = files.open_directory(data)
    try:
        if not files.lock_at_once(folder):
            raise InitRunningError(data=data)
        if (data / FILE).exists():
            raise InstallationExistsError(data=data)
        if (data / MARK).exists():
            _move_aside(data)
        else:
            stray = [name for name in _OURS if (data / name).exists()]
            if stray:
                raise StrayFilesError(data=data, names=", ".join(stray))
            files.write_once(data / MARK, b"", mode=PRIVATE_FILE)
        data.chmod(PRIVATE)
        (data / KEYS).mkdir(PRIVATE)
        yield
    finally:
        os.close(folder)


@contextmanager
def revived(data: Path) -> Iterator[None]:
    """A folder in which an installation is made anew beside its vault, marked as unfinished until `finish`.

    What an interrupted attempt left is gone on with. Raises as `begun`; a vault is no stray.
    """
    data.mkdir(PRIVATE, parents=True, exist_ok=True)
    folder = files.open_directory(data)
    try:
        if not files.lock_at_once(folder):
            raise InitRunningError(data=data)
        if (data / FILE).exists():
            raise InstallationExistsError(data=data)
        if not (data / REVIVING).exists():
            stray = [name for name in (MARK, *_OURS) if name != "vault" and (data / name).exists()]
            if stray:
                raise StrayFilesError(data=data, names=", ".join(stray))
            files.write_once(data / REVIVING, b"", mode=PRIVATE_FILE)
        data.chmod(PRIVATE)
        (data / KEYS).mkdir(PRIVATE, exist_ok=True)
        yield
    finally:
        os.close(folder)


def finish(data: Path, installation: Installation) -> None:
    """From here on the folder holds an installation."""
    files.write_once(data / FILE, installation.encode())
    for mark in (MARK, REVIVING):
        (data / mark).unlink(missing_ok=True)


def _move_aside(data: Path) -> None:
    left = [name for name in _OURS if (data / name).exists()]
    if left:
        aside = next(path for n in range(1, 1_000_000) if not (path := data / f"unfinished-{n}").exists())
        aside.mkdir(PRIVATE)
        for name in left:
            (data / name).rename(aside / name)
