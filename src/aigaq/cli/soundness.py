"""What can be wrong with an installation, looked for without changing anything."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from aigaq import wiring
from aigaq.access.models import KeyWrap
from aigaq.cli import soundness_deploy, soundness_places, soundness_work
from aigaq.cli.output import readable
from aigaq.dock.errors import PortsFileError
from aigaq.dock.ports import read_ports
from aigaq.errors import N_, AigaqError
from aigaq.ingest import space
from aigaq.ingest.forecast import level
from aigaq.ledger import guards
from aigaq.ledger.installation import KEYS
from aigaq.ledger.models import LedgerEntry
from aigaq.notices.errors import NotSentError
from aigaq.notices.selectors import in_trouble
from aigaq.recovery.backup import newest_made
from aigaq.recovery.copying import lag_after, require_current
from aigaq.recovery.shelf import LedgerCopy
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import people_with, staffing_of, wraps_to_end
from aigaq.registry.terms import readers, turning_days
from aigaq.schema.loading import pending
from aigaq.unloading.sources.rereading import ReadTwice
from aigaq.vault.age import Recipient
from aigaq.vault.errors import VaultError
from aigaq.vault.keys import WrapDamagedError, WrappedKey

LEAST_FREE = 10 * 1000**3
"""Octets: about one recorder's full card, and room to finish it."""
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No installation of this version ran earlier."""
COPY_AGE = timedelta(minutes=10)
BACKUP_AGE = timedelta(days=2)
"""From what age on it is a problem; a backup is made each day."""
_LEAST_READERS = 2
_OTHERS = 0o077


@dataclass(frozen=True)
class Problem:
    code: str
    message: str
    details: dict[str, object]

    def sentence(self, translate: Callable[[str], str]) -> str:
        return translate(self.message).format(
            **{name: _said(value, translate) for name, value in self.details.items()}
        )


def _said(value: object, translate: Callable[[str], str]) -> object:
    """A part of a sentence; of a text that is none of ours the translation is itself."""
    match value:
        case datetime():
            return readable(value)
        case str() if value:
            return translate(value)
        case _:
            return value


def problems(data: Path, *, deploy: bool) -> list[Problem]:
    """Every problem found. Raises `NoInstallationError` where there is nothing to look at."""
    wiring.installation()
    found = [*_disk(), *_keys(data), *_recorders()]
    try:
        recipient = wiring.vault().recipient
    except AigaqError as error:
        recipient = None
        found.append(Problem(error.code, error.message, error.details))
    try:
        found += [*_database(), *_migrations(), *_triggers()]
        if not any(problem.code == "migrations" for problem in found):
            found += [Problem(*each) for each in soundness_places.problems()]
            found += [*_clock(), *_outlook(), *_rereading(), *_readers(recipient), *_letters()]
            found += [*_copy(), *_backup()]
            found += [Problem(*each) for each in soundness_work.problems()]
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        found.append(_problem("database", N_("The database can't be used: {reason}."), reason=reason))
    found += _usb()
    found += [Problem(*each) for each in soundness_work.settings_problems()]
    return found + ([*_ways(), *_deployment()] if deploy else [])


def _deployment() -> Iterator[Problem]:
    for told in soundness_deploy.problems():
        yield Problem(*told)


def remarks(*, deploy: bool = False) -> list[Problem]:
    """What is no fault, and good to know."""
    refusal = wiring.why_no_usb() if settings.USB == "auto" else None
    found = [Problem(refusal.code, refusal.message, refusal.details)] if refusal else []
    found += [Problem(*each) for each in soundness_places.remarks()]
    return found + ([Problem(*each) for each in soundness_deploy.remarks()] if deploy else [])


def _usb() -> Iterator[Problem]:
    """Whether cards can be mounted as the settings say."""
    refusal = wiring.why_no_usb() if settings.USB == "yes" else None
    if refusal is not None:
        yield Problem(refusal.code, refusal.message, refusal.details)
    if settings.USB not in ("auto", "yes", "no"):
        message = N_("AIGAQ_USB is “{value}”; it must be auto, yes or no.")
        yield _problem("usb.setting", message, value=settings.USB)
    try:
        read_ports(settings.PORTS)
    except PortsFileError as error:
        yield Problem(error.code, error.message, error.details)


def _copy() -> Iterator[Problem]:
    """How far the ledger's copy in the vault goes, and whether the database continues it."""
    try:
        stop = require_current(LedgerCopy(wiring.backend()), wiring.installation().ledger_key)
    except VaultError:
        return  # told where the vault is looked at
    except AigaqError as error:
        yield Problem(error.code, error.message, error.details)
        return
    oldest = lag_after(stop).oldest_at
    if oldest is not None and wiring.clock().now() - oldest > COPY_AGE:
        message = N_(
            "Entries since {since} are not copied into the vault. It is done within a minute once “aigaq "
            "serve” runs."
        )
        yield _problem("copy.behind", message, since=oldest)


