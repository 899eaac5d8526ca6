"""`aigaq vault`: fixity without a key; a recording, or the key itself, for who has right and password."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

import click
from django.conf import settings
from django.db import transaction

from aigaq import wiring
from aigaq.access import looks
from aigaq.access import services as access
from aigaq.access.errors import NotAReaderError
from aigaq.access.models import KeyWrap
from aigaq.accounts.models import User, login_name
from aigaq.cli.options import CommandT, common, password_lines
from aigaq.cli.output import Console, octets
from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError, RefusedError
from aigaq.ledger.services import MACHINE, By
from aigaq.recordings.errors import NoSuchRecordingError
from aigaq.recordings.models import Blob, RecordingFile
from aigaq.registry import services as registry
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import READERS, person_of, standing_of, term_of
from aigaq.registry.terms import day_of
from aigaq.vault.age import AgeKeyError, Identity
from aigaq.vault.errors import BlobDamagedError
from aigaq.vault.scrub import scrub as scrub_all
from aigaq.vault.store import BlobReader

_PIECE = 1 << 20


class WhoError(BadInputError):
    code = "vault.who"
    message = N_("Say whose vault password it is: --as and a login name of a head or custodian.")


class HeadOnlyError(RefusedError):
    code = "vault.head-only"
    message = N_("Only the head takes the vault's key out, for the safe. Ask the head.")
    paragraph = "6"


class NotThisVaultsKeyError(BadInputError):
    code = "vault.not-this-vaults-key"
    message = N_("The file holds no recovery key of this vault. Take the line that begins AGE-SECRET-KEY-1.")


class TargetExistsError(BadInputError):
    code = "vault.target-exists"
    message = N_("“{path}” is there already and is not written over. Give another name with -o.")


class NotWrittenOutError(AigaqError):
    code = "vault.not-written-out"
    message = N_(
        "The recording could not be written to “{path}” ({reason}). What was begun there is removed."
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gives their vault password at the command line, and the right they hold."""

    user: User
    appointment: Appointment
    by: By


@click.group(help=_("The stored recordings."))
def vault() -> None:
    pass


def vault_password(command: CommandT) -> CommandT:
    """Options of the commands that open the vault."""
    command = click.option(
        "--vault-password-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=_("Read the vault password from the first line of this file; asked for otherwise."),
    )(command)
    return click.option(
        "--as", "username", help=_("Login name of whose password it is [default: the head].")
    )(command)


@vault.command(
    help=_("Read every stored blob and compare it with its name; needs no key. Exit status 3 for findings.")
)
@common
@click.pass_obj
def scrub(console: Console) -> int:
    ledger, opened = wiring.ledger(), wiring.vault()
    total = Blob.objects.count() or None
    with console.progress(_("Reading the vault"), total) as progress:
        report = scrub_all(opened, _catalogued(), lambda done, size: progress.to(done, octets(size)))
    findings = [
        # From the data folder, as `aigaq unload` names it.
        {"kind": finding.kind, "blob": str((settings.VAULT / finding.blob).relative_to(settings.DATA))}
        for finding in report.findings
    ]
    with transaction.atomic():
        about: dict[str, Json] = {
            "checked": report.checked,
            "octets": str(report.bytes),
            "findings": len(findings),
        }
        ledger.append("vault.scrubbed", MACHINE, about)
    console.answer({"checked": report.checked, "bytes": report.bytes, "findings": findings})
    for finding in report.findings:
        console.say(f"✗ {_FINDINGS[finding.kind]()}: {finding.blob}")
    console.say(
        _("{checked} blobs read, {size}; findings: {number}.").format(
            checked=report.checked, size=octets(report.bytes), number=len(findings)
        )
    )
    return EXIT_FAULTS if findings else 0


@vault.command(help=_("Write one recording into a file, with a vault password; it is entered in the ledger."))
@click.argument("digest")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=_("The file to make."))
@vault_password
@common
@click.pass_obj
def cat(
    console: Console, *, digest: str, output: Path, username: str | None, vault_password_file: Path | None
) -> None:
    content = ContentDigest.parse(digest)
    ledger, opened, reader = wiring.ledger(), wiring.vault(), _reader(username, READERS)
    file = _within_reach(content, reader)
    identity = _identity(reader, vault_password_file)
    # What can't be opened is refused before it is entered as handed out.
    with opened.open(content, identity) as blob, _new_file(output) as target:
        about: dict[str, Json] = {
            "recording": str(file.recording_id),
            "file": str(file.pk),
            "path": file.path,
            "content_digest": str(content),
            "way": "command-line",
        }
        looks.look(ledger, reader.by, "downloaded", about)
        with console.progress(_("Writing"), blob.size) as progress:
            _copy(blob, target, content, progress.to)
    console.answer({"content_digest": content, "bytes": output.stat().st_size, "path": output})
    console.say(_("Written to {path}: {size}.").format(path=output, size=octets(output.stat().st_size)))


@vault.command(
    "recovery-key",
    help=_("The vault's age identity, for paper in the safe and for stock tools: with the head's password."),
)
@vault_password
@common
@click.pass_obj
def recovery_key(console: Console, *, username: str | None, vault_password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), _reader(username, frozenset({Role.HEAD}))
    identity = _identity(reader, vault_password_file)
    looks.look(ledger, reader.by, "recovery-key", {"recipient": str(identity.recipient)})
    console.answer({"identity": identity, "recipient": identity.recipient})
    if not console.as_json:
        console.say(str(identity))
        click.echo(
            _("Write it on paper for the safe: who has it reads every recording. It is not kept here."),
            err=True,
        )


