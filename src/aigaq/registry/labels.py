"""Labels for recorders and cards (R7.1) and for people's badges: whose, and what stands on each."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from aigaq.errors import N_, BadInputError
from aigaq.paperwork.labels import Label, Paper, PersonLabel, print_labels
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.registry.codes import person_code
from aigaq.registry.models import Card, Division, Person, Recorder, State
from aigaq.registry.selectors import staff_of
from aigaq.regulation.profile import Profile

Thing: TypeAlias = Recorder | Card


class NothingToLabelError(BadInputError):
    code = "journal.nothing-to-label"
    message = N_("There is no recorder or card to label. Put it on the inventory first.")


class NotOnInventoryError(BadInputError):
    code = "journal.not-on-inventory"
    message = N_("No recorder and no card has the inventory number “{number}”. Look at the register.")


class NobodyToLabelError(BadInputError):
    code = "registry.nobody-to-label"
    message = N_("There is nobody on the staff list to label. Enter them first.")


class NotOnStaffError(BadInputError):
    code = "registry.not-on-staff"
    message = N_("Nobody has the staff number “{number}”. Look at the staff list.")


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


def people_to_label(staff_numbers: Collection[str] = (), *, division: Division | None = None) -> list[Person]:
    """Those of these numbers, in their order; without any, the whole staff list, by name.

    Of `division` alone, where one is given. Raises `NotOnStaffError` or `NobodyToLabelError`.
    """
    if division is not None and not staff_numbers:
        staff = staff_of(division)
    else:
        found = Person.objects.select_related("division").order_by("division__name", "full_name")
        found = found.filter(staff_number__in=staff_numbers) if staff_numbers else found
        staff = list(found.filter(division=division) if division else found)
    by_number = {person.staff_number: person for person in staff}
    for number in staff_numbers:
        if number not in by_number:
            raise NotOnStaffError(number=number)
    if not staff:
        raise NobodyToLabelError
    return [by_number[number] for number in staff_numbers or by_number]


def people_labels_pdf(people: Sequence[Person], paper: Paper, *, typesetter: Typesetter = typeset) -> bytes:
    """One label each. The paper's date is the day the youngest entry was put on the staff list."""
    labels = [
        PersonLabel(
            code=person_code(person.staff_number),
            full_name=person.full_name,
            post=person.post,
            staff_number=person.staff_number,
            division=person.division.name,
        )
        for person in people
    ]
    dated = max(person.created_at for person in people)
    return print_labels(labels, paper, dated=dated, typesetter=typesetter)


def _kind(profile: Profile, thing: Thing) -> str:
    """The order's own word, in the language of the order."""
    term = profile.term("card" if isinstance(thing, Card) else "recorder")
    return term.text.kk if term else ""
