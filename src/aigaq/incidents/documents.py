"""What the head signs: the decision on an incident as a canonical document (`docs/formats/signature.md`)."""

from datetime import datetime

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.incidents.models import Incident
from aigaq.journal.documents import about_person
from aigaq.journal.signed import FORMAT
from aigaq.registry.models import Person


def decision_document(
    incident: Incident, *, profile: str, head: Person, at: datetime, outcome: str, reason: str
) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "act": "decision",
        "profile": profile,
        "division": {"id": str(incident.division_id), "name": incident.division.name},
        "incident": {"id": str(incident.pk), "kind": incident.kind},
        "evidence": list(incident.evidence),
        "head": about_person(head),
        "occurred_at": rfc3339(at),
        "outcome": outcome,
        "reason": reason,
    }
