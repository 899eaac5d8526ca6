"""Whose staff list somebody may see and keep; what is out of reach is not there: 404."""

from datetime import date
from uuid import UUID

from django.http import Http404

from aigaq import wiring
from aigaq.registry import selectors
from aigaq.registry.models import Appointment, Division, Person
from aigaq.registry.terms import day_of
from aigaq.web.duty import Duty, OfficeRequest


def today() -> date:
    return day_of(wiring.clock().now())


def scope_of(duty: Duty) -> list[tuple[int, Division]]:
    """Divisions with their depth in the tree: the head's list reaches down (R6.1)."""
    return selectors.tree(duty.division) if duty.is_head else [(0, duty.division)]


def division_in_reach(request: OfficeRequest, asked: str | None) -> Division:
    """The division asked for; without asking, the one at hand."""
    if not asked:
        return request.duty.division
    for division in _divisions(request.duty):
        if str(division.pk) == asked:
            return division
    raise Http404


def person_in_reach(request: OfficeRequest, person_id: UUID) -> Person:
    found = (
        Person.objects.filter(pk=person_id, division__in=_divisions(request.duty))
        .select_related("division", "user")
        .first()
    )
    if found is None:
        raise Http404
    return found


def appointment_in_reach(request: OfficeRequest, appointment_id: int) -> Appointment:
    found = (
        Appointment.objects.filter(pk=appointment_id, division__in=_divisions(request.duty))
        .select_related("person__user", "division", "stands_in_for__person")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _divisions(duty: Duty) -> list[Division]:
    return [division for _depth, division in scope_of(duty)]
