"""An installation made anew in its folder: keys, database, and last the file that says there is one."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from django.core.management import call_command

from aigaq.core import files
from aigaq.core.clock import Clock
from aigaq.journal import evidence
from aigaq.ledger import checks, comparison
from aigaq.ledger import installation as place
from aigaq.ledger.comparison import Finding
from aigaq.ledger.errors import ForeignLedgerKeyError, NoInstallationError
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.recovery.errors import (
    KeysDisagreeError,
    NoSigningKeyError,
    NotThisVaultError,
    RestoredWithFaultsError,
)
from aigaq.recovery.gathering import LEDGER_KEY
from aigaq.recovery.rebuild import FirstWords, Rebuilt, first_words, looked_over, rebuild
from aigaq.recovery.shelf import LedgerCopy
from aigaq.recovery.statements import STATEMENTS
from aigaq.regulation import profile as regulation
from aigaq.review.draws import Draws
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault.age import Identity
from aigaq.vault.backends.base import Shelf
from aigaq.vault.store import Vault

_TOLD: Final = 100
"""Faults that are counted at most: one is enough to stop."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Revived:
    installation: Installation
    rebuilt: Rebuilt
    ledger: Ledger


def from_vault(
    data: Path,
    vault: Vault,
    shelf: Shelf,
    identities: Sequence[Identity],
    clock: Clock,
    *,
    ledger_key: VerifierKey | None = None,
    since: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> Revived:
    """Everything from the vault alone, into an empty database; or what an older one lacks.

    `ledger_key` is known where the folder holds an installation, or from elsewhere; `since` are checkpoints
    kept elsewhere, that must hold. Raises a `recovery.errors` error; what was begun is gone on with by the
    next call.
    """
    copy = LedgerCopy(shelf)
    installation = _present(data)
    with place.revived(data) if installation is None else nullcontext():
        words = first_words(copy, identities)
        key = installation.ledger_key if installation else ledger_key or _one_of(words)
        secret = next((each for each in words if each.ledger_key == key), None)
        signer = signing_key(data, key, secret.secrets if secret else {})
        ledger = Ledger(signer, clock)
        call_command("migrate", interactive=False, verbosity=0)
        begun, entries = rebuild(copy, identities, key, ledger, on_progress=on_progress)
        require_vault(vault, shelf)
        require_sound(data, key, since)
        if installation is None:
            installation = _as_it_was(key, clock)
            new_session_key(data)
            place.finish(data, installation)
    return Revived(installation, looked_over(vault, begun, entries), ledger)


def signing_key(data: Path, key: VerifierKey, sealed: Mapping[str, str]) -> Ed25519Signer:
    """The key that signs the ledger: the one in its file, or else the one that was sealed, written there.

    Raises `NoSigningKeyError`, `ForeignLedgerKeyError` or a ``KeyFileError``.
    """
    path = data / place.KEYS / place.LEDGER_KEY
    if not path.exists():
        if LEDGER_KEY not in sealed:
            raise NoSigningKeyError(path=path)
        found = Ed25519Signer.of_pem(sealed[LEDGER_KEY].encode("ascii"), key.name)
        if found.verifier != key:
            raise ForeignLedgerKeyError(path=path)
        path.parent.mkdir(place.PRIVATE, exist_ok=True)
        found.save(path)
    signer = Ed25519Signer.load(path, key.name)
    if signer.verifier != key:
        raise ForeignLedgerKeyError(path=path)
    return signer


def require_vault(vault: Vault, shelf: Shelf) -> None:
    """Raise `NotThisVaultError` where the ledger was begun with another vault."""
    stated = _beginning().get("vault")
    if stated not in (None, vault.id):
        raise NotThisVaultError(place=shelf.place, there=vault.id, ours=stated)


def require_sound(data: Path, key: VerifierKey, since: Sequence[str] = ()) -> None:
    """The whole ledger, and every row against it. Raises `RestoredWithFaultsError`."""
    faults, number = faults_of(key, since)
    if faults:
        first = faults[0].message.format(**faults[0].evidence)
        raise RestoredWithFaultsError(number=number, first=first, data=data)


def faults_of(
    key: VerifierKey, since: Sequence[str] = (), on_progress: Callable[[int], None] | None = None
) -> tuple[list[Finding], int]:
    """What is wrong with the ledger, and with every row that entries carry; and how many faults that is.

    A hundred are looked for at most.
    """
    report = checks.verify(key, since=since, on_progress=on_progress)
    draws = Draws(regulation.load().sample)
    rows = comparison.compare(
        STATEMENTS, also=[evidence.Reader().check, draws.check], on_progress=on_progress
    )
    faults: list[Finding] = list(islice(chain(report.faults, checks.misfiled(), rows), _TOLD))
    return faults, len(faults) + report.unlisted


def new_session_key(data: Path) -> None:
    """Whoever was signed in signs in anew."""
    path = data / place.KEYS / place.SESSIONS_KEY
    if not path.exists():
        files.write_once(path, secrets.token_urlsafe(48).encode("ascii"), mode=place.PRIVATE_FILE)


def _present(data: Path) -> Installation | None:
    try:
        return Installation.read(data)
    except NoInstallationError:
        return None


def _one_of(words: Sequence[FirstWords]) -> VerifierKey:
    keys = {each.ledger_key for each in words}
    if len(keys) > 1:
        raise KeysDisagreeError(keys=", ".join(sorted(map(str, keys))))
    return keys.pop()


def _beginning() -> Mapping[str, object]:
    """What the first entry says of the installation; nothing where it is of another kind."""
    first = LedgerEntry.objects.filter(seq=0, kind="installation.created").first()
    return dict(Entry.parse(first.entry.encode()).body) if first else {}


def _as_it_was(key: VerifierKey, clock: Clock) -> Installation:
    first = LedgerEntry.objects.filter(seq=0).first()
    number = _beginning().get("installation") or key.name.rpartition("/")[2]
    return Installation(str(number), key, first.at if first else clock.now())
