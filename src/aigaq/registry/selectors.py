"""Who may do what today, and how divisions, people and things are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from aigaq.access.models import KeyWrap
from aigaq.accounts.models import User
from aigaq.core.canonical import Json
from aigaq.ledger.services import By
from aigaq.registry.alphabet import kazakh_order
from aigaq.registry.appointment_rules import Staffing
from aigaq.registry.codes import CODE_LIMIT, spellings, staff_number_in
from aigaq.registry.errors import UnknownDivisionError, UnknownThingError
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder, Role
from aigaq.registry.terms import Term, day_of, in_force
from aigaq.tlog.entry import Actor, ActorKind

READERS = frozenset({Role.HEAD, Role.CUSTODIAN})
"""Whom paragraphs 6 and 14 let reach the recordings of their division."""


@dataclass(frozen=True)
class Standing:
    """A person and the appointments in force on a day; what they may do follows from this alone."""

    person: Person
    appointments: tuple[Appointment, ...]

    @property
    def user(self) -> User | None:
        return self.person.user

    def appointment(self, division: Division, *roles: Role) -> Appointment | None:
        """The appointment to one of `roles` in that very division, or None. Roles reach no other division."""
        for appointment in self.appointments:
            if appointment.division_id == division.pk and appointment.role in roles:
                return appointment
        return None

    def divisions(self, *roles: Role) -> list[Division]:
        """Where one of `roles` is held."""
        return [a.division for a in self.appointments if a.role in roles]

    @property
    def reading(self) -> Appointment | None:
        """One to a reading role, in whichever division."""
        return next((each for each in self.appointments if each.role in READERS), None)

    def holds(self, *roles: Role) -> bool:
        return bool(self.divisions(*roles))

    def by(self, appointment: Appointment | None) -> By:
        """Who acts, and under which right, as the ledger records it."""
        return By(
            actor=Actor(kind=ActorKind.PERSON, id=str(self.person.pk), name=self.person.full_name),
            right=None if appointment is None else right_of(appointment),
            division=str(appointment.division_id if appointment else self.person.division_id),
        )


def right_of(appointment: Appointment) -> dict[str, Json]:
    """As the ledger tells it; a deputy's says for which appointment they stand in."""
    right: dict[str, Json] = {
        "appointment": str(appointment.pk),
        "role": appointment.role,
        "order": appointment.order_number,
    }
    if appointment.stands_in_for_id is not None:
        right["stands_in_for"] = str(appointment.stands_in_for_id)
    return right


def standing_of(person: Person, at: datetime) -> Standing:
    """What `person` may do at the instant `at`, by Kazakhstan's calendar."""
    concerned = Q(person=person) | Q(stands_in_for__person=person)
    held = _in_force(Appointment.objects.filter(concerned).select_related("division"), day_of(at))
    return Standing(person=person, appointments=tuple(each for each in held if each.person_id == person.pk))


def people_with(division: Division, role: Role, at: datetime) -> list[Person]:
    """Who holds `role` in `division` at `at`, by name."""
    found = Appointment.objects.filter(division=division, role=role).select_related("person__user")
    return _by_name({each.person_id: each.person for each in _in_force(found, day_of(at))}.values())


def roles_on(people: Iterable[Person], at: datetime) -> dict[UUID, list[Appointment]]:
    """What each of them holds at `at`, by their ids; in one query."""
    people = list(people)
    concerned = Q(person__in=people) | Q(stands_in_for__person__in=people)
    held: dict[UUID, list[Appointment]] = {}
    for each in _in_force(Appointment.objects.filter(concerned).select_related("division"), day_of(at)):
        held.setdefault(each.person_id, []).append(each)
    return held


def terms_lasting(division: Division, day: date) -> list[Appointment]:
    """Appointments to the division's reading roles that are not over on `day`, head first, by their days."""
    found = Appointment.objects.filter(division=division, role__in=READERS)
    found = found.exclude(until_on__lt=day)
    lasting = found.select_related("person__user", "division", "stands_in_for__person")
    return sorted(
        (each for each in lasting if term_of(each, named=False).lasts(day)),
        key=lambda each: (each.role != Role.HEAD, each.from_on, each.pk),
    )


def holds_on(appointments: Iterable[Appointment], day: date) -> set[int]:
    """The ids of those in force on `day`, whoever stands in for them."""
    asked = {each.pk for each in appointments}
    concerned = Appointment.objects.filter(Q(pk__in=asked) | Q(stands_in_for__in=asked))
    return asked & {each.pk for each in _in_force(concerned, day)}


def keys_awaited(division: Division, day: date) -> int:
    """How many appointed to read there have no vault password yet."""
    return sum(not has_key(each.person) for each in terms_lasting(division, day))


def staffing_of(division: Division, at: datetime) -> Staffing:
    """Every appointment of the division, and who can open the vault: what its rules are judged by."""
    found = Appointment.objects.filter(division=division).select_related("person").order_by("from_on", "pk")
    keyed = Person.objects.filter(appointments__division=division, user__key_wraps__isnull=False)
    return Staffing(
        division=division.name,
        terms=tuple(term_of(each) for each in found),
        keyed=frozenset(str(pk) for pk in keyed.filter(user__is_active=True).values_list("pk", flat=True)),
        today=day_of(at),
    )


def has_key(person: Person) -> bool:
    """They have a vault password of their own."""
    return KeyWrap.objects.filter(reader__person=person).exists()


