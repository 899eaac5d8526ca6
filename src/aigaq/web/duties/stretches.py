"""Every second of a duty with its reason: the rows of the table, and what the picture draws of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aigaq.core.clock import wall
from aigaq.core.intervals import Interval
from aigaq.recordings.coverage import Coverage, Part, Reason, Take
from aigaq.recordings.duty_coverage import DutyCoverage
from aigaq.web.coverage.words import REASONS, length_of
from aigaq.web.duties.axis import Axis, Box
from aigaq.web.duties.words import STATES, Told, when, why

_AS_RECORDED = frozenset({Reason.RECORDED, Reason.JOIN})


@dataclass(frozen=True, slots=True)
class Stretch:
    """What follows each other for one reason; what was recorded together with the joins in it."""

    number: int
    """1, 2, 3 … of its duty."""
    part: Part
    joins: int
    """Milliseconds of it that lie between two files."""
    takes: tuple[Take, ...]
    """What was recorded in it, wholly or in part."""
    box: Box
    why: str
    seq: int | None
    """The entry that announced it."""

    @property
    def what(self) -> object:
        return REASONS[self.part.reason]

    @property
    def state(self) -> str:
        return STATES[self.part.reason]

    @property
    def when(self) -> str:
        return when(self.part.start, self.part.end)

    @property
    def length(self) -> str:
        return length_of(self.part.length)

    @property
    def is_recorded(self) -> bool:
        return bool(self.takes)

    @property
    def plays_from(self) -> int:
        """On the wall clock, for the player."""
        return wall(self.part.start)


def stretches(found: DutyCoverage, axis: Axis, told: Told) -> list[Stretch]:
    """In their order, without a hole: they add up to the duty."""
    coverage = found.coverage
    return [
        _stretch(number, run, coverage, axis, told)
        for number, run in enumerate(_runs(coverage.parts), start=1)
    ]


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Neighbours that are shown as one."""
    alone = iter(range(len(parts)))

    def key(part: Part) -> object:
        return "recorded" if part.reason in _AS_RECORDED else next(alone)

    for _key, run in groupby(parts, key=key):
        yield list(run)


def _stretch(number: int, run: list[Part], coverage: Coverage, axis: Axis, told: Told) -> Stretch:
    first, last = run[0], run[-1]
    reason = Reason.RECORDED if any(part.reason is Reason.RECORDED for part in run) else first.reason
    part = Part(first.start, last.end, reason, first.cause)
    whole = Interval(part.start, part.end)
    takes = tuple(take for take in coverage.takes if take.span is not None and take.span.overlaps(whole))
    joins = sum(each.length for each in run if each.reason is Reason.JOIN)
    notice = told.get(part.cause)
    return Stretch(
        number=number,
        part=part,
        joins=joins,
        takes=takes,
        box=axis.box(part.start, part.end),
        why=why(part, len(takes), joins, told, coverage.tolerances),
        seq=notice.seq if notice else None,
    )
