"""`aigaq journal`: what goes on paper. The book of the order, the badge, labels."""

from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.acts import act
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.paper import require_free, to_file, write
from aigaq.journal import printing
from aigaq.journal.printing import DRAWN, READ, Part
from aigaq.journal.services.printed import enter_printed
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.apart import Apart
from aigaq.paperwork.badge import print_badges
from aigaq.paperwork.labels import Paper
from aigaq.registry.labels import labels_pdf, people_labels_pdf, people_to_label, things_to_label


@click.group(help=_("The book of the order, the badge and labels, for paper."))
def journal() -> None:
    pass


journal.add_command(act)


@journal.command("print", help=_("The book with this registration number as PDF, in the form of the annex."))
@click.argument("book")
@click.option("--sheets", help=_("Only these, say 1-100; empty ones too. Otherwise those written on."))
@to_file
@common
@click.pass_obj
def print_(console: Console, *, book: str, sheets: str | None, output: Path) -> None:
    wiring.installation()
    part = Part.parse(sheets) if sheets else None
    found = printing.book_with(book)
    require_free(output)
    with console.progress(_("Preparing the sheets"), 100) as progress:

        def read(done: int, total: int) -> None:
            progress.to(READ * done // total, _("sheet {number}").format(number=done))

        def drawn(done: int, total: int) -> None:
            progress.to(READ + DRAWN * done // total, _("preparing the pages") if done == total else "")

        printed = printing.print_sheets(
            found, wiring.profile(), part=part, on_progress=read, typesetter=Apart(drawn)
        )
    enter_printed(wiring.ledger(), MACHINE, printed)
    write(console, output, printed.pdf)


@journal.command(help=_("A sheet of the badges that inspectors wear (paragraph 18)."))
@to_file
@common
@click.pass_obj
def badge(console: Console, *, output: Path) -> None:
    require_free(output)
    write(console, output, print_badges(wiring.profile()))


@journal.command(
    help=_("Labels for these inventory numbers, or staff numbers with --people; without numbers, for all.")
)
@click.argument("numbers", nargs=-1)
@click.option("--people", is_flag=True, help=_("Labels for badges of people, not for recorders and cards."))
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
def labels(console: Console, *, numbers: tuple[str, ...], people: bool, paper: str, output: Path) -> None:
    wiring.installation()
    require_free(output)
    if people:
        pdf = people_labels_pdf(people_to_label(numbers), Paper(paper))
    else:
        pdf = labels_pdf(things_to_label(numbers), wiring.profile(), Paper(paper))
    write(console, output, pdf)
