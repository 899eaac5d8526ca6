"""What became of every millisecond of a duty, exactly as `docs/lifecycles/coverage.md` has it. Pure.

All times are whole milliseconds since 1970, all stretches half open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from aigaq.core.clock import KAZAKHSTAN, instant_of, milliseconds
from aigaq.core.intervals import Interval, Intervals
from aigaq.recordings.offsets import UNKNOWN, Offset

START: Final = "start"
END: Final = "end"
"""Causes of a grace that is not the margin of something announced."""


class Reason(StrEnum):
    """Published codes, the first that is true counts."""

    RECORDED = "recorded"
    DAMAGED = "damaged"
    PAUSED = "paused"
    FAILED = "failed"
    AWAITED = "awaited"
    JOIN = "join"
    GRACE = "grace"
    UNEXPLAINED = "unexplained"


class TakeState(StrEnum):
    WHOLE = "whole"
    DAMAGED = "damaged"
    UNMEASURED = "unmeasured"
    """How long it is, only the card's directory says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """Milliseconds (`docs/lifecycles/coverage.md`)."""

    start_grace: int
    end_grace: int
    pause_margin: int
    join: int
    seam: int
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One file of a recording that lasts."""

    file: UUID
    recording: UUID
    row: UUID
    camera: int | None
    """Where its camera says it begins; None: nothing does."""
    length: int | None
    """None: nobody can tell."""
    state: TakeState = TakeState.WHOLE
    offset: Offset = UNKNOWN
    filmed: int | None = None
    """Where it begins in true time by a time code that it shows, if its camera says nothing."""

    @property
    def begins(self) -> int | None:
        """In true time, as far as that is known."""
        return self.filmed if self.camera is None else self.camera - self.offset.ms

    @property
    def span(self) -> Interval | None:
        """In true time; None where it can't be placed."""
        begins = self.begins
        if begins is None or self.length is None:
            return None
        return Interval(begins, begins + max(self.length, 0))


class Notice(StrEnum):
    PAUSE = "pause"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Announced:
    """A pause or a failure; `end` is None where nobody told one: it lasts as long as the duty."""

    notice: Notice
    id: UUID
    start: int
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    start: int
    end: int
    """The return of the last recorder; now, while it is open."""
    is_open: bool = False
    announced: tuple[Announced, ...] = ()
    awaited: Intervals = Intervals()  # noqa: RUF009 - immutable

    @property
    def span(self) -> Interval:
        return Interval(self.start, max(self.start, self.end))


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the duty with one reason. `cause`: what was announced, `START`, `END`, or nothing."""

    start: int
    end: int
    reason: Reason
    cause: str = ""

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    duty: Duty
    parts: tuple[Part, ...]
    """In their order, without a hole; they add up to the duty."""
    takes: tuple[Take, ...]
    """By their beginnings; those without one last."""
    tolerances: Tolerances

    @property
    def totals(self) -> Mapping[Reason, int]:
        """Every reason; they add up to the duty."""
        return totals(self.parts)

    @property
    def gaps(self) -> tuple[Part, ...]:
        """What becomes an incident."""
        return tuple(
            part
            for part in self.parts
            if part.reason is Reason.UNEXPLAINED and part.length > self.tolerances.threshold
        )

    @property
    def unplaced(self) -> tuple[Take, ...]:
        """Takes of which nothing is covered, since beginning or length are unknown."""
        return tuple(take for take in self.takes if take.span is None)

    @property
    def outside(self) -> tuple[Take, ...]:
        """Takes that lie outside of the duty, wholly or in part."""
        whole = self.duty.span
        return tuple(
            take
            for take in self.takes
            if take.span is not None and (take.span.start < whole.start or take.span.end > whole.end)
        )

    @property
    def is_awaited(self) -> bool:
        """Cards of it are still to come."""
        return any(part.reason is Reason.AWAITED for part in self.parts)

    @property
    def share(self) -> int | None:
        return share(self.totals)


def coverage(duty: Duty, takes: Iterable[Take], tolerances: Tolerances) -> Coverage:
    found = tuple(sorted(takes, key=lambda each: (each.begins is None, each.begins or 0, each.file)))
    whole, left = Intervals([duty.span]), Intervals([duty.span])
    parts: list[Part] = []
    for reason, cause, points in _layers(duty, found, tolerances):
        parts += [Part(each.start, each.end, reason, cause) for each in left & points]
        left -= points
    parts += [Part(each.start, each.end, Reason.UNEXPLAINED) for each in left]
    parts.sort(key=lambda each: each.start)
    assert sum(part.length for part in parts) == whole.length
    return Coverage(duty=duty, parts=tuple(parts), takes=found, tolerances=tolerances)


def totals(parts: Iterable[Part]) -> dict[Reason, int]:
    found = dict.fromkeys(Reason, 0)
    for part in parts:
        found[part.reason] += part.length
    return found


def by_day(parts: Iterable[Part]) -> dict[date, dict[Reason, int]]:
    """The totals of each day of Kazakhstan's calendar that has any; together they are the totals."""
    found: dict[date, dict[Reason, int]] = {}
    for part in parts:
        start = part.start
        while start < part.end:
            day = instant_of(start).astimezone(KAZAKHSTAN).date()
            midnight = datetime.combine(day + timedelta(days=1), time.min, KAZAKHSTAN)
            end = min(part.end, milliseconds(midnight))
            of_day = found.setdefault(day, dict.fromkeys(Reason, 0))
            of_day[part.reason] += end - start
            start = end
    return found


