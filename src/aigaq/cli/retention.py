"""`aigaq retention`: what has come to its day, why the rest stays, and carrying out an approved plan."""

import os
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.choosing import DAY
from aigaq.cli.demand import WhichDivisionError
from aigaq.cli.options import common
from aigaq.cli.output import Console, readable
from aigaq.cli.readers import new_file, own_password, password_of, proven, reader_named
from aigaq.core.clock import rfc3339
from aigaq.errors import AigaqError
from aigaq.journal.services.sign import OwnPassword
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import READERS, division_of
from aigaq.retention import clock_rules, plans, terms
from aigaq.retention.acts import act_of, print_of, printed
from aigaq.retention.clock import clock_of, confirm_day
from aigaq.retention.disposing import DisposalRequest
from aigaq.retention.disposing import dispose as dispose_
from aigaq.retention.keep_rules import Reason
from aigaq.retention.planning import ApprovalRequest
from aigaq.retention.planning import approve as approve_
from aigaq.retention.planning import propose as propose_
from aigaq.retention.plans import Told


@click.group(help=_("How long recordings are kept, and the disposal of what has come to its day."))
def retention() -> None:
    pass


@retention.command(help=_("What has come to its day, and why the rest stays. Nothing goes by it."))
@click.option("--division", "division_name", help=_("Name or id of the division."))
@common
@click.pass_obj
def plan(console: Console, *, division_name: str | None) -> None:
    wiring.installation()
    profile, division, now = wiring.profile(), _division(division_name), wiring.clock().now()
    terms.catch_up(wiring.ledger(), profile)
    found = plans.survey(division, now, profile)
    doubt = clock_rules.obstacle(clock_of(now, profile), profile.retention.gap_days)
    console.answer(
        {
            "division": division.name,
            "due": [_told(each) for each in found.due],
            "kept": [_told(each) for each in found.kept],
            "due_total": found.due_total,
            "kept_total": found.kept_total,
            "clock": None if doubt is None else {"code": doubt.code, "message": _sentence(doubt)},
        }
    )
    for each in found.due:
        console.say(_("due: {what}").format(what=_line(each)))
    for each in found.kept:
        console.say(_("kept: {what}").format(what=_line(each)))
        for reason in (*each.keep.held, *each.keep.dated):
            console.say(f"    {_said(reason)}")
    console.say(
        _("{due} recordings have come to their day, {kept} are kept.").format(
            due=found.due_total, kept=found.kept_total
        )
    )
    if doubt is not None:
        console.say(_sentence(doubt))


