"""What a code stands for, in words, and where on the desk it leads. Of the division at hand alone."""

from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from aigaq import wiring
from aigaq.journal.selectors import open_row_of
from aigaq.registry.models import Card, Person, Recorder, Role, State
from aigaq.registry.selectors import found_by, standing_of
from aigaq.web.duty import Duty

_SHOWN = 64
"""Characters of an unknown code that are told back."""


@dataclass(frozen=True)
class Answer:
    """`found` is ``recorder``, ``card``, ``person`` or empty; a page puts `value` in its field."""

    found: str
    value: str
    name: str
    says: str
    address: str
    """Where the desk goes on; empty for nothing found."""
    ready: bool
    """It can be issued now, or to them; `says` tells why not."""

    def as_json(self) -> dict[str, str | bool]:
        return asdict(self)


def answer_to(code: str, duty: Duty) -> Answer:
    code = code.strip()
    found = found_by(code, duty.division) if code else None
    if isinstance(found, Person):
        return _person(found, duty)
    if found is not None:
        return _thing(found)
    says = _("“{code}” is no recorder, card or person of this division.").format(code=code[:_SHOWN])
    return Answer("", "", "", says, "", ready=False)


def _person(person: Person, duty: Duty) -> Answer:
    address = reverse("scan:person", args=[person.pk])
    standing = standing_of(person, wiring.clock().now())
    ready = standing.appointment(duty.division, Role.INSPECTOR) is not None
    not_one = _("{name} is not appointed a state inspector here today.")
    says = person.full_name if ready else not_one.format(name=person.full_name)
    return Answer("person", str(person.pk), person.full_name, says, address, ready)


def _thing(thing: Recorder | Card) -> Answer:
    kind = "recorder" if isinstance(thing, Recorder) else "card"
    number = thing.inventory_number
    row = open_row_of(thing)
    if row is not None:
        says = _("{number} is out with {inspector}, row {row}.").format(
            number=number, inspector=row.inspector.full_name, row=row.number
        )
        return Answer(kind, number, number, says, reverse("desk:return", args=[row.pk]), ready=False)
    if thing.state != State.IN_SERVICE:
        state = thing.get_state_display()
        says = _("{number} is not in service: {state}.").format(number=number, state=state)
        address = reverse(f"registry:{kind}", args=[thing.pk])
        return Answer(kind, number, number, says, address, ready=False)
    says = _("Recorder {number}") if kind == "recorder" else _("Card {number}")
    address = f"{reverse('desk:issue')}?{urlencode({kind: number})}"
    return Answer(kind, number, number, says.format(number=number), address, ready=True)
