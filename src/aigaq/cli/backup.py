"""`aigaq backup` and `aigaq restore`: all of an office but its recordings, which are mirrored."""

import os
from gettext import gettext as _
from itertools import chain
from pathlib import Path

import click
from django.conf import settings

from aigaq import wiring
from aigaq.cli import drill
from aigaq.cli.opening import of, opened, with_key
from aigaq.cli.options import common
from aigaq.cli.output import Console, octets, readable
from aigaq.cli.rebuild import let_in, paths, tell
from aigaq.errors import N_, BadInputError
from aigaq.ledger.services import MACHINE
from aigaq.recovery.backup import Settings, Whole, back_up
from aigaq.recovery.restore import SETTINGS, Restored, Source
from aigaq.recovery.restore import restore as bring_back
from aigaq.recovery.shelf import Belongs, LedgerCopy
from aigaq.vault.age import Recipient
from aigaq.vault.errors import NoVaultError
from aigaq.vault.store import Vault

_NOT_KEPT = frozenset(
    {
        *("AIGAQ_DATA", "AIGAQ_DATABASE_URL", "AIGAQ_DATABASE_URL_FILE"),
        *("AIGAQ_MOVE_TO", "AIGAQ_MOVE_TO_FILE"),
    }
)
"""Settings that are of this computer alone."""


class NoVaultYetError(BadInputError):
    code = "restore.no-vault"
    message = N_(
        "There is no vault at “{place}”. Put the mirror of the vault there first, so that nothing newer than"
        " the backup is lost; or, to look into the backup alone, say --without-vault."
    )


@click.command(
    help=_(
        "Write database, keys and settings into the new folder DIR, encrypted; recordings are mirrored, not"
        " written there. The office may go on working."
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@common
@click.pass_obj
def backup(console: Console, *, folder: Path) -> None:
    ledger, vault = wiring.ledger(), wiring.vault()
    wiring.copy_ledger()
    whole = Whole(
        installation=wiring.installation(),
        vault=vault.id,
        recipient=vault.recipient,
        settings=_settings(),
        workspace=settings.DATA,
    )
    made = back_up(ledger, MACHINE, whole, folder)
    wiring.copy_ledger()
    size = sum(each for each, _digest in made.manifest.files.values())
    console.answer(
        {
            "path": made.path,
            "entries": made.manifest.size,
            "bytes": size,
            "manifest": made.digest,
            "made_at": made.manifest.made_at,
        }
    )
    text = _("The backup is in {path}: {size}, the ledger up to entry {entries}. Keep it elsewhere.")
    console.say(text.format(path=made.path, size=octets(size), entries=made.manifest.size))


@click.command(
    help=_(
        "Bring the backup DIR back into the empty folder --data, prove it, and take what is newer from the"
        " vault there."
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--without-vault", is_flag=True, help=_("Only what is in the backup; nothing can be added to it.")
)
@click.option(
    "--drill", "is_drill", is_flag=True, help=_("Try it in a throw-away place, and enter how it went.")
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=_("With --drill: the report as a PDF, for the head to sign."),
)
@click.option("--in-drill", is_flag=True, hidden=True)
@with_key
@common
@click.pass_obj
def restore(
    console: Console,
    *,
    folder: Path,
    without_vault: bool,
    is_drill: bool,
    output: Path | None,
    in_drill: bool,
    vault_password_file: Path | None,
    recovery_key_file: Path | None,
) -> int:
    if is_drill:
        return drill.run(console, folder, vault_password_file, output)
    source = Source.at(folder)
    backend = wiring.backend()
    try:
        vault = None if without_vault else Vault.at(backend)
    except NoVaultError as error:
        raise NoVaultYetError(place=backend.place) from error
    identity, reader = opened(
        lambda: chain(LedgerCopy(backend).wraps() if vault else (), source.wraps()),
        of(vault) if vault else _one_of(source),
        vault_password_file=vault_password_file,
        recovery_key_file=recovery_key_file,
    )
    with console.progress(_("Restoring")) as line:

        def show(done: int, total: int) -> None:
            line.total = total
            line.to(done)

        restored = bring_back(
            source,
            settings.DATA,
            vault.keyring([identity]) if vault else [identity],
            wiring.clock(),
            vault=vault,
            shelf=backend if vault else None,
            is_drill=in_drill,
            on_progress=show,
        )
    passwords = {} if vault is None or in_drill else let_in(restored.ledger, reader)
    if vault is not None and not in_drill:
        wiring.copy_ledger()
    _answer(console, source, restored, passwords)
    return 0


def _one_of(source: Source) -> Belongs:
    """Without the vault: the key that it had when the backup was made."""
    recipient = Recipient.parse(source.manifest.recipient)
    return lambda identity: identity.recipient == recipient


def _settings() -> Settings:
    """The environment's own words and the small files that an office wrote itself."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("AIGAQ_") and name not in _NOT_KEPT
    }
    files = {}
    for path in (settings.PORTS, *sorted(settings.RECORDERS.glob("*.toml"))):
        if path.is_file() and path.is_relative_to(settings.DATA):
            files[path.relative_to(settings.DATA).as_posix()] = path.read_text(encoding="utf-8")
    return Settings(environment=environment, files=files)


def _answer(console: Console, source: Source, restored: Restored, passwords: dict[str, str]) -> None:
    rebuilt = restored.rebuilt
    console.answer(
        {
            "data": settings.DATA,
            "made_at": source.manifest.made_at,
            "in_backup": source.manifest.size,
            "from": rebuilt.begun if rebuilt else None,
            "entries": rebuilt.entries if rebuilt else None,
            "recordings": rebuilt.recordings if rebuilt else None,
            "missing": len(rebuilt.missing) if rebuilt else None,
            "missing_blobs": paths(rebuilt.missing) if rebuilt else [],
            "unentered": len(rebuilt.unentered) if rebuilt else None,
            "settings": sorted(restored.environment),
            "sign_in_passwords": passwords,
        }
    )
    text = _("The backup of {made_at} is in {data}, and its ledger is sound.")
    console.say(text.format(made_at=readable(source.manifest.made_at), data=settings.DATA))
    if rebuilt is not None:
        tell(console, rebuilt)
    else:
        console.say(
            _("Put the mirror of the vault into {place}, then run “aigaq vault rebuild”.").format(
                place=settings.VAULT
            )
        )
    if restored.environment:
        text = _(
            "The settings that the office had in its environment are in {path}: set them again, then delete"
            " it."
        )
        console.say(text.format(path=settings.DATA / SETTINGS))
