"""Numbers that should be there and are not (R20.1), without alarm where a count merely began anew.

A recorder counts what it records. A number that is skipped on the card is a file that somebody took away,
unless the count wrapped, the card was formatted, another card was in it, or each day is counted anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from aigaq.unloading.recorders.profile import Counts, Profile
from aigaq.unloading.recorders.takes import ReadName

_NEAR: Final = 20
"""Numbers: so close to the end of a count, and after its beginning, it may have wrapped with some missing."""
_PART_OF_COUNT: Final = 20
"""In a short count nearness is a twentieth of it."""
MOST_GAPS: Final = 200
"""Named of one unloading; a hostile card has as many as it has names."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file with its number, and over what the number counts."""

    scope: str
    """Empty for the recorder's own count; else the day or the folder."""
    number: int
    path: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing, from `first` to `last`; over the end of the count `last` is the smaller."""

    scope: str
    first: int
    last: int
    count: int
    before: str
    """The file with the number before, by its path; empty where it was seen in an earlier unloading."""
    after: str


@dataclass(frozen=True, slots=True)
class Run:
    """The numbers of one count on one card, in the order in which they were given."""

    scope: str
    begins: int
    ends: int
    restarted: bool
    """It does not go on where the last one ended: formatted, set back, or another card. No gap is alleged."""


@dataclass(frozen=True, slots=True)
class Reading:
    runs: tuple[Run, ...]
    gaps: tuple[Gap, ...]

    @property
    def ends(self) -> dict[str, int]:
        return {run.scope: run.ends for run in self.runs}


def numbered(
    names: Iterable[ReadName], profile: Profile, is_its: Callable[[str], bool] = bool
) -> list[Numbered]:
    """The numbered files of one recorder. A name that tells no device is its too; else `is_its` tells."""
    found = []
    for each in names:
        fields = each.fields
        if fields is None or fields.sequence is None or each.ending in profile.sidecars:
            continue
        if fields.device and not is_its(fields.device):
            continue
        scope = _scope(each, profile.sequence.counts)
        if scope is not None:
            found.append(Numbered(scope, fields.sequence, each.path))
    return found


def missing(
    files: Sequence[Numbered],
    profile: Profile,
    *,
    ended: Mapping[str, int],
    elsewhere: Mapping[str, Sequence[tuple[int, int]]] | None = None,
) -> Reading:
    """What is missing among `files` and between them and where the same count `ended` before.

    `elsewhere` are the numbers that other cards of the recorder brought: they are not missing. A count that
    never ended before may have begun anywhere, except one of a day, which begins with its first number.
    """
    scopes: dict[str, dict[int, str]] = {}
    for each in sorted(files, key=lambda each: (each.scope, each.number, each.path)):
        scopes.setdefault(each.scope, {}).setdefault(each.number, each.path)
    count = _Count(profile.sequence.first, profile.top)
    runs, gaps = [], []
    for scope, paths in scopes.items():
        begins_at_first = profile.sequence.counts is Counts.DAY
        run, found = _of_scope(scope, paths, count, ended.get(scope), begins_at_first=begins_at_first)
        runs.append(run)
        seen = (elsewhere or {}).get(scope, ())
        gaps += [each for gap in found for each in count.without(gap, seen)]
    return Reading(tuple(runs), tuple(gaps[:MOST_GAPS]))


@dataclass(frozen=True, slots=True)
class _Count:
    """Numbers from `first` on, and after `top` again; None: they do not end."""

    first: int
    top: int | None

    @property
    def near(self) -> int:
        size = self.size
        return 0 if size is None else min(_NEAR, size // _PART_OF_COUNT)

    @property
    def size(self) -> int | None:
        return None if self.top is None else self.top - self.first + 1

    def next(self, number: int) -> int:
        return self.first if number == self.top else number + 1

    def before(self, number: int) -> int:
        return self.top if number == self.first and self.top is not None else number - 1

    def wrapped(self, one: int, other: int) -> bool:
        """`other` may come after `one` over the end of the count, with few missing or none."""
        if self.top is None or other >= one or other < self.first:
            return False
        return (self.top - one) + (other - self.first) <= self.near

    def between(self, one: int, other: int) -> int:
        """How many numbers lie between them, over the end of the count if need be."""
        if other > one:
            return other - one - 1
        return (self.top or 0) - one + other - self.first

    def without(self, gap: Gap, seen: Iterable[tuple[int, int]]) -> Iterator[Gap]:
        """`gap` less what was seen elsewhere."""
        stretches = (
            [(gap.first, gap.last)]
            if gap.first <= gap.last
            else [(gap.first, self.top or gap.first), (self.first, gap.last)]
        )
        left = [each for stretch in stretches for each in _left(stretch, sorted(seen))]
        if left == stretches:
            yield gap
            return
        for first, last in left:
            yield Gap(gap.scope, first, last, last - first + 1, gap.before, gap.after)


def _left(stretch: tuple[int, int], seen: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first, last = stretch
    for begins, ends in seen:
        if ends < first or begins > last:
            continue
        if begins > first:
            yield first, begins - 1
        first = ends + 1
    if first <= last:
        yield first, last


def _of_scope(
    scope: str, paths: Mapping[int, str], count: _Count, ended: int | None, *, begins_at_first: bool
) -> tuple[Run, list[Gap]]:
    order = _ordered(sorted(paths), count, ended)
    gaps: list[Gap] = []
    restarted = False
    if ended is not None:
        goes_on = order[0] > ended or count.wrapped(ended, order[0])
        far = count.size is not None and goes_on and count.between(ended, order[0]) > count.size // 2
        restarted = not goes_on or far
        if not restarted:
            gaps += _gap(scope, ended, order[0], paths, count)
    elif begins_at_first and order[0] > count.first:
        gaps += _gap(scope, count.first - 1, order[0], paths, count)
    for one, other in pairwise(order):
        gaps += _gap(scope, one, other, paths, count)
    return Run(scope, order[0], order[-1], restarted), gaps


def _ordered(numbers: list[int], count: _Count, ended: int | None) -> list[int]:
    """As they were given. Upwards, but for a count that wrapped on this card.

    That is known by the number before: what is greater than it comes first. Without one, by numbers at both
    ends of the count with a hole between them that nobody could have recorded.
    """
    if count.size is None:
        return numbers
    if ended is not None:
        later = [each for each in numbers if each > ended]
        earlier = [each for each in numbers if each <= ended]
        if later and earlier and count.wrapped(later[-1], earlier[0]):
            return later + earlier
        return numbers
    if not count.wrapped(numbers[-1], numbers[0]):
        return numbers
    holes = [other - one for one, other in pairwise(numbers)]
    widest = max(holes, default=0)
    if widest <= count.size // 2:
        return numbers
    place = holes.index(widest) + 1
    return numbers[place:] + numbers[:place]


def _gap(scope: str, one: int, other: int, paths: Mapping[int, str], count: _Count) -> Iterator[Gap]:
    between = count.between(one, other)
    if between > 0:
        yield Gap(
            scope, count.next(one), count.before(other), between, paths.get(one, ""), paths.get(other, "")
        )


def _scope(name: ReadName, counts: Counts) -> str | None:
    """None for a file whose number says nothing."""
    if counts is Counts.RECORDER:
        return ""
    if counts is Counts.FOLDER:
        return "/".join(name.folders)
    if counts is Counts.DAY and name.fields is not None and name.fields.at is not None:
        # The day as the recorder wrote it, in whatever zone: that is by which it counts.
        return name.fields.at.date().isoformat()
    return None
