"""Reading incidents: those of a division, open or decided, and those of a row."""

from uuid import UUID

from django.db.models import QuerySet

from aigaq.incidents.errors import UnknownIncidentError
from aigaq.incidents.models import Decision, Incident, Undecided
from aigaq.journal.models import JournalRow
from aigaq.journal.whose import FIRST, corrected
from aigaq.registry.models import Division

PAGE = 50
"""Incidents."""


def open_incidents(
    division: Division, *, kind: str = "", after: int | None = None, limit: int = PAGE
) -> list[Incident]:
    """Without a decision, the oldest first; `after` is the `seq` of the last one of the page before."""
    found = _of(division, kind).filter(decision=None)
    if after is not None:
        found = found.filter(seq__gt=after)
    return list(found.order_by("seq")[:limit])


def decided_incidents(
    division: Division, *, kind: str = "", before: int | None = None, limit: int = PAGE
) -> list[Incident]:
    """The last decided first; `before` is the `seq` of the decision that ended the page before."""
    found = _of(division, kind).exclude(decision=None)
    if before is not None:
        found = found.filter(decision__seq__lt=before)
    return list(found.order_by("-decision__seq")[:limit])


def incidents_of(row: JournalRow) -> list[Incident]:
    return list(_whole().filter(row=row).order_by("seq"))


def incident_with(id_: UUID | str, division: Division | None = None) -> Incident:
    """The incident with that id, of that division where one is given. Raises `UnknownIncidentError`."""
    found = _whole() if division is None else _of(division)
    try:
        return found.get(pk=UUID(str(id_)))
    except (Incident.DoesNotExist, ValueError) as error:
        raise UnknownIncidentError from error


def count_open(division: Division) -> int:
    return Undecided.objects.filter(division=division).count()


def decision_on(incident: Incident) -> Decision | None:
    """As the database has it now, not `incident`."""
    return Decision.objects.filter(incident=incident).select_related("by").first()


def _of(division: Division, kind: str = "") -> QuerySet[Incident]:
    found = _whole().filter(division=division)
    return found.filter(kind=kind) if kind else found


def _whole() -> QuerySet[Incident]:
    return Incident.objects.select_related(
        "division", "row__book", *(f"row__{name}" for name in FIRST), "decision__by"
    ).prefetch_related(corrected("row"))
