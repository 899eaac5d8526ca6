"""`aigaq journal act`: acts of damage, of loss and of hand-over, for paper."""

from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.cli.paper import require_free, to_file, write
from aigaq.errors import N_, BadInputError
from aigaq.journal.acts import numbers_on
from aigaq.journal.models import JournalRow
from aigaq.journal.printing import book_with
from aigaq.journal.services.print_act import print_act, print_hand_over
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.act_code import ActKind, ActNumber
from aigaq.registry.labels import NotOnStaffError
from aigaq.registry.models import Appointment, Person, Role


class NoSuchRowError(BadInputError):
    code = "journal.no-such-row"
    message = N_("The book {book} has no row {row}. Look at the book.")


class NothingHappenedError(BadInputError):
    code = "journal.nothing-happened"
    message = N_("Row {row} tells of nothing of the kind, so there is no act of it.")


class SeveralActsError(BadInputError):
    code = "journal.several-acts"
    message = N_("Row {row} has several such acts: {numbers}. Say with --number which one.")


class NotCustodianHereError(BadInputError):
    code = "journal.never-custodian"
    message = N_("{person} has never been appointed a custodian, so nothing is handed over.")


@click.group(help=_("Acts of damage, of loss and of hand-over. Each print is noted in the ledger."))
def act() -> None:
    pass


@act.command(help=_("What was damaged on that row of the book with this registration number."))
@click.argument("book")
@click.argument("row", type=int)
@click.option("--number", help=_("Which one, where the row has several, say Б-57."))
@to_file
@common
@click.pass_obj
def damage(console: Console, *, book: str, row: int, number: str | None, output: Path) -> None:
    _print(console, ActKind.DAMAGE, (book, row), number, output)


@act.command(help=_("What was lost on that row of the book with this registration number."))
@click.argument("book")
@click.argument("row", type=int)
@click.option("--number", help=_("Which one, where the row has several, say Ж-57."))
@to_file
@common
@click.pass_obj
def loss(console: Console, *, book: str, row: int, number: str | None, output: Path) -> None:
    _print(console, ActKind.LOSS, (book, row), number, output)


@act.command("hand-over", help=_("What the person with this staff number receives as the custodian."))
@click.argument("staff_number")
@click.option("--back", is_flag=True, help=_("A deputy gives it back."))
@to_file
@common
@click.pass_obj
def hand_over(console: Console, *, staff_number: str, back: bool, output: Path) -> None:
    ledger = wiring.ledger()
    require_free(output)
    appointment = _newest(staff_number)
    printed = print_hand_over(
        ledger, MACHINE, appointment=appointment, profile=wiring.profile(), is_back=back
    )
    write(console, output, printed.pdf)


def _print(console: Console, kind: ActKind, where: tuple[str, int], asked: str | None, output: Path) -> None:
    book, number = where
    ledger = wiring.ledger()
    require_free(output)
    row = JournalRow.objects.filter(book=book_with(book), number=number).first()
    if row is None:
        raise NoSuchRowError(book=book, row=number)
    chosen = ActNumber.parse(asked) if asked else _only(row, kind)
    printed = print_act(ledger, MACHINE, row=row, number=chosen, profile=wiring.profile())
    write(console, output, printed.pdf)


def _only(row: JournalRow, kind: ActKind) -> ActNumber:
    found = [each for each in numbers_on(row.damages.all(), row.losses.all()) if each.kind is kind]
    if not found:
        raise NothingHappenedError(row=row.number)
    if len(found) > 1:
        raise SeveralActsError(row=row.number, numbers=", ".join(map(str, found)))
    return found[0]


def _newest(staff_number: str) -> Appointment:
    person = Person.objects.filter(staff_number=staff_number).first()
    if person is None:
        raise NotOnStaffError(number=staff_number)
    found = Appointment.objects.select_related("division", "person", "stands_in_for__person")
    newest = found.filter(person=person, role=Role.CUSTODIAN).order_by("-from_on", "-pk").first()
    if newest is None:
        raise NotCustodianHereError(person=person.full_name)
    return newest
