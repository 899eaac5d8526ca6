"""Appointments as pages show them: what holds today, and what became of the vault's key."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aigaq.registry.models import Appointment
from aigaq.registry.selectors import has_key, holds_on, term_of
from aigaq.registry.terms import Term
from aigaq.web.registry.reach import today


@dataclass(frozen=True)
class ShownTerm:
    """An appointment with what there is to say of it today."""

    appointment: Appointment
    term: Term
    is_in_force: bool
    lasts: bool
    """It is not over."""
    key: str
    """``has``, ``awaited``, ``shut`` (the login) or empty, where the role reads nothing or it is over."""

    @property
    def state(self) -> str:
        if self.term.is_void:
            return _("revoked before it began")
        if self.is_in_force:
            return _("in force")
        if not self.lasts:
            return _("over")
        return _("rests") if self.term.from_on <= today() else _("to begin")

    @property
    def colour(self) -> str:
        return "go" if self.is_in_force else "warn" if self.lasts else ""


def shown_terms(appointments: Iterable[Appointment]) -> list[ShownTerm]:
    found = list(appointments)
    on = today()
    held = holds_on(found, on)
    return [_shown(each, each.pk in held) for each in found]


def _shown(appointment: Appointment, is_in_force: bool) -> ShownTerm:  # noqa: FBT001 - of one row
    term = term_of(appointment)
    lasts = term.lasts(today())
    return ShownTerm(
        appointment, term, is_in_force, lasts, _key_of(appointment) if term.reads and lasts else ""
    )


def _key_of(appointment: Appointment) -> str:
    user = appointment.person.user
    if not has_key(appointment.person):
        return "awaited"
    return "has" if user is not None and user.is_active else "shut"
