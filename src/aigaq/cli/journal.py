"""`aigaq journal`: what goes on paper. The book of the order, the badge, labels."""

import os
from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.options import CommandT, common
from aigaq.cli.output import Console, octets
from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.journal import printing
from aigaq.journal.printing import DRAWN, READ, Part
from aigaq.journal.services.printed import enter_printed
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.apart import Apart
from aigaq.paperwork.badge import print_badges
from aigaq.paperwork.labels import Paper
from aigaq.registry.labels import labels_pdf, things_to_label


class PaperExistsError(BadInputError):
    code = "journal.paper-exists"
    message = N_("“{path}” is there already and is not written over. Give another name with -o.")


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
    part = Part.parse(sheets) if sheets else None
    found = printing.book_with(book)
    _require_free(output)
    with console.progress(_("Setting the sheets"), 100) as progress:

        def read(done: int, total: int) -> None:
            progress.to(READ * done // total, _("sheet {number}").format(number=done))

        def drawn(done: int, total: int) -> None:
            progress.to(READ + DRAWN * done // total, _("setting the pages") if done == total else "")

        printed = printing.print_sheets(
            found, wiring.profile(), part=part, on_progress=read, typesetter=Apart(drawn)
        )
    enter_printed(wiring.ledger(), MACHINE, printed)
    _write(console, output, printed.pdf)


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
    _write(console, output, labels_pdf(things_to_label(numbers), wiring.profile(), Paper(paper)))


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
