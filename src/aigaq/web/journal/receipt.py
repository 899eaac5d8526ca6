"""What columns 2 and 3 of a row can be corrected to: chosen from the register, not typed."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from aigaq.journal.selectors import RowView
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.registry.models import Card, Person, Recorder, Role, State
from aigaq.registry.selectors import cards_of, people_with, recorders_of

OneT = TypeVar("OneT")


def receipt_choices(view: RowView, cell: str) -> dict[str, str]:
    """By id, what stands there among them. What is out on another row, or away, is not offered."""
    row = view.row
    if cell == INSPECTOR:
        people = people_with(row.division, Role.INSPECTOR, view.issued_at)
        return {str(each.pk): _spelt(each) for each in _with(row.inspector, people)}
    things: Sequence[Recorder | Card]
    if cell == RECORDER:
        things = _with(row.recorder, (each for each in recorders_of(row.division) if _is_here(view, each)))
    else:
        things = _with(row.card, (each for each in cards_of(row.division) if _is_here(view, each)))
    none = {"": _("none")} if cell == CARD else {}
    return none | {str(each.pk): each.inventory_number for each in things}


def receipt_of(view: RowView, cell: str) -> str:
    """The id of what stands there; empty where there is no card."""
    present = getattr(view.row, f"{cell}_id")
    return str(present) if present else ""


def _with(present: OneT | None, others: Iterable[OneT]) -> list[OneT]:
    found = list(others)
    return found if present is None or present in found else [present, *found]


def _is_here(view: RowView, thing: Recorder | Card) -> bool:
    return not view.is_open or (thing.out_on is None and thing.state == State.IN_SERVICE)


def _spelt(person: Person) -> str:
    return f"{person.full_name} (№ {person.staff_number})"
