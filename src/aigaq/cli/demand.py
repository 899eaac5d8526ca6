"""`aigaq demand`: the register of demands, from the paper that comes in to the package that goes out."""

from dataclasses import replace
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.choosing import DAY, choosing, chosen_by
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.readers import own_password, password_of, proven, reader_named
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.models import Carrier, Demand, Kind, ReceiptWay
from aigaq.disclosure.receipts import code_of_entry
from aigaq.disclosure.rules import DOCUMENT_LIMIT
from aigaq.disclosure.selectors import (
    DemandView,
    Stage,
    built_of,
    demand_numbered,
    demands,
    state_of,
)
from aigaq.disclosure.services.amend import AmendRequest, amend
from aigaq.disclosure.services.approve import ApprovalRequest, approve
from aigaq.disclosure.services.hand_over import HandOverRequest, hand_over
from aigaq.disclosure.services.paper import store_paper
from aigaq.disclosure.services.refuse import refuse
from aigaq.disclosure.services.register import RegisterRequest, judge, register
from aigaq.errors import N_, BadInputError
from aigaq.journal.services.sign import OwnPassword
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import READERS, division_of


class WhichDivisionError(BadInputError):
    code = "demand.which-division"
    message = N_("There are several divisions. Say with --division which one, by its name or id.")


@click.group(help=_("Demands of authorities and courts: register, approve, refuse, hand over."))
def demand() -> None:
    pass


@demand.command("list", help=_("The register, the newest first."))
@click.option("--division", "division_name", help=_("Name or id of the division."))
@click.option("--stage", type=click.Choice([each.value for each in Stage]), help=_("Only these."))
@common
@click.pass_obj
def list_(console: Console, *, division_name: str | None, stage: str | None) -> None:
    wiring.installation()
    division, today = _division(division_name), wiring.clock().now().astimezone(KAZAKHSTAN).date()
    found = demands(division, stage=Stage(stage) if stage else None, limit=100_000)
    console.answer({"division": division.name, "demands": [_told(each, today) for each in found]})
    for each in found:
        due = each.demand.due_on
        console.say(
            _("{number}. {authority}, No. {their_number}: {stage}{due}").format(
                number=each.demand.number,
                authority=each.demand.authority,
                their_number=each.demand.their_number,
                stage=each.stage.value,
                due=_(", by {day}").format(day=due.strftime("%d.%m.%Y")) if due and each.is_waiting else "",
            )
        )


@demand.command(help=_("One demand, by its number in the register or its id."))
@click.argument("number")
@click.option("--division", "division_name", help=_("Name or id of the division."))
@common
@click.pass_obj
def show(console: Console, *, number: str, division_name: str | None) -> None:
    wiring.installation()
    view = demand_numbered(_division(division_name), number)
    today = wiring.clock().now().astimezone(KAZAKHSTAN).date()
    told = _told(view, today)
    console.answer(told)
    for name, value in told.items():
        console.say(f"{name}: {value}")


@demand.command("register", help=_("Enter a paper that asks for recordings; what it names is held at once."))
@click.option("--kind", required=True, type=click.Choice(Kind.values), help=_("On what it rests."))
@click.option("--authority", required=True, help=_("Who asks."))
@click.option("--official", default="", help=_("Who signed it."))
@click.option("--their-number", required=True, help=_("Its number."))
@click.option("--dated", required=True, type=DAY, help=_("Its date."))
@click.option("--received", required=True, type=DAY, help=_("When it came."))
@click.option("--due", type=DAY, help=_("The last day, where it names one."))
@click.option("--basis", required=True, help=_("The case, and the article of the law."))
@click.option("--covers", required=True, help=_("What it asks for, in its words."))
@click.option(
    "--paper",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The scanned paper: PDF, JPEG or PNG."),
)
@choosing
@own_password
@common
@click.pass_obj
def register_(
    console: Console,
    /,
    *,
    kind: str,
    authority: str,
    official: str,
    their_number: str,
    dated: datetime,
    received: datetime,
    due: datetime | None,
    basis: str,
    covers: str,
    paper: Path | None,
    username: str,
    password_file: Path | None,
    **chosen: object,
) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    proven(reader, password_file)
    request = RegisterRequest(
        person=reader.person,
        division=reader.appointment.division,
        kind=kind,
        authority=authority,
        official=official,
        their_number=their_number,
        dated_on=dated.date(),
        received_on=received.date(),
        due_on=due.date() if due else None,
        basis=basis,
        covers=covers,
        chosen=chosen_by(reader, **chosen),  # type: ignore[arg-type]
    )
    judge(ledger, reader.by, request)
    if paper is not None:
        with paper.open("rb") as file:
            octets = file.read(DOCUMENT_LIMIT + 1)
        request = replace(request, document=store_paper(wiring.vault(), octets))
    entered = register(ledger, reader.by, request)
    _say_entered(console, entered, len(request.chosen))


