"""The staff list and the inventory: one function for each act."""

from typing import TypeVar

from django.db import transaction

from aigaq.accounts.models import User
from aigaq.core.canonical import Json
from aigaq.ledger.services import By, Ledger
from aigaq.registry import rules
from aigaq.registry.acting import about_person, line_of, require
from aigaq.registry.errors import (
    ChangedMeanwhileError,
    ForeignRecorderError,
    LoginTakenError,
    StaffNumberTakenError,
)
from aigaq.registry.models import Card, Division, Person, Recorder, State
from aigaq.registry.succession import (
    KeyLater,
    NewKey,
    appoint,
    attend,
    hand_over,
    hand_over_key,
    install_head,
    relieve,
)

__all__ = [
    "KeyLater",
    "NewKey",
    "add_card",
    "add_division",
    "add_person",
    "add_recorder",
    "appoint",
    "attend",
    "hand_over",
    "hand_over_key",
    "install_head",
    "relieve",
    "set_email",
    "set_state",
]

ThingT = TypeVar("ThingT", bound=Recorder | Card)


def add_division(ledger: Ledger, by: By, *, name: str, parent: Division | None) -> Division:
    """A division under `parent`; one at the top is made by the installation itself alone (`aigaq init`)."""
    name = rules.one_line(name)
    require(rules.refusal_of_text("name", name, 200))
    with transaction.atomic():
        ledger.take_turn("registry.division-added")
        line = line_of(parent) if parent else []
        require(rules.refusal_to_keep_staff(by, parent.name if parent else name, line))
        division = Division.objects.create(name=name, parent=parent, created_at=ledger.clock.now())
        about: dict[str, Json] = {
            "division": str(division.pk),
            "name": name,
            "parent": str(parent.pk) if parent else None,
        }
        ledger.append("registry.division-added", by, about)
    return division


def add_person(
    ledger: Ledger,
    by: By,
    *,
    full_name: str,
    post: str,
    staff_number: str,
    division: Division,
    user: User | None = None,
) -> Person:
    """Put somebody on the staff list; roles come with `appoint`."""
    full_name, post, staff_number = map(rules.one_line, (full_name, post, staff_number))
    require(rules.refusal_of_text("full_name", full_name, 200))
    require(rules.refusal_of_text("staff_number", staff_number, 32))
    with transaction.atomic():
        ledger.take_turn("registry.person-added")
        require(rules.refusal_to_keep_staff(by, division.name, line_of(division)))
        _require_free(staff_number, user)
        person = Person.objects.create(
            full_name=full_name,
            post=post[:200],
            staff_number=staff_number,
            division=division,
            user=user,
            created_at=ledger.clock.now(),
        )
        about: dict[str, Json] = {
            **about_person(person),
            "post": person.post,
            "staff_number": staff_number,
            "division": str(division.pk),
            "user": str(user.pk) if user else None,
        }
        ledger.append("registry.person-added", by, about)
    return person


def set_email(ledger: Ledger, by: By, person: Person, email: str) -> Person:
    """Where notices go besides the screen; empty: nowhere else. `person` as it was read by who acts."""
    email = email.strip()
    require(rules.refusal_of_email(email))
    with transaction.atomic():
        ledger.take_turn("registry.email-set")
        line = line_of(person.division)
        require(rules.refusal_to_set_email(by, str(person.pk), person.division.name, line))
        if email == person.email:
            return person
        if not Person.objects.filter(pk=person.pk, email=person.email).update(email=email):
            raise ChangedMeanwhileError
        person.email = email
        about: dict[str, Json] = {
            **about_person(person),
            "division": str(person.division_id),
            "email": email,
        }
        ledger.append("registry.email-set", by, about)
    return person


def add_recorder(
    ledger: Ledger,
    by: By,
    *,
    inventory_number: str,
    division: Division,
    model: str = "",
    serial_number: str = "",
) -> Recorder:
    with transaction.atomic():
        number = _require_free_number(ledger, by, inventory_number, division)
        recorder = Recorder.objects.create(
            inventory_number=number,
            division=division,
            model=rules.one_line(model)[:100],
            serial_number=rules.one_line(serial_number)[:64],
            created_at=ledger.clock.now(),
        )
        about = {
            **_about_thing(recorder),
            "model": recorder.model,
            "serial_number": recorder.serial_number,
        }
        ledger.append("registry.recorder-added", by, about)
    return recorder


def add_card(
    ledger: Ledger,
    by: By,
    *,
    inventory_number: str,
    division: Division,
    recorder: Recorder | None = None,
    volume_id: str = "",
    capacity: int = 0,
) -> Card:
    """`recorder` is the one it usually sits in, `volume_id` as read from it now, `capacity` in octets."""
    with transaction.atomic():
        number = _require_free_number(ledger, by, inventory_number, division)
        if recorder is not None and recorder.division_id != division.pk:
            raise ForeignRecorderError(recorder=recorder.inventory_number, division=division.name)
        card = Card.objects.create(
            inventory_number=number,
            division=division,
            recorder=recorder,
            volume_id=rules.one_line(volume_id)[:64],
            capacity=capacity,
            created_at=ledger.clock.now(),
        )
        about = {
            **_about_thing(card),
            "recorder": str(recorder.pk) if recorder else None,
            "volume_id": card.volume_id,
            "capacity": str(capacity),
        }
        ledger.append("registry.card-added", by, about)
    return card


def set_state(ledger: Ledger, by: By, thing: ThingT, state: State, reason: str) -> ThingT:
    """Put a recorder or card out of service, or back into it, and say why."""
    reason = rules.one_line(reason)
    with transaction.atomic():
        division = thing.division
        require(rules.refusal_to_keep_things(by, division.name, str(division.pk)))
        is_out = thing.out_on is not None
        require(rules.refusal_of_state(thing.inventory_number, state, reason, is_out=is_out))
        read = type(thing)._default_manager.filter(pk=thing.pk, state=thing.state, out_on=thing.out_on)  # noqa: SLF001 - Django's public way
        if not read.update(state=state):
            raise ChangedMeanwhileError
        about: dict[str, Json] = {**_about_thing(thing), "from": thing.state, "to": state, "reason": reason}
        thing.state = state
        ledger.append("registry.state-set", by, about)
    return thing


def _require_free(staff_number: str, user: User | None) -> None:
    holder = Person.objects.filter(staff_number=staff_number).first()
    if holder is not None:
        raise StaffNumberTakenError(number=staff_number, person=holder.full_name)
    owner = Person.objects.filter(user=user).first() if user else None
    if user is not None and owner is not None:
        raise LoginTakenError(username=user.username, person=owner.full_name)


def _require_free_number(ledger: Ledger, by: By, inventory_number: str, division: Division) -> str:
    """The number as it is stored, free among recorders and cards alike until the transaction ends (R7.1)."""
    ledger.take_turn("registry.inventory-number")
    line_of(division)
    require(rules.refusal_to_keep_things(by, division.name, str(division.pk)))
    number = inventory_number.strip()
    taken = any(kind.objects.filter(inventory_number=number).exists() for kind in (Recorder, Card))
    require(rules.refusal_of_inventory_number(number, taken=taken))
    return number


def _about_thing(thing: Recorder | Card) -> dict[str, Json]:
    return {
        "thing": str(thing.pk),
        "what": "recorder" if isinstance(thing, Recorder) else "card",
        "inventory_number": thing.inventory_number,
        "division": str(thing.division_id),
    }
