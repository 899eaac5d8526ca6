"""`aigaq init`: a new installation, whole when it says so."""

import secrets
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from aigaq import wiring
from aigaq.access import services as access
from aigaq.accounts import services as accounts
from aigaq.cli.options import common, password_lines
from aigaq.cli.output import Console
from aigaq.core import files
from aigaq.core.clock import KAZAKHSTAN, Clock, SystemClock
from aigaq.errors import N_, BadInputError
from aigaq.ledger import installation as place
from aigaq.ledger.errors import DatabaseInUseError
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.registry import services as registry
from aigaq.registry.models import Division, Role
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault.age import Identity
from aigaq.vault.keys import check_vault_password
from aigaq.vault.store import Vault

DIVISION = "Өрт қауіпсіздігі бөлімшесі"
HEAD = "Бөлімше басшысы"
CUSTODIAN = "Жауапты тұлға"
ORDER = "№ 1"
"""What --non-interactive fills in, in the language of the order; it is told in the help."""
SIGN_IN_OCTETS = 12
"""Of chance in a sign-in password made here: 96 bits."""


class NoVaultPasswordsError(BadInputError):
    code = "init.no-vault-passwords"
    message = N_(
        "Nobody is there to be asked for the vault passwords. Give a file of two lines with "
        "--vault-password-file: the head's on the first line, the custodian's on the second."
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the two whom paragraph 6 gives a password of the vault."""

    role: Role
    full_name: str
    username: str
    sign_in_password: str
    is_generated: bool
    vault_password: str


@dataclass(frozen=True, slots=True)
class Made:
    division: Division
    vault: Vault


@click.command(help=_("Make a new installation: a division, its head and custodian, ledger and vault."))
@click.option("--division", help=_("Name of the first division [default: {name}].").format(name=DIVISION))
@click.option("--head", "head_name", help=_("Full name of its head [default: {name}].").format(name=HEAD))
@click.option("--head-username", default="head", show_default=True, help=_("Login name of the head."))
@click.option(
    "--custodian",
    "custodian_name",
    help=_("Full name of the custodian [default: {name}].").format(name=CUSTODIAN),
)
@click.option(
    "--custodian-username", default="custodian", show_default=True, help=_("Login name of the custodian.")
)
@click.option("--order", default=ORDER, show_default=True, help=_("Number of the order that appoints both."))
@click.option(
    "--vault-password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Vault passwords: the head's on the first line, the custodian's on the second."),
)
@click.option(
    "--non-interactive",
    is_flag=True,
    help=_("Ask nothing: take the defaults, and make sign-in passwords, told once."),
)
@common
@click.pass_obj
def init(
    console: Console,
    *,
    division: str | None,
    head_name: str | None,
    head_username: str,
    custodian_name: str | None,
    custodian_username: str,
    order: str,
    vault_password_file: Path | None,
    non_interactive: bool,
) -> None:
    """Ask first, then make: nothing is begun before every answer is there."""
    if non_interactive and vault_password_file is None:
        raise NoVaultPasswordsError
    vault_passwords = password_lines(vault_password_file, 2) if vault_password_file else [None, None]
    asking = not non_interactive
    division_name = division or _asked(_("Name of the first division"), DIVISION, asking=asking)
    head, custodian = (
        _reader(
            role,
            name or _asked(_("{who}: full name").format(who=role.label), default, asking=asking),
            username,
            vault_password,
            asking=asking,
        )
        for role, name, default, username, vault_password in (
            (Role.HEAD, head_name, HEAD, head_username, vault_passwords[0]),
            (Role.CUSTODIAN, custodian_name, CUSTODIAN, custodian_username, vault_passwords[1]),
        )
    )
    with place.begun(settings.DATA):
        made = create(division_name, [head, custodian], order)
    _tell(console, made, [head, custodian])


def create(
    division_name: str, readers: list[Reader], order: str, *, above: str = "", clock: Clock | None = None
) -> Made:
    """Everything of an installation, in the folder that `place.begun` has made ready.

    `above` names a division of which the first one is part, if there is to be one.
    """
    clock, data = clock or SystemClock(), settings.DATA
    sessions_key = secrets.token_urlsafe(48).encode("ascii")
    files.write_once(data / place.KEYS / place.SESSIONS_KEY, sessions_key, mode=place.PRIVATE_FILE)
    installation_id = Installation.new_id()
    signer = Ed25519Signer.generate(f"aigaq/{installation_id}")
    signer.save(data / place.KEYS / place.LEDGER_KEY)
    settings.DOCKS.mkdir(place.PRIVATE, parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    identity = Identity.generate()
    vault = Vault.create(wiring.backend(), identity.recipient, created_at=clock.now())
    installation = Installation(installation_id, VerifierKey.of(signer), clock.now())
    with transaction.atomic():
        ledger = Ledger(signer, clock)
        ledger.take_turn("installation.created")
        if LedgerEntry.objects.exists():
            raise DatabaseInUseError
        about = {
            "installation": installation.id,
            "ledger_key": str(installation.ledger_key),
            "vault": vault.id,
            "recipient": str(vault.recipient),
        }
        ledger.append("installation.created", MACHINE, about)
        parent = registry.add_division(ledger, MACHINE, name=above, parent=None) if above else None
        division = registry.add_division(ledger, MACHINE, name=division_name, parent=parent)
        for number, reader in enumerate(readers, start=1):
            _admit(ledger, division, reader, staff_number=str(number), order=order, identity=identity)
    place.finish(data, installation)
    return Made(division, vault)


def _admit(
    ledger: Ledger,
    division: Division,
    reader: Reader,
    *,
    staff_number: str,
    order: str,
    identity: Identity,
) -> None:
    user = accounts.create_user(ledger, MACHINE, username=reader.username, password=reader.sign_in_password)
    person = registry.add_person(
        ledger,
        MACHINE,
        full_name=reader.full_name,
        post="",
        staff_number=staff_number,
        division=division,
        user=user,
    )
    registry.appoint(
        ledger,
        MACHINE,
        person=person,
        division=division,
        role=reader.role,
        from_on=ledger.clock.now().astimezone(KAZAKHSTAN).date(),
        until_on=None,
        order_number=order,
    )
    access.add_reader(ledger, MACHINE, user, identity, reader.vault_password)


def _reader(role: Role, full_name: str, username: str, vault_password: str | None, *, asking: bool) -> Reader:
    """With the passwords asked that are not there; refused here if they would be refused later."""
    generated = "" if asking else secrets.token_urlsafe(SIGN_IN_OCTETS)
    sign_in = generated or _asked_secretly(_("{who}: sign-in password").format(who=full_name))
    accounts.check_new_login(username, sign_in)
    secret = vault_password or _asked_secretly(_("{who}: vault password").format(who=full_name))
    check_vault_password(secret)
    return Reader(role, full_name, username, sign_in, bool(generated), secret)


def _asked(question: str, default: str, *, asking: bool) -> str:
    return str(click.prompt(question, default=default, err=True)) if asking else default


def _asked_secretly(question: str) -> str:
    return str(click.prompt(question, hide_input=True, confirmation_prompt=True, err=True))


def _tell(console: Console, made: Made, readers: list[Reader]) -> None:
    people = [
        {"role": reader.role.value, "full_name": reader.full_name, "username": reader.username}
        | ({"sign_in_password": reader.sign_in_password} if reader.is_generated else {})
        for reader in readers
    ]
    console.answer(
        {
            "data": settings.DATA,
            "division": {"id": made.division.pk, "name": made.division.name},
            "vault_recipient": made.vault.recipient,
            "people": people,
        }
    )
    if console.as_json:
        return
    console.say(_("The installation is in {data}.").format(data=settings.DATA))
    console.say(_("Division: {name}").format(name=made.division.name))
    for reader in readers:
        console.say(f"{reader.role.label}: {reader.full_name}, {reader.username}")
        if reader.is_generated:
            console.say(_("  sign-in password, told this once: {it}").format(it=reader.sign_in_password))
    console.say(_("Vault: {recipient}").format(recipient=made.vault.recipient))
    next_step = _("Next: “aigaq serve --data {data}”. Then, for the safe, “aigaq vault recovery-key”.")
    console.say(next_step.format(data=settings.DATA))
