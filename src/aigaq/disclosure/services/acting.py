"""What every act on a demand does alike: who acts, what is chosen, and the hold that goes with it."""

from collections.abc import Sequence
from uuid import UUID

from aigaq.disclosure.models import Chosen, Demand, Selection
from aigaq.disclosure.rules import Acting
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.retention.models import Cause, Hold
from aigaq.retention.services import enter_hold


def acting(ledger: Ledger, by: By, person: Person, division: Division) -> Acting:
    return Acting(by=by, person=standing_of(person, ledger.clock.now()), division=division)


def hold_what_is_new(
    ledger: Ledger, by: By, demand: Demand, chosen: Sequence[Chosen], *, person: Person
) -> Hold | None:
    """A hold on what no selection before named: what was named once stays held until the head lets it go."""
    named = {each.recording for before in Selection.objects.filter(demand=demand) for each in before.items}
    new: list[UUID] = [each.recording for each in chosen if each.recording not in named]
    if not new:
        return None
    return enter_hold(
        ledger,
        by,
        division=demand.division,
        recordings=new,
        person=person,
        cause=Cause.DEMAND,
        because=demand.pk,
        reason=f"№ {demand.number}: {demand.authority}, {demand.their_number}"[:300],
    )
