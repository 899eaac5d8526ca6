"""Labels for recorders and cards (R7.1): which things, and what stands on each."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from aigaq.errors import N_, BadInputError
from aigaq.paperwork.labels import Label, Paper, print_labels
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.registry.models import Card, Division, Recorder, State
from aigaq.regulation.profile import Profile

Thing: TypeAlias = Recorder | Card


class NothingToLabelError(BadInputError):
    code = "journal.nothing-to-label"
    message = N_("There is no recorder or card to label. Put it on the inventory first.")


class NotOnInventoryError(BadInputError):
    code = "journal.not-on-inventory"
    message = N_("No recorder and no card has the inventory number “{number}”. Look at the register.")


def things_to_label(numbers: Collection[str] = (), *, division: Division | None = None) -> list[Thing]:
    """Those of these numbers, in their order; without any, all that are in use, recorders first.

    Of `division` alone, where one is given. Raises `NotOnInventoryError` or `NothingToLabelError`.
    """
    things: dict[str, Thing] = {}
    for kind in (Recorder, Card):
        found = kind._default_manager.select_related("division").order_by("inventory_number")  # noqa: SLF001 - Django's public way
        if division is not None:
            found = found.filter(division=division)
        found = found.filter(inventory_number__in=numbers) if numbers else found.exclude(state=State.RETIRED)
        things |= {thing.inventory_number: thing for thing in found}
    for number in numbers:
        if number not in things:
            raise NotOnInventoryError(number=number)
    if not things:
        raise NothingToLabelError
    return [things[number] for number in numbers or things]


def labels_pdf(
    things: Sequence[Thing], profile: Profile, paper: Paper, *, typesetter: Typesetter = typeset
) -> bytes:
    """One label each. The paper's date is the day the youngest of them was put on the inventory."""
    labels = [Label(thing.inventory_number, _kind(profile, thing), thing.division.name) for thing in things]
    dated = max(thing.created_at for thing in things)
    return print_labels(labels, paper, dated=dated, typesetter=typesetter)


def _kind(profile: Profile, thing: Thing) -> str:
    """The order's own word, in the language of the order."""
    term = profile.term("card" if isinstance(thing, Card) else "recorder")
    return term.text.kk if term else ""
