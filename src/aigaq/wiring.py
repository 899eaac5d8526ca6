"""Builds what the settings choose; the only place that chooses. Asked by the web and the command line."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_bytes

from django.conf import settings
from django.db import DatabaseError, connection

from aigaq.access.services import newest_recipient
from aigaq.copies import rules as copy_rules
from aigaq.copies.places import Places
from aigaq.core.clock import Clock, SystemClock
from aigaq.core.proxies import Proxies
from aigaq.dock.errors import NoRightsError
from aigaq.dock.linux import LinuxMedia
from aigaq.dock.media import Media
from aigaq.dock.mounting import may_mount
from aigaq.dock.ports import read_ports
from aigaq.docks.uploads import Intake
from aigaq.errors import N_
from aigaq.ingest.desk import Office
from aigaq.ingest.health import Limits
from aigaq.ingest.selectors import is_unloading
from aigaq.ingest.services import Pipeline
from aigaq.journal import evidence
from aigaq.ledger import checks as ledger_checks
from aigaq.ledger import comparison
from aigaq.ledger.errors import ForeignLedgerKeyError
from aigaq.ledger.installation import KEYS, LEDGER_KEY, Installation
from aigaq.ledger.services import Ledger
from aigaq.media.confinement import Confinement
from aigaq.media.judge import Judge
from aigaq.media.judges import Judges
from aigaq.media.making.maker import Maker
from aigaq.moving import marks
from aigaq.notices.errors import WrongSettingError
from aigaq.notices.ways.base import BrokenWay, Way
from aigaq.notices.ways.command import CommandWay
from aigaq.notices.ways.smtp import SmtpWay
from aigaq.recordings.workshop import Workshop
from aigaq.recovery.copying import Copier, require_current
from aigaq.recovery.papers import LedgerPapers
from aigaq.recovery.shelf import LedgerCopy
from aigaq.recovery.statements import STATEMENTS
from aigaq.regulation import keeping
from aigaq.regulation import profile as regulation
from aigaq.retention.disposing import Stores
from aigaq.retention.plans import going, is_going
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading.deriving import AtOnce
from aigaq.unloading.recorders.library import Library
from aigaq.unloading.run import Tools
from aigaq.unloading.shares import Shares
from aigaq.unloading.sources.rereading import ReadTwice
from aigaq.vault.age import Recipient
from aigaq.vault.backends.local import LocalBackend, Trust
from aigaq.vault.backends.s3 import Keys, Place, S3Backend
from aigaq.vault.errors import VaultError, WrongPlaceError
from aigaq.vault.keys import SECRET_SIZE, shared_secret
from aigaq.vault.receiving import Receiver
from aigaq.vault.store import Vault

_CLOCK = SystemClock()
_SHARES = Shares(2 * (os.cpu_count() or 1))
_PROCESS_SECRET = token_bytes(SECRET_SIZE)
_CURRENT: set[Path] = set()
"""Folders whose database was found to continue the vault's copy of the ledger, since this process began."""
_LIVE: set[str] = set()
"""Databases of which no move has said that the office is elsewhere, since this process began."""


def installation() -> Installation:
    """Raises `NoInstallationError` where the data folder holds none, and as `require_live`."""
    found = _installation(settings.DATA)
    require_live()
    return found


def require_live() -> None:
    """Raises `MovedAwayError` or `UnfinishedMoveError`: the office is not, or not yet, in this database."""
    here = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(here).exists():
        return  # to ask would be to make it
    if here not in _LIVE:
        # Where the database can't be reached nothing can be written; whoever needs it says so.
        with suppress(DatabaseError):
            marks.require_live(connection)
            _LIVE.add(here)


def clock() -> Clock:
    return _CLOCK


def ledger() -> Ledger:
    """The ledger that is written to.

    Raises `NoInstallationError`, `KeyFileError` or `ForeignLedgerKeyError`; where the database does not
    continue the ledger's copy in the vault, `OlderDatabaseError` or `OtherHistoryError`; and as
    `require_live`.
    """
    found = _ledger(settings.DATA)
    require_live()
    if settings.DATA not in _CURRENT:
        # Where the vault can't be read there is nothing to compare with yet; whoever needs it says so.
        with suppress(VaultError):
            require_current(LedgerCopy(backend()), _installation(settings.DATA).ledger_key)
            _CURRENT.add(settings.DATA)
    return found


def signer() -> Ed25519Signer:
    """The ledger's key, whatever the database is like. Raises as `ledger`, but for the last two."""
    return _signer(settings.DATA)


def copier() -> Copier:
    """Keeps the ledger's copy in the vault. Raises as `ledger` and `vault`."""
    ledger()
    return _copier(settings.DATA, newest_recipient())


def copy_ledger() -> int:
    """Every entry that the vault does not have yet is there when this returns. Raises as `copier`."""
    return copier().write()


def ledger_key() -> VerifierKey:
    """The public half of the ledger's key. Raises as `ledger`."""
    return VerifierKey.of(ledger().signer)


