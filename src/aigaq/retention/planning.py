"""Proposing what is to go, approving it with a signature, or dropping it: one function for each act."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.journal.services.sign import Means, Offer, prove, sign
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import Recording
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile
from aigaq.retention import clock_rules, disposal_rules, rules
from aigaq.retention.clock import clock_of
from aigaq.retention.documents import about_plan, approval_document
from aigaq.retention.errors import PlanChangedError
from aigaq.retention.facts import keeps_of
from aigaq.retention.models import DisposalApproval, DisposalDrop, DisposalPlan
from aigaq.retention.objects import contents_of, digest_of
from aigaq.retention.plans import plan_with, planned_among, state_of
from aigaq.retention.rules import Acting
from aigaq.tlog.entry import Entry

PROPOSED = "retention.disposal-proposed"
APPROVED = "retention.disposal-approved"
DROPPED = "retention.disposal-dropped"


@dataclass(frozen=True, kw_only=True)
class ApprovalRequest:
    head: Person
    division: Division
    plan: UUID
    profile: Profile = field(default_factory=regulation.load)


def propose(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    custodian: Person,
    recordings: Collection[UUID],
    profile: Profile,
) -> DisposalPlan:
    """The custodian lists what is to go; the list is frozen.

    Raises the refusals of `disposal_rules.refusal_to_propose` and `refusal_of_items`, or of the clock.
    """
    chosen = list(dict.fromkeys(recordings))
    with transaction.atomic():
        ledger.take_turn(PROPOSED)
        now = ledger.clock.now()
        require(disposal_rules.refusal_to_propose(by, standing_of(custodian, now), division))
        require(clock_rules.obstacle(clock_of(now, profile), profile.retention.gap_days))
        some = chosen[: disposal_rules.MOST + 1]
        own = Recording.objects.filter(division=division, disposed__recording=None, pk__in=some)
        keeps = keeps_of(list(own.values_list("pk", flat=True)), profile)
        require(
            disposal_rules.refusal_of_items(
                chosen, keeps, planned=planned_among(chosen), now=now, division=division
            )
        )
        contents = contents_of(chosen)
        items: list[Json] = [
            [str(each), keeps[each].until.isoformat(), digest_of(contents[each])] for each in chosen
        ]
        last = DisposalPlan.objects.filter(division=division).aggregate(number=Max("number"))["number"]
        plan = DisposalPlan(
            id=uuid4(), division=division, number=(last or 0) + 1, items=items, by=custodian, proposed_at=now
        )
        body: dict[str, Json] = {**about_plan(plan), "items": items, "proposed_at": rfc3339(now)}
        plan.seq = ledger.append(PROPOSED, by, body).seq
        plan.save(force_insert=True)
    return plan


def offer_approval(ledger: Ledger, by: By, request: ApprovalRequest) -> Offer:
    """The document of this approval, for the head's passkey. Raises as `approve`."""
    plan, now = _judged(ledger, by, request), ledger.clock.now()
    return Offer.of(plan.pk, now, _drafted(plan, request, now))


def approve(ledger: Ledger, by: By, request: ApprovalRequest, means: Means) -> DisposalApproval:
    """Write the signed approval; it is never changed. Not to be called inside a transaction.

    Raises `UnknownPlanError`, `PlanChangedError`, the refusals of `rules.refusal_to_act`, of
    `disposal_rules.refusal_to_approve` and of `sign.prove`.
    """
    _judged(ledger, by, request)
    proof = prove(ledger, request.head, means)
    with transaction.atomic():
        ledger.take_turn(APPROVED)
        plan, now = _judged(ledger, by, request), proof.at(ledger)
        document = _drafted(plan, request, now)
        signed = sign(proof, document, now)
        body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
        return DisposalApproval.objects.create(
            plan=plan,
            by=request.head,
            approved_at=now,
            seq=ledger.append(APPROVED, by, body).seq,
            **signed.columns,
        )


def drop(
    ledger: Ledger, by: By, *, division: Division, plan: UUID, person: Person, reason: str
) -> DisposalDrop:
    """The custodian or the head takes a plan back before it is begun, approved or not.

    Raises `UnknownPlanError` or the refusals of `disposal_rules`.
    """
    reason = clean(reason)
    with transaction.atomic():
        ledger.take_turn(DROPPED)
        now, found = ledger.clock.now(), plan_with(plan, division)
        require(disposal_rules.refusal_to_carry_out(by, standing_of(person, now), division))
        require(disposal_rules.refusal_to_drop(state_of(found)))
        require(rules.refusal_of_reason(reason))
        body: dict[str, Json] = {**about_plan(found), "reason": reason, "dropped_at": rfc3339(now)}
        seq = ledger.append(DROPPED, by, body).seq
        return DisposalDrop.objects.create(plan=found, reason=reason, by=person, dropped_at=now, seq=seq)


def require_unchanged(plan: DisposalPlan) -> None:
    """That the list is the one that its entry has, and that was signed. Raises `PlanChangedError`."""
    entry = LedgerEntry.objects.filter(seq=plan.seq, kind=PROPOSED).first()
    body = Entry.parse(entry.entry.encode()).body if entry else {}
    if body.get("plan") != str(plan.pk) or body.get("items") != plan.items:
        raise PlanChangedError(number=plan.number)


def _judged(ledger: Ledger, by: By, request: ApprovalRequest) -> DisposalPlan:
    """As it is now; raises the refusal, if there is one."""
    plan, head = plan_with(request.plan, request.division), standing_of(request.head, ledger.clock.now())
    require(rules.refusal_to_act(Acting(by=by, head=head, division=request.division)))
    require(disposal_rules.refusal_to_approve(state_of(plan), head))
    require_unchanged(plan)
    return plan


def _drafted(plan: DisposalPlan, request: ApprovalRequest, at: datetime) -> dict[str, Json]:
    return approval_document(plan, profile=request.profile.key, head=request.head, at=at)
