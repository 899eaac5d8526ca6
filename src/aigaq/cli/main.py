"""The command `aigaq`. Each command's module is loaded when it is asked for, so the help is quick."""

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import NoReturn

import click

from aigaq import __version__
from aigaq.cli.options import Common, set_up
from aigaq.cli.output import Console, choose_language
from aigaq.errors import EXIT_FAILED, EXIT_USAGE, N_, AigaqError

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("aigaq.cli.init:init", N_("Make a new installation.")),
    "serve": ("aigaq.cli.serve:serve", N_("Web pages, docks and jobs, in one process.")),
    "web": ("aigaq.cli.web:web", N_("Web pages alone: one of several processes.")),
    "worker": ("aigaq.cli.worker:worker", N_("Jobs and chores alone: one of several processes.")),
    "demo": ("aigaq.cli.demo:demo", N_("The demonstration office.")),
    "card": ("aigaq.cli.card:card", N_("Cards: write one as a recorder would.")),
    "dock": ("aigaq.cli.dock:dock", N_("A docking PC: unloads to a server.")),
    "unload": ("aigaq.cli.unload:unload", N_("Take in what is on a card or recorder, then clear it.")),
    "vault": ("aigaq.cli.vault:vault", N_("The stored recordings.")),
    "journal": ("aigaq.cli.journal:journal", N_("The book of the order, the badge and labels, for paper.")),
    "ledger": ("aigaq.cli.ledger:ledger", N_("The ledger of everything that was done.")),
    "demand": (
        "aigaq.cli.demand:demand",
        N_("Demands of authorities and courts: register, approve, refuse, hand over."),
    ),
    "package": ("aigaq.cli.package:package", N_("Evidence packages: build one, check one.")),
    "retention": (
        "aigaq.cli.retention:retention",
        N_("How long recordings are kept; disposal of what has come to its day."),
    ),
    "search": ("aigaq.cli.search:search", N_("The index by which recordings are found.")),
    "migrate": ("aigaq.cli.migrate:migrate", N_("Bring the database to this version of Aigaq.")),
    "move": ("aigaq.cli.move:move", N_("From SQLite to PostgreSQL, for an office that outgrows one PC.")),
    "backup": ("aigaq.cli.backup:backup", N_("All but the recordings into a folder, encrypted.")),
    "restore": ("aigaq.cli.backup:restore", N_("Bring a backup back into an empty place, and prove it.")),
    "check": ("aigaq.cli.check:check", N_("Is this installation sound?")),
}
"""Name, where it is, and what it does in a line."""


class Program(click.Group):
    """The groups and commands of `COMMANDS`, loaded late."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in COMMANDS:
            console = ctx.ensure_object(Console)
            set_up(console.language, Common.found_in(args).data)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, (_where, line) in COMMANDS.items()])


@click.group(cls=Program, name="aigaq")
@click.version_option(__version__, prog_name="aigaq")
def program() -> None:
    pass


def main() -> NoReturn:
    """Run the command that the arguments name, and exit."""
    # What we write is private unless it says otherwise.
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        # Names are UTF-8 everywhere, and octets of a card that are none must not stop a report.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    arguments = sys.argv[1:]
    console = Console(Common.found_in(arguments).as_json, choose_language())
    status = run(console, arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_the_pipe()
        status = EXIT_FAILED
    sys.exit(status)


def run(console: Console, arguments: Sequence[str]) -> int:
    """One command from its arguments to its exit status; whatever is raised ends in one sentence."""
    program.help = _("Evidence of the fire inspectorates' body cameras: issue, unload, keep, prove.")
    program.epilog = _("“aigaq COMMAND --help” says more about each.")
    try:
        result = program.main(list(arguments), prog_name="aigaq", obj=console, standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge of the command line
        return _told(console, error)
    return result if isinstance(result, int) else 0


def _told(console: Console, error: BaseException) -> int:
    match error:
        case AigaqError():
            status = console.fail(error)
        case click.UsageError():
            status = _usage(console, error)
        case click.ClickException():
            status = console.tell_failure("cli.failed", error.format_message(), error.exit_code)
        case click.Abort() | KeyboardInterrupt():
            status = console.tell_failure(
                "cli.interrupted", _("Stopped before it was done."), EXIT_INTERRUPTED
            )
        case BrokenPipeError():
            _leave_the_pipe()
            status = EXIT_FAILED
        case _:
            status = _unforeseen(console, error)
    return status


def _usage(console: Console, error: click.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.say(error.format_message())
        return EXIT_USAGE
    where = error.ctx.command_path if error.ctx else "aigaq"
    hint = _("“{command} --help” says how it is used.").format(command=where)
    return console.tell_failure("cli.usage", f"{error.format_message()} {hint}", EXIT_USAGE)


def _unforeseen(console: Console, error: BaseException) -> int:
    """What the computer refuses is a sentence; a defect of ours shows where it is as well."""
    if isinstance(error, OSError):
        code, sentence = (
            "cli.system",
            _("The computer refused it: {what}. Check the folder, its disk and your rights."),
        )
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    elif _is_of_the_database(error):
        code, sentence = "cli.database", _("The database can't be used: {what}. “aigaq check” looks into it.")
        what = str(error).strip().partition("\n")[0]
    else:
        _show(error)
        code, sentence = "cli.defect", _("This is a defect of Aigaq. Report the lines above. {what}")
        what = ""
    return console.tell_failure(code, sentence.format(what=what).strip())


def _show(error: BaseException) -> None:
    """To a person, all of it; in a log that is kept, what may be written there."""
    django = sys.modules.get("django.conf")
    if django is not None and django.settings.configured and django.settings.LOG == "json":
        logging.getLogger(__name__).critical("A defect", exc_info=error)
    else:
        traceback.print_exception(error)


def _is_of_the_database(error: BaseException) -> bool:
    django = sys.modules.get("django.db")
    return django is not None and isinstance(error, django.Error)


def _leave_the_pipe() -> None:
    """Whoever read our output went away; nothing more can be said there, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
