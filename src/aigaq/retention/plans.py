"""What has come to its day, and the plans by which it goes. Who asks was let in before."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Prefetch, QuerySet

from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Division
from aigaq.regulation.keeping import taken_in_before
from aigaq.regulation.profile import Profile
from aigaq.retention.disposal_rules import MOST, MOST_OBJECTS, PlanState
from aigaq.retention.errors import UnknownPlanError
from aigaq.retention.facts import keeps_of
from aigaq.retention.keep_rules import Keep
from aigaq.retention.models import DisposalPlan, Disposed, Disposing
from aigaq.retention.objects import contents_of

_AT_ONCE: Final = 1_000
"""Recordings judged together."""


@dataclass(frozen=True, slots=True)
class Told:
    """A recording with what keeps it."""

    recording: Recording
    keep: Keep


@dataclass(frozen=True, slots=True)
class Survey:
    """Of a division. `kept` begins with what has come to its day and stays all the same."""

    due: tuple[Told, ...]
    kept: tuple[Told, ...]
    due_total: int
    """By the day alone, planned ones left out."""
    kept_total: int


def with_files() -> "Prefetch[Any]":
    """For ``prefetch_related``. Blobs are joined: prefetched as well, SQLite refuses a thousand of them."""
    return Prefetch("files", RecordingFile.objects.select_related("blob"))


def survey(division: Division, now: datetime, profile: Profile, *, limit: int = MOST) -> Survey:
    """What may go, the oldest first, as much as goes into one plan; and what stays, with why."""
    ended = _ended(division, now)
    planned = planned_among(ended)
    ended = [pk for pk in ended if pk not in planned]
    keeps: dict[UUID, Keep] = {}
    may_go: list[UUID] = []
    stays: list[UUID] = []
    # However many stay that are older: what may go is found behind them.
    for start in range(0, len(ended), _AT_ONCE):
        some = ended[start : start + _AT_ONCE]
        keeps |= keeps_of(some, profile)
        for pk in some:
            (may_go if keeps[pk].is_due(now) else stays).append(pk)
        if len(may_go) >= limit:
            break
    due = _of_one_plan(_told(may_go[:limit], keeps))
    further = _lasting(division, ended, max(0, limit - len(stays)))
    kept = (*_told(stays[:limit], keeps), *_told(further, keeps_of(further, profile)))
    due_total = len(ended) - len(stays)
    return Survey(due, kept, due_total, _standing(division).count() - due_total)


def coming(division: Division, now: datetime, months: int = 12) -> list[tuple[date, int]]:
    """How many recordings come to their day in each of the next months; the first has the overdue, too."""
    first = now.astimezone(KAZAKHSTAN).date().replace(day=1)
    begins = [first, *(_later(first, number) for number in range(1, months + 1))]
    found = _standing(division).filter(ingested_at__lt=taken_in_before(begins[-1]))
    lasts = found.annotate(last=Max("terms__kept_until")).exclude(last=None).values_list("last", flat=True)
    counted = Counter(max(last, first).replace(day=1) for last in lasts)
    return [(begin, counted[begin]) for begin in begins[:-1]]


def planned_among(recordings: Collection[UUID]) -> Mapping[UUID, int]:
    """Those that stand in a plan which is neither dropped nor carried out, with its number."""
    asked = {str(each): each for each in recordings}
    found = {}
    for plan in DisposalPlan.objects.filter(drop__plan=None, disposed__plan=None).distinct():
        for item in plan.items:
            if item[0] in asked:
                found[asked[item[0]]] = plan.number
    return found


def act_on(recordings: Collection[UUID]) -> str:
    """Number of the act by which one of them is gone; empty if none is."""
    gone = Disposed.objects.filter(recording__in=recordings).first()
    return gone.act if gone else ""


def begun_on(recordings: Collection[UUID]) -> int | None:
    """Number of the plan that was begun and not done, by which one of them is going; None if none is."""
    asked = {str(each) for each in recordings}
    for begun in Disposing.objects.filter(plan__disposed__plan=None).select_related("plan"):
        if asked & set(begun.recordings):
            return begun.plan.number
    return None


def going() -> set[str]:
    """Contents that are being taken out at this moment, or were when it was cut off; in hex."""
    begun = Disposing.objects.filter(plan__disposed__plan=None).values_list("contents", flat=True)
    return set().union(*begun)


def is_going(recording: UUID) -> bool:
    """It is destroyed, or was entered as going: nothing more is made of it."""
    begun = Disposing.objects.filter(plan__disposed__plan=None).values_list("recordings", flat=True)
    is_gone = Disposed.objects.filter(recording=recording).exists()
    return is_gone or any(str(recording) in each for each in begun)


def plans_of(division: Division) -> list[DisposalPlan]:
    """The newest first."""
    return list(_whole().filter(division=division).order_by("-number"))


def plan_with(id_or_number: str | UUID, division: Division) -> DisposalPlan:
    """By its id, or its number in the division. Raises `UnknownPlanError`."""
    found = _whole().filter(division=division)
    try:
        if isinstance(id_or_number, str) and id_or_number.isdecimal():
            return found.get(number=int(id_or_number))
        return found.get(pk=UUID(str(id_or_number)))
    except (DisposalPlan.DoesNotExist, ValueError, OverflowError) as error:
        raise UnknownPlanError from error


def state_of(plan: DisposalPlan) -> PlanState:
    approval = getattr(plan, "approval", None)
    return PlanState(
        number=plan.number,
        proposed_by=plan.by_id,
        approved_at=approval.approved_at if approval else None,
        is_dropped=hasattr(plan, "drop"),
        is_begun=hasattr(plan, "disposing"),
        is_done=plan.disposed.exists(),
    )


def disposed_of(recording: Recording) -> Disposed | None:
    """What remains of it; None if it is there."""
    return Disposed.objects.filter(recording=recording).select_related("plan").first()


def _ended(division: Division, now: datetime) -> list[UUID]:
    """Those whose last day is over, by the terms that were entered; the oldest first."""
    today = now.astimezone(KAZAKHSTAN).date()
    old = _standing(division).filter(ingested_at__lt=taken_in_before(today))
    lasts = old.annotate(last=Max("terms__kept_until")).filter(last__lt=today)
    return list(lasts.order_by("last", "listed_at", "pk").values_list("pk", flat=True))


def _lasting(division: Division, ended: Collection[UUID], limit: int) -> list[UUID]:
    """The first of those that are not among `ended`, which are not told to the database one by one."""
    over = set(ended)
    oldest = _standing(division).order_by("ingested_at", "pk").values_list("pk", flat=True)
    return [pk for pk in oldest[: len(over) + limit] if pk not in over][:limit]


def _standing(division: Division) -> QuerySet[Recording]:
    return Recording.objects.filter(division=division, disposed__recording=None)


def _told(recordings: Collection[UUID], keeps: Mapping[UUID, Keep]) -> list[Told]:
    found = Recording.objects.filter(pk__in=recordings).select_related(
        "recorder", "card", "disposed", "placement__row__book", "placement__row__issue"
    )
    told = [Told(each, keeps[each.pk]) for each in found.prefetch_related(with_files())]
    return sorted(told, key=lambda each: (each.keep.until, each.recording.listed_at, each.recording.pk))


def _of_one_plan(told: list[Told]) -> tuple[Told, ...]:
    """As many as have room for their objects in one entry; one that has none keeps no other from going."""
    objects, room, taken = contents_of([each.recording.pk for each in told]), MOST_OBJECTS, []
    for each in told:
        needed = len(objects[each.recording.pk])
        if needed <= room:
            room -= needed
            taken.append(each)
    return tuple(taken)


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _whole() -> QuerySet[DisposalPlan]:
    return DisposalPlan.objects.select_related("division", "by", "approval__by", "drop__by", "disposing__by")