@retention.command(help=_("The custodian proposes what has come to its day, the oldest first."))
@own_password
@common
@click.pass_obj
def propose(console: Console, *, username: str, password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    proven(reader, password_file)
    profile, division = wiring.profile(), reader.appointment.division
    due = plans.survey(division, wiring.clock().now(), profile).due
    chosen = [each.recording.pk for each in due]
    made = propose_(
        ledger, reader.by, division=division, custodian=reader.person, recordings=chosen, profile=profile
    )
    console.answer({"plan": made.number, "id": str(made.pk), "recordings": len(made.items)})
    console.say(
        _("Plan {number} is proposed: {recordings} recordings. The head approves it.").format(
            number=made.number, recordings=len(made.items)
        )
    )


@retention.command(help=_("The head approves a plan, with their own password as signature."))
@click.argument("plan_number", metavar="PLAN")
@own_password
@common
@click.pass_obj
def approve(console: Console, *, plan_number: str, username: str, password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    division = reader.appointment.division
    found = plans.plan_with(plan_number, division)
    request = ApprovalRequest(head=reader.person, division=division, plan=found.pk, profile=wiring.profile())
    means = OwnPassword(password_of(reader, password_file), "")
    done = approve_(ledger, reader.by, request, means)
    console.answer({"plan": found.number, "entry": done.seq})
    console.say(_("Plan {number} is approved and signed.").format(number=found.number))


@retention.command(
    help=_(
        "Carry out an approved plan. Everything is judged again first; what is kept by now is spared. If"
        " it is interrupted, run it again. The ledger has to be sound."
    )
)
@click.argument("plan_number", metavar="PLAN")
@own_password
@common
@click.pass_obj
def dispose(console: Console, *, plan_number: str, username: str, password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    proven(reader, password_file)
    division, profile = reader.appointment.division, wiring.profile()
    found = plans.plan_with(plan_number, division)
    request = DisposalRequest(person=reader.person, division=division, plan=found.pk, profile=profile)
    result = dispose_(ledger, reader.by, request, wiring.stores())
    console.answer(
        {
            "plan": found.number,
            "act": f"Ө-{result.seq}",
            "entry": result.seq,
            "recordings": result.recordings,
            "objects": result.objects,
            "spared": [{"recording": recording, "why": why} for recording, why in result.spared],
            "standing": list(result.standing),
            "standing_until": {
                name: rfc3339(until) for name, until in result.standing.items() if until is not None
            },
        }
    )
    console.say(
        _("Act No. {act}: {recordings} recordings are destroyed, {objects} objects of the vault.").format(
            act=f"Ө-{result.seq}", recordings=result.recordings, objects=result.objects
        )
    )
    for recording, why in result.spared:
        console.say(_("Spared: {recording} ({why})").format(recording=recording, why=why))
    for name, until in result.standing.items():
        console.say(
            _("Still in the copy “{name}”, locked until {until}. It is taken out then by itself.").format(
                name=name, until=readable(until)
            )
            if until is not None
            else _("Still in the copy “{name}”: it is taken out by itself as soon as it can be.").format(
                name=name
            )
        )


@retention.command("act", help=_("The act of destruction of a plan that was carried out, as PDF."))
@click.argument("plan_number", metavar="PLAN")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=_("The file to make."))
@own_password
@common
@click.pass_obj
def act(
    console: Console, *, plan_number: str, output: Path, username: str, password_file: Path | None
) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    proven(reader, password_file)
    found = plans.plan_with(plan_number, reader.appointment.division)
    pdf, number = print_of(found, wiring.profile()), act_of(found).number
    with new_file(output) as file:
        printed(ledger, reader.by, found)
        file.write(pdf)
    console.answer({"act": str(number), "path": output})
    console.say(_("The act {act} is written to {path}.").format(act=number, path=output))


@retention.command(
    "confirm-day",
    help=_("The head says which day it is, where the clock is doubted: after a long hole in the ledger."),
)
@click.argument("day", type=DAY)
@own_password
@common
@click.pass_obj
def confirm_day_(console: Console, *, day: datetime, username: str, password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, frozenset({Role.HEAD}))
    done = confirm_day(
        ledger,
        reader.by,
        division=reader.appointment.division,
        head=reader.person,
        day=day.date(),
        password=password_of(reader, password_file),
        address="",
        profile=wiring.profile(),
    )
    console.answer({"day": done.day.isoformat(), "entry": done.seq})
    console.say(_("The day is confirmed: {day}.").format(day=done.day.strftime("%d.%m.%Y")))


def _division(name: str | None) -> Division:
    """That with the name; without one the only one that has recordings. Raises `WhichDivisionError`."""
    if name is not None:
        return division_of(name)
    found = list(Division.objects.filter(recordings__isnull=False).distinct()[:2])
    if len(found) != 1:
        raise WhichDivisionError
    return found[0]


def _told(told: Told) -> dict[str, object]:
    recording = told.recording
    return {
        "recording": str(recording.pk),
        "files": [file.path for file in recording.files.all()],
        "ingested_at": recording.ingested_at.isoformat(),
        "kept_until": told.keep.until.isoformat(),
        "reasons": [
            {
                "why": each.why.value,
                "until": each.until.isoformat() if each.until else None,
                "says": _said(each),
            }
            for each in told.keep.reasons
        ],
    }


def _line(told: Told) -> str:
    names = ", ".join(file.shown for file in told.recording.files.all())
    return f"{told.keep.until:%d.%m.%Y}  {told.recording.pk}  {names}"


def _said(reason: Reason) -> str:
    details: dict[str, object] = {**reason.filled}
    control = wiring.profile().control(str(details.get("control", "")))
    if control is not None:
        details["control"] = control.text.in_(os.environ.get("LANGUAGE", ""))
    return _(reason.message).format(**details)


def _sentence(error: AigaqError) -> str:
    return _(error.message).format(**error.details)