def backend() -> LocalBackend | S3Backend:
    """Where the vault's blobs lie. Raises `WrongPlaceError`."""
    if is_bucket(settings.VAULT_PLACE):
        return _bucket(settings.VAULT_PLACE, settings.VAULT, "AIGAQ_VAULT")
    return _local(settings.VAULT)


def places() -> Places:
    """The vault, its copies, and what is asked of them. Raises `WrongCopiesError` or `WrongPlaceError`."""
    named = copy_rules.places_of(settings.VAULT_COPIES)
    return Places(
        vault=backend(),
        copies={name: _copy(name, place) for name, place in named.items()},
        policy=copy_rules.policy_of(settings.COPIES_REQUIRED, named),
        days=settings.SCRUB_DAYS,
        scrub_rate=settings.SCRUB_RATE,
        copy_rate=settings.COPY_RATE,
        going=going,
        papers=papers,
    )


def papers() -> LedgerPapers:
    """What is to be known of the ledger's copy in the vault. Raises as `copier`."""
    return LedgerPapers(copier(), installation().ledger_key)


def _copy(name: str, place: str) -> LocalBackend | S3Backend:
    if is_bucket(place):
        return _bucket(place, settings.DATA / f"staging-{name}", copy_rules.COPIES)
    return _local(Path(place))


def _local(folder: Path) -> LocalBackend:
    """Opened anew each time, for a disk comes and goes; a trust that was lost is not forgotten with it."""
    return LocalBackend(folder, immutable=settings.IMMUTABLE, trust=_trust(folder))


@cache
def _trust(_folder: Path) -> Trust:
    return Trust()


def is_bucket(place: str) -> bool:
    return place.startswith("s3:")


def blob_place(name: str) -> str:
    """Where a person finds the blob of this name: from the data folder, if it lies in it."""
    if is_bucket(settings.VAULT_PLACE):
        place = Place.parse(settings.VAULT_PLACE, name="AIGAQ_VAULT")
        return f"s3://{place.bucket}/{place.prefix}{name}"
    path: Path = settings.VAULT / name
    return str(path.relative_to(settings.DATA) if path.is_relative_to(settings.DATA) else path)


def lock_until(taken_in: datetime) -> datetime:
    """Until when a bucket is told to keep what was taken in then: never less than the order asks."""
    margin = timedelta(days=max(0, settings.LOCK_MARGIN_DAYS))
    return keeping.locked_until(taken_in, profile().retention_years, margin)


def vault() -> Vault:
    """With the newest key, whichever process changed it.

    Raises `NoInstallationError`, `NoVaultError` or `UnknownVaultFormatError`.
    """
    _installation(settings.DATA)  # first: to ask a database that is not there would be to make it
    return _vault(settings.DATA, newest_recipient())


def forget_vault() -> None:
    """What is known of it by now: it is read anew when it is asked for next."""
    _vault.cache_clear()
    _copier.cache_clear()


def intake() -> Intake:
    """What uploads of docks work with. Raises as `ledger`."""
    return Intake(ledger(), receiver())


def receiver() -> Receiver:
    """Where uploads of docks become blobs of the vault."""
    return _receiver(settings.VAULT_PLACE, settings.VAULT)


def profile() -> regulation.Profile:
    return regulation.load()


def process_secret() -> bytes:
    """Of this process, or of several that share it: on no disk, so that a restart locks the vault.

    Raises `SecretOnDiskError` or `SecretFileError`.
    """
    path = settings.PROCESS_SECRET_FILE
    return _PROCESS_SECRET if path is None else _shared_secret(path)


def proxies() -> Proxies:
    """Whose word on who asks is believed. Raises `WrongProxiesError`."""
    return Proxies(settings.PROXIES)


def confinement() -> Confinement | None:
    """What holds the program that examines recordings, on this computer; None if it does not start."""
    with Judge() as judge:
        return judge.confinement


def judge() -> Judges:
    """A new judge of stored files, for several threads; a context manager."""
    return Judges()


def stores() -> Stores:
    """What a disposal takes recordings out of. Raises as `vault`."""
    _installation(settings.DATA)
    return Stores(
        vault=backend(),
        copies=places().copies,
        is_unloading=lambda: is_unloading(clock().now()),
        is_sound=is_sound,
    )


def is_sound() -> bool:
    """The ledger is whole, and every table agrees with it. Takes as long as `aigaq ledger verify`."""
    report = ledger_checks.verify(installation().ledger_key)
    compared = comparison.compare(STATEMENTS, also=[evidence.Reader().check])
    return not (report.faults or report.unlisted or any(ledger_checks.misfiled()) or any(compared))


def at_once() -> AtOnce:
    """What makes derivatives while a card is unloaded; a context manager."""
    return AtOnce(vault(), lambda: Maker(settings.SPOOL), settings.PROXY_AT_UNLOAD << 20)


def workshop() -> Workshop:
    """Where what readers ask for is made; one for this process. Raises as `ledger`."""
    return _workshop(settings.DATA)


def pipeline() -> Pipeline:
    """What an unloading works with. Raises as `ledger` and `vault`."""
    tools = Tools(
        vault(),
        judge,
        shares=_SHARES,
        recorders=recorders,
        clock=clock(),
        read_twice=read_twice(),
        at_once=at_once if settings.PROXY_AT_UNLOAD else None,
    )
    return Pipeline(ledger(), tools, clock_drift(), copy_ledger)


