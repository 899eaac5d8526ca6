"""The act of destruction for paper: made of the ledger's entries, so it is the same whenever printed."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.errors import N_
from aigaq.journal.paper_check import Mismatch
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.paperwork.act_code import ActCode, ActKind, ActNumber
from aigaq.paperwork.act_facts import Destroyed, Destruction, digest_of
from aigaq.paperwork.acts import Witness, print_act
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Role
from aigaq.registry.selectors import people_with
from aigaq.regulation.profile import Profile
from aigaq.retention.disposing import BEGUN, DONE, objects_of
from aigaq.retention.errors import UnknownPlanError
from aigaq.retention.models import DisposalPlan, RetentionTerm
from aigaq.retention.planning import APPROVED, PROPOSED
from aigaq.tlog.entry import Entry

PRINTED = "retention.act-printed"
_REWRITTEN: Final = N_(
    "The act {act} was printed with other facts than the ledger has now: printed {stated}, now {recomputed}."
)
_NO_ACT: Final = N_("The act {act} was printed from this ledger, and what it tells is not here any more.")


def act_of(plan: DisposalPlan) -> Destruction:
    """Raises `UnknownPlanError` for a plan that was not carried out."""
    disposed = plan.disposed.first()
    if disposed is None:
        raise UnknownPlanError
    return _act(disposed.seq)


def print_of(plan: DisposalPlan, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    """Under the first checkpoint that covers it. Raises as `act_of`."""
    act = act_of(plan)
    stored = Checkpoint.objects.filter(size__gt=act.number.entry).order_by("size").first()
    assert stored is not None  # each append leaves one
    heads = people_with(plan.division, Role.HEAD, act.at)
    witness = Witness(stored.note, act.at, heads[0].full_name if heads else "")
    return print_act(act, witness, profile, typesetter=typesetter)


def printed(ledger: Ledger, by: By, plan: DisposalPlan) -> None:
    """Enter that it is printed, before anybody has it."""
    act = act_of(plan)
    body: dict[str, Json] = {
        "act": str(act.number),
        "plan": str(plan.pk),
        "number": plan.number,
        "digest": str(digest_of(act)),
    }
    with transaction.atomic():
        ledger.append(PRINTED, by, body)


def check_destruction(code: ActCode) -> list[Mismatch]:
    """Compare a printed act with the ledger. Whether its checkpoint is ours is judged elsewhere."""
    evidence: dict[str, str | int] = {"act": str(code.number)}
    try:
        found = digest_of(_act(code.number.entry))
    except UnknownPlanError:
        return [Mismatch("act-of-nothing", _NO_ACT, evidence)]
    if found == code.digest:
        return []
    evidence |= {"stated": str(code.digest), "recomputed": str(found)}
    return [Mismatch("act-mismatch", _REWRITTEN, evidence)]


def _act(seq: int) -> Destruction:
    done = _entry(seq, DONE)
    body: Any = done.body
    plan = DisposalPlan.objects.filter(pk=body["plan"]).select_related("approval").first()
    if plan is None:
        raise UnknownPlanError
    proposed, approved = _entry(plan.seq, PROPOSED), _entry(plan.approval.seq, APPROVED)
    begun = _entry(body["begun"], BEGUN)
    asked: Any = proposed.body["items"]
    lasts = {item[0]: date.fromisoformat(item[1]) for item in asked}
    contents = {each[0] for each in objects_of(seq)}
    return Destruction(
        number=ActNumber(ActKind.DISPOSAL, seq),
        division=body["division"]["name"],
        plan=body["number"],
        proposed_by=proposed.actor.name,
        proposed_at=proposed.at,
        approved_by=approved.actor.name,
        approved_at=approved.at,
        carried_out_by=begun.actor.name,
        at=parse_rfc3339(body["disposed_at"]),
        recordings=len(body["recordings"]),
        files=tuple(_files([UUID(each) for each in body["recordings"]], lasts, contents)),
        standing=tuple(body["standing"]),
        standing_until={name: parse_rfc3339(until) for name, until in body.get("standing_until", {}).items()},
    )


def _files(recordings: list[UUID], lasts: dict[str, date], contents: set[str]) -> list[Destroyed]:
    taken_in = dict(
        RetentionTerm.objects.filter(recording__in=recordings)
        .order_by("number")
        .values_list("recording_id", "taken_in")
    )
    found = RecordingFile.objects.filter(recording__in=recordings).select_related("blob")
    return [
        Destroyed(
            path=each.shown,
            taken_in=taken_in[each.recording_id],
            kept_until=lasts[str(each.recording_id)],
            size=each.blob.size,
            content=each.blob.content_digest,
        )
        for each in found.order_by("recording__listed_at", "recording", "ordinal", "path")
        if each.blob.content_digest in contents
    ]


def _entry(seq: int, kind: str) -> Entry:
    found = LedgerEntry.objects.filter(seq=seq, kind=kind).first()
    if found is None:
        raise UnknownPlanError
    return Entry.parse(found.entry.encode())