def share(totals: Mapping[Reason, int]) -> int | None:
    """Thousandths of what was to be recorded that are; None where nothing was."""
    recorded = totals[Reason.RECORDED] + totals[Reason.JOIN]
    due = recorded + totals[Reason.DAMAGED] + totals[Reason.UNEXPLAINED]
    return recorded * 1000 // due if due else None


def _layers(
    duty: Duty, takes: Sequence[Take], tolerances: Tolerances
) -> Iterator[tuple[Reason, str, Intervals]]:
    """Reasons in their order, each with its cause and its points; the first that has a point counts."""
    whole = _spans(take for take in takes if take.state is TakeState.WHOLE)
    anything = _spans(takes)
    yield Reason.RECORDED, "", whole
    yield Reason.DAMAGED, "", anything
    for notice, reason in ((Notice.PAUSE, Reason.PAUSED), (Notice.FAILURE, Reason.FAILED)):
        for each in duty.announced:
            if each.notice is notice:
                yield reason, str(each.id), _announced(each, duty)
    yield Reason.AWAITED, "", duty.awaited
    yield Reason.JOIN, "", anything.closed(tolerances.join) | _seams(takes, tolerances.seam)
    yield Reason.GRACE, START, Intervals.of((duty.start, duty.start + tolerances.start_grace))
    if not duty.is_open:
        yield Reason.GRACE, END, Intervals.of((duty.end - tolerances.end_grace, duty.end))
    for each in duty.announced:
        yield Reason.GRACE, str(each.id), _announced(each, duty, tolerances.pause_margin)


def _spans(takes: Iterable[Take]) -> Intervals:
    return Intervals(take.span for take in takes if take.span is not None)


def _announced(told: Announced, duty: Duty, margin: int = 0) -> Intervals:
    end = duty.end if told.end is None else told.end
    return Intervals.of((told.start - margin, max(told.start, end) + margin))


def _seams(takes: Sequence[Take], most: int) -> Intervals:
    """What lies between segments of one recording."""
    placed = sorted((take for take in takes if take.span is not None), key=lambda each: each.recording)
    found: list[Interval] = []
    for _recording, segments in groupby(placed, key=lambda each: each.recording):
        found += _spans(segments).closed(most)
    return Intervals(found)
