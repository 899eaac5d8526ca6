"""A backup: a folder of files that say what they are (`docs/formats/backup.md`). Whole, or not there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from django.db import transaction
from django.db.models import Max

from aigaq import __version__
from aigaq.access.models import KeyWrap
from aigaq.core import canonical, files
from aigaq.core.canonical import Json, NotCanonicalError
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.digests import Digest
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.selectors import root_at
from aigaq.ledger.services import By, Ledger
from aigaq.recovery import dumps, segments
from aigaq.recovery.errors import BackupDamagedError, BackupNotWrittenError, NotEmptyError
from aigaq.recovery.gathering import LEDGER_KEY
from aigaq.tlog.checkpoint import Checkpoint as SignedRoot
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import TlogError
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault import age
from aigaq.vault.age import Recipient

FORMAT: Final = "aigaq-backup/1"
EXTENSION: Final = f"{FORMAT} "
MADE: Final = "backup.made"
REHEARSED: Final = "backup.rehearsed"
MANIFEST, NOTE = "manifest.json", "manifest.checkpoint"
DATABASE, PRIVATE, WRAPS, INSTALLATION = "database.age", "private.age", "wraps.json", "installation.json"
_FILES: Final = frozenset({DATABASE, PRIVATE, WRAPS, INSTALLATION})
_MANIFEST_LIMIT: Final = 1 << 20
_PIECE: Final = 1 << 20
_AT_ONCE: Final = 100
_DUMP: Final = ".dump."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is to come back besides the database: the environment's words, and small files of the folder."""

    environment: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What is backed up."""

    installation: Installation
    vault: str
    recipient: Recipient
    settings: Settings
    workspace: Path
    """In the clear the database is copied here alone, where it lies already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    made_at: datetime
    program: str
    engine: dumps.Engine
    vault: str
    recipient: str
    size: int
    """Entries of the ledger that are certainly in it; there may be some more."""
    files: Mapping[str, tuple[int, str]]
    """Octets and SHA-256 of each."""

    def encode(self) -> bytes:
        return canonical.encode(
            {
                "format": FORMAT,
                "made_at": rfc3339(self.made_at),
                "program": self.program,
                "engine": self.engine,
                "vault": self.vault,
                "recipient": self.recipient,
                "entries": self.size,
                "files": {
                    name: {"size": size, "digest": digest} for name, (size, digest) in self.files.items()
                },
            }
        )

    @classmethod
    def decode(cls, octets: bytes) -> Self:
        """Raise ``ValueError``."""
        try:
            value: Any = canonical.decode(octets)
            if value["format"] != FORMAT or value["engine"] not in ("sqlite", "postgresql"):
                raise ValueError(f"format {value['format']}, {value['engine']}")
            found = cls(
                made_at=parse_rfc3339(value["made_at"]),
                program=value["program"],
                engine=value["engine"],
                vault=value["vault"],
                recipient=value["recipient"],
                size=value["entries"],
                files={name: (each["size"], each["digest"]) for name, each in value["files"].items()},
            )
        except (NotCanonicalError, KeyError, TypeError, AttributeError) as error:
            raise ValueError("it is malformed") from error
        if set(found.files) != _FILES:
            raise ValueError("it names other files than a backup has")
        return found


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    manifest: Manifest
    digest: str
    """Of the manifest, which has those of all the files."""


def back_up(ledger: Ledger, by: By, whole: Whole, into: Path) -> Made:
    """Write a backup into the new folder `into`; when this returns it is durable, and entered in the ledger.

    Nothing in it can be read without a vault password or the recovery key, but what was public before.
    Raise `NotEmptyError`, `BackupNotWrittenError`, `NoDumpProgramError` or `DumpFailedError`.
    """
    into = into.absolute()
    _require_new(into)
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with _own_folder(into.parent, f".{into.name}.") as part:
            made = _write(ledger, whole, part, into)
            _name(part, into)
    except OSError as error:
        raise BackupNotWrittenError(path=into, reason=error.strerror or str(error)) from error
    _enter(ledger, by, made)
    return made


def opened(path: Path) -> tuple[Manifest, Installation]:
    """A backup that is whole: each file has the digest that the signed manifest says.

    Whose signature that is stands in the backup itself: what makes it this office's is that its key opens
    what is sealed, and that its ledger holds. Raise `BackupDamagedError`.
    """
    try:
        octets = _small(path / MANIFEST)
        manifest = Manifest.decode(octets)
        installation = Installation.decode(_small(path / INSTALLATION))
        note = _small(path / NOTE).decode()
        _require_signed(note, octets, manifest, installation.ledger_key)
        for name, stated in manifest.files.items():
            _require_same(path / name, stated)
    except OSError as error:
        raise BackupDamagedError(path=path, reason=f"{error.filename}: {error.strerror}") from error
    except (ValueError, TlogError) as error:
        raise BackupDamagedError(path=path, reason=str(error)) from error
    return manifest, installation


