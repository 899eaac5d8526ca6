"""A backup brought back into an empty place, proven before it counts, and then caught up from the vault."""

import hashlib
import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from aigaq.core import canonical, files
from aigaq.core.canonical import Json, NotCanonicalError
from aigaq.core.clock import Clock, rfc3339
from aigaq.core.digests import Digest
from aigaq.ledger import installation as place
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.selectors import root_at
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.recovery import dumps, segments
from aigaq.recovery.backup import DATABASE, MANIFEST, NOTE, PRIVATE, WRAPS, Manifest, opened
from aigaq.recovery.errors import BackupDamagedError, NoCopyError, NotEmptyError, NotThisVaultError
from aigaq.recovery.gathering import LEDGER_KEY
from aigaq.recovery.rebuild import Rebuilt, looked_over, rebuild, require_same_ledger
from aigaq.recovery.reviving import Progress, new_session_key, require_sound, signing_key
from aigaq.recovery.shelf import LedgerCopy
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.vault import age
from aigaq.vault.age import AgeError, Identity
from aigaq.vault.backends.base import Shelf
from aigaq.vault.keys import WrapDamagedError, WrappedKey
from aigaq.vault.store import Vault

RESTORED: Final = "backup.restored"
SETTINGS: Final = "settings.restored"
"""Where the environment's words are put, for whoever sets them again."""
_FILE = re.compile(r"ports\.toml|recorders/[0-9A-Za-z_-]{1,64}\.toml", re.ASCII)
"""What may be put into a data folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that is whole."""

    path: Path
    manifest: Manifest
    installation: Installation

    @classmethod
    def at(cls, path: Path) -> "Source":
        """Raise `BackupDamagedError`."""
        return cls(path, *opened(path))

    @property
    def digest(self) -> str:
        """Of the manifest, which has those of all the files."""
        octets = (self.path / MANIFEST).read_bytes()
        return str(Digest(hashlib.sha256(octets).digest()))

    def wraps(self) -> list[WrappedKey]:
        found = []
        for octets in segments.wraps_in((self.path / WRAPS).read_bytes()):
            try:
                found.append(WrappedKey.from_json(octets))
            except WrapDamagedError:
                continue
        return found


@dataclass(frozen=True, slots=True)
class Private:
    """What a backup has sealed besides the database."""

    ledger_key: str = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    installation: Installation
    ledger: Ledger
    rebuilt: Rebuilt | None
    """None where there is no vault yet."""
    environment: Mapping[str, str] = field(repr=False)


def restore(
    source: Source,
    data: Path,
    identities: Sequence[Identity],
    clock: Clock,
    *,
    vault: Vault | None,
    shelf: Shelf | None,
    is_drill: bool = False,
    on_progress: Progress | None = None,
) -> Restored:
    """Bring `source` back into the folder `data` and the empty database of the settings.

    Everything is proven before the folder counts as an installation. With a vault the entries that are
    newer than the backup come from there, and the restoring is entered; without one, or in a drill, nothing
    is added to the ledger, which would then be another one. Raise a `recovery.errors` error, or as
    `place.revived`.
    """
    _require_vault(source, vault)
    with place.revived(data):
        private = _private(source, identities)
        _load(source, identities, data)
        call_command("migrate", interactive=False, verbosity=0)
        key = source.installation.ledger_key
        signer = signing_key(data, key, {LEDGER_KEY: private.ledger_key} if private.ledger_key else {})
        ledger = Ledger(signer, clock)
        note = (source.path / NOTE).read_text(encoding="utf-8")
        require_sound(data, key, [note])
        rebuilt = None
        if vault is not None and shelf is not None:
            rebuilt = _caught_up(vault, shelf, identities, ledger, on_progress, is_drill=is_drill)
            if rebuilt.entries > rebuilt.begun:
                require_sound(data, key, [note])
            if not is_drill:
                _enter(ledger, source, rebuilt)
        _put_files(data, private)
        new_session_key(data)
        place.finish(data, source.installation)
    return Restored(source.installation, ledger, rebuilt, private.environment)


def _require_vault(source: Source, vault: Vault | None) -> None:
    if vault is not None and vault.id != source.manifest.vault:
        raise NotThisVaultError(place=vault.backend.place, there=vault.id, ours=source.manifest.vault)


def _private(source: Source, identities: Sequence[Identity]) -> Private:
    into = io.BytesIO()
    try:
        age.decrypt(identities, io.BytesIO((source.path / PRIVATE).read_bytes()), into)
        value: Any = canonical.decode(into.getvalue())
        return Private(value.get(LEDGER_KEY, ""), value["environment"], value["files"])
    except (AgeError, NotCanonicalError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamagedError(path=source.path, reason=f"{PRIVATE}: {error}") from error


def _load(source: Source, identities: Sequence[Identity], data: Path) -> None:
    """Decrypt the database beside its place, then put it there."""
    if dumps.engine() == "postgresql" and connection.introspection.table_names():
        # Of PostgreSQL nothing is overwritten: what is there may be what an interrupted attempt has restored.
        if not _is_there(source):
            raise NotEmptyError(path="AIGAQ_DATABASE_URL")
        return
    dumped = data / "restore.database"
    dumped.unlink(missing_ok=True)
    try:
        with (source.path / DATABASE).open("rb") as reader, dumped.open("xb") as writer:
            age.decrypt(identities, reader, writer)
            writer.flush()
            os.fsync(writer.fileno())
        dumps.load(dumped, source.manifest.engine)
    except AgeError as error:
        raise BackupDamagedError(path=source.path, reason=f"{DATABASE}: {error}") from error
    finally:
        dumped.unlink(missing_ok=True)


def _is_there(source: Source) -> bool:
    """The database continues the ledger of the backup."""
    note = (source.path / NOTE).read_text(encoding="utf-8")
    stated = open_checkpoint(note, source.installation.ledger_key)
    try:
        return stated.size > 0 and root_at(stated.size) == stated.root
    except (ValueError, DatabaseError):
        return False


def _put_files(data: Path, private: Private) -> None:
    """Small files of the data folder, where there are none of these names."""
    words = "".join(f"{name}={value}\n" for name, value in sorted(private.environment.items()))
    for name, text in {**private.files, **({SETTINGS: words} if words else {})}.items():
        path = data / name
        if not (name == SETTINGS or _FILE.fullmatch(name)) or path.exists():
            continue
        path.parent.mkdir(place.PRIVATE, exist_ok=True)
        files.write_once(path, text.encode(), mode=place.PRIVATE_FILE)


def _enter(ledger: Ledger, source: Source, rebuilt: Rebuilt) -> None:
    about: dict[str, Json] = {
        "made_at": rfc3339(source.manifest.made_at),
        "entries": source.manifest.size,
        "from": rebuilt.begun,
        "to": rebuilt.entries,
        "missing": len(rebuilt.missing),
        "unentered": len(rebuilt.unentered),
    }
    with transaction.atomic():
        ledger.append(RESTORED, MACHINE, about)


def _caught_up(
    vault: Vault,
    shelf: Shelf,
    identities: Sequence[Identity],
    ledger: Ledger,
    on_progress: Progress | None,
    *,
    is_drill: bool,
) -> Rebuilt:
    copy, key = LedgerCopy(shelf), VerifierKey.of(ledger.signer)
    entering = None if is_drill else ledger
    try:
        begun, entries = rebuild(copy, identities, key, entering, on_progress=on_progress)
    except NoCopyError:
        require_same_ledger(copy, identities, key)
        begun = entries = LedgerEntry.objects.count()
    return looked_over(vault, begun, entries)
