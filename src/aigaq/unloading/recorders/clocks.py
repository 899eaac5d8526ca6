"""What a card tells of its recorder's clock, and what is doubtful in a time that it wrote (R6.1, R17.1).

`offset` is always the recorder's clock less the server's: above nought it is ahead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aigaq.core.clock import KAZAKHSTAN
from aigaq.unloading.recorders.takes import ReadName

LEAST: Final = timedelta(seconds=2)
"""FAT writes times in steps of two seconds, and a recorder may round as well: less proves nothing."""


class Way(StrEnum):
    """How a reading came about. Published codes: they never change."""

    TIME_FILE = "time-file"
    """The recorder wrote its own time into a file when it was plugged in."""
    TIME_CODE = "time-code"
    """The recorder filmed a time code: `docs/formats/time-code.md`."""
    FUTURE_FILE = "future-file"
    """A file begins after now: the clock is at least so far ahead."""
    PAST_FILE = "past-file"
    """A file begins before the card was last empty: the clock was at least so far behind."""


@dataclass(frozen=True, slots=True)
class Measured:
    way: Way
    device_at: datetime
    server_at: datetime
    """With what it is compared: now, or when the card was empty."""
    precision: timedelta
    path: str
    """Of the file that tells."""

    @property
    def offset(self) -> timedelta:
        return self.device_at - self.server_at

    @property
    def is_exact(self) -> bool:
        """Otherwise the clock is at least so far off, in this direction."""
        return self.way in {Way.TIME_FILE, Way.TIME_CODE}


def bounds(
    names: Iterable[ReadName],
    *,
    now: datetime,
    emptied_at: datetime | None,
) -> list[Measured]:
    """What the beginnings of files prove. `emptied_at` is when the card last had none, if that is known.

    Every file of a card was written after it was empty and before now, by the clock of the world.
    """
    found = []
    # From when to when it may have begun: a name may tell the minute, or the day, and no more.
    timed = [
        (each.at, each.at + (each.fields.span if each.fields else timedelta()), each.path)
        for each in names
        if each.at is not None
    ]
    if timed:
        at, _, path = max(timed, key=lambda each: (each[0], each[2]))
        if at - now > LEAST:
            found.append(Measured(Way.FUTURE_FILE, at, now, LEAST, path))
    if timed and emptied_at is not None:
        _, at, path = min(timed, key=lambda each: (each[1], each[2]))
        if emptied_at - at > LEAST:
            found.append(Measured(Way.PAST_FILE, at, emptied_at, LEAST, path))
    return found


class Doubt(StrEnum):
    """What is doubtful in the time of a recording. Published codes: they never change."""

    NO_TIME = "no-time"
    AFTER_TAKEN_IN = "after-taken-in"
    """It begins after the server took it in."""
    BEFORE_ISSUE = "before-issue"
    AFTER_RETURN = "after-return"
    CLOCK_AT_START = "clock-at-start"
    """A year in which a clock stands that lost its power: 1970, 1980, 2000 and the like."""
    CLOCK_OFF = "clock-off"
    """The clock was read, near this recording, and was off by more than is allowed."""
    WHOLE_HOURS = "whole-hours"
    """… by whole hours: the zone is set wrongly."""


START_YEARS: Final = frozenset({1970, 1980, 2000, 2010, 2012, 2015, 2036, 2038, 2107})
"""Where clocks of cameras begin, or end up."""
_HOUR: Final = 3600
_NEAR_AN_HOUR: Final = 120
_MOST_HOURS: Final = 14


def is_whole_hours(offset: timedelta) -> bool:
    """Off by one hour or more, and by nothing else: as a zone or summer time makes it."""
    seconds = abs(offset.total_seconds())
    hours = round(seconds / _HOUR)
    return 1 <= hours <= _MOST_HOURS and abs(seconds - hours * _HOUR) <= _NEAR_AN_HOUR


def doubts(
    recorded_at: datetime | None,
    *,
    ingested_at: datetime,
    issued_at: datetime | None = None,
    returned_at: datetime | None = None,
    offset: timedelta | None = None,
    allowed: timedelta = timedelta(seconds=60),
) -> list[Doubt]:
    """All that is doubtful in the time of a recording; `offset` is what was read of the clock beside it."""
    if recorded_at is None:
        return [Doubt.NO_TIME]
    found = []
    if recorded_at.astimezone(KAZAKHSTAN).year in START_YEARS and abs(recorded_at - ingested_at) > timedelta(
        days=366
    ):
        found.append(Doubt.CLOCK_AT_START)
    if recorded_at > ingested_at + LEAST:
        found.append(Doubt.AFTER_TAKEN_IN)
    elif issued_at is not None and recorded_at < issued_at - allowed:
        found.append(Doubt.BEFORE_ISSUE)
    elif returned_at is not None and recorded_at > returned_at + allowed:
        found.append(Doubt.AFTER_RETURN)
    if offset is not None and abs(offset) > allowed:
        found.append(Doubt.WHOLE_HOURS if is_whole_hours(offset) else Doubt.CLOCK_OFF)
    return found
