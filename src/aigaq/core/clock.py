"""The one place that asks what time it is. Instants are aware and in UTC; people see Kazakhstan's time."""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

KAZAKHSTAN = ZoneInfo("Asia/Almaty")
"""UTC+5 since 1 March 2024, the whole country."""


class Clock(Protocol):
    def now(self) -> datetime:
        """This instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved; for tests and for replaying a story."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


def rfc3339(instant: datetime) -> str:
    """`instant` in UTC with six decimals and ``Z``: the one spelling used in what is hashed."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`; ``ValueError`` on any other spelling."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
