"""Where an instant lies in the picture of a duty, and which hours are written under it. Pure.

Places are shares of the width, so the picture fits any screen and its letters keep their size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aigaq.core.clock import KAZAKHSTAN, instant_of, wall
from aigaq.core.intervals import Interval

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_STEPS: Final = (
    10_000, 30_000,
    _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE,
    _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 7 * _DAY, 28 * _DAY, 364 * _DAY,
)  # fmt: skip
_ROOM: Final = (4, 11, 40, 150)
"""How many letterings there is room for: on a phone, on a wide screen, and there drawn larger and larger."""
_LEAST: Final = _MINUTE
_EDGE: Final = 4
LEAST_WIDTH: Final = 0.15
"""Per cent: what is there is seen."""


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    label: str
    level: int
    """From which room on it is drawn: 0 is a phone."""
    anchor: str
    """Which end of the lettering stands there, so that none is cut off."""


@dataclass(frozen=True, slots=True)
class Box:
    """From where, and how wide: both with their per cent."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Milliseconds since 1970, at least a minute of them."""

    span: Interval

    @classmethod
    def over(cls, start: int, end: int) -> "Axis":
        return cls(Interval(start, max(end, start + _LEAST)))

    def x(self, at: int) -> str:
        return _per_cent(self._share(at))

    def box(self, start: int, end: int) -> Box:
        """Of what lies within the span; cut off where it goes beyond."""
        begun, ended = self._share(start), self._share(end)
        width = max(ended - begun, LEAST_WIDTH)
        return Box(_per_cent(min(begun, 100 - width)), _per_cent(width))

    def ticks(self) -> Iterator[Tick]:
        """In their order; whole minutes and hours of Kazakhstan's day."""
        steps = self._steps()
        shift = wall(self.span.start) - self.span.start
        finest = steps[-1]
        at = -(-(self.span.start + shift) // finest) * finest
        while at <= self.span.end + shift:
            level = next(level for level, step in enumerate(steps) if at % step == 0)
            yield Tick(self.x(at - shift), _lettering(at - shift, finest), level, self._anchor(at - shift))
            at += finest

    def _anchor(self, at: int) -> str:
        share = self._share(at)
        if share < _EDGE:
            return "start"
        return "end" if share > 100 - _EDGE else "middle"

    def _steps(self) -> list[int]:
        """For each room, the finest that fits; what is drawn where there is less is drawn in all larger."""
        found: list[int] = []
        for room in _ROOM:
            coarser = found[-1] if found else _STEPS[-1]
            fits = (s for s in _STEPS if coarser % s == 0 and self.span.length // s < room)
            found.append(next(fits, coarser))
        return found

    def _share(self, at: int) -> float:
        return min(100.0, max(0.0, 100 * (at - self.span.start) / self.span.length))


def _lettering(at: int, step: int) -> str:
    local = instant_of(at).astimezone(KAZAKHSTAN)
    if step >= _DAY:
        return f"{local:%d.%m.}"
    return f"{local:%H:%M:%S}" if at % _MINUTE else f"{local:%H:%M}"


def _per_cent(share: float) -> str:
    return f"{share:.3f}%"
