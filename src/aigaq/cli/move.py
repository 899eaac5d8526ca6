"""`aigaq move`: the office's database from SQLite to PostgreSQL, by one command that proves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import connection

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.ledger.services import Ledger
from aigaq.moving import engines, marks
from aigaq.moving.errors import (
    BackwardsError,
    NoTargetError,
    NotPostgresError,
    PasswordShownError,
    TargetFileError,
)
from aigaq.moving.services import Moved, Progress, Stage
from aigaq.moving.services import move as take_over
from aigaq.recovery import dumps
from aigaq.settings import database_of
from aigaq.vault.errors import VaultError


@click.command(
    help=_(
        "Move the office's database from SQLite into an empty PostgreSQL database, and prove that both are"
        " equal. The office is stopped meanwhile; recordings stay where they are. If it is interrupted,"
        " the same command goes on. Make a backup before it."
    )
)
@click.option("--to", "to", metavar="URL", help=_("The new database, where its address has no password."))
@click.option(
    "--to-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A file with the address, postgresql://user:password@host:port/name, or give AIGAQ_MOVE_TO."),
)
@common
@click.pass_obj
def move(console: Console, *, to: str | None, to_file: Path | None) -> None:
    if dumps.engine() != "sqlite":
        raise BackwardsError
    there = _database(_address(to, to_file))
    here = settings.DATABASES["default"]
    ledger = Ledger(wiring.signer(), wiring.clock())
    if Path(str(here["NAME"])).is_file() and marks.closing_of(connection) is None:
        # Before anything is begun the vault has every entry; and the database is none that was put back.
        wiring.copy_ledger()
    connection.close()
    with engines.target(there) as target, engines.source(here) as source:
        with _lines(console) as show:
            moved = take_over(source, target, ledger, show)
        with engines.speaking_to(target):
            copied = _copied()
        place = engines.name_of(target)
    _answer(console, moved, place, to_file, copied=copied)


def _database(url: str) -> dict[str, Any]:
    if not url:
        raise NotPostgresError  # it would be the file here
    try:
        return database_of(url)
    except ValueError:
        raise NotPostgresError from None


def _address(to: str | None, to_file: Path | None) -> str:
    if to is not None:
        # Whatever stands before the host and has two parts, however it is to be read.
        if ":" in to.partition("://")[2].rpartition("@")[0]:
            raise PasswordShownError
        return to
    if to_file is None:
        found = str(settings.MOVE_TO)
    else:
        try:
            found = to_file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or _("it is not text in UTF-8")
            raise TargetFileError(path=to_file, reason=reason) from error
    if not found:
        raise NoTargetError
    return found


@contextmanager
def _lines(console: Console) -> Iterator[Progress]:
    """One progress line, which says what is being done."""
    labels = {
        Stage.VERIFYING: _("Verifying"),
        Stage.COPYING: _("Copying"),
        Stage.COMPARING: _("Comparing"),
    }
    with console.progress(labels[Stage.VERIFYING]) as line:

        def show(stage: Stage, done: int, total: int) -> None:
            line.label, line.total = labels[stage], total or None
            line.to(done)

        yield show


def _copied() -> bool:
    """The move itself is done; its entry is in the vault now, or once the office runs."""
    try:
        wiring.copy_ledger()
    except VaultError:
        return False
    return True


def _answer(console: Console, moved: Moved, place: str, to_file: Path | None, *, copied: bool) -> None:
    rows = sum(each.rows for each in moved.tables.values())
    console.answer(
        {
            "to": place,
            "entries": moved.entries,
            "root": moved.root,
            "rows": rows,
            "tables": marks.spelt(moved.tables),
            "entry": moved.seq,
            "went_on": moved.went_on,
            "copied": copied,
        }
    )
    text = _(
        "The office is in {place} now: {rows} rows of {tables} tables are the same in both, and the ledger of"
        " {entries} entries has the same root, {root}."
    )
    console.say(
        text.format(place=place, rows=rows, tables=len(moved.tables), entries=moved.entries, root=moved.root)
    )
    console.say(
        _("The old file is closed: nothing can be written to it any more. Keep it until the first backup.")
    )
    if to_file is not None:
        console.say(
            _("Before the office is started: set AIGAQ_DATABASE_URL_FILE={path}").format(
                path=to_file.absolute()
            )
        )
    else:
        console.say(_("Before the office is started: set AIGAQ_DATABASE_URL to that address."))
    if not copied:
        console.say(
            _("The vault can't be written now: “aigaq serve” brings its copy of the ledger up to date.")
        )
