"""`aigaq vault rebuild`: the database anew, or brought up to date, from the vault alone."""

import secrets
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click
from django.conf import settings

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.accounts.models import User
from aigaq.cli.opening import of, opened, with_key
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.recovery import reviving
from aigaq.recovery.rebuild import Rebuilt
from aigaq.recovery.shelf import LedgerCopy
from aigaq.registry.models import Person, Role
from aigaq.registry.selectors import standing_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.vault.layout import BlobName
from aigaq.vault.store import Vault

_SIGN_IN_OCTETS = 12
"""Of chance in a sign-in password made here: 96 bits."""
_LISTED = 1000
"""Blobs that are told one by one."""


@click.command(
    help=_(
        "Make the catalogue, the journal and the ledger anew from the vault alone, into an empty database; or"
        " bring a database up to date that was put back from a backup."
    )
)
@click.option(
    "--since",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A checkpoint kept elsewhere, that must still hold. May be repeated."),
)
@click.option(
    "--ledger-key",
    help=_("The public key of the ledger, where it is not known here: “aigaq/…+…+…”."),
)
@with_key
@common
@click.pass_obj
def rebuild(
    console: Console,
    *,
    since: tuple[Path, ...],
    ledger_key: str | None,
    vault_password_file: Path | None,
    recovery_key_file: Path | None,
) -> None:
    wiring.require_live()
    backend = wiring.backend()
    vault = Vault.at(backend)
    copy = LedgerCopy(backend)
    identity, reader = opened(
        copy.wraps,
        of(vault),
        vault_password_file=vault_password_file,
        recovery_key_file=recovery_key_file,
    )
    with console.progress(_("Rebuilding")) as line:

        def show(done: int, total: int) -> None:
            line.total = total
            line.to(done)

        revived = reviving.from_vault(
            settings.DATA,
            vault,
            backend,
            vault.keyring([identity]),
            wiring.clock(),
            ledger_key=VerifierKey.parse(ledger_key) if ledger_key else None,
            since=[path.read_text(encoding="utf-8") for path in since],
            on_progress=show,
        )
    settings.DOCKS.mkdir(0o700, parents=True, exist_ok=True)
    passwords = let_in(revived.ledger, reader)
    wiring.copy_ledger()
    answer(console, revived.rebuilt, passwords)


def let_in(ledger: Ledger, reader: str) -> dict[str, str]:
    """New sign-in passwords, by login name, for who opened the vault, or else the heads: if nobody has any.

    A rebuilt database has none; the head gives the others theirs.
    """
    users = User.objects.filter(is_active=True)
    if any(user.has_usable_password() for user in users):
        return {}
    chosen = list(users.filter(pk=reader)) if reader else [user for user in users if _is_head(user)]
    made = {}
    for user in chosen:
        made[user.username] = secrets.token_urlsafe(_SIGN_IN_OCTETS)
        accounts.set_password(ledger, MACHINE, user, made[user.username])
    return made


def answer(console: Console, rebuilt: Rebuilt, passwords: dict[str, str]) -> None:
    console.answer(
        {
            "from": rebuilt.begun,
            "entries": rebuilt.entries,
            "recordings": rebuilt.recordings,
            "missing": len(rebuilt.missing),
            "missing_blobs": paths(rebuilt.missing),
            "unentered": len(rebuilt.unentered),
            "unentered_blobs": paths(rebuilt.unentered),
            "sign_in_passwords": passwords,
        }
    )
    tell(console, rebuilt)
    for username, password in passwords.items():
        text = _("New sign-in password of {who}, told this once: {it}")
        console.say(text.format(who=username, it=password))
    if passwords:
        console.say(
            _(
                "The others sign in again once the head has given each a new password, on the person's page."
                " Vault passwords are as they were."
            )
        )


def tell(console: Console, rebuilt: Rebuilt) -> None:
    """What came back, and what did not."""
    new = rebuilt.entries - rebuilt.begun
    if not new:
        console.say(_("The database has everything that the vault's copy of the ledger has."))
    else:
        text = ngettext(
            "{number} entry of the ledger came back, and the ledger is sound.",
            "{number} entries of the ledger came back, and the ledger is sound.",
            new,
        )
        console.say(text.format(number=new))
    console.say(_("Recordings in the catalogue: {number}.").format(number=rebuilt.recordings))
    for names, text in (
        (rebuilt.missing, _("Not in the vault, though the catalogue knows it: {blob}")),
        (rebuilt.unentered, _("In the vault, though no entry tells of it: {blob}")),
    ):
        for path in paths(names):
            console.say("✗ " + text.format(blob=path))
    if rebuilt.unentered:
        console.say(
            _(
                "What no entry tells of was stored after the newest copy was written. It stays where it is;"
                " its card was not cleared before it was entered. Unload the cards that are not empty again."
            )
        )


def paths(names: Sequence[BlobName]) -> list[str]:
    return [name.path for name in names[:_LISTED]]


def _is_head(user: User) -> bool:
    person = Person.objects.filter(user=user).first()
    return person is not None and any(
        each.role == Role.HEAD for each in standing_of(person, wiring.clock().now()).appointments
    )
