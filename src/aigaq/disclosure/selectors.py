"""Reading the register of demands. Who asks was let in by the page or the command."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from aigaq.disclosure.errors import NotApprovedError, UnknownDemandError
from aigaq.disclosure.models import Approval, Building, Built, Demand, HandOver, Refused, Selection
from aigaq.disclosure.rules import Held, State
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Judgement, Recording, RecordingFile
from aigaq.registry.models import Division
from aigaq.retention.models import Cause, HeldRecording

PAGE: Final = 50
"""Demands."""
SOON: Final = timedelta(days=3)
"""So long before its last day a demand is reminded of."""


class Stage(StrEnum):
    """How far a demand has come."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    HANDED_OVER = "handed-over"


class Urgency(StrEnum):
    """Of its last day, while it was neither handed over nor refused."""

    NONE = "none"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class DemandView:
    """A demand with all that became of it."""

    demand: Demand
    selections: Sequence[Selection]
    """In their order; the last counts."""
    approval: Approval | None
    refused: Refused | None
    handed_over: Sequence[HandOver]

    @property
    def selection(self) -> Selection:
        return self.selections[-1]

    @property
    def stage(self) -> Stage:
        if self.refused is not None:
            return Stage.REFUSED
        if self.handed_over:
            return Stage.HANDED_OVER
        return Stage.OPEN if self.approval is None else Stage.APPROVED

    def urgency(self, today: date) -> Urgency:
        return urgency_of(self.demand.due_on, today) if self.is_waiting else Urgency.NONE

    @property
    def is_waiting(self) -> bool:
        """Something is still to be done about it."""
        return self.stage in {Stage.OPEN, Stage.APPROVED}


def urgency_of(due_on: date | None, today: date) -> Urgency:
    if due_on is None or due_on - today > SOON:
        return Urgency.NONE
    if due_on == today:
        return Urgency.TODAY
    return Urgency.SOON if due_on > today else Urgency.OVERDUE


def demands(
    division: Division, *, stage: Stage | None = None, before: int | None = None, limit: int = PAGE
) -> list[DemandView]:
    """The newest first; `before` is the number of the last one of the page before."""
    found = _whole(division)
    if stage is not None:
        found = found.filter(_AT[stage])
    if before is not None:
        found = found.filter(number__lt=before)
    return [_viewed(each) for each in found.order_by("-number")[:limit]]


def waiting(division: Division) -> int:
    """How many are neither refused nor handed over."""
    return Demand.objects.filter(_WAITING, division=division).count()


def overdue(division: Division, today: date) -> int:
    """How many of these are past their last day."""
    return Demand.objects.filter(_WAITING, division=division, due_on__lt=today).count()


def urgent(division: Division, today: date) -> list[DemandView]:
    """Those that wait and have their last day soon, or had it; the earliest day first."""
    found = _whole(division).filter(_WAITING, due_on__lte=today + SOON)
    return [_viewed(each) for each in found.order_by("due_on", "number")]


def urgent_counts(divisions: Sequence[Division], today: date) -> dict[UUID, tuple[int, int]]:
    """By division: how many of its demands are past their last day, and how many come near it."""
    found = Demand.objects.filter(_WAITING, division__in=divisions, due_on__lte=today + SOON)
    is_late = Q(due_on__lt=today)
    counted = found.values_list("division").annotate(
        late=Count("pk", filter=is_late), near=Count("pk", filter=~is_late)
    )
    return {division: (late, near) for division, late, near in counted}


def demands_that_hold(recordings: Collection[UUID]) -> dict[UUID, list[Demand]]:
    """Of each of these recordings the demands by which it is held now; in two queries."""
    held = HeldRecording.objects.filter(
        recording__in=recordings, hold__release=None, hold__cause=Cause.DEMAND
    ).values_list("recording", "hold__because")
    found: dict[UUID, set[UUID]] = {}
    for recording, because in held:
        if because is not None:
            found.setdefault(recording, set()).add(because)
    demands = Demand.objects.filter(pk__in={each for because in found.values() for each in because})
    in_order = list(demands.order_by("number"))
    return {
        recording: [each for each in in_order if each.pk in because] for recording, because in found.items()
    }


def due_soon(today: date) -> list[Demand]:
    """Of every division those that wait and have their last day soon, or had it."""
    found = Demand.objects.filter(_WAITING, due_on__lte=today + SOON)
    return list(found.select_related("division").order_by("due_on", "seq"))


def demand_view(id_: UUID | str, division: Division | None = None) -> DemandView:
    """The demand with that id, of that division where one is given. Raises `UnknownDemandError`."""
    found = _whole(division) if division is not None else _all()
    try:
        return _viewed(found.get(pk=UUID(str(id_))))
    except (Demand.DoesNotExist, ValueError) as error:
        raise UnknownDemandError from error


