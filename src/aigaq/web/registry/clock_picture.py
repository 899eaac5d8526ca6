"""A recorder's clock over time as a picture: points and lines in the picture's own units, for an SVG.

The scale is symmetrical and logarithmic, since a clock may be off by seconds or by half a century. Every
point stands in a table beside it as well, so nobody needs to see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10
from typing import Final

from django.utils.translation import gettext as _

from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import ClockReading
from aigaq.web import dates
from aigaq.web.durations import duration_in_words

WIDTH: Final = 720
HEIGHT: Final = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 16, 16, 32
_TICKS: Final = (60, 3600, 86_400, 31_556_952)
"""Seconds at which a line is drawn: a minute, an hour, a day, a year."""
_LEAST_SPAN: Final = 120
"""Seconds that the scale reaches at least."""
_MARK: Final = 5


@dataclass(frozen=True)
class Point:
    """Where a reading stands; numbers as text, since a template would write them as a language does."""

    x: str
    y: str
    is_exact: bool
    is_ahead: bool
    is_off: bool
    said: str

    @property
    def arrow(self) -> str:
        """Of a bound: it may lie further out."""
        x, y = float(self.x), float(self.y)
        tip = y - 2 * _MARK if self.is_ahead else y + 2 * _MARK
        return f"{_number(x - _MARK)},{self.y} {_number(x + _MARK)},{self.y} {self.x},{_number(tip)}"


@dataclass(frozen=True)
class Line:
    y: str
    label: str


@dataclass(frozen=True)
class ClockPicture:
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    zero: str
    band_top: str
    band_height: str
    first: str
    last: str
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM
    inner_width: int = WIDTH - _LEFT - _RIGHT
    label_x: int = _LEFT - 8
    axis_y: int = HEIGHT - 10

    @property
    def path(self) -> str:
        """From one exact reading to the next."""
        return " ".join(f"{point.x},{point.y}" for point in self.points if point.is_exact)


def picture(readings: Sequence[ClockReading]) -> ClockPicture | None:
    """The readings, the oldest first; None where there is none."""
    if not readings:
        return None
    allowed = readings[-1].allowed_ms / 1000
    reach = max(_LEAST_SPAN, 2 * allowed, *(abs(each.offset_ms) / 1000 for each in readings)) * 1.5
    begun, ended = readings[0].read_at, readings[-1].read_at

    def y(seconds: float) -> float:
        share = log10(1 + abs(seconds)) / log10(1 + reach)
        middle, half = (_TOP + HEIGHT - _BOTTOM) / 2, (HEIGHT - _BOTTOM - _TOP) / 2
        return middle - (share if seconds > 0 else -share) * half

    return ClockPicture(
        points=tuple(
            _point(each, _x(each.read_at, begun, ended), y(each.offset_ms / 1000)) for each in readings
        ),
        lines=tuple(Line(_number(y(sign * tick)), label) for sign, tick, label in _lines(reach)),
        zero=_number(y(0)),
        band_top=_number(y(allowed)),
        band_height=_number(y(-allowed) - y(allowed)),
        first=dates.day(begun.astimezone(KAZAKHSTAN).date()),
        last=dates.day(ended.astimezone(KAZAKHSTAN).date()),
        summary=_summary(readings),
    )


def _number(value: float) -> str:
    return f"{value:.1f}"


def _x(at: datetime, begun: datetime, ended: datetime) -> float:
    span = (ended - begun).total_seconds()
    share = (at - begun).total_seconds() / span if span > 0 else 0.5
    inner = WIDTH - _LEFT - _RIGHT - 4 * _MARK
    return _LEFT + 2 * _MARK + share * inner


def _point(reading: ClockReading, x: float, y: float) -> Point:
    return Point(
        x=_number(x),
        y=_number(y),
        is_exact=reading.is_exact,
        is_ahead=reading.offset_ms > 0,
        is_off=abs(reading.offset_ms) > reading.allowed_ms,
        said=f"{dates.moment(reading.read_at)}: {offset_in_words(reading)}",
    )


def _lines(reach: float) -> Iterator[tuple[int, int, str]]:
    for tick in _TICKS:
        if tick < reach:
            yield 1, tick, _("{length} ahead").format(length=duration_in_words(tick))
            yield -1, tick, _("{length} behind").format(length=duration_in_words(tick))


def offset_in_words(reading: ClockReading) -> str:
    """How far it was off, in which direction, and whether that is known exactly."""
    length = duration_in_words(reading.offset_ms / 1000)
    if reading.is_exact and abs(reading.offset_ms) <= reading.precision_ms:
        return _("right to {length}").format(length=duration_in_words(reading.precision_ms / 1000))
    match reading.offset_ms > 0, reading.is_exact:
        case True, True:
            template = _("{length} ahead")
        case False, True:
            template = _("{length} behind")
        case True, False:
            template = _("at least {length} ahead")
        case _other:
            template = _("at least {length} behind")
    return template.format(length=length)


def _summary(readings: Sequence[ClockReading]) -> str:
    off = sum(abs(each.offset_ms) > each.allowed_ms for each in readings)
    return _(
        "{readings} readings, of which {off} were off by more than is allowed. The last: {last}."
    ).format(readings=len(readings), off=off, last=offset_in_words(readings[-1]))
