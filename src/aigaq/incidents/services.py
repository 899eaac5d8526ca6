"""Opening what follows from the ledger, and the head's decision on it (R20.1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.incidents import rules
from aigaq.incidents.around import around, facts_of, left_pause
from aigaq.incidents.documents import decision_document
from aigaq.incidents.facts import Found
from aigaq.incidents.models import Decision, Incident, Kind, Undecided
from aigaq.incidents.rules import ProposedDecision
from aigaq.incidents.selectors import decision_on, incident_with
from aigaq.journal.models import Pause
from aigaq.journal.overdue import Overdue, all_overdue
from aigaq.journal.rules import clean
from aigaq.journal.selectors import row_with
from aigaq.journal.services.acting import require, within
from aigaq.journal.services.sign import Means, Offer, Proof, prove, sign
from aigaq.ledger.following import follow
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile
from aigaq.tlog.entry import Entry

FOLLOWER: Final = "incidents"


def attend(ledger: Ledger) -> None:
    """Open everything that is to be opened by now. Not to be called inside a transaction."""
    catch_up(ledger)
    open_by_time(ledger)


def catch_up(ledger: Ledger) -> int:
    """Open what follows from the entries written since; how many entries were looked at.

    Whatever was killed in between, each incident is opened, once. Not to be called inside a transaction.
    """
    return follow(ledger, FOLLOWER, rules.FOLLOWED, _open_by)


def open_by_time(ledger: Ledger) -> int:
    """Open what follows from time, not from an entry; how many were opened.

    For whoever comes by regularly: costs little where it is nothing. Not to be called inside a transaction.
    """
    return open_overdue(ledger) + open_left_paused(ledger)


def open_overdue(ledger: Ledger) -> int:
    """Open an incident for each row that is overdue for long; how many were opened."""
    late = all_overdue(ledger.clock.now() - rules.OVERDUE_AFTER)
    opened = _opened(Kind.OVERDUE, (str(each.view.id) for each in late))
    return sum(_open_late(ledger, each) for each in late if str(each.view.id) not in opened)


def open_left_paused(ledger: Ledger) -> int:
    """Open one for each pause told after the return whose end was not told in time; how many were opened.

    Those that were open at the return follow from its entry.
    """
    late = ledger.clock.now() - rules.LATE_AFTER
    left = Pause.objects.filter(resumed=None, row__returned__seq__lt=F("seq"), entered_at__lt=late)
    opened = _opened(Kind.PAUSE_NOT_ENDED, map(str, left.values_list("pk", flat=True)))
    return sum(_open_pause(ledger, pause) for pause in left.order_by("seq") if str(pause.pk) not in opened)


@dataclass(frozen=True, kw_only=True)
class DecisionRequest:
    """The head decides on the incident: what becomes of it (an `Outcome`), and why."""

    head: Person
    incident: Incident
    outcome: str
    reason: str
    profile: Profile = field(default_factory=regulation.load)

    def cleaned(self) -> "DecisionRequest":
        return replace(self, incident=incident_with(self.incident.pk), reason=clean(self.reason))


def offer_decision(ledger: Ledger, by: By, request: DecisionRequest) -> Offer:
    """The document of this decision, for the head's passkey. Raises as `rules.refusal_to_decide`."""
    request = request.cleaned()
    _judge(ledger, by, request)
    now = ledger.clock.now()
    return Offer.of(request.incident.pk, now, _drafted(request, now))


def decide(ledger: Ledger, by: By, request: DecisionRequest, means: Means) -> Decision:
    """Close the incident with the head's decision, signed; it is never changed.

    Raises the refusals of `rules.refusal_to_decide` and of `sign.prove`, and `UnknownIncidentError`. Not to
    be called inside a transaction.
    """
    request = request.cleaned()
    _judge(ledger, by, request)
    proof = prove(ledger, request.head, means)
    with transaction.atomic():
        ledger.take_turn("incidents.decided")
        _judge(ledger, by, request)
        return _write(ledger, by, request, proof)


def _open_by(ledger: Ledger, entry: Entry) -> None:
    for found in rules.found_in(entry, *around(entry)):
        _open(ledger, found)