def demand_numbered(division: Division, text: str) -> DemandView:
    """By its number in the register, or by its id. Raises `UnknownDemandError`."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 - digits a number has
        return demand_view(text, division)
    found = _whole(division).filter(number=int(text)).first()
    if found is None:
        raise UnknownDemandError
    return _viewed(found)


def approval_of(demand: Demand) -> Approval:
    """Raises `NotApprovedError`."""
    found = (
        Approval.objects.filter(demand=demand).select_related("demand__division", "selection", "by").first()
    )
    if found is None:
        raise NotApprovedError(number=demand.number)
    return found


def state_of(view: DemandView) -> State:
    decided = view.approval or view.refused
    decided_at = None
    if decided is not None:
        decided_at = decided.approved_at if isinstance(decided, Approval) else decided.refused_at
    return State(
        number=view.demand.number,
        version=view.selection.version,
        chosen=view.selection.items,
        decided_at=decided_at,
        is_approved=view.approval is not None,
        is_built=view.approval is not None and bool(built_of(view.approval)),
    )


def held_of(division: Division, recordings: Sequence[UUID]) -> Held:
    """What the catalogue has of these recordings of the division."""
    own = Recording.objects.filter(division=division, pk__in=recordings)
    files = Judgement.objects.filter(file__recording__in=own, duration__isnull=False).select_related("file")
    return Held(
        own=frozenset(own.values_list("pk", flat=True)),
        lengths={
            each.file_id: (each.file.recording_id, round(each.duration * 1000))
            for each in files
            if each.duration is not None
        },
    )


def files_of(recordings: Sequence[UUID]) -> list[RecordingFile]:
    """All files of these recordings, as they lay on the card."""
    found = RecordingFile.objects.filter(recording__in=recordings)
    return list(
        found.select_related("blob", "judgement", "recording__placement__row").order_by(
            "recording__listed_at", "recording_id", "ordinal", "path"
        )
    )


def file_ids_of(recordings: Sequence[UUID]) -> list[UUID]:
    found = RecordingFile.objects.filter(recording__in=recordings)
    return list(found.values_list("pk", flat=True))


def buildings_of(approval: Approval) -> list[Building]:
    """The newest first."""
    return list(Building.objects.filter(approval=approval).select_related("built", "by").order_by("-seq"))


def built_of(approval: Approval) -> list[Built]:
    """What came out whole, the newest first."""
    found = Built.objects.filter(building__approval=approval).select_related("building__by")
    return list(found.order_by("-seq"))


def built_with(approval: Approval, building: UUID) -> Built | None:
    """What came of that building of the approval, if anything did."""
    found = Built.objects.filter(building=building, building__approval=approval)
    return found.select_related("building").first()


def handed_over_with(id_: UUID | str, division: Division) -> HandOver:
    """Raises `UnknownDemandError`."""
    found = HandOver.objects.select_related("approval__demand__division", "building__built", "by")
    try:
        return found.get(pk=UUID(str(id_)), approval__demand__division=division)
    except (HandOver.DoesNotExist, ValueError) as error:
        raise UnknownDemandError from error


def registered_between(division: Division, since: datetime, until: datetime) -> int:
    return Demand.objects.filter(division=division, registered_at__gte=since, registered_at__lt=until).count()


def entry_of(seq: int) -> LedgerEntry:
    return LedgerEntry.objects.get(seq=seq)


_WAITING = Q(refused=None, approval__handed_over=None)
_AT = {
    Stage.OPEN: Q(approval=None, refused=None),
    Stage.APPROVED: Q(approval__isnull=False, approval__handed_over=None),
    Stage.REFUSED: Q(refused__isnull=False),
    Stage.HANDED_OVER: Q(pk__in=HandOver.objects.values("approval__demand")),
}


def _all() -> QuerySet[Demand]:
    return Demand.objects.select_related(
        "division", "by", "document", "approval__by", "approval__selection", "refused__by"
    ).prefetch_related("selections", "approval__handed_over__by")


def _whole(division: Division) -> QuerySet[Demand]:
    return _all().filter(division=division)


def _viewed(demand: Demand) -> DemandView:
    approval: Approval | None = getattr(demand, "approval", None)
    handed_over = list(approval.handed_over.all()) if approval is not None else []
    return DemandView(
        demand=demand,
        selections=sorted(demand.selections.all(), key=lambda each: each.version),
        approval=approval,
        refused=getattr(demand, "refused", None),
        handed_over=sorted(handed_over, key=lambda each: each.seq),
    )
