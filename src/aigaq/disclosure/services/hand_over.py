"""Hand over: who received the package, on what basis, on what; the receipt states it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure import rules
from aigaq.disclosure.documents import about_demand
from aigaq.disclosure.errors import NotBuiltError
from aigaq.disclosure.models import Built, HandOver, ReceiptWay
from aigaq.disclosure.rules import Receiving
from aigaq.disclosure.selectors import approval_of, built_with, demand_view, state_of
from aigaq.disclosure.services.acting import acting
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person

HANDED_OVER = "disclosure.handed-over"


@dataclass(frozen=True, kw_only=True)
class HandOverRequest:
    """`building` is which building's package it is. `signed_name` is typed by the receiver, on our screen."""

    person: Person
    division: Division
    demand: UUID
    building: UUID
    receiver: str
    position: str
    basis: str
    carrier: str
    way: str
    signed_name: str = ""

    @property
    def receiving(self) -> Receiving:
        return Receiving(
            receiver=clean(self.receiver),
            position=clean(self.position),
            basis=clean(self.basis),
            carrier=self.carrier,
            way=self.way,
            signed_name=clean(self.signed_name),
        )


def hand_over(ledger: Ledger, by: By, request: HandOverRequest) -> HandOver:
    """Raises `UnknownDemandError`, or the refusals of `rules.refusal_to_hand_over`."""
    with transaction.atomic():
        ledger.take_turn(HANDED_OVER)
        now, given = ledger.clock.now(), request.receiving
        view = demand_view(request.demand, request.division)
        who = acting(ledger, by, request.person, request.division)
        require(rules.refusal_to_hand_over(who, state_of(view), given))
        approval = approval_of(view.demand)
        built = built_with(approval, request.building)
        if built is None:
            raise NotBuiltError(number=view.demand.number)
        handed = HandOver(
            id=uuid4(),
            approval=approval,
            building=built.building,
            receiver=given.receiver,
            position=given.position,
            basis=given.basis,
            carrier=given.carrier,
            way=given.way,
            signed_name=given.signed_name if given.way == ReceiptWay.ON_SCREEN else "",
            by=request.person,
            handed_over_at=now,
        )
        handed.seq = ledger.append(HANDED_OVER, by, _about(handed, built)).seq
        handed.save(force_insert=True)
    return handed


def _about(handed: HandOver, built: Built) -> dict[str, Json]:
    return {
        "handover": str(handed.pk),
        **about_demand(handed.approval.demand),
        "package": str(handed.approval_id),
        "package_digest": built.package_digest,
        "building": str(handed.building_id),
        "bags": built.bags,
        "receiver": {"full_name": handed.receiver, "position": handed.position},
        "basis": handed.basis,
        "carrier": str(handed.carrier),
        "signed": {"way": str(handed.way), "name": handed.signed_name},
        "handed_over_at": rfc3339(handed.handed_over_at),
    }
