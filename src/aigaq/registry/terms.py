"""Who holds which role on which day (`docs/lifecycles/appointments.md`). Nothing else decides it. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aigaq.access.rules import READING_ROLES
from aigaq.core.clock import KAZAKHSTAN

HEAD = "head"
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
"""No order reaches beyond; another day is a slip of the finger."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An appointment as a value; `id` is None while it is only proposed."""

    id: int | None
    person: str
    """Their id."""
    role: str
    from_on: date
    until_on: date | None
    stands_in_for: int | None = None
    """The deputy's: the id of the term that rests meanwhile."""
    name: str = ""
    order: str = ""
    """For sentences: the person's name, the number of the order."""

    @property
    def reads(self) -> bool:
        return self.role in READING_ROLES

    @property
    def is_deputy(self) -> bool:
        return self.stands_in_for is not None

    @property
    def is_void(self) -> bool:
        """It was revoked before its first day."""
        return self.until_on is not None and self.until_on < self.from_on

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def lasts(self, day: date) -> bool:
        """It is not over on that day, though it may not have begun."""
        return not self.is_void and (self.until_on is None or day <= self.until_on)

    def overlaps(self, other: "Term") -> bool:
        if self.is_void or other.is_void:
            return False
        begins_in_time = self.until_on is None or other.from_on <= self.until_on
        return begins_in_time and (other.until_on is None or self.from_on <= other.until_on)

    def is_within(self, other: "Term") -> bool:
        """Every day of it is one of the other's."""
        if self.from_on < other.from_on:
            return False
        return other.until_on is None or (self.until_on is not None and self.until_on <= other.until_on)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a role is held by the same people in the same way; both days included."""

    from_on: date
    until_on: date
    holder: Term | None
    """Who holds it; None: nobody."""
    resting: Term | None
    """Whose it is otherwise, while the holder stands in."""


def day_of(at: datetime) -> date:
    """The day by Kazakhstan's calendar."""
    return at.astimezone(KAZAKHSTAN).date()


def in_force(terms: Iterable[Term], day: date) -> list[Term]:
    """Those whose right holds on that day: they cover it and nobody stands in for them.

    `terms` must have the deputies of those that are asked about.
    """
    covering = [term for term in terms if term.covers(day)]
    resting = {term.stands_in_for for term in covering if term.is_deputy}
    return [term for term in covering if term.id is None or term.id not in resting]


def holds_as_head(terms: Iterable[Term], day: date) -> bool:
    return any(term.role == HEAD for term in in_force(terms, day))


def readers(terms: Iterable[Term], keyed: Collection[str], day: date) -> set[str]:
    """Who can read on that day: in force in a reading role, and among those with a wrap of the key."""
    return {term.person for term in in_force(terms, day) if term.reads and term.person in keyed}


def turning_days(terms: Iterable[Term], since: date) -> list[date]:
    """Days from `since` on at which something may change; from each until the next nothing does."""
    days = {since}
    for term in terms:
        days.add(term.from_on)
        if term.until_on is not None and term.until_on < date.max:
            days.add(term.until_on + _DAY)
    return sorted(day for day in days if day >= since)


def gaps(days: Iterable[date], is_held: Callable[[date], bool]) -> set[date]:
    """Of `days`, in their order, those that are without after the first that is not."""
    found, begun = set(), False
    for day in days:
        if is_held(day):
            begun = True
        elif begun:
            found.add(day)
    return found


def spans(terms: Collection[Term], role: str, since: date, until: date) -> Iterator[Span]:
    """Who held, holds and will hold a role, from `since` to `until`, without a day left out."""
    of_role = [term for term in terms if term.role == role]
    by_id = {term.id: term for term in of_role}
    days = [day for day in turning_days(of_role, since) if day <= until]
    before: Span | None = None
    for day, after in zip(days, [*days[1:], until + _DAY], strict=True):
        holder = next(iter(in_force(of_role, day)), None)
        resting = by_id.get(holder.stands_in_for) if holder and holder.is_deputy else None
        span = Span(day, after - _DAY, holder, resting)
        if before is not None and (before.holder, before.resting) == (holder, resting):
            span = Span(before.from_on, span.until_on, holder, resting)
        elif before is not None:
            yield before
        before = span
    if before is not None:
        yield before
