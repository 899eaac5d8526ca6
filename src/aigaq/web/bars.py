"""Numbers over time as a picture: one bar each, in its own units, for an SVG with a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 8, 12, 28
_GAP: Final = 0.25
"""Of a bar's room."""
_LEAST: Final = 2.0
"""Height of what is not nothing."""


@dataclass(frozen=True, slots=True)
class Value:
    number: int
    said: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths as text, since a template would write them as a language does."""

    x: str
    y: str
    width: str
    height: str
    said: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    top: int
    """The largest number, which reaches the upper line."""
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    upper: int = _TOP
    base: int = HEIGHT - _BOTTOM
    label_x: int = _LEFT - 8
    axis_y: int = HEIGHT - 8


def bars(values: Sequence[Value], *, first: str, last: str) -> Bars | None:
    """None where there is nothing to draw."""
    top = max((value.number for value in values), default=0)
    if not top and not any(value.is_bad for value in values):
        return None
    room = (WIDTH - _LEFT - _RIGHT) / len(values)
    inner = HEIGHT - _TOP - _BOTTOM

    def bar(place: int, value: Value) -> Bar:
        height = max(_LEAST if value.number or value.is_bad else 0.0, inner * value.number / max(top, 1))
        return Bar(
            x=f"{_LEFT + room * (place + _GAP / 2):.1f}",
            y=f"{HEIGHT - _BOTTOM - height:.1f}",
            width=f"{room * (1 - _GAP):.1f}",
            height=f"{height:.1f}",
            said=value.said,
            is_bad=value.is_bad,
        )

    return Bars(tuple(bar(place, value) for place, value in enumerate(values)), top, first, last)
