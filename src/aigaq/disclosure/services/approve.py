"""Approve: the head signs what leaves the office; from the approval follows the package (R15.1)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.disclosure import rules
from aigaq.disclosure.documents import approval_document
from aigaq.disclosure.models import Approval
from aigaq.disclosure.selectors import DemandView, demand_view, file_ids_of, state_of
from aigaq.disclosure.services.acting import acting
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Means, Offer, OwnPasskey, prove, sign
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile

APPROVED = "disclosure.approved"


@dataclass(frozen=True, kw_only=True)
class ApprovalRequest:
    """`read`: the version of the selection that the head had before them."""

    head: Person
    division: Division
    demand: UUID
    read: int
    profile: Profile = field(default_factory=regulation.load)


def offer_approval(ledger: Ledger, by: By, request: ApprovalRequest) -> Offer:
    """The document of this approval, for the head's passkey. Raises as `rules.refusal_to_approve`."""
    view, package, now = _judged(ledger, by, request), uuid4(), ledger.clock.now()
    return Offer.of(package, now, _drafted(request, view, package, now))


def approve(ledger: Ledger, by: By, request: ApprovalRequest, means: Means) -> Approval:
    """Write the signed approval; it is never changed.

    Raises `UnknownDemandError`, the refusals of `rules.refusal_to_approve` and of `sign.prove`. Not to be
    called inside a transaction.
    """
    _judged(ledger, by, request)
    proof = prove(ledger, request.head, means)
    package = means.offer.about if isinstance(means, OwnPasskey) else uuid4()
    with transaction.atomic():
        ledger.take_turn(APPROVED)
        view = _judged(ledger, by, request)
        now = proof.at(ledger)
        document = _drafted(request, view, package, now)
        signed = sign(proof, document, now)
        body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
        return Approval.objects.create(
            id=package,
            demand=view.demand,
            selection=view.selection,
            by=request.head,
            approved_at=now,
            seq=ledger.append(APPROVED, by, body).seq,
            **signed.columns,
        )


def _judged(ledger: Ledger, by: By, request: ApprovalRequest) -> DemandView:
    """As it is now; raises the refusal, if there is one."""
    view = demand_view(request.demand, request.division)
    who = acting(ledger, by, request.head, request.division)
    require(rules.refusal_to_approve(who, state_of(view), read=request.read))
    return view


def _drafted(request: ApprovalRequest, view: DemandView, package: UUID, now: datetime) -> dict[str, Json]:
    return approval_document(
        view.demand,
        view.selection,
        files=file_ids_of([each.recording for each in view.selection.items]),
        package=package,
        profile=request.profile.key,
        head=request.head,
        at=now,
    )
