"""Half-open intervals of whole numbers, and sets of them: `start` belongs to one, `end` does not.

What the numbers count (here: milliseconds since 1970) is the caller's. Only whole numbers: so what is cut
into parts adds up to what it was, to the last one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            message = f"an interval does not end before it begins: {self.start} to {self.end}"
            raise ValueError(message)

    @property
    def length(self) -> int:
        return self.end - self.start

    def __contains__(self, point: int) -> bool:
        return self.start <= point < self.end

    def overlaps(self, other: "Interval") -> bool:
        """They have a point in common."""
        return max(self.start, other.start) < min(self.end, other.end)


class Intervals:
    """A set of points as the fewest intervals that have them: in their order, none empty, none touching."""

    __slots__ = ("_parts",)

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        self._parts = tuple(_merged(intervals))

    @classmethod
    def of(cls, *bounds: tuple[int, int]) -> Self:
        return cls(Interval(start, end) for start, end in bounds)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Intervals) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)

    def __repr__(self) -> str:
        return f"Intervals.of({', '.join(f'({each.start}, {each.end})' for each in self)})"

    @property
    def length(self) -> int:
        """How many points."""
        return sum(each.length for each in self)

    def __or__(self, other: "Intervals") -> "Intervals":
        return Intervals((*self, *other))

    def __and__(self, other: "Intervals") -> "Intervals":
        return Intervals(_common(self._parts, other._parts))

    def __sub__(self, other: "Intervals") -> "Intervals":
        return Intervals(_left(self._parts, other._parts))

    def __le__(self, other: "Intervals") -> bool:
        """Every point of this is one of `other`."""
        return not len(self - other)

    def closed(self, most: int) -> "Intervals":
        """With the points between two of its intervals that lie no more than `most` apart."""
        found: list[Interval] = []
        for each in self:
            if found and each.start - found[-1].end <= most:
                found[-1] = Interval(found[-1].start, each.end)
            else:
                found.append(each)
        return Intervals(found)


def _merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    last: Interval | None = None
    for each in sorted(each for each in intervals if each.length):
        if last is not None and each.start <= last.end:
            last = Interval(last.start, max(last.end, each.end))
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _common(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> Iterator[Interval]:
    here, there = 0, 0
    while here < len(one) and there < len(other):
        start, end = max(one[here].start, other[there].start), min(one[here].end, other[there].end)
        if start < end:
            yield Interval(start, end)
        if one[here].end < other[there].end:
            here += 1
        else:
            there += 1


def _left(whole: tuple[Interval, ...], away: tuple[Interval, ...]) -> Iterator[Interval]:
    place = 0
    for each in whole:
        start = each.start
        while place < len(away) and away[place].end <= start:
            place += 1
        at = place
        while at < len(away) and away[at].start < each.end:
            if away[at].start > start:
                yield Interval(start, away[at].start)
            start = max(start, away[at].end)
            at += 1
        if start < each.end:
            yield Interval(start, each.end)
