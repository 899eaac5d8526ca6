"""Who may do what today, and where a thing is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from aigaq.accounts.models import User
from aigaq.core.clock import KAZAKHSTAN
from aigaq.ledger.services import By
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.tlog.entry import Actor

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
        """The appointment to one of `roles` in that very division, or None. Roles don't reach other divisions."""
        for appointment in self.appointments:
            if appointment.division_id == division.pk and appointment.role in roles:
                return appointment
        return None

    def divisions(self, *roles: Role) -> list[Division]:
        """Where one of `roles` is held."""
        return [a.division for a in self.appointments if a.role in roles]

    def holds(self, *roles: Role) -> bool:
        return bool(self.divisions(*roles))

    def by(self, appointment: Appointment | None) -> By:
        """Who acts, and under which right, as the ledger records it."""
        return By(
            actor=Actor(kind="person", id=str(self.person.pk), name=self.person.full_name),
            right=None
            if appointment is None
            else {
                "appointment": str(appointment.pk),
                "role": appointment.role,
                "order": appointment.order_number,
            },
            division=str(appointment.division_id if appointment else self.person.division_id),
        )


def standing_of(person: Person, at: datetime) -> Standing:
    """What `person` may do at the instant `at`, by Kazakhstan's calendar."""
    today = at.astimezone(KAZAKHSTAN).date()
    in_force = (
        Appointment.objects.filter(person=person, from_on__lte=today)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
        .select_related("division")
        .order_by("from_on", "pk")
    )
    return Standing(person=person, appointments=tuple(in_force))


def people_with(division: Division, role: Role, at: datetime) -> list[Person]:
    """Who holds `role` in `division` at `at`, by name."""
    today = at.astimezone(KAZAKHSTAN).date()
    return list(
        Person.objects.filter(
            Q(appointments__until_on__isnull=True) | Q(appointments__until_on__gte=today),
            appointments__division=division,
            appointments__role=role,
            appointments__from_on__lte=today,
        )
        .distinct()
        .order_by("full_name")
    )
