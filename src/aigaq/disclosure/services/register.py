"""Register: a demand gets the next number of the division's register, and what it names is held (R15.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure import rules
from aigaq.disclosure.documents import about_chosen, about_demand
from aigaq.disclosure.models import Chosen, Demand, Selection
from aigaq.disclosure.rules import Paper
from aigaq.disclosure.selectors import held_of
from aigaq.disclosure.services.acting import acting, hold_what_is_new
from aigaq.disclosure.services.paper import StoredPaper, blob_of
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.registry.terms import day_of

REGISTERED = "disclosure.demand-registered"


@dataclass(frozen=True, kw_only=True)
class RegisterRequest:
    """`person` enters what a paper says and, where it is known already, what of the recordings it covers."""

    person: Person
    division: Division
    kind: str
    authority: str
    official: str
    their_number: str
    dated_on: date
    received_on: date
    due_on: date | None
    basis: str
    covers: str
    chosen: Sequence[Chosen] = ()
    document: StoredPaper | None = None

    def cleaned(self) -> "RegisterRequest":
        return replace(
            self,
            authority=clean(self.authority),
            official=clean(self.official),
            their_number=clean(self.their_number),
            basis=clean(self.basis),
            covers=clean(self.covers),
        )

    @property
    def paper(self) -> Paper:
        return Paper(
            kind=self.kind,
            authority=self.authority,
            official=self.official,
            their_number=self.their_number,
            dated_on=self.dated_on,
            received_on=self.received_on,
            due_on=self.due_on,
            basis=self.basis,
            covers=self.covers,
        )


def judge(ledger: Ledger, by: By, request: RegisterRequest) -> None:
    """Raise what stands against it, before a scanned paper is stored for nothing."""
    request = request.cleaned()
    require(rules.refusal_to_keep(acting(ledger, by, request.person, request.division)))
    require(rules.refusal_of_paper(request.paper, day_of(ledger.clock.now())))
    held = held_of(request.division, [each.recording for each in request.chosen][: rules.MOST + 1])
    require(rules.refusal_of_chosen(request.chosen, held, request.division.name))


def register(ledger: Ledger, by: By, request: RegisterRequest) -> Demand:
    """Enter the demand. Raises the refusals of `rules.refusal_to_keep`, `_of_paper` and `_of_chosen`."""
    request = request.cleaned()
    with transaction.atomic():
        ledger.take_turn(REGISTERED)
        judge(ledger, by, request)
        now = ledger.clock.now()
        last = Demand.objects.filter(division=request.division).aggregate(last=Max("number"))["last"] or 0
        demand = Demand(
            id=uuid4(),
            division=request.division,
            number=last + 1,
            kind=request.kind,
            authority=request.authority,
            official=request.official,
            their_number=request.their_number,
            dated_on=request.dated_on,
            received_on=request.received_on,
            due_on=request.due_on,
            basis=request.basis,
            covers=request.covers,
            media_type=request.document.media_type if request.document else "",
            by=request.person,
            registered_at=now,
        )
        hold = hold_what_is_new(ledger, by, demand, request.chosen, person=request.person)
        selection = Selection(
            demand=demand,
            version=1,
            chosen=about_chosen(request.chosen),
            hold=hold,
            by=request.person,
            entered_at=now,
        )
        body = {**_about(demand, request), "hold": str(hold.pk) if hold else None}
        demand.seq = selection.seq = ledger.append(REGISTERED, by, body).seq
        if request.document is not None:
            demand.document = blob_of(ledger, request.document, demand.seq)
        demand.save(force_insert=True)
        selection.save(force_insert=True)
    return demand


def _about(demand: Demand, request: RegisterRequest) -> dict[str, Json]:
    return {
        **about_demand(demand),
        "kind": str(demand.kind),
        "authority": demand.authority,
        "official": demand.official,
        "their_number": demand.their_number,
        "dated_on": demand.dated_on.isoformat(),
        "received_on": demand.received_on.isoformat(),
        "due_on": demand.due_on.isoformat() if demand.due_on else None,
        "basis": demand.basis,
        "covers": demand.covers,
        "document": request.document.document() if request.document else None,
        "version": 1,
        "chosen": about_chosen(request.chosen),
        "registered_at": rfc3339(demand.registered_at),
    }
