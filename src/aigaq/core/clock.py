"""The one place that asks what time it is. Instants are aware and in UTC; people see Kazakhstan's time."""

import ctypes
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_SPELLING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)

KAZAKHSTAN = ZoneInfo("Asia/Almaty")
"""UTC+5 since 1 March 2024, the whole country."""


_UNSYNCHRONISED = 5
"""TIME_ERROR of adjtimex(2)."""
_TIMEX = 256
"""Octets; more than the kernel's structure has."""


def is_synchronised() -> bool | None:
    """Whether the kernel says that something keeps its clock right; None where it says nothing."""
    if not sys.platform.startswith("linux"):
        return None
    # All zero: nothing is asked to change.
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX))
    return None if state < 0 else state != _UNSYNCHRONISED


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
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def parse_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`; ``ValueError`` on any other spelling."""
    if not _SPELLING.fullmatch(text):
        message = f"not an instant in UTC with six decimals: {text!r}"
        raise ValueError(message)
    return datetime.fromisoformat(text)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, cut down."""
    return (instant - _EPOCH) // _MILLISECOND


def wall(milliseconds: int) -> int:
    """Shifted to Kazakhstan's wall clock: a page that shows it as UTC needs no zones of its own."""
    shift = instant_of(milliseconds).astimezone(KAZAKHSTAN).utcoffset()
    assert shift is not None
    return milliseconds + round(shift.total_seconds() * 1000)


def instant_of(milliseconds: int) -> datetime:
    """The inverse. ``ValueError`` outside the years that there are."""
    try:
        return _EPOCH + milliseconds * _MILLISECOND
    except OverflowError as error:
        message = f"no instant: {milliseconds} milliseconds since 1970"
        raise ValueError(message) from error
