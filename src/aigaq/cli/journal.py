"""`aigaq journal`: what goes on paper. The book of the order, the badge, labels."""

import os
import re
from gettext import gettext as _
from pathlib import Path

import click
from django.db.models import Model

from aigaq import wiring
from aigaq.cli.options import CommandT, common
from aigaq.cli.output import Console, octets
from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.journal import printing
from aigaq.journal.printing import Part
from aigaq.paperwork.badge import print_badges
from aigaq.paperwork.labels import Label, Paper, print_labels
from aigaq.registry.models import Card, Recorder, State
from aigaq.regulation.profile import Profile

_PART = re.compile(r"([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?")


class PaperExistsError(BadInputError):
    code = "journal.paper-exists"
    message = N_("“{path}” is there already and is not written over. Give another name with -o.")


class PartError(BadInputError):
    code = "journal.part"
    message = N_("“{text}” are no sheets. Give a number, or the first and the last: 1-100.")


class NothingToLabelError(BadInputError):
    code = "journal.nothing-to-label"
    message = N_("There is no recorder or card to label. Put it on the inventory first.")


class NotOnInventoryError(BadInputError):
    code = "journal.not-on-inventory"
    message = N_("No recorder and no card has the inventory number “{number}”. Look at the register.")


class NotPrintedError(AigaqError):
    code = "journal.not-printed"
    message = N_("“{path}” could not be written ({reason}). Check the folder and its free space.")


@click.group(help=_("The book of the order, the badge and labels, for paper."))
def journal() -> None:
    pass


def to_file(command: CommandT) -> CommandT:
    """Give a command -o."""
    return click.option(
        "-o", "--output", required=True, type=click.Path(path_type=Path), help=_("The PDF to make.")
    )(command)


@journal.command("print", help=_("The book with this registration number as PDF, in the form of the annex."))
@click.argument("book")
@click.option("--sheets", help=_("Only these, say 1-100; empty ones too. Otherwise those written on."))
@to_file
@common
@click.pass_obj
def print_(console: Console, *, book: str, sheets: str | None, output: Path) -> None:
    wiring.installation()
    part = _part(sheets) if sheets else None
    found = printing.book_with(book)
    _require_free(output)
    with console.progress(_("Setting the sheets"), 100) as progress:

        def told(done: int, total: int) -> None:
            progress.to(done * 100 // total, _("sheet {number}").format(number=done))

        pdf = printing.book_pdf(found, wiring.profile(), part=part, on_progress=told)
    _write(console, output, pdf)


@journal.command(help=_("A sheet of the badges that inspectors wear (paragraph 18)."))
@to_file
@common
@click.pass_obj
def badge(console: Console, *, output: Path) -> None:
    _require_free(output)
    _write(console, output, print_badges(wiring.profile()))


@journal.command(help=_("Labels for these inventory numbers; for all recorders and cards without."))
@click.argument("numbers", nargs=-1)
@click.option(
    "--paper",
    type=click.Choice([str(paper) for paper in Paper]),
    default=str(Paper.ROLL),
    show_default=True,
    help=_("A label printer (50 x 30 mm), or A4 sheets of 3 x 8."),
)
@to_file
@common
@click.pass_obj
def labels(console: Console, *, numbers: tuple[str, ...], paper: str, output: Path) -> None:
    wiring.installation()
    _require_free(output)
    things = _things(numbers)
    dated = max(thing.created_at for thing in things)
    profile = wiring.profile()
    found = [Label(thing.inventory_number, _kind(profile, thing), thing.division.name) for thing in things]
    _write(console, output, print_labels(found, Paper(paper), dated=dated))


def _part(text: str) -> Part:
    match = _PART.fullmatch(text)
    if match is None:
        raise PartError(text=text)
    return Part(int(match[1]), int(match[2] or match[1]))


def _things(numbers: tuple[str, ...]) -> list[Recorder | Card]:
    """As they were asked for; else all that are in use, in the order of their numbers."""
    things: dict[str, Recorder | Card] = {}
    for kind in (Recorder, Card):
        found = kind._default_manager.select_related("division").order_by("inventory_number")  # noqa: SLF001 - Django's public way
        found = found.filter(inventory_number__in=numbers) if numbers else found.exclude(state=State.RETIRED)
        things |= {thing.inventory_number: thing for thing in found}
    for number in numbers:
        if number not in things:
            raise NotOnInventoryError(number=number)
    if not things:
        raise NothingToLabelError
    return [things[number] for number in numbers or things]


def _kind(profile: Profile, thing: Model) -> str:
    """The order's own word, in the language of the order."""
    term = profile.term("card" if isinstance(thing, Card) else "recorder")
    return term.text.kk if term else ""


def _require_free(path: Path) -> None:
    """Before the work is done. `_write` makes sure."""
    if os.path.lexists(path):
        raise PaperExistsError(path=path)


def _write(console: Console, path: Path, pdf: bytes) -> None:
    """A new file for its owner alone: names stand in it."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise PaperExistsError(path=path) from None
    except OSError as error:
        raise NotPrintedError(path=path, reason=error.strerror) from error
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(pdf)
    except OSError as error:
        path.unlink()
        raise NotPrintedError(path=path, reason=error.strerror) from error
    console.answer({"path": path, "bytes": len(pdf)})
    console.say(_("Written to {path}: {size}.").format(path=path, size=octets(len(pdf))))
