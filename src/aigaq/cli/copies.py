"""`aigaq vault copies`: how each copy does; making one ready; copying and reading through at once."""

from gettext import gettext as _

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console, octets
from aigaq.copies import mirroring, scrubbing, services
from aigaq.copies.models import Finding, Trouble
from aigaq.copies.selectors import PlaceFacts, facts_of, open_findings
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.errors import EXIT_FAILED, EXIT_FAULTS
from aigaq.recordings.models import Blob


def _at_once(_seconds: float) -> bool:
    """Nobody asks to stop but by Ctrl-C, and no pause is made."""
    return False


@click.group(
    invoke_without_command=True,
    help=_("The copies of the vault: what they have and lack, and how far everything was read through."),
)
@common
@click.pass_context
def copies(context: click.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    console = context.find_object(Console)
    assert console is not None
    facts = facts_of(wiring.places().names)
    console.answer({"places": [_place(each) for each in facts]})
    for each in facts:
        _tell(console, each)


@copies.command(
    help=_(
        "Make an empty folder or bucket, named in AIGAQ_VAULT_COPIES, a copy of this vault. Once for each."
    )
)
@click.argument("name")
@common
@click.pass_obj
def prepare(console: Console, name: str) -> None:
    places = wiring.places()
    services.prepare(places, name)
    console.answer({"name": name, "place": places[name].place})
    console.say(
        _("{place} is a copy of this vault now; it is filled by and by.").format(place=places[name].place)
    )


@copies.command(
    help=_("Bring to every copy what it lacks, now. Exit status 1 where one could not be reached.")
)
@common
@click.pass_obj
def bring(console: Console) -> int:
    ledger, places = wiring.ledger(), wiring.places()
    lacking = sum(each.lacking for each in facts_of(places.names))
    done = 0

    with console.progress(_("Copying"), lacking or None) as progress:

        def told(_name: str, blob: Blob) -> None:
            nonlocal done
            done += 1
            progress.to(done, octets(blob.stored_size))

        count = mirroring.attend(ledger, places, _at_once, told)
    facts = [each for each in facts_of(places.names) if not each.is_vault]
    console.answer({"copied": count, "places": [_place(each) for each in facts]})
    for each in facts:
        _tell(console, each)
    return EXIT_FAILED if any(each.trouble for each in facts) else 0


@copies.command(
    help=_(
        "Read everything in the vault and in each copy now, and heal what is bad. Exit status 3 for findings."
    )
)
@common
@click.pass_obj
def read(console: Console) -> int:
    ledger, places = wiring.ledger(), wiring.places()
    before = Finding.objects.count()
    with console.progress(_("Reading the vault and its copies"), None):
        checked = scrubbing.attend(ledger, places, _at_once, at_once=True)
        healed = scrubbing.heal_open(ledger, places, _at_once)
    found = [
        {"place": each.place, "kind": each.kind, "blob": each.path, "healed": hasattr(each, "healing")}
        for each in Finding.objects.order_by("seq").select_related("healing")[before:]
    ]
    away = [name for name in places.names if not services.reach(ledger, places, name)]
    console.answer({"checked": checked, "findings": found, "healed_later": healed, "away": away})
    for each in found:
        console.say(f"✗ {each['place']}: {each['kind']} {each['blob']}")
    console.say(
        _("{checked} blobs read; findings: {number}, not healed: {open}.").format(
            checked=checked, number=len(found), open=open_findings().count()
        )
    )
    return EXIT_FAULTS if found else EXIT_FAILED if away else 0


def _place(each: PlaceFacts) -> dict[str, Json]:
    last, running = each.last, each.running
    return {
        "name": each.name,
        "blobs": each.blobs,
        "bytes": each.octets,
        "lacking": each.lacking,
        "trouble": each.trouble or None,
        "reason": each.state.reason if each.state and each.trouble else None,
        "open_findings": each.open_findings,
        "read_through": rfc3339(last.began_at) if last else None,
        "reading": None if running is None else {"checked": running.checked, "percent": each.percent},
    }


def _tell(console: Console, each: PlaceFacts) -> None:
    console.say(
        _("{name}: {blobs} blobs, {size}; lacking: {lacking}; not healed: {open}.").format(
            name=each.name,
            blobs=each.blobs,
            size=octets(each.octets),
            lacking=each.lacking,
            open=each.open_findings,
        )
    )
    if each.trouble and each.state:
        console.say(f"  ✗ {Trouble(each.trouble).label}: {each.state.reason}")
    if each.running is not None:
        console.say(
            _("  Being read through: {checked} blobs, {percent} %.").format(
                checked=each.running.checked, percent=each.percent if each.percent is not None else "–"
            )
        )
