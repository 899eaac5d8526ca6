"""What the head signs of a disposal, and what entries say of it (`docs/formats/signature.md`)."""

from datetime import datetime

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_person
from aigaq.journal.signed import FORMAT
from aigaq.ledger.tables import digest_of_json
from aigaq.registry.models import Division, Person
from aigaq.retention.models import DisposalPlan


def approval_document(plan: DisposalPlan, *, profile: str, head: Person, at: datetime) -> dict[str, Json]:
    """All that may go by this approval, and nothing else may."""
    return {
        "format": FORMAT,
        "act": "disposal",
        "profile": profile,
        "division": about_division(plan.division),
        "head": about_person(head),
        "occurred_at": rfc3339(at),
        "plan": {"id": str(plan.pk), "number": plan.number, "seq": plan.seq},
        "proposed_by": about_person(plan.by),
        "recordings": len(plan.items),
        "items_digest": digest_of_json(plan.items),
    }


def about_plan(plan: DisposalPlan) -> dict[str, Json]:
    """By what entries name a plan."""
    return {
        "plan": str(plan.pk),
        "number": plan.number,
        "division": about_division(plan.division),
    }


def about_division(division: Division) -> dict[str, Json]:
    return {"id": str(division.pk), "name": division.name}
