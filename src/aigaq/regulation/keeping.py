"""Until when a recording is kept (R13.1), and until when a store has to refuse to delete it. Pure.

Paragraph 13 counts years, so calendar years count: in Kazakhstan's calendar, from the day on which the server
took the recording in, to the end of that day so many years later.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from aigaq.core.clock import KAZAKHSTAN

LEAST_YEARS: Final = 3
"""Of paragraph 13, whatever a profile says: one that says less was not written by the ministry."""
MARGIN: Final = timedelta(days=31)
"""Beyond the last day: a disposal is proposed, signed and carried out after it, not on it."""


def kept_until(taken_in: datetime, years: int) -> date:
    """The last day on which what was taken in at `taken_in` is kept; on the next one it may go.

    The 29th of February ends, where there is none, with the 1st of March. ``ValueError`` for less than a
    year, or an instant without a zone.
    """
    if years < 1 or taken_in.tzinfo is None:
        message = f"no term: {taken_in}, {years} years"
        raise ValueError(message)
    day = taken_in.astimezone(KAZAKHSTAN).date()
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def taken_in_before(day: date) -> datetime:
    """What is kept until a day before `day` was taken in before this instant, whatever its term."""
    try:
        first = day.replace(year=day.year - LEAST_YEARS)
    except ValueError:
        first = date(day.year - LEAST_YEARS, 3, 1)
    return datetime.combine(first, time.min, KAZAKHSTAN)


def is_over(last: date, now: datetime) -> bool:
    """Whether the last day has ended, in Kazakhstan's time."""
    return now.astimezone(KAZAKHSTAN).date() > last


def locked_until(taken_in: datetime, years: int, margin: timedelta = MARGIN) -> datetime:
    """The instant, in UTC, before which nothing taken in at `taken_in` can be deleted. Never too early.

    ``ValueError`` as `kept_until`, and for a negative margin.
    """
    if margin < timedelta(0):
        message = f"no lock: {margin}"
        raise ValueError(message)
    ends = datetime.combine(kept_until(taken_in, years) + timedelta(days=1), time.min, KAZAKHSTAN)
    return (ends + margin).astimezone(UTC)