def _opened(kind: Kind, of: Iterable[str]) -> set[str]:
    """Of these rows or pauses, those with an incident. Asked without a turn: mostly it is all of them."""
    keys = [f"{kind}:{each}" for each in of]
    found = Incident.objects.filter(key__in=keys).values_list("key", flat=True)
    return {key.removeprefix(f"{kind}:") for key in found}


def _open_late(ledger: Ledger, late: Overdue) -> bool:
    with transaction.atomic(durable=True):
        ledger.take_turn("incidents.opened")
        row = row_with(late.view.id)
        facts = facts_of(row, _next_seq())
        return facts.returned is None and _open(ledger, rules.overdue(row.division_id, facts, late.since))


def _open_pause(ledger: Ledger, pause: Pause) -> bool:
    with transaction.atomic(durable=True):
        ledger.take_turn("incidents.opened")
        row, left = row_with(pause.row_id), left_pause(pause)
        facts = facts_of(row, _next_seq())
        return left in facts.pauses and _open(ledger, rules.left_paused(row.division_id, facts, left))


def _next_seq() -> int:
    """As of which everything that was written is before. Within the ledger's turn."""
    return LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True)[0] + 1


def _open(ledger: Ledger, found: Found) -> bool:
    """Whether it was opened now. Within the ledger's turn, so that nobody opens the same meanwhile."""
    division = Division.objects.filter(pk=found.division).first()
    if division is None or Incident.objects.filter(key=found.key).exists():
        return False
    incident = Incident(
        id=uuid4(),
        kind=found.kind,
        division=division,
        row_id=found.row,
        key=found.key,
        facts=dict(found.facts),
        evidence=list(found.evidence),
        occurred_at=found.occurred_at,
    )
    body: dict[str, Json] = {
        "incident": str(incident.pk),
        "kind": str(incident.kind),
        "division": str(division.pk),
        "row": str(found.row) if found.row else None,
        "key": incident.key,
        "facts": dict(found.facts),
        "evidence": list(found.evidence),
        "occurred_at": rfc3339(found.occurred_at),
    }
    entry = ledger.append("incidents.opened", within(MACHINE, division), body)
    incident.seq, incident.opened_at = entry.seq, entry.at
    incident.save(force_insert=True)
    Undecided.objects.create(incident=incident, division=division)
    return True


def _judge(ledger: Ledger, by: By, request: DecisionRequest) -> None:
    """Raise the refusal, if there is one, by the facts as they are now."""
    decided = decision_on(request.incident)
    require(
        rules.refusal_to_decide(
            ProposedDecision(
                division=request.incident.division,
                by=by,
                head=standing_of(request.head, ledger.clock.now()),
                decided_at=decided.decided_at if decided else None,
                outcome=request.outcome,
                reason=request.reason,
            )
        )
    )


def _drafted(request: DecisionRequest, now: datetime) -> dict[str, Json]:
    return decision_document(
        request.incident,
        profile=request.profile.key,
        head=request.head,
        at=now,
        outcome=str(request.outcome),
        reason=request.reason,
    )


def _write(ledger: Ledger, by: By, request: DecisionRequest, proof: Proof) -> Decision:
    now = proof.at(ledger)
    document = _drafted(request, now)
    signed = sign(proof, document, now)
    body: dict[str, Json] = {"document": document, "signatures": [signed.document()]}
    seq = ledger.append("incidents.decided", by, body).seq
    Undecided.objects.filter(incident=request.incident).delete()
    return Decision.objects.create(
        incident=request.incident,
        outcome=request.outcome,
        reason=request.reason,
        by=request.head,
        decided_at=now,
        seq=seq,
        **signed.columns,
    )


def find_undecided() -> None:
    """Note down anew which incidents wait for their decision: it follows from both tables."""
    Undecided.objects.all().delete()
    waiting = Incident.objects.filter(decision=None).values_list("pk", "division")
    Undecided.objects.bulk_create(
        (Undecided(incident_id=pk, division_id=division) for pk, division in waiting), batch_size=500
    )