def newest_made() -> datetime | None:
    """When the newest backup was made; None where none ever was."""
    return LedgerEntry.objects.filter(kind=MADE).order_by("-seq").values_list("at", flat=True).first()


def newest_rehearsed() -> datetime | None:
    """When a backup was last tried and came back; None where that never was. One that failed is no drill."""
    for entry in LedgerEntry.objects.filter(kind=REHEARSED).order_by("-seq").iterator(_AT_ONCE):
        if "failed" not in Entry.parse(entry.entry.encode()).body:
            return entry.at
    return None


def _write(ledger: Ledger, whole: Whole, part: Path, into: Path) -> Made:
    # Before the dump, so that the database has at least these.
    size = Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0
    root, now = root_at(size), ledger.clock.now()
    with _own_folder(whole.workspace, _DUMP) as folder:
        dumped = folder / "database"
        dumps.dump(dumped)
        _seal(dumped, part / DATABASE, whole.recipient)
    private: Json = {
        "environment": dict(whole.settings.environment),
        "files": dict(whole.settings.files),
        **({LEDGER_KEY: ledger.signer.pem().decode()} if isinstance(ledger.signer, Ed25519Signer) else {}),
    }
    _put(part / PRIVATE, segments.sealed_octets(canonical.encode(private), whole.recipient))
    wraps = list(KeyWrap.objects.values_list("wrapped", flat=True))
    _put(part / WRAPS, segments.wraps_document(size, wraps)[1])
    _put(part / INSTALLATION, whole.installation.encode())
    found = {name: ((part / name).stat().st_size, _digest(part / name)) for name in sorted(_FILES)}
    manifest = Manifest(
        made_at=now,
        program=__version__,
        engine=dumps.engine(),
        vault=whole.vault,
        recipient=str(whole.recipient),
        size=size,
        files=found,
    )
    octets = manifest.encode()
    digest = str(Digest(hashlib.sha256(octets).digest()))
    signed = SignedRoot(ledger.signer.name, size, root, (EXTENSION + digest,)).signed(ledger.signer)
    _put(part / NOTE, signed.encode())
    _put(part / MANIFEST, octets)
    return Made(into, manifest, digest)


@contextmanager
def _own_folder(above: Path, prefix: str) -> Iterator[Path]:
    """A folder for a while, locked so that nobody takes it for one whose writer was killed: such go."""
    for left in above.glob(f"{prefix}*{files.PART_SUFFIX}"):
        with suppress(OSError):
            _remove_if_abandoned(left)
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=files.PART_SUFFIX, dir=above))
    fd = files.open_directory(folder)
    try:
        files.lock(fd)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(fd)


def _remove_if_abandoned(folder: Path) -> None:
    fd = files.open_directory(folder)
    try:
        if files.lock_at_once(fd):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(fd)


def _require_new(into: Path) -> None:
    if into.is_symlink() or (into.exists() and (not into.is_dir() or any(into.iterdir()))):
        raise NotEmptyError(path=into)


def _name(part: Path, into: Path) -> None:
    """One rename makes a backup of it; over nothing but an empty folder."""
    _fsync(part)
    try:
        part.rename(into)
    except OSError as error:
        if into.exists():
            raise NotEmptyError(path=into) from error
        raise
    _fsync(into.parent)


def _enter(ledger: Ledger, by: By, made: Made) -> None:
    about: dict[str, Json] = {
        "manifest": made.digest,
        "entries": made.manifest.size,
        "engine": made.manifest.engine,
        "octets": str(sum(size for size, _digest_of in made.manifest.files.values())),
        "made_at": rfc3339(made.manifest.made_at),
    }
    with transaction.atomic():
        ledger.append(MADE, by, about)


def _require_signed(note: str, octets: bytes, manifest: Manifest, key: VerifierKey) -> None:
    stated = open_checkpoint(note, key)
    digest = str(Digest(hashlib.sha256(octets).digest()))
    if stated.extensions != (EXTENSION + digest,) or stated.size != manifest.size:
        raise ValueError("its signature is that of another backup")


def _require_same(path: Path, stated: tuple[int, str]) -> None:
    if (path.stat().st_size, _digest(path)) != stated:
        raise ValueError(f"{path.name} is not what the manifest says")


def _seal(source: Path, target: Path, recipient: Recipient) -> None:
    with source.open("rb") as reader, target.open("xb") as writer:
        age.encrypt(recipient, reader, writer)
        writer.flush()
        os.fsync(writer.fileno())


def _put(path: Path, octets: bytes) -> None:
    with path.open("xb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def _small(path: Path) -> bytes:
    with path.open("rb") as file:
        octets = file.read(_MANIFEST_LIMIT + 1)
    if len(octets) > _MANIFEST_LIMIT:
        raise ValueError(f"{path.name} is too long")
    return octets


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return str(Digest(digest.digest()))


def _fsync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
