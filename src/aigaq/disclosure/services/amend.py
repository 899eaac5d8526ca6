"""Choose anew what a demand covers, as long as the head has not decided: a further version."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure import rules
from aigaq.disclosure.documents import about_chosen, about_demand
from aigaq.disclosure.models import Chosen, Selection
from aigaq.disclosure.selectors import demand_view, held_of, state_of
from aigaq.disclosure.services.acting import acting, hold_what_is_new
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person

AMENDED = "disclosure.demand-amended"


@dataclass(frozen=True, kw_only=True)
class AmendRequest:
    """`read`: the version that was read. `chosen` is all of it, not the difference."""

    person: Person
    division: Division
    demand: UUID
    read: int
    chosen: Sequence[Chosen]
    reason: str


def amend(ledger: Ledger, by: By, request: AmendRequest) -> Selection:
    """Raises `UnknownDemandError`, and the refusals of `rules.refusal_to_amend` and `_of_chosen`."""
    reason = clean(request.reason)
    with transaction.atomic():
        ledger.take_turn(AMENDED)
        now = ledger.clock.now()
        view = demand_view(request.demand, request.division)
        who = acting(ledger, by, request.person, request.division)
        state = state_of(view)
        require(rules.refusal_to_amend(who, state, read=request.read, chosen=request.chosen, reason=reason))
        held = held_of(request.division, [each.recording for each in request.chosen][: rules.MOST + 1])
        require(rules.refusal_of_chosen(request.chosen, held, request.division.name))
        hold = hold_what_is_new(ledger, by, view.demand, request.chosen, person=request.person)
        body: dict[str, Json] = {
            **about_demand(view.demand),
            "version": state.version + 1,
            "reason": reason,
            "chosen": about_chosen(request.chosen),
            "hold": str(hold.pk) if hold else None,
            "amended_at": rfc3339(now),
        }
        return Selection.objects.create(
            demand=view.demand,
            version=state.version + 1,
            chosen=about_chosen(request.chosen),
            reason=reason,
            hold=hold,
            by=request.person,
            entered_at=now,
            seq=ledger.append(AMENDED, by, body).seq,
        )
