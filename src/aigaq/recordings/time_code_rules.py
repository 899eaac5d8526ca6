"""What follows from time codes for a recording: to which row it belongs, and what contradicts what. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from aigaq.timecode.film import Read, Verdict

APART: Final = timedelta(seconds=10)
"""By more than that two exact readings of a clock within one unloading contradict each other.

A clock drifts by a few seconds a day, and names of files tell whole seconds or two.
"""
BEFORE_ISSUE: Final = timedelta(minutes=15)
"""So long before its issue a recorder may have been switched on: for the check before use."""

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Belongs(Generic[RowT]):
    """What the codes of a film say of its row."""

    reads: tuple[Read, ...]
    decides: bool
    """The codes say it, whatever the card says."""
    row: RowT | None = None
    """Where they decide: of none if they contradict each other or the card, and a person has to look."""


def belongs(
    reads: Sequence[Read],
    row_of: Mapping[int, RowT],
    *,
    own: RowT | None,
    was_out_on: Callable[[RowT], bool],
    may_bind: bool,
) -> Belongs[RowT]:
    """`own` is the row that the card's signs lead to; `was_out_on`: whether card or recorder was on a row.

    With `may_bind` nobody knows the card; without, and without `own`, its signs are doubtful and codes settle
    nothing: a card that was tampered with stays a matter for people.
    """
    named = [row_of[each.showing] for each in reads if each.verdict is Verdict.LIVE and each.showing]
    if not named or (own is None and not may_bind):
        return Belongs(tuple(reads), decides=False)
    if own is None:
        one = all(row == named[0] for row in named)
        wrong = [] if one else named
    else:
        wrong = [row for row in named if row != own and not was_out_on(row)]
    if wrong:
        return Belongs(_marked(reads, row_of, wrong), decides=True)
    if own in named:
        return Belongs(tuple(reads), decides=False)
    return Belongs(tuple(reads), decides=True, row=named[0])


def _marked(reads: Sequence[Read], row_of: Mapping[int, RowT], wrong: Sequence[RowT]) -> tuple[Read, ...]:
    return tuple(
        replace(each, verdict=Verdict.OTHER_ROW)
        if each.verdict is Verdict.LIVE and each.showing and row_of[each.showing] in wrong
        else each
        for each in reads
    )


def contradiction(offset: timedelta, others: Sequence[timedelta]) -> timedelta | None:
    """How far this reading of a clock is from the one of the same unloading that it contradicts most."""
    most = max((abs(offset - other) for other in others), default=timedelta(0))
    return most if most > APART else None


def is_of_duty(began_at: datetime, *, issued_at: datetime, ended_at: datetime, allowed: timedelta) -> bool:
    """Whether a recording that began then, by the server's clock, was made on a duty."""
    return issued_at - BEFORE_ISSUE <= began_at <= ended_at + allowed
