"""Who acts at the command line: head or custodian, by their vault password or by their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

import click

from aigaq import wiring
from aigaq.access import services as access
from aigaq.access.errors import NotAReaderError
from aigaq.access.models import KeyWrap
from aigaq.accounts.models import User, login_name
from aigaq.accounts.services import prove_identity
from aigaq.cli.options import CommandT, password_lines
from aigaq.errors import N_, AigaqError, BadInputError, RefusedError
from aigaq.ledger.services import By
from aigaq.registry import services as registry
from aigaq.registry.models import Appointment, Person, Role
from aigaq.registry.selectors import person_of, standing_of
from aigaq.vault.age import AgeKeyError, Identity


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

    @property
    def person(self) -> Person:
        return self.appointment.person


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


def new_vault_password(command: CommandT) -> CommandT:
    """Option of the commands that give somebody the vault's key; `new_password_of` reads it."""
    return click.option(
        "--new-vault-password-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=_("Read the new vault password from the first line of this file; asked for twice otherwise."),
    )(command)


def new_password_of(full_name: str, file: Path | None) -> str:
    if file is not None:
        return password_lines(file, 1)[0]
    question = _("New vault password of {who}, typed by them").format(who=full_name)
    return str(click.prompt(question, hide_input=True, confirmation_prompt=True, err=True))


def own_password(command: CommandT) -> CommandT:
    """Options of the commands with which head or custodian act, but open nothing."""
    command = click.option(
        "--password-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=_("Read their own password from the first line of this file; asked for otherwise."),
    )(command)
    return click.option("--as", "username", required=True, help=_("Login name of whoever does it."))(command)


def password_of(reader: Reader, password_file: Path | None) -> str:
    """The one with which they sign in, unchecked."""
    if password_file is not None:
        return password_lines(password_file, 1)[0]
    return str(
        click.prompt(_("Password of {who}").format(who=reader.user.username), hide_input=True, err=True)
    )


def proven(reader: Reader, password_file: Path | None) -> Reader:
    """Raises accounts' `WrongPasswordError` or `TooManyAttemptsError`."""
    password = password_of(reader, password_file)
    prove_identity(wiring.ledger(), reader.user, password, purpose="command-line", address="")
    return reader


def reader_named(username: str | None, roles: frozenset[Role]) -> Reader:
    """Whom the options name; without --as the head, if one head alone can open the vault.

    Raises `WhoError`, or `NotAReaderError` for somebody who holds none of `roles` today.
    """
    if username is None:
        heads = [
            reader
            for wrap in KeyWrap.objects.select_related("reader")
            if (reader := held_by(wrap.reader, frozenset({Role.HEAD})))
        ]
        if len(heads) != 1:
            raise WhoError
        return heads[0]
    user = User.objects.filter(username=login_name(username)).first()
    reader = held_by(user, roles) if user else None
    if reader is None:
        raise NotAReaderError if Role.CUSTODIAN in roles else HeadOnlyError
    return reader


def held_by(user: User, roles: frozenset[Role]) -> Reader | None:
    person = person_of(user)
    if person is None:
        return None
    standing = standing_of(person, wiring.clock().now())
    for appointment in standing.appointments:
        if appointment.role in roles:
            return Reader(user, appointment, standing.by(appointment))
    return None


def identity_of(reader: Reader, password_file: Path | None) -> Identity:
    if password_file is not None:
        password = password_lines(password_file, 1)[0]
    else:
        question = _("Vault password of {who}").format(who=reader.user.username)
        password = str(click.prompt(question, hide_input=True, err=True))
    registry.attend(wiring.ledger())
    return access.identify(wiring.ledger(), reader.by, reader.user, password, address="")


def recovered(path: Path) -> Identity:
    """The key from the safe. Raises `NotThisVaultsKeyError`."""
    try:
        identity = Identity.parse("".join(password_lines(path, 1)[0].split()).upper())
    except AgeKeyError as error:
        raise NotThisVaultsKeyError from error
    if identity.recipient != wiring.vault().recipient:
        raise NotThisVaultsKeyError
    return identity


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
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
