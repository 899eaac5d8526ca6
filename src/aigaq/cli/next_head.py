"""`aigaq vault next-head`: where the head is gone and nobody is above who could appoint the next one."""

import secrets
from gettext import gettext as _
from pathlib import Path

import click
from django.db import transaction

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.accounts.models import User, login_name
from aigaq.cli.init import SIGN_IN_OCTETS
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.readers import new_password_of, new_vault_password, recovered
from aigaq.errors import N_, BadInputError
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import Division
from aigaq.registry.selectors import division_of, person_of


class WhichDivisionError(BadInputError):
    code = "vault.which-division"
    message = N_("Say with --division which one it is: {names}.")


class NobodysLoginError(BadInputError):
    code = "vault.nobodys-login"
    message = N_(
        "“{username}” is nobody's login. Of somebody who is new, give --name and --staff-number too: then "
        "both person and login are made."
    )


@click.command(
    "next-head",
    help=_(
        "Appoint the head of a division at the top from today on, with the recovery key from the safe: where "
        "the head is gone and nobody is above who could. They type a vault password of their own."
    ),
)
@click.option("--to", "username", required=True, help=_("Login name of the next head."))
@click.option("--order", required=True, help=_("Number of the order that appoints them."))
@click.option(
    "--recovery-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help=_("The age identity from the safe, on the first line of this file."),
)
@click.option("--division", "division_name", help=_("Its name, where several are at the top."))
@click.option("--name", help=_("Full name, of somebody who is not on the staff list."))
@click.option("--staff-number", help=_("Staff number, of somebody who is not on the staff list."))
@new_vault_password
@common
@click.pass_obj
def next_head(
    console: Console,
    *,
    username: str,
    order: str,
    recovery_key_file: Path,
    division_name: str | None,
    name: str | None,
    staff_number: str | None,
    new_vault_password_file: Path | None,
) -> None:
    ledger, identity, division = wiring.ledger(), recovered(recovery_key_file), _division(division_name)
    user = User.objects.filter(username=login_name(username)).first()
    person = person_of(user) if user else None
    if person is None and not (name and staff_number):
        raise NobodysLoginError(username=login_name(username))
    new = new_password_of(person.full_name if person else str(name), new_vault_password_file)
    sign_in = "" if person else secrets.token_urlsafe(SIGN_IN_OCTETS)
    with transaction.atomic():
        ledger.take_turn("registry.relieved")
        if person is None:
            person = registry.add_person(
                ledger,
                MACHINE,
                full_name=str(name),
                post="",
                staff_number=str(staff_number),
                division=division,
                user=accounts.create_user(ledger, MACHINE, username=username, password=sign_in),
            )
        registry.install_head(
            ledger,
            division,
            to=person,
            order_number=order,
            key=registry.NewKey(identity, new, "recovery-key"),
        )
    console.answer(
        {"division": division.name, "username": login_name(username), "full_name": person.full_name}
        | ({"sign_in_password": sign_in} if sign_in else {})
    )
    console.say(_("{who} is the head of {division} now.").format(who=person.full_name, division=division))
    if sign_in:
        console.say(_("  sign-in password, told this once: {it}").format(it=sign_in))


def _division(name: str | None) -> Division:
    if name is not None:
        return division_of(name)
    top = list(Division.objects.filter(parent=None).order_by("name"))
    if len(top) != 1:
        raise WhichDivisionError(names=", ".join(each.name for each in top))
    return top[0]
