"""When the server's clock is not trusted with a disposal. Pure.

A clock that runs ahead would let everything go at once. What is trusted is how far the ledger has come
without a hole: as long as entries follow one another within some days, time has passed as they say. Beyond a
longer hole nobody can tell a long holiday from a clock set to 2035, so the head says which day it is. From
then on the same is asked of what is written after that.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import AigaqError
from aigaq.retention.errors import ClockAheadError, ClockBehindError, ClockTrustedError, OtherDayError

BACK: Final = timedelta(minutes=1)
"""A clock that is being set right may go back so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    now: datetime
    reached: datetime
    """The last entry before the first hole in the ledger, since the head last confirmed the day."""
    newest: datetime
    """The highest time that any entry has since then."""


def obstacle(clock: Clock, gap_days: int) -> AigaqError | None:
    """Why nothing may be disposed of now."""
    if clock.now < clock.newest - BACK:
        return ClockBehindError(now=_shown(clock.now), newest=_shown(clock.newest))
    if clock.now - clock.reached > timedelta(days=gap_days):
        return ClockAheadError(now=_shown(clock.now), reached=_shown(clock.reached), days=gap_days)
    return None


def refusal_to_confirm(clock: Clock, gap_days: int, day: date) -> AigaqError | None:
    """`day` is what the head typed, without having been shown it."""
    if obstacle(clock, gap_days) is None:
        return ClockTrustedError()
    return None if day == clock.now.astimezone(KAZAKHSTAN).date() else OtherDayError()


def _shown(at: datetime) -> str:
    return at.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M")
