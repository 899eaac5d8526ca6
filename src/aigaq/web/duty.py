"""Who is at the desk, in which division, and under which appointment they may act there."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from aigaq.accounts.models import User
from aigaq.errors import N_, AigaqError
from aigaq.ledger.services import By
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import Standing, standing_of

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

DIVISION_KEY = "division"
"""Session: the division chosen by somebody who is appointed in several."""


class NotYoursError(AigaqError):
    """The page, or the thing on it, is for other people. Says nothing about what is there."""

    code = "web.not-yours"
    message = N_("This page is not for you. If you need it for your work, ask the head of your division.")


class NoPersonError(AigaqError):
    """A login that stands for nobody on the staff list."""

    code = "web.no-person"
    message = N_(
        "Your login is not tied to anybody on the staff list, so there is nothing you may do here. "
        "Ask the head of your division to enter you."
    )


@dataclass(frozen=True)
class Duty:
    """The signed-in person at work in one division; every right on a page is asked of this."""

    standing: Standing
    division: Division

    @property
    def person(self) -> Person:
        return self.standing.person

    @property
    def appointments(self) -> tuple[Appointment, ...]:
        """Those in this division alone."""
        return tuple(a for a in self.standing.appointments if a.division_id == self.division.pk)

    @property
    def divisions(self) -> tuple[Division, ...]:
        """Every division the person may choose to work in, each once."""
        return tuple({a.division_id: a.division for a in self.standing.appointments}.values())

    def holds(self, *roles: Role) -> bool:
        return self.standing.appointment(self.division, *roles) is not None

    def by(self, *roles: Role) -> By:
        """The actor as the ledger records them, under an appointment to one of `roles`.

        Raises `NotYoursError` if the person holds none of them here. With no roles: the person alone,
        for what everybody may do about themselves (signing out, a new password).
        """
        appointment = self.standing.appointment(self.division, *roles)
        if roles and appointment is None:
            raise NotYoursError
        return self.standing.by(appointment)

    @property
    def is_head(self) -> bool:
        return self.holds(Role.HEAD)

    @property
    def is_custodian(self) -> bool:
        return self.holds(Role.CUSTODIAN)

    @property
    def is_reader(self) -> bool:
        """May reach the journal, the recordings and the ledger of the division (paragraphs 6 and 14)."""
        return self.holds(Role.HEAD, Role.CUSTODIAN)

    @property
    def sees_figures_only(self) -> bool:
        """Here for the authorised body, and nothing else here."""
        return {appointment.role for appointment in self.appointments} == {Role.AUTHORITY}

    @property
    def is_administrator(self) -> bool:
        return self.holds(Role.ADMINISTRATOR)


class OfficeRequest(HttpRequest):
    """A request behind a door: somebody is signed in and stands somewhere (see `StandingMiddleware`)."""

    user: User
    duty: Duty
    began: float
    """By ``time.monotonic``."""
    htmx: "HtmxDetails"
    session: Any


def duty_of(person: Person, at: datetime, chosen_division: str | None) -> Duty:
    """Where `person` works: the division chosen, else the first they keep or lead, else their own."""
    standing = standing_of(person, at)
    divisions = [
        *standing.divisions(Role.HEAD, Role.CUSTODIAN),
        *(appointment.division for appointment in standing.appointments),
    ]
    for division in divisions:
        if str(division.pk) == chosen_division:
            return Duty(standing, division)
    return Duty(standing, divisions[0] if divisions else person.division)
