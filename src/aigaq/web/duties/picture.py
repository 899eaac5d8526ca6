"""One picture of a duty, drawn by the server: its recorders, its reasons, what happened, who has watched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aigaq.access.models import EnteredLook
from aigaq.core.clock import milliseconds, wall
from aigaq.core.intervals import Interval, Intervals
from aigaq.recordings.coverage import Reason, Take
from aigaq.recordings.duty_coverage import DutyCoverage
from aigaq.web.coverage.words import REASONS, length_of
from aigaq.web.duties.axis import Axis, Box, Tick
from aigaq.web.duties.points import Point
from aigaq.web.duties.stretches import Stretch
from aigaq.web.duties.words import when

_AROUND: Final = 6 * 3_600_000
"""So far beside the duty the picture goes for what was recorded outside of it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stretch of a lane."""

    box: Box
    said: str


@dataclass(frozen=True, slots=True)
class Picture:
    since: int
    until: int
    """What the width is, on Kazakhstan's wall clock, in milliseconds."""
    ticks: tuple[Tick, ...]
    turns: tuple[Drawn, ...]
    """Which recorder was in use when."""
    stretches: tuple[Stretch, ...]
    outside: tuple[Drawn, ...]
    """What was recorded outside of the duty."""
    watched: tuple[Drawn, ...]
    points: tuple[Point, ...]
    legend: tuple[tuple[str, object], ...]
    """Only what there is to be seen: its class, and what it means."""


def axis_of(found: DutyCoverage) -> Axis:
    """The duty, and what was recorded a little before and after it."""
    duty = found.coverage.duty.span
    near = Interval(duty.start - _AROUND, duty.end + _AROUND)
    spans = [take.span for take in found.coverage.outside if take.span and take.span.overlaps(near)]
    start = min([duty.start, *(max(span.start, near.start) for span in spans)])
    end = max([duty.end, *(min(span.end, near.end) for span in spans)])
    return Axis.over(start, end)


def picture(
    found: DutyCoverage,
    axis: Axis,
    stretches: Sequence[Stretch],
    points: Sequence[Point],
    watched: Intervals,
) -> Picture:
    outside = tuple(_outside(found, axis))
    seen = tuple(_drawn(each, axis) for each in watched if each.overlaps(axis.span))
    return Picture(
        since=wall(axis.span.start),
        until=wall(axis.span.end),
        ticks=tuple(axis.ticks()),
        turns=tuple(_turns(found, axis)),
        stretches=tuple(stretches),
        outside=outside,
        watched=seen,
        points=tuple(points),
        legend=tuple(_legend(stretches, points, is_outside=bool(outside), is_watched=bool(seen))),
    )


def watched_of(looks: Iterable[EnteredLook], takes: Iterable[Take]) -> Intervals:
    """What of the duty was watched, in true time."""
    begins: Mapping[UUID, int] = {take.file: take.span.start for take in takes if take.span is not None}
    return Intervals(
        Interval(begins[look.file] + look.from_ms, begins[look.file] + look.to_ms)
        for look in looks
        if look.kind == "played"
        and look.file is not None
        and look.file in begins
        and look.from_ms is not None
        and look.to_ms is not None
        and look.from_ms <= look.to_ms
    )


def _turns(found: DutyCoverage, axis: Axis) -> Iterable[Drawn]:
    for turn in found.duty.turns:
        since = milliseconds(turn.since)
        until = milliseconds(turn.until) if turn.until else found.coverage.duty.end
        yield Drawn(axis.box(since, max(since, until)), str(turn.view.row.recorder))


def _outside(found: DutyCoverage, axis: Axis) -> Iterable[Drawn]:
    duty = Intervals([found.coverage.duty.span])
    spans = Intervals(take.span for take in found.coverage.outside if take.span is not None)
    for each in (spans - duty) & Intervals([axis.span]):
        said = _("{when}: recorded outside of the duty").format(when=when(each.start, each.end))
        yield Drawn(axis.box(each.start, each.end), said)


def _drawn(each: Interval, axis: Axis) -> Drawn:
    said = _("{when}, {length}").format(when=when(each.start, each.end), length=length_of(each.length))
    return Drawn(axis.box(each.start, each.end), said)


def _legend(
    stretches: Sequence[Stretch], points: Sequence[Point], *, is_outside: bool, is_watched: bool
) -> Iterable[tuple[str, object]]:
    there = {stretch.part.reason for stretch in stretches}
    yield from ((reason.value, REASONS[reason]) for reason in Reason if reason in there)
    if is_outside:
        yield "outside", _("Recorded outside of the duty")
    if is_watched:
        yield "watched", _("Watched")
    kinds = {point.kind for point in points}
    said = {
        "photo": _("Photo"),
        "clock": _("Clock compared"),
        "failure": _("Failure told"),
        "mark": pgettext("legend", "Mark"),
        "evidence": _("Mark: evidence"),
    }
    yield from ((f"point-{kind}", word) for kind, word in said.items() if kind in kinds)