def _backup() -> Iterator[Problem]:
    newest = newest_made()
    if newest is None:
        oldest = LedgerEntry.objects.order_by("seq").values_list("at", flat=True).first()
        if oldest is not None and wiring.clock().now() - oldest > BACKUP_AGE:
            yield _problem("backup.none", N_("There is no backup. Make one: “aigaq backup DIR”."))
    elif wiring.clock().now() - newest > BACKUP_AGE:
        message = N_("The newest backup is of {made_at}. Make one every day: “aigaq backup DIR”.")
        yield _problem("backup.old", message, made_at=newest)


def _problem(code: str, message: str, **details: object) -> Problem:
    return Problem(code, message, details)


def _disk() -> Iterator[Problem]:
    for place in dict.fromkeys((settings.DATA, settings.VAULT)):
        if place.exists() and shutil.disk_usage(place).free < LEAST_FREE:
            free = shutil.disk_usage(place).free // 1000**2
            message = N_(
                "Only {free} MB are free on the disk of {place}. Add space before the next unloading."
            )
            yield _problem("disk", message, free=free, place=place)


def _recorders() -> Iterator[Problem]:
    """Profiles that a recorder would be read by if they were right."""
    for error in wiring.recorders().broken:
        yield Problem(error.code, error.message, error.details)


def _rereading() -> Iterator[Problem]:
    if settings.READ_TWICE not in set(ReadTwice):
        message = N_(
            "AIGAQ_READ_TWICE is “{value}”: it must be doubt or always. Until then cards are read twice."
        )
        yield _problem("cards.setting", message, value=settings.READ_TWICE)


def _outlook() -> Iterator[Problem]:
    """How long the room in the vault lasts, as the docks' page shows it."""
    try:
        found = space.outlook(wiring.backend(), wiring.clock().now())
    except AigaqError as error:
        yield Problem(error.code, error.message, error.details)
        return
    if found is not None and level(found.days):
        message = N_(
            "The vault's disk will be full in about {days} days at the present pace. Add space before then."
        )
        yield _problem("disk.days", message, days=found.days)


def _clock() -> Iterator[Problem]:
    now = wiring.clock().now()
    newest = LedgerEntry.objects.order_by("-seq").values_list("at", flat=True).first()
    if now < RELEASED or (newest is not None and now < newest - timedelta(minutes=1)):
        message = N_(
            "This computer's clock says {now}, which is before the newest entry of the ledger. Set the clock."
        )
        yield _problem("clock", message, now=now.isoformat(timespec="seconds"))


def _keys(data: Path) -> Iterator[Problem]:
    folder = data / KEYS
    for path in (data, folder, *sorted(folder.iterdir())):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid():
            message = N_("{path} is not this user's own. Find out who put it there.")
            yield _problem("keys.owner", message, path=path)
        elif status.st_mode & _OTHERS:
            message = N_("Others on this computer can reach {path}. Take their access away: chmod go= {path}")
            yield _problem("keys.exposed", message, path=path)
    try:
        wiring.signer()
    except AigaqError as error:
        yield Problem(error.code, error.message, error.details)


