"""The vault's key at the command line, where there is no installation yet: by password, or from the safe."""

from collections.abc import Callable, Iterable
from gettext import gettext as _
from pathlib import Path

import click

from aigaq.cli.options import CommandT, password_lines
from aigaq.recovery.shelf import Belongs, by_password, recovered
from aigaq.vault.age import AgeNoMatchError, Identity
from aigaq.vault.keys import WrappedKey
from aigaq.vault.store import Vault

Opened = tuple[Identity, str]
"""The vault's key, and the id of the reader whose password it was; empty where it was the key itself."""


def with_key(command: CommandT) -> CommandT:
    """Options of the commands that need the vault's key and have no database to look into."""
    for decorate in (
        click.option(
            "--recovery-key-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=_("The recovery key on the first line of this file, instead of a vault password."),
        ),
        click.option(
            "--vault-password-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=_("Read a reader's vault password from the first line of this file; asked for otherwise."),
        ),
    ):
        command = decorate(command)
    return command


def opened(
    wraps: Callable[[], Iterable[WrappedKey]],
    belongs: Belongs,
    *,
    vault_password_file: Path | None,
    recovery_key_file: Path | None,
) -> Opened:
    """Raises `NoReadersKeyError`."""
    if recovery_key_file is not None:
        return recovered(password_lines(recovery_key_file, 1)[0], belongs), ""
    if vault_password_file is not None:
        password = password_lines(vault_password_file, 1)[0]
    else:
        question = _("Vault password of the head or the custodian")
        password = str(click.prompt(question, hide_input=True, err=True))
    return by_password(wraps(), password, belongs)


def of(vault: Vault) -> Belongs:
    """Whether a key is one of that vault, the first, the newest or any between."""

    def belongs(identity: Identity) -> bool:
        try:
            vault.keyring([identity])
        except AgeNoMatchError:
            return False
        return True

    return belongs
