"""`aigaq demo`: an office to try everything in; with --headless the whole story, played and checked."""

import shutil
from gettext import gettext as _
from pathlib import Path

import click
from django.conf import settings

from aigaq import wiring
from aigaq.cli.demo.office import Office, found
from aigaq.cli.demo.past import AGO, seed_past
from aigaq.cli.demo.story import Story, seed
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.serve import DEFAULT_BIND, serving, wait_for_the_end
from aigaq.core.clock import FixedClock, SystemClock
from aigaq.errors import EXIT_FAILED, N_, BadInputError

MARK = "DEMONSTRATION"
"""A file that says that a folder may be thrown away at the next start."""


class NotADemonstrationError(BadInputError):
    code = "demo.not-a-demonstration"
    message = N_(
        "There is something in {data} that is no demonstration, so it is left alone. "
        "Give an empty or a new folder with --data."
    )


@click.command(help=_("The demonstration office, made anew at each start."))
@click.option("--headless", is_flag=True, help=_("Play the whole story in an empty folder and end."))
@click.option("--bind", default=DEFAULT_BIND, show_default=True, help=_("Where to listen, as HOST:PORT."))
@common
@click.pass_obj
def demo(console: Console, bind: str, *, headless: bool) -> int:
    # A demonstration must be able to go again.
    settings.IMMUTABLE = False
    _make_room(settings.DATA)
    return _play(console) if headless else _show(console, bind)


def _make_room(data: Path) -> None:
    if (data / MARK).exists():
        shutil.rmtree(data)
    elif data.exists() and any(data.iterdir()):
        raise NotADemonstrationError(data=data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / MARK).write_text("Made by “aigaq demo”, which may delete this folder.\n", encoding="utf-8")


def _play(console: Console) -> int:
    steps = []
    for step in Story(settings.DATA, console.sentence).play():
        console.say(f"{'✓' if step.ok else '✗'} {step.name:<9} {step.told}")
        steps.append({"name": step.name, "ok": step.ok, "told": step.told})
    ok = all(step["ok"] for step in steps)
    console.answer({"steps": steps})
    return 0 if ok else EXIT_FAILED


def _show(console: Console, bind: str) -> int:
    console.say(_("Making the demonstration office …"))
    clock = FixedClock(SystemClock().now() - AGO)
    office = found(settings.DATA, clock)
    console.say(_("Recording, unloading and returning two duties …"))
    seed_past(office, settings.DOCKS / "port-2", clock)
    office.ledger = wiring.ledger()
    seed(office, settings.DOCKS / "port-2")
    with serving(bind) as served:
        _introduce(console, office, served.address)
        wait_for_the_end(served.threads)
    console.answer({"stopped": True})
    return 0


def _introduce(console: Console, office: Office, address: str) -> None:
    console.say()
    console.say(_("Aigaq is at {address}").format(address=address))
    console.say()
    above = [office.authority] if office.authority else []
    for member in (office.custodian, office.head, *office.inspectors, *above):
        line = f"  {member.role.label:<30} {member.username:<8} {member.password}"
        vault = _("   vault: {password}").format(password=member.vault_password)
        console.say(line + (vault if member.vault_password else ""))
    console.say()
    inspector, recorder = office.inspectors[0], office.recorders[0]
    for number, line in enumerate(
        (
            _("Open the address, sign in as {custodian}.").format(custodian=office.custodian.username),
            _("Click “Issue”: recorder {recorder} to {inspector}, who signs with their own password.").format(
                recorder=recorder, inspector=inspector.person.full_name
            ),
            _("Plug its card in: {command}").format(
                command=f".venv/bin/aigaq card simulate {settings.DOCKS / 'port-1'} --recorder {recorder}"
            ),
            _("Watch “Unloading”, then “Take back”, then open “Recordings” and unlock the vault to play."),
            _("As {head}, look at “Overview” and “Incidents”: a gap that nobody announced.").format(
                head=office.head.username
            ),
        ),
        start=1,
    ):
        console.say(f"  {number}. {line}")
    console.say()
    console.say(_("Ctrl-C ends it. The next start makes a new office with new passwords."))