def office() -> Office:
    """What the desk of an unloading works with, whoever does the reading. Raises as `ledger` and `vault`."""
    return Office(ledger(), vault().id, recorders, clock_drift(), read_twice(), copy_ledger)


def recorders() -> Library:
    """The profiles of recorders, as they stand in the folder now: one that is added needs no new start."""
    return Library.with_own(settings.RECORDERS)


def clock_drift() -> timedelta:
    drift: timedelta = settings.CLOCK_DRIFT
    return drift


def sample_rule() -> regulation.SampleRule:
    """The profile's, or more where the office wants more."""
    rule = profile().sample
    percent = min(100, max(rule.percent, settings.SAMPLE_PERCENT))
    return replace(rule, percent=percent, least=max(rule.least, settings.SAMPLE_LEAST))


def read_twice() -> ReadTwice:
    """When cards are read twice; what is written wrongly is the careful way, and `aigaq check` says so."""
    try:
        return ReadTwice(settings.READ_TWICE)
    except ValueError:
        return ReadTwice.ALWAYS


def card_limits() -> Limits:
    """From what on a card is to be retired."""
    return Limits(**settings.CARD_LIMITS)


def media() -> Media | None:
    """What may be plugged in here; None where that is not wanted, or neither possible nor asked for.

    Raises `PortsFileError`, `NoRightsError` or `AttendedElsewhereError`.
    """
    refusal = why_no_usb()
    if settings.USB == "no" or (refusal is not None and settings.USB == "auto"):
        return None
    if refusal is not None:
        raise refusal
    return LinuxMedia(settings.MOUNTS, read_ports(settings.PORTS))


def why_no_usb() -> NoRightsError | None:
    """What this process lacks for mounting cards; None if it lacks nothing."""
    if not sys.platform.startswith("linux"):
        return NoRightsError(reason=N_("this system is not Linux"))
    return None if may_mount() else NoRightsError(reason="CAP_SYS_ADMIN")


def ways() -> Mapping[str, Way]:
    """How letters leave the office, by name. One whose setting is wrong is there, but carries nothing."""
    found: dict[str, Way] = {}
    if settings.SMTP_URL:
        found["smtp"] = _way(
            "smtp", lambda: SmtpWay.of(settings.SMTP_URL, settings.MAIL_FROM, settings.SMTP_CA)
        )
    if settings.NOTICE_COMMAND:
        found["command"] = _way("command", lambda: CommandWay.of(settings.NOTICE_COMMAND))
    return found


def _way(name: str, build: Callable[[], Way]) -> Way:
    try:
        return build()
    except WrongSettingError as error:
        return BrokenWay(name, f"{error.details['name']}: {error.details['reason']}")


def notices_page() -> str:
    """Where letters lead: nobody sees anything there without signing in."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/notices/"


@lru_cache(maxsize=1)
def _installation(data: Path) -> Installation:
    return Installation.read(data)


@lru_cache(maxsize=1)
def _signer(data: Path) -> Ed25519Signer:
    key, path = _installation(data).ledger_key, data / KEYS / LEDGER_KEY
    signer = Ed25519Signer.load(path, key.name)
    if signer.verifier != key:
        raise ForeignLedgerKeyError(path=path)
    return signer


@lru_cache(maxsize=1)
def _ledger(data: Path) -> Ledger:
    return Ledger(_signer(data), clock())


@lru_cache(maxsize=1)
def _shared_secret(path: Path) -> bytes:
    return shared_secret(path)


@lru_cache(maxsize=1)
def _copier(data: Path, recipient: str | None) -> Copier:
    vault = _vault(data, recipient)
    return Copier(_ledger(data), backend(), vault=vault.id, recipient=vault.recipient)


@lru_cache(maxsize=1)
def _vault(_data: Path, recipient: str | None) -> Vault:
    return Vault.at(backend(), Recipient.parse(recipient) if recipient else None)


@lru_cache(maxsize=1)
def _workshop(_data: Path) -> Workshop:
    return Workshop(ledger(), vault, settings.SPOOL, is_going=is_going)


@lru_cache(maxsize=1)
def _receiver(_place: str, _vault: Path) -> Receiver:
    return Receiver(backend())


@lru_cache(maxsize=8)
def _bucket(text: str, staging: Path, setting: str) -> S3Backend:
    place = Place.parse(text, name=setting)
    keys = _keys_of(place, setting)
    return S3Backend(place, keys, staging=staging, clock=clock(), lock_until=lock_until)


def _keys_of(place: Place, setting: str) -> Keys:
    if not place.keys_file:
        return Keys(settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY)
    try:
        access, secret = Path(place.keys_file).read_text(encoding="utf-8").strip().splitlines()
    except (OSError, ValueError) as error:
        reason = f"{place.keys_file} does not hold an access key and a secret key, on two lines"
        raise WrongPlaceError(place=place, reason=reason, name=setting) from error
    return Keys(access.strip(), secret.strip())
