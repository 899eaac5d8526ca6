"""Refuse: the head does not hand over, and says why. What was held stays held until the head lets it go."""

from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure import rules
from aigaq.disclosure.documents import about_demand
from aigaq.disclosure.models import Refused
from aigaq.disclosure.selectors import demand_view, state_of
from aigaq.disclosure.services.acting import acting
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person

REFUSED = "disclosure.refused"


def refuse(ledger: Ledger, by: By, *, demand: UUID, division: Division, head: Person, reason: str) -> Refused:
    """Raises `UnknownDemandError`, or the refusals of `rules.refusal_to_refuse`."""
    reason = clean(reason)
    with transaction.atomic():
        ledger.take_turn(REFUSED)
        now, view = ledger.clock.now(), demand_view(demand, division)
        require(rules.refusal_to_refuse(acting(ledger, by, head, division), state_of(view), reason))
        body: dict[str, Json] = {**about_demand(view.demand), "reason": reason, "refused_at": rfc3339(now)}
        seq = ledger.append(REFUSED, by, body).seq
        return Refused.objects.create(demand=view.demand, reason=reason, by=head, refused_at=now, seq=seq)