def _readers(recipient: Recipient | None) -> Iterator[Problem]:
    """`recipient` is the vault's, where there is one to compare with."""
    wraps = list(KeyWrap.objects.select_related("reader"))
    if len(wraps) < _LEAST_READERS:
        message = N_(
            "{number} can open the vault. Let both the head and the custodian have a vault password."
        )
        yield _problem("readers.few", message, number=len(wraps))
    for wrap in wraps:
        try:
            wrapped = WrappedKey.from_json(wrap.wrapped.encode())
        except WrapDamagedError as error:
            message = N_("The wrapped key of {username} is damaged: {reason}. Give them access again.")
            yield _problem("readers.damaged", message, username=wrap.reader, reason=error.details["reason"])
        else:
            if recipient not in (None, wrapped.recipient):
                message = N_(
                    "The wrapped key of {username} is not this vault's newest: hand it over to them again."
                )
                yield _problem("readers.foreign", message, username=wrap.reader)
    now = wiring.clock().now()
    for division in Division.objects.filter(recorders__isnull=False).distinct():
        yield from _appointed(division, now)
    for wrap, appointment in wraps_to_end(now):
        message = N_(
            "{username} has a wrapped key still, though their appointment is over ({until_on}). "
            "It goes within a minute once “aigaq serve” runs."
        )
        until_on = appointment.until_on if appointment else "–"
        yield _problem("readers.ended", message, username=wrap.reader, until_on=until_on)


_ROLES: Final = {Role.HEAD: N_("Head of the division"), Role.CUSTODIAN: N_("Custodian")}


def _appointed(division: Division, now: datetime) -> Iterator[Problem]:
    """What is wrong with who is appointed: nobody, too many, or nobody who reads on some day to come."""
    holders = set(KeyWrap.objects.filter(reader__is_active=True).values_list("reader", flat=True))
    staffing = staffing_of(division, now)
    for role in _ROLES:
        held = people_with(division, role, now)
        if not any(person.user_id in holders for person in held):
            message = N_("{division}: nobody appointed as {role} has a vault password.")
            yield _problem("readers.none", message, division=division.name, role=_ROLES[role])
        if len(held) > 1:
            names = ", ".join(person.full_name for person in held)
            message = N_("{division} has more than one {role}: {names}. Relieve all but one.")
            yield _problem(
                "appointments.two", message, division=division.name, role=_ROLES[role], names=names
            )
    without = [
        day
        for day in turning_days(staffing.terms, staffing.today)
        if not readers(staffing.terms, staffing.keyed, day)
    ]
    if without:
        message = N_(
            "{division}: from {day} on nobody can open the recordings. Appoint head or custodian for that "
            "day, and hand over the vault's key."
        )
        yield _problem("appointments.gap", message, division=division.name, day=without[0])


def _letters() -> Iterator[Problem]:
    """Whom no letter reaches, once for each address."""
    for address, letters in groupby(in_trouble(wiring.clock().now()), key=lambda letter: letter.address):
        reason = next(letters).last_error or "–"
        message = N_(
            "Letters to {address} are not delivered: {reason}. "
            "Correct the address on the person's page, or look at the mail server."
        )
        yield _problem("letters.undelivered", message, address=address, reason=reason)


def _ways() -> Iterator[Problem]:
    for way in wiring.ways().values():
        try:
            way.reach()
        except NotSentError as error:
            message = N_("Letters can't leave by “{way}”: {reason}. Look at its settings and at the network.")
            yield _problem("letters.way", message, way=way.name, reason=error.reason)


def _database() -> Iterator[Problem]:
    """A commit must be on the disk when it returns (promise 1)."""
    wanted = (
        {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
        if connection.vendor == "sqlite"
        else {"fsync": "on", "full_page_writes": "on"}
    )
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}" if connection.vendor == "sqlite" else f"SHOW {name}")
            (found,) = cursor.fetchone()
            if found != value:
                message = N_("The database runs with {name} = {found}; it must be {value} to be safe.")
                yield _problem("database.setting", message, name=name, found=found, value=value)
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            (found,) = cursor.fetchone()
            if found in ("off", "local_off"):
                message = N_("The database runs with {name} = {found}; it must be {value} to be safe.")
                yield _problem(
                    "database.setting", message, name="synchronous_commit", found=found, value="on"
                )


def _migrations() -> Iterator[Problem]:
    steps = pending(connection)
    if steps:
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration in steps)
        message = N_(
            "The database is of an earlier version, without {names}. Make a backup, then run “aigaq migrate”."
        )
        yield _problem("migrations", message, names=names)


def _triggers() -> Iterator[Problem]:
    """Whoever dropped a trigger could change rows unseen but for the ledger's own proof."""
    for table in guards.unguarded():
        message = N_(
            "The table {table} can be changed: a trigger that forbids it is gone. "
            "Find out who removed it, and run “aigaq ledger verify”."
        )
        yield _problem("triggers", message, table=table)