@vault.command(
    "hand-over",
    help=_(
        "Give the vault's key to the head or custodian --to, for a vault password that they type themselves: "
        "with the vault password of the other one, or with the recovery key from the safe."
    ),
)
@click.option("--to", "to_username", required=True, help=_("Login name of who gets it."))
@click.option(
    "--recovery-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The age identity on the first line of this file, where nobody knows a vault password any more."),
)
@click.option(
    "--new-vault-password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Read the new vault password from the first line of this file; asked for twice otherwise."),
)
@vault_password
@common
@click.pass_obj
def hand_over(
    console: Console,
    *,
    to_username: str,
    recovery_key_file: Path | None,
    new_vault_password_file: Path | None,
    username: str | None,
    vault_password_file: Path | None,
) -> None:
    ledger, (person, division) = wiring.ledger(), _appointed(to_username)
    if recovery_key_file is not None:
        by, identity = MACHINE, _recovered(recovery_key_file)
    else:
        reader = _reader(username, READERS)
        by, identity = reader.by, _identity(reader, vault_password_file)
    if new_vault_password_file is not None:
        new = password_lines(new_vault_password_file, 1)[0]
    else:
        question = _("New vault password of {who}, typed by them").format(who=person.full_name)
        new = str(click.prompt(question, hide_input=True, confirmation_prompt=True, err=True))
    way = "recovery-key" if recovery_key_file else ""
    registry.hand_over_key(
        ledger, by, to=person, division=division, key=registry.NewKey(identity, new), way=way
    )
    console.answer({"username": login_name(to_username), "recipient": identity.recipient})
    console.say(_("{who} has a vault password now.").format(who=person.full_name))


_FINDINGS: dict[str, Callable[[], str]] = {
    "damaged": partial(_, N_("Damaged: the file does not hash to its name")),
    "misnamed": partial(_, N_("Its name or place is not that of a blob")),
    "unexpected": partial(_, N_("Does not belong in the vault")),
    "missing": partial(_, N_("Missing: the catalogue knows it")),
    "unreadable": partial(_, N_("The disk does not give it back")),
}


def _catalogued() -> Iterator[tuple[ContentDigest, StoredDigest]]:
    for content, stored in (
        Blob.objects.order_by("pk").values_list("content_digest", "stored_digest").iterator()
    ):
        yield ContentDigest.parse(content), StoredDigest.parse(stored)


def _reader(username: str | None, roles: frozenset[Role]) -> Reader:
    """Whom the options name; without --as the head, if one head alone can open the vault.

    Raises `WhoError`, or `NotAReaderError` for somebody who holds none of `roles` today.
    """
    if username is None:
        heads = [
            reader
            for wrap in KeyWrap.objects.select_related("reader")
            if (reader := _held(wrap.reader, frozenset({Role.HEAD})))
        ]
        if len(heads) != 1:
            raise WhoError
        return heads[0]
    user = User.objects.filter(username=login_name(username)).first()
    reader = _held(user, roles) if user else None
    if reader is None:
        raise NotAReaderError if Role.CUSTODIAN in roles else HeadOnlyError
    return reader


def _appointed(username: str) -> tuple[Person, Division]:
    """Head or custodian, now or to be, and where. Raises `NotAReaderError`."""
    user = User.objects.filter(username=login_name(username)).first()
    person = person_of(user) if user else None
    on = day_of(wiring.clock().now())
    for appointment in person.appointments.select_related("division") if person else ():
        term = term_of(appointment, named=False)
        if person is not None and term.reads and term.lasts(on):
            return person, appointment.division
    raise NotAReaderError


def _recovered(path: Path) -> Identity:
    """The key from the safe. Raises `NotThisVaultsKeyError`."""
    try:
        identity = Identity.parse(password_lines(path, 1)[0].strip())
    except AgeKeyError as error:
        raise NotThisVaultsKeyError from error
    if identity.recipient != wiring.vault().recipient:
        raise NotThisVaultsKeyError
    return identity


def _held(user: User, roles: frozenset[Role]) -> Reader | None:
    person = person_of(user)
    if person is None:
        return None
    standing = standing_of(person, wiring.clock().now())
    for appointment in standing.appointments:
        if appointment.role in roles:
            return Reader(user, appointment, standing.by(appointment))
    return None


def _within_reach(content: ContentDigest, reader: Reader) -> RecordingFile:
    """A file of the reader's division with these octets; whether another has it is not told (R14.1)."""
    files = RecordingFile.objects.filter(blob__content_digest=content.hex)
    file = files.filter(recording__division=reader.appointment.division).order_by("pk").first()
    if file is None:
        raise NoSuchRecordingError
    return file


def _identity(reader: Reader, password_file: Path | None) -> Identity:
    if password_file is not None:
        password = password_lines(password_file, 1)[0]
    else:
        question = _("Vault password of {who}").format(who=reader.user.username)
        password = str(click.prompt(question, hide_input=True, err=True))
    registry.attend(wiring.ledger())
    return access.identify(wiring.ledger(), reader.by, reader.user, password, address="")


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, durable at the end; gone again if anything fails."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise TargetExistsError(path=path) from None
    except OSError as error:
        raise NotWrittenOutError(path=path, reason=error.strerror) from error
    try:
        with os.fdopen(fd, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink()
        raise NotWrittenOutError(path=path, reason=error.strerror) from error
    except BaseException:
        path.unlink()
        raise


def _copy(
    blob: BlobReader, target: BinaryIO, content: ContentDigest, on_progress: Callable[[int], None]
) -> None:
    """Raises `BlobDamagedError` if what was read is not the recording with that digest."""
    digest, done = hashlib.sha256(), 0
    while piece := blob.read(_PIECE):
        digest.update(piece)
        target.write(piece)
        done += len(piece)
        on_progress(done)
    if digest.digest() != content.value:
        raise BlobDamagedError(
            content=content, blob=blob.name.path, reason=_("its content has another digest")
        )
