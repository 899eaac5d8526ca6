"""Holding recordings beyond their day, and letting them go: one function for each act."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.incidents.models import Incident
from aigaq.incidents.selectors import incident_with
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import Recording
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.retention import rules
from aigaq.retention.models import Cause, HeldRecording, Hold, HoldRelease
from aigaq.retention.plans import act_on, begun_on
from aigaq.retention.rules import Acting
from aigaq.retention.selectors import hold_with

PLACED = "retention.hold-placed"
RELEASED = "retention.hold-released"


def place_hold(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    recordings: Collection[UUID],
    head: Person,
    reason: str,
    incident: Incident | None = None,
) -> Hold:
    """The head holds these recordings: by order, or on account of an incident of the division.

    Raises the refusals of `rules.refusal_to_act` and `rules.refusal_to_hold`, or `UnknownIncidentError`.
    """
    known = incident_with(incident.pk, division) if incident else None
    with transaction.atomic():
        ledger.take_turn(PLACED)
        standing = standing_of(head, ledger.clock.now())
        require(rules.refusal_to_act(Acting(by=by, head=standing, division=division)))
        cause = Cause.INCIDENT if known else Cause.ORDER
        return enter_hold(
            ledger,
            by,
            division=division,
            recordings=recordings,
            person=head,
            cause=cause,
            because=known.pk if known else None,
            reason=reason,
        )


def enter_hold(
    ledger: Ledger,
    by: By,
    *,
    division: Division,
    recordings: Collection[UUID],
    person: Person,
    cause: Cause,
    because: UUID | None,
    reason: str,
) -> Hold:
    """Within the transaction of the act that gives cause for it, which has judged who acts.

    Raises the refusals of `rules.refusal_to_hold`.
    """
    reason, chosen = clean(reason), list(dict.fromkeys(recordings))
    own = Recording.objects.filter(division=division, pk__in=chosen[: rules.MOST + 1])
    require(rules.refusal_to_hold(chosen, list(own.values_list("pk", flat=True)), reason, division.name))
    require(rules.refusal_of_destroyed(act_on(chosen), begun_on(chosen)))
    hold = Hold(
        id=uuid4(),
        division=division,
        cause=cause,
        because=because,
        reason=reason,
        by=person,
        placed_at=ledger.clock.now(),
    )
    hold.seq = ledger.append(PLACED, by, _about(hold, chosen)).seq
    hold.save(force_insert=True)
    HeldRecording.objects.bulk_create(
        HeldRecording(hold=hold, recording_id=each, seq=hold.seq) for each in chosen
    )
    return hold


def release_hold(ledger: Ledger, by: By, hold: Hold, *, head: Person, reason: str) -> HoldRelease:
    """The head lets go what this hold held. Raises `UnknownHoldError`, or the refusals of `rules`."""
    reason = clean(reason)
    with transaction.atomic():
        ledger.take_turn(RELEASED)
        now, hold = ledger.clock.now(), hold_with(hold.pk, hold.division)
        division = hold.division
        require(rules.refusal_to_act(Acting(by=by, head=standing_of(head, now), division=division)))
        released = HoldRelease.objects.filter(hold=hold).first()
        require(rules.refusal_to_release(released.released_at if released else None, reason))
        body: dict[str, Json] = {
            "hold": str(hold.pk),
            "placed": hold.seq,
            "division": {"id": str(division.pk), "name": division.name},
            "cause": str(hold.cause),
            "reason": reason,
            "released_at": rfc3339(now),
        }
        seq = ledger.append(RELEASED, by, body).seq
        return HoldRelease.objects.create(hold=hold, reason=reason, by=head, released_at=now, seq=seq)


def _about(hold: Hold, recordings: Sequence[UUID]) -> dict[str, Json]:
    return {
        "hold": str(hold.pk),
        "division": {"id": str(hold.division_id), "name": hold.division.name},
        "cause": str(hold.cause),
        "because": str(hold.because) if hold.because else None,
        "reason": hold.reason,
        "recordings": [str(each) for each in recordings],
        "placed_at": rfc3339(hold.placed_at),
    }