@demand.command(
    help=_("Choose anew what a demand covers: all of it, not the difference. Before the head decides.")
)
@click.argument("number")
@click.option("--reason", required=True, help=_("Why."))
@choosing
@own_password
@common
@click.pass_obj
def choose(
    console: Console,
    /,
    *,
    number: str,
    reason: str,
    username: str,
    password_file: Path | None,
    **chosen: object,
) -> None:
    reader = proven(reader_named(username, READERS), password_file)
    division = reader.appointment.division
    view = demand_numbered(division, number)
    request = AmendRequest(
        person=reader.person,
        division=division,
        demand=view.demand.pk,
        read=state_of(view).version,
        chosen=chosen_by(reader, **chosen),  # type: ignore[arg-type]
        reason=reason,
    )
    selection = amend(wiring.ledger(), reader.by, request)
    _say_entered(console, view.demand, len(selection.items))


@demand.command("approve", help=_("The head approves what is chosen, and signs with their own password."))
@click.argument("number")
@own_password
@common
@click.pass_obj
def approve_(console: Console, *, number: str, username: str, password_file: Path | None) -> None:
    ledger, reader = wiring.ledger(), reader_named(username, frozenset({Role.HEAD}))
    division = reader.appointment.division
    view = demand_numbered(division, number)
    request = ApprovalRequest(
        head=reader.person,
        division=division,
        demand=view.demand.pk,
        read=state_of(view).version,
        profile=wiring.profile(),
    )
    means = OwnPassword(password_of(reader, password_file), "")
    approval = approve(ledger, reader.by, request, means)
    console.answer({"demand": view.demand.pk, "number": view.demand.number, "package": approval.pk})
    console.say(_("Demand {number} is approved and signed.").format(number=view.demand.number))


@demand.command("refuse", help=_("The head does not hand over, and says why."))
@click.argument("number")
@click.option("--reason", required=True, help=_("Why."))
@own_password
@common
@click.pass_obj
def refuse_(console: Console, *, number: str, reason: str, username: str, password_file: Path | None) -> None:
    reader = proven(reader_named(username, frozenset({Role.HEAD})), password_file)
    division = reader.appointment.division
    view = demand_numbered(division, number)
    refuse(
        wiring.ledger(),
        reader.by,
        demand=view.demand.pk,
        division=division,
        head=reader.person,
        reason=reason,
    )
    console.answer({"demand": view.demand.pk, "number": view.demand.number, "refused": True})
    console.say(_("Demand {number} is refused.").format(number=view.demand.number))


@demand.command(
    "hand-over", help=_("Enter who received the package that was built last; gives the receipt's code.")
)
@click.argument("number")
@click.option("--receiver", required=True, help=_("Full name of whoever receives it."))
@click.option("--position", required=True, help=_("Their position."))
@click.option("--basis", required=True, help=_("By what they may receive it."))
@click.option("--carrier", required=True, type=click.Choice(Carrier.values))
@own_password
@common
@click.pass_obj
def hand_over_(
    console: Console,
    *,
    number: str,
    receiver: str,
    position: str,
    basis: str,
    carrier: str,
    username: str,
    password_file: Path | None,
) -> None:
    reader = proven(reader_named(username, READERS), password_file)
    division = reader.appointment.division
    view = demand_numbered(division, number)
    built = built_of(view.approval) if view.approval else []
    request = HandOverRequest(
        person=reader.person,
        division=division,
        demand=view.demand.pk,
        building=built[0].building_id if built else view.demand.pk,
        receiver=receiver,
        position=position,
        basis=basis,
        carrier=carrier,
        way=ReceiptWay.ON_PAPER,
    )
    handed = hand_over(wiring.ledger(), reader.by, request)
    code = code_of_entry(handed.seq)
    console.answer({"demand": view.demand.pk, "number": view.demand.number, "seq": handed.seq, "code": code})
    console.say(_("Handed over. The receipt's code: {code}").format(code=code))


def _division(name: str | None) -> Division:
    """Raises `WhichDivisionError` where none is named and there are several."""
    if name is not None:
        return division_of(name)
    found = list(Division.objects.filter(demands__isnull=False).distinct()[:2])
    found = found or list(Division.objects.all()[:2])
    if len(found) != 1:
        raise WhichDivisionError
    return found[0]


def _told(view: DemandView, today: date) -> dict[str, object]:
    demand = view.demand
    return {
        "number": demand.number,
        "demand": demand.pk,
        "kind": demand.kind,
        "authority": demand.authority,
        "their_number": demand.their_number,
        "dated_on": demand.dated_on.isoformat(),
        "received_on": demand.received_on.isoformat(),
        "due_on": demand.due_on.isoformat() if demand.due_on else None,
        "covers": demand.covers,
        "stage": view.stage.value,
        "urgency": view.urgency(today).value,
        "version": view.selection.version,
        "recordings": [str(each.recording) for each in view.selection.items],
        "stretches": sum(len(each.segments) for each in view.selection.items),
        "package": view.approval.pk if view.approval else None,
    }


def _say_entered(console: Console, entered: Demand, recordings: int) -> None:
    console.answer({"demand": entered.pk, "number": entered.number, "recordings": recordings})
    console.say(
        _("Demand {number}: recordings chosen and held: {recordings}.").format(
            number=entered.number, recordings=recordings
        )
    )
