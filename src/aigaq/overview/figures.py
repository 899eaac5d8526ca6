"""What is out, overdue, unloaded, recorded and open, of each division: counted, with nobody named.

However many divisions there are, it is as many queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.selectors import urgent_counts
from aigaq.incidents.models import Undecided
from aigaq.ingest import space
from aigaq.ingest.forecast import Forecast
from aigaq.ingest.models import Unload, UnloadState
from aigaq.journal.due import overdue_since
from aigaq.journal.models import Issue
from aigaq.recordings.coverage import Reason, share
from aigaq.recordings.models import CoverageJudgement
from aigaq.registry.models import Division, Recorder, Role, State
from aigaq.registry.selectors import Standing, tree
from aigaq.vault.backends.base import Backend
from aigaq.vault.errors import VaultError

DAYS: Final = 7
_STORED: Final = (UnloadState.READY, UnloadState.KEPT, UnloadState.TRAY)
ROLES: Final = (Role.HEAD, Role.CUSTODIAN, Role.AUTHORITY)
"""Who sees figures of their division; a head and the authorised body those of the divisions below it too."""

Totals = Mapping[Reason, int]
_NOTHING: Final[Totals] = dict.fromkeys(Reason, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """What became of the duties of one day, in milliseconds by reason."""

    on: date
    totals: Totals

    @property
    def share(self) -> int | None:
        """Thousandths of what was to be recorded that are."""
        return share(self.totals)

    @property
    def due(self) -> int:
        """What was to be recorded: neither announced, nor awaited, nor within a grace."""
        return sum(self.totals[reason] for reason in _DUE)


_RECORDED: Final = (Reason.RECORDED, Reason.JOIN)
_DUE: Final = (*_RECORDED, Reason.DAMAGED, Reason.UNEXPLAINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one division, or of several together."""

    out: int = 0
    """Recorders."""
    overdue: int = 0
    unloaded: int = 0
    """Cards and recorders, today."""
    open_incidents: int = 0
    demands_late: int = 0
    """Of authorities and courts: past their last day, and neither handed over nor refused."""
    demands_near: int = 0
    """The same, coming near it."""
    duties: int = 0
    """Judged, of those that touch the week."""
    with_gaps: int = 0
    """Of them, those with an unexplained gap by the newest judgement."""
    days: tuple[Day, ...]

    @property
    def week(self) -> Totals:
        return {reason: sum(day.totals[reason] for day in self.days) for reason in Reason}

    @property
    def share(self) -> int | None:
        return share(self.week)

    @property
    def due(self) -> int:
        return sum(day.due for day in self.days)

    @property
    def recorded(self) -> int:
        return sum(self.week[reason] for reason in _RECORDED)

    @property
    def unexplained(self) -> int:
        return self.week[Reason.UNEXPLAINED]

    def __add__(self, other: "Figures") -> "Figures":
        """The same days of both."""
        return Figures(
            out=self.out + other.out,
            overdue=self.overdue + other.overdue,
            unloaded=self.unloaded + other.unloaded,
            open_incidents=self.open_incidents + other.open_incidents,
            demands_late=self.demands_late + other.demands_late,
            demands_near=self.demands_near + other.demands_near,
            duties=self.duties + other.duties,
            with_gaps=self.with_gaps + other.with_gaps,
            days=tuple(
                Day(one.on, {reason: one.totals[reason] + another.totals[reason] for reason in Reason})
                for one, another in zip(self.days, other.days, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class OfDivision:
    depth: int
    """In the tree of divisions, from 0."""
    division: Division
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    root: Division
    monday: date
    now: datetime
    divisions: tuple[OfDivision, ...]
    room: Forecast | None
    """Of the vault, which all divisions share; None where it can't be told."""

    @property
    def total(self) -> Figures:
        return reduce(Figures.__add__, (each.figures for each in self.divisions))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)


def overview(
    standing: Standing, root: Division, now: datetime, backend: Backend, *, week: date | None = None
) -> Overview:
    """Of `root`, and of all below it where `standing` reaches so far; of the week of the day `week`."""
    day = min(week or today(now), today(now))
    monday = day - timedelta(days=day.weekday())
    scope = _scope(standing, root)
    figures = _figures([division for _depth, division in scope], monday, now)
    return Overview(
        root=root,
        monday=monday,
        now=now,
        divisions=tuple(OfDivision(depth, division, figures[division.pk]) for depth, division in scope),
        room=_room(backend, now),
    )


def today(now: datetime) -> date:
    return now.astimezone(KAZAKHSTAN).date()


def _scope(standing: Standing, root: Division) -> list[tuple[int, Division]]:
    reaches_down = standing.appointment(root, Role.HEAD, Role.AUTHORITY) is not None
    return tree(root) if reaches_down else [(0, root)]


def _room(backend: Backend, now: datetime) -> Forecast | None:
    try:
        return space.outlook(backend, now)
    except VaultError:
        return None


def _figures(divisions: Sequence[Division], monday: date, now: datetime) -> dict[UUID, Figures]:
    out, overdue = _out(divisions, now)
    unloaded = _unloaded(divisions, now)
    incidents = _counted(
        Undecided.objects.filter(division__in=divisions).values_list("division").annotate(Count("pk"))
    )
    covered = _covered(divisions, monday)
    demands = urgent_counts(divisions, today(now))
    return {
        each.pk: replace(
            covered[each.pk],
            out=out.get(each.pk, 0),
            overdue=overdue.get(each.pk, 0),
            unloaded=unloaded.get(each.pk, 0),
            open_incidents=incidents.get(each.pk, 0),
            demands_late=demands.get(each.pk, (0, 0))[0],
            demands_near=demands.get(each.pk, (0, 0))[1],
        )
        for each in divisions
    }


def _out(divisions: Sequence[Division], now: datetime) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """How many recorders are out, and how many of them are overdue; by division."""
    found = Recorder.objects.filter(division__in=divisions, out_on__isnull=False)
    holders = list(found.values_list("division", "out_on", "state"))
    issued = dict(
        Issue.objects.filter(row__in=[row for _division, row, _state in holders]).values_list(
            "row", "occurred_at"
        )
    )
    out: dict[UUID, int] = {}
    overdue: dict[UUID, int] = {}
    for division, row, state in holders:
        out[division] = out.get(division, 0) + 1
        is_late = row in issued and overdue_since(issued[row], now, settings.WORKING_DAY_ENDS) is not None
        if is_late and state != State.LOST:
            overdue[division] = overdue.get(division, 0) + 1
    return out, overdue


def _unloaded(divisions: Sequence[Division], now: datetime) -> dict[UUID, int]:
    since = datetime.combine(today(now), time.min, KAZAKHSTAN)
    found = Unload.objects.filter(division__in=divisions, started_at__gte=since, state__in=_STORED)
    return _counted(found.values_list("division").annotate(Count("pk")))


def _counted(pairs: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    return dict(pairs)


def _covered(divisions: Sequence[Division], monday: date) -> dict[UUID, Figures]:
    """By the newest judgement of each duty, of the days of the week alone."""
    begins = datetime.combine(monday, time.min, KAZAKHSTAN)
    found = CoverageJudgement.objects.filter(
        division__in=divisions, ended_at__gte=begins, began_at__lt=begins + timedelta(days=DAYS)
    )
    newest = {
        row: (division, days, bool(gaps))
        for row, division, days, gaps in found.order_by("row", "number").values_list(
            "row", "division", "days", "gaps"
        )
    }
    week = [monday + timedelta(days=number) for number in range(DAYS)]
    totals: dict[UUID, list[dict[Reason, int]]] = {
        each.pk: [dict(_NOTHING) for _day in week] for each in divisions
    }
    duties: dict[UUID, list[bool]] = {each.pk: [] for each in divisions}
    for division, days, has_gaps in newest.values():
        duties[division].append(has_gaps)
        for place, day in enumerate(week):
            for reason, length in days.get(day.isoformat(), {}).items():
                totals[division][place][Reason(reason)] += length
    return {
        each.pk: Figures(
            duties=len(duties[each.pk]),
            with_gaps=sum(duties[each.pk]),
            days=tuple(Day(day, of_day) for day, of_day in zip(week, totals[each.pk], strict=True)),
        )
        for each in divisions
    }
