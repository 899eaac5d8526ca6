"""What stands against appointing, relieving and handing over (paragraph 6). Pure: values in, refusal out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from aigaq.errors import AigaqError
from aigaq.registry.errors import (
    AlreadyAppointedError,
    AlreadyDeputisedError,
    AlreadyEndsError,
    DeputyOfDeputyError,
    DeputyOutlastsError,
    EndsBeforeItBeginsError,
    FarDayError,
    NoHeadLeftError,
    NoKeyError,
    NoReaderLeftError,
    NotDeputisedError,
    OwnAppointmentError,
    OwnDeputyError,
    RoleTakenError,
)
from aigaq.registry.terms import (
    FIRST_DAY,
    LAST_DAY,
    Term,
    gaps,
    holds_as_head,
    readers,
    turning_days,
)

Refusal: TypeAlias = AigaqError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """All appointments of one division, and whose vault password opens the vault, on `today`."""

    division: str
    terms: tuple[Term, ...]
    keyed: frozenset[str]
    """Ids of the people who have a wrap of the key and whose login is open."""
    today: date

    def with_term(self, term: Term, *, with_key: bool) -> "Staffing":
        keyed = self.keyed | {term.person} if with_key else self.keyed
        return replace(self, terms=(*self.terms, term), keyed=keyed)

    def ended(self, term: Term, until_on: date) -> "Staffing":
        """With a last day for `term`, and for who stands in for it."""
        changed = (replace(term, until_on=until_on), *deputies_ended(self, term, until_on))
        ends = {each.id: each for each in changed}
        return replace(self, terms=tuple(ends.get(each.id, each) for each in self.terms))


def refusal_of_period(from_on: date, until_on: date | None) -> Refusal | None:
    if until_on is not None and until_on < from_on:
        return EndsBeforeItBeginsError(from_on=from_on, until_on=until_on)
    for day in (from_on, until_on or from_on):
        if not FIRST_DAY <= day <= LAST_DAY:
            return FarDayError(day=day, first=FIRST_DAY, last=LAST_DAY)
    return None


def refusal_to_appoint(before: Staffing, new: Term, *, actor: str | None, with_key: bool) -> Refusal | None:
    """`actor` is the id of the person who appoints; None: the installation itself."""
    return refusal_of_term(before, new, actor=actor) or refusal_of_gaps(
        before, before.with_term(new, with_key=with_key)
    )


def refusal_to_relieve(before: Staffing, term: Term, until_on: date) -> Refusal | None:
    return refusal_of_end(term, until_on) or refusal_of_gaps(before, before.ended(term, until_on))


def refusal_to_hand_over(
    before: Staffing, term: Term, last_on: date, new: Term, *, actor: str | None, with_key: bool
) -> Refusal | None:
    """The predecessor's end and the successor's beginning, judged as one."""
    refusal = refusal_of_end(term, last_on)
    if refusal is not None:
        return refusal
    between = before.ended(term, last_on)
    return refusal_of_term(between, new, actor=actor) or refusal_of_gaps(
        before, between.with_term(new, with_key=with_key)
    )


def refusal_of_end(term: Term, until_on: date) -> Refusal | None:
    """An end only comes nearer; the day before the first revokes what has not begun."""
    if term.until_on is not None and until_on >= term.until_on:
        return AlreadyEndsError(until_on=term.until_on)
    if until_on < term.from_on - _DAY:
        return EndsBeforeItBeginsError(from_on=term.from_on, until_on=until_on)
    return refusal_of_period(until_on, None)


def refusal_of_term(known: Staffing, new: Term, *, actor: str | None) -> Refusal | None:
    """Whom it is for, and whether the role is free on its days."""
    if new.reads and actor == new.person:
        return OwnAppointmentError()
    for other in known.terms:
        if (other.person, other.role) == (new.person, new.role) and other.overlaps(new):
            return AlreadyAppointedError(person=new.name, division=known.division, order=other.order)
    if new.is_deputy:
        return _refusal_of_deputy(known, new)
    for other in known.terms if new.reads else ():
        if other.role == new.role and not other.is_deputy and other.overlaps(new):
            return RoleTakenError(person=other.name, division=known.division, order=other.order)
    return None


def refusal_of_gaps(before: Staffing, after: Staffing) -> Refusal | None:
    """No day from today on may be without a head or a reader that was not without before the act."""
    days = turning_days((*before.terms, *after.terms), before.today)
    if day := _new_gap(days, before, after, lambda known, on: holds_as_head(known.terms, on)):
        return NoHeadLeftError(division=before.division, day=day)
    if day := _new_gap(days, before, after, lambda known, on: bool(readers(known.terms, known.keyed, on))):
        return NoReaderLeftError(division=before.division, day=day)
    return None


def refusal_of_key(
    new: Term, *, actor: str | None, has_wrap: bool, with_key: bool, later: bool
) -> Refusal | None:
    """Who reads gets the key in the same act, or it is said that it comes later; the machine need not."""
    if not new.reads or actor is None or has_wrap or with_key or later:
        return None
    return NoKeyError(person=new.name)


def deputies_ended(known: Staffing, term: Term, until_on: date) -> list[Term]:
    """Who stands in for `term` goes with it: their terms as they end then."""
    return [
        replace(each, until_on=max(until_on, each.from_on - _DAY))
        for each in known.terms
        if term.id is not None
        and each.stands_in_for == term.id
        and not each.is_void
        and (each.until_on is None or each.until_on > until_on)
    ]


def _refusal_of_deputy(known: Staffing, new: Term) -> Refusal | None:
    absent = next((term for term in known.terms if term.id == new.stands_in_for), None)
    if absent is None or absent.role != new.role or not absent.reads or absent.is_void:
        return NotDeputisedError(division=known.division)
    if absent.is_deputy:
        return DeputyOfDeputyError(person=absent.name)
    if absent.person == new.person:
        return OwnDeputyError(person=new.name)
    if not new.is_within(absent):
        until = absent.until_on or LAST_DAY
        return DeputyOutlastsError(person=absent.name, from_on=absent.from_on, until_on=until)
    for other in known.terms:
        if other.stands_in_for == new.stands_in_for and other.overlaps(new):
            return AlreadyDeputisedError(person=absent.name, deputy=other.name, order=other.order)
    return None


def _new_gap(
    days: Sequence[date], before: Staffing, after: Staffing, is_held: Callable[[Staffing, date], bool]
) -> date | None:
    """The first day that the act takes away from, or leaves without, though it was well before."""
    lost = {day for day in days if is_held(before, day) and not is_held(after, day)}
    was = gaps(days, lambda day: is_held(before, day))
    return min(lost | (gaps(days, lambda day: is_held(after, day)) - was), default=None)
