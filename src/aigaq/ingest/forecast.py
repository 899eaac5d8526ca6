"""How long the vault's disk lasts, and how often that is told. Pure: numbers in, its reasons out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WINDOW: Final = 30
"""Days looked back on."""
LATELY: Final = 7
"""Days of the nearer past: an office that takes in more by now is told by these."""
THRESHOLDS: Final = (7, 14, 30)
"""Days left at which head and custodian are told, once each time that they are crossed."""
WIDE: Final = 1.2
"""So much more than a threshold must be left until it counts as behind us."""
FURTHEST: Final = 3653
"""Days of ten years; what lasts longer is not told apart."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """All sizes in octets, as they are on the disk."""

    free: int
    """What recordings may still take."""
    month: float
    """A day, by the last `WINDOW` days, or as many as there are."""
    week: float
    """A day, by the last `LATELY` of them."""
    days: int | None
    """Whole days that it lasts at the faster of both, at most `FURTHEST`; None while nothing was taken in."""
    days_seen: int

    @property
    def per_day(self) -> float:
        return max(self.month, self.week)

    @property
    def is_beyond(self) -> bool:
        """It lasts longer than anybody foretells: for more than ten years."""
        return self.days == FURTHEST

    @property
    def by_week(self) -> bool:
        """The last days decide, since they brought more."""
        return self.week > self.month


def forecast(free: int, intake: Mapping[date, int], today: date, *, since: date | None = None) -> Forecast:
    """`intake` says how many octets came on which day; today is not over, and counts only where it is all.

    `since` is a day by which there was something: days on which nothing came count from then on.
    """
    first = min((day for day, octets in intake.items() if octets), default=today)
    seen = min(WINDOW, max(1, (today - min(first, since or first)).days))
    is_all = first >= today
    month = _mean(intake, today, seen, is_all=is_all)
    week = _mean(intake, today, min(LATELY, seen), is_all=is_all)
    per_day = max(month, week)
    days = min(FURTHEST, int(max(0, free) / per_day)) if per_day else None
    return Forecast(max(0, free), month, week, days, seen)


def _mean(intake: Mapping[date, int], today: date, days: int, *, is_all: bool) -> float:
    """Of so many days; of today too where it `is_all` that there is."""
    backwards = range(0 if is_all else 1, days + 1)
    return sum(intake.get(today - timedelta(days=back), 0) for back in backwards) / days


def level(days: int | None) -> int:
    """The threshold that is reached: the smallest not below `days`; 0 where none is."""
    if days is None:
        return 0
    return next((threshold for threshold in THRESHOLDS if days <= threshold), 0)


def to_tell(told: int, days: int | None) -> int | None:
    """What level is to be entered now, where `told` was the last; None where nothing is.

    A lower one is told at once. A higher one, or 0, only once it is well behind, so that a disk about a
    threshold does not tell of it every other day.
    """
    now = level(days)
    if now == told:
        return None
    if now and (told == 0 or now < told):
        return now
    is_behind = days is None or days > told * WIDE
    return now if is_behind else None