def wraps_to_end(at: datetime, *, coming: bool = False) -> list[tuple[KeyWrap, Appointment | None]]:
    """Wraps of people none of whose appointments to a reading role lasts; each with the one that ended last.

    None while nobody whose appointment lasts has one, nor is one `coming` in the same act: then they are
    the last that can open the vault.
    """
    today, lasting, over = day_of(at), int(coming), []
    for key_wrap in KeyWrap.objects.select_related("reader").order_by("pk"):
        held = list(Appointment.objects.filter(person__user=key_wrap.reader, role__in=READERS))
        if any(term_of(each, named=False).lasts(today) for each in held):
            lasting += key_wrap.reader.is_active
        else:
            over.append((key_wrap, max(held, key=lambda each: (each.until_on, each.pk), default=None)))
    return over if lasting else []


def term_of(appointment: Appointment, *, named: bool = True) -> Term:
    return Term(
        id=appointment.pk,
        person=str(appointment.person_id),
        role=appointment.role,
        from_on=appointment.from_on,
        until_on=appointment.until_on,
        stands_in_for=appointment.stands_in_for_id,
        name=appointment.person.full_name if named else "",
        order=appointment.order_number,
    )


def _in_force(found: QuerySet[Appointment], day: date) -> list[Appointment]:
    """Those of `found` in force on `day`; `found` has the deputies of those that are asked about."""
    around = found.filter(from_on__lte=day).exclude(until_on__lt=day).order_by("from_on", "pk")
    by_id = {each.pk: each for each in around}
    return [
        by_id[term.id]
        for term in in_force((term_of(each, named=False) for each in around), day)
        if term.id is not None
    ]


def person_of(user: User) -> Person | None:
    """Whose login it is; None for a login that belongs to nobody on the staff list."""
    return Person.objects.filter(user=user).select_related("division", "user").first()


def division_of(id_or_name: str) -> Division:
    """The division with that id, or the only one with that name. Raises `UnknownDivisionError`."""
    try:
        found = list(Division.objects.filter(pk=UUID(id_or_name)))
    except ValueError:
        found = list(Division.objects.filter(name=id_or_name)[:2])
    if len(found) != 1:
        raise UnknownDivisionError(division=id_or_name)
    return found[0]


def first_keeping() -> Division | None:
    """The first division that has a custodian: where goes what is nobody's. None while there is no custodian.

    Of two that were made at the same moment, the one whose custodian was appointed first.
    """
    kept = Division.objects.filter(appointments__role=Role.CUSTODIAN)
    return kept.order_by("created_at", "appointments__id").first()


def above(division: Division) -> list[Division]:
    """The divisions that `division` is part of, the nearest first."""
    by_id = Division.objects.in_bulk()
    found: list[Division] = []
    parent = division.parent_id
    while parent is not None:
        found.append(by_id[parent])
        parent = by_id[parent].parent_id
    return found


def tree(root: Division | None = None) -> list[tuple[int, Division]]:
    """Divisions with their depth, each before those under it, by name: all, or `root` and all under it."""
    children: dict[UUID | None, list[Division]] = {}
    for division in sorted(Division.objects.all(), key=lambda one: kazakh_order(one.name)):
        children.setdefault(division.parent_id, []).append(division)
    found: list[tuple[int, Division]] = []
    waiting = [(0, root)] if root else [(0, top) for top in reversed(children.get(None, []))]
    while waiting:
        depth, division = waiting.pop()
        found.append((depth, division))
        waiting += [(depth + 1, child) for child in reversed(children.get(division.pk, []))]
    return found


def thing_with(inventory_number: str) -> Recorder | Card:
    """The one thing with that inventory number (R7.1). Raises `UnknownThingError`."""
    number = inventory_number.strip()
    recorder = Recorder.objects.filter(inventory_number=number).select_related("division").first()
    thing = recorder or Card.objects.filter(inventory_number=number).select_related("division").first()
    if thing is None:
        raise UnknownThingError(number=number)
    return thing


def people_of(division: Division) -> QuerySet[Person]:
    """Whoever is on its staff list, or was ever appointed in it."""
    return Person.objects.filter(Q(division=division) | Q(appointments__division=division)).distinct()


def found_by(code: str, division: Division) -> Recorder | Card | Person | None:
    """What a scanner read, or somebody typed: a thing or a person of that division, or None.

    Nothing is told of other divisions. A person's code (`codes.person_code`) names a person alone, and any
    other code a thing alone.
    """
    if len(code) > CODE_LIMIT:
        return None
    for spelling in spellings(code.strip()):
        found = _found_as(spelling, division)
        if found is not None:
            return found
    return None


def _found_as(code: str, division: Division) -> Recorder | Card | Person | None:
    number = staff_number_in(code)
    if number is not None:
        return people_of(division).filter(staff_number=number).first()
    here = {"inventory_number": code, "division": division}
    return Recorder.objects.filter(**here).first() or Card.objects.filter(**here).first()


def recorders_of(division: Division) -> list[Recorder]:
    return list(Recorder.objects.filter(division=division).order_by("inventory_number"))


def cards_of(division: Division) -> list[Card]:
    return list(
        Card.objects.filter(division=division).select_related("recorder").order_by("inventory_number")
    )


def staff_of(division: Division) -> list[Person]:
    """Who is on the division's staff list, by name."""
    return _by_name(Person.objects.filter(division=division).select_related("user"))


def _by_name(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda person: kazakh_order(person.full_name))
