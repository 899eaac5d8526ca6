"""The vault's own key: on paper for the safe, rehearsed, and changed."""

from gettext import gettext as _
from pathlib import Path

import click
from django.db import transaction

from aigaq import wiring
from aigaq.access import looks
from aigaq.access import services as access
from aigaq.access.models import KeyWrap
from aigaq.access.services import NewWrap
from aigaq.accounts.models import User, login_name
from aigaq.cli.options import common, password_lines
from aigaq.cli.output import Console
from aigaq.cli.readers import (
    NotThisVaultsKeyError,
    Reader,
    identity_of,
    new_file,
    reader_named,
    vault_password,
)
from aigaq.errors import N_, BadInputError
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.paperwork.recovery_key import print_recovery_key
from aigaq.recovery.errors import NoReadersKeyError
from aigaq.recovery.shelf import recovered
from aigaq.registry.models import Role
from aigaq.registry.selectors import READERS
from aigaq.vault.age import Identity
from aigaq.vault.rotation import put_earlier

REHEARSED, REFUSED = "vault.recovery-rehearsed", "vault.recovery-refused"


class NotAPasswordLineError(BadInputError):
    code = "vault.password-line"
    message = N_("A line of the password file after the first must be “login name: vault password”.")


@click.command(
    "recovery-key",
    help=_("The vault's age identity, for paper in the safe and for stock tools: with the head's password."),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=_("Write it as a PDF for the safe, with a code to scan, instead of showing it."),
)
@click.option(
    "--rehearse",
    is_flag=True,
    help=_("Type it in from the paper: whether it is this vault's is told and entered, nothing is shown."),
)
@click.option(
    "--recovery-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("With --rehearse: what was scanned from the paper, on the first line of this file."),
)
@vault_password
@common
@click.pass_obj
def recovery_key(
    console: Console,
    *,
    output: Path | None,
    rehearse: bool,
    recovery_key_file: Path | None,
    username: str | None,
    vault_password_file: Path | None,
) -> None:
    if rehearse:
        _rehearse(console, recovery_key_file)
        return
    ledger, reader = wiring.ledger(), reader_named(username, frozenset({Role.HEAD}))
    identity = identity_of(reader, vault_password_file)
    about = {"recipient": str(identity.recipient), "way": "paper" if output else "shown"}
    if output is None:
        looks.look(ledger, reader.by, "recovery-key", about)
        console.answer({"identity": identity, "recipient": identity.recipient})
        if not console.as_json:
            console.say(str(identity))
            click.echo(
                _(
                    "Write it on paper for the safe: whoever has it reads every recording. It is not kept"
                    " here."
                ),
                err=True,
            )
        return
    with new_file(output) as file:
        looks.look(ledger, reader.by, "recovery-key", about)
        file.write(
            print_recovery_key(
                identity,
                division=reader.appointment.division.name,
                ledger=wiring.installation().ledger_key.name,
                made_at=wiring.clock().now(),
            )
        )
    console.answer({"path": output, "recipient": identity.recipient})
    console.say(
        _(
            "Print {path}, lay the paper into the safe, then delete the file: whoever has either reads every"
            " recording."
        ).format(path=output)
    )


@click.command(
    help=_(
        "Change the vault's key: what is stored from now on is encrypted to a new one. What is there stays as"
        " it is, and readable for whoever has the new key."
    )
)
@vault_password
@common
@click.pass_obj
def rotate(console: Console, *, username: str | None, vault_password_file: Path | None) -> None:
    ledger, head = wiring.ledger(), reader_named(username, frozenset({Role.HEAD}))
    password = _first(vault_password_file) or _asked(head.user.username)
    earlier = access.identify(ledger, head.by, head.user, password, address="")
    vault = wiring.vault()
    if earlier.recipient != vault.recipient:
        raise NotThisVaultsKeyError
    newer = Identity.generate()
    wraps = [
        access.wrapped_for(ledger, head.user, newer, password),
        *_others_wraps(ledger, head, newer, vault_password_file),
    ]
    # First the earlier key into the vault: the new one by itself does not open what is there.
    put_earlier(wiring.backend(), earlier, newer.recipient)
    access.rotate(ledger, head.by, earlier.recipient, newer.recipient, wraps)
    wiring.forget_vault()
    wiring.copy_ledger()
    waiting = sorted(
        User.objects.filter(key_wraps__isnull=False)
        .exclude(pk__in=[new.user.pk for new in wraps])
        .values_list("username", flat=True)
    )
    console.answer({"recipient": newer.recipient, "previous": earlier.recipient, "waiting": waiting})
    console.say(_("The vault has a new key: {recipient}").format(recipient=newer.recipient))
    for who in waiting:
        text = _("{who} reads only what was stored until now: “aigaq vault hand-over --to {who}”.")
        console.say(text.format(who=who))
    console.say(
        _(
            "Start “aigaq serve” anew, and enrol docking PCs anew: until then they store with the earlier"
            " key. A recovery key on paper is no more the newest: “aigaq vault recovery-key”."
        )
    )


def _rehearse(console: Console, file: Path | None) -> None:
    if file is not None:
        text = password_lines(file, 1)[0]
    else:
        text = str(click.prompt(_("The recovery key, from the paper"), hide_input=True, err=True))
    vault, ledger = wiring.vault(), wiring.ledger()
    is_ours = _is_newest(text)
    with transaction.atomic():
        ledger.append(REHEARSED if is_ours else REFUSED, MACHINE, {"recipient": str(vault.recipient)})
    if not is_ours:
        raise NotThisVaultsKeyError
    console.answer({"holds": True, "recipient": vault.recipient})
    console.say(_("This is the key of this vault. Put the paper back into the safe."))


def _is_newest(text: str) -> bool:
    recipient = wiring.vault().recipient
    try:
        recovered(text, lambda identity: identity.recipient == recipient)
    except NoReadersKeyError:
        return False
    return True


def _others_wraps(ledger: Ledger, head: Reader, newer: Identity, file: Path | None) -> list[NewWrap]:
    """The new key for each other reader who is here, under the password that they have."""
    given = _others(file)
    wraps = []
    others = KeyWrap.objects.exclude(reader=head.user).select_related("reader").order_by("reader__username")
    if not given.keys() <= {wrap.reader.username for wrap in others}:
        # Unheard, they would read nothing that is stored from now on.
        raise NotAPasswordLineError
    for wrap in others:
        username = wrap.reader.username
        password = _asked_or_later(username) if file is None else given.get(username, "")
        if password:
            # Whoever types it is who they say: it opens the earlier key.
            reader = reader_named(username, READERS)
            access.identify(ledger, reader.by, reader.user, password, address="")
            wraps.append(access.wrapped_for(ledger, wrap.reader, newer, password))
    return wraps


def _first(file: Path | None) -> str:
    return password_lines(file, 1)[0] if file is not None else ""


def _others(file: Path | None) -> dict[str, str]:
    """By login name, the passwords on the lines after the first."""
    if file is None:
        return {}
    found = {}
    for line in filter(None, file.read_text(encoding="utf-8-sig").splitlines()[1:]):
        name, colon, password = line.partition(":")
        if not colon:
            raise NotAPasswordLineError
        found[login_name(name)] = password.strip()
    return found


def _asked(username: str) -> str:
    question = _("Vault password of {who}").format(who=username)
    return str(click.prompt(question, hide_input=True, err=True))


def _asked_or_later(username: str) -> str:
    question = _("Vault password of {who} (empty: hand over later)").format(who=username)
    return str(click.prompt(question, hide_input=True, err=True, default="", show_default=False))
