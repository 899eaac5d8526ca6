"""`aigaq dock`: a docking PC away from the office, which unloads to the server."""

import signal
import socket
import threading
from gettext import gettext as _
from pathlib import Path

import click
from django.conf import settings

from aigaq import wiring
from aigaq.cli.options import common, password_lines
from aigaq.cli.output import Console
from aigaq.core import threads
from aigaq.dock.agent import identity
from aigaq.dock.agent.attending import attend_dock
from aigaq.dock.agent.line import Line
from aigaq.dock.agent.serving import Agent, Done
from aigaq.dock.attend import State
from aigaq.dock.folders import FolderMedia
from aigaq.errors import EXIT_FAILED, EXIT_FAULTS, N_, AigaqError, BadInputError

FOLDER = "dock"
_STATES = {
    State.EMPTY: N_("free"),
    State.FOUND: N_("something is plugged in"),
    State.MOUNTING: N_("being opened"),
    State.UNLOADING: N_("unloading; leave it where it is"),
    State.CLEARING: N_("being cleared; do not pull it out"),
    State.READY: N_("READY, take it out"),
    State.TRAY: N_("stored, waits for the custodian"),
    State.KEPT: N_("stored, and not cleared"),
    State.FAILED: N_("stopped"),
    State.UNREADABLE: N_("can't be read"),
}


class NothingToWatchError(BadInputError):
    code = "dock.nothing-to-watch"
    message = N_("Nothing is watched: USB is switched off (AIGAQ_USB). Name a folder with --watch.")


@click.group(
    invoke_without_command=True,
    help=_("A docking PC: watches its ports and unloads to the server that it was enrolled with."),
)
@click.option(
    "--watch",
    type=click.Path(path_type=Path),
    help=_("A folder whose folders are ports too: for recorders that something else mounts."),
)
@common
@click.pass_obj
@click.pass_context
def dock(ctx: click.Context, console: Console, watch: Path | None) -> int | None:
    if ctx.invoked_subcommand is not None:
        return None
    agent = _agent()
    for broken in wiring.recorders().broken:
        console.say(f"✗ {console.sentence(broken)}")
    console.say(
        _("Dock “{name}” of {division}; server {server}. Ctrl-C stops it.").format(
            name=agent.enrolment.name, division=agent.enrolment.division, server=agent.enrolment.server
        )
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    media = [each for each in (wiring.media(), FolderMedia(watch) if watch else None) if each is not None]
    if not media:
        raise wiring.why_no_usb() or NothingToWatchError

    def tell(port: str, error: AigaqError | None, state: State) -> None:
        told = [_(_STATES[state]), *([console.sentence(error)] if error else [])]
        console.say(f"{port}: {'. '.join(told)}")

    threads.log_ends()
    attend_dock(agent, media, stop, tell)
    console.answer({"stopped": True})
    return 0


@dock.command(help=_("Make this computer a dock of a server, by a code from the page “Docking PCs” there."))
@click.argument("server")
@click.option("--ca", type=click.Path(path_type=Path), help=_("File of certificates that stand for it."))
@click.option("--name", default=socket.gethostname, help=_("What people call this computer."))
@click.option(
    "--code-file", type=click.Path(path_type=Path), help=_("File with the code; else it is asked for.")
)
@common
@click.pass_obj
def enrol(console: Console, server: str, ca: Path | None, name: str, code_file: Path | None) -> None:
    code = password_lines(code_file, 1)[0] if code_file else click.prompt(_("Code"), err=True)
    line = Line(server, ca)
    enrolment = identity.enrol(_folder(), line, wiring.clock(), code=code.strip(), name=name, ca=ca)
    key = enrolment.verifier.key_id.hex()
    console.say(
        _(
            "This computer is now the dock “{name}” of {division}. Compare the ledger's key with the page "
            "that gave the code: {key}. Then start it: aigaq dock"
        ).format(name=enrolment.name, division=enrolment.division, key=key)
    )
    console.answer(
        {"dock": enrolment.dock, "name": enrolment.name, "division": enrolment.division, "ledger_key": key}
    )


@dock.command(help=_("Unload one mounted card or recorder to the server, now."))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", is_flag=True, help=_("Do not clear the card."))
@common
@click.pass_obj
def unload(console: Console, path: Path, *, keep: bool) -> int:
    agent = _agent()
    with console.progress(_("Unloading")) as line:
        ended = agent.unload(path, keep=keep, progress=lambda at: line.to(at.octets_done, at.current))
    for problem in ended.problems:
        console.say(f"✗ {console.sentence(problem)}")
    console.answer(
        {
            "unload": ended.unload,
            "state": ended.state,
            "reason": ended.code or None,
            "sent": ended.sent,
            "problems": [{"code": each.code, **each.details} for each in ended.problems],
        }
    )
    return _status(ended)


def _status(ended: Done) -> int:
    """As of `aigaq unload`."""
    if ended.state == State.FAILED:
        return EXIT_FAILED
    return 0 if all(problem.is_of_no_file for problem in ended.problems) else EXIT_FAULTS


def _agent() -> Agent:
    return Agent.of(_folder(), wiring.clock(), judge=wiring.judge, recorders=wiring.recorders)


def _folder() -> Path:
    return Path(settings.DATA) / FOLDER
