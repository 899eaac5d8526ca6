"""Which reading of a camera's clock applies to a take (`docs/lifecycles/coverage.md`). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

NEAR: Final = 86_400_000
"""Milliseconds. A reading tells of what was taken in within so long of it."""
_EXACT: Final = {"time-code": 0, "time-file": 1}
"""Ways that read a clock exactly, the best first; others prove a bound."""


class Known(StrEnum):
    """How an offset is known. Published codes: they never change."""

    EXACT = "exact"
    AT_LEAST = "at-least"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRead:
    """A reading, in milliseconds since 1970; `offset` is the camera's clock less true time."""

    id: int
    """In their order."""
    way: str
    unload: UUID
    camera: int
    """Where the camera's clock stood."""
    read: int
    """When the server took it."""
    offset: int
    precision: int

    @property
    def is_exact(self) -> bool:
        """Else the clock is off by that much at least."""
        return self.way in _EXACT


@dataclass(frozen=True, slots=True)
class Offset:
    """By how much a camera's clock was ahead, for the judgement; the data stay as they are."""

    ms: int = 0
    known: Known = Known.UNKNOWN
    precision: int = 0
    """Milliseconds."""
    reading: int | None = None
    """Its id."""
    way: str = ""


UNKNOWN: Final = Offset()


def offset_of(camera: int | None, unload: UUID, taken_in: int, readings: Iterable[ClockRead]) -> Offset:
    """For a take that begins at `camera` by its camera, and came with `unload`, at `taken_in`."""
    near = [each for each in readings if abs(each.read - taken_in) <= NEAR]
    bounds = [each for each in near if each.unload == unload and not each.is_exact]

    def rank(each: ClockRead) -> tuple[bool, bool, int, int, int]:
        away = 0 if camera is None else abs(each.camera - camera)
        return not each.is_exact, each.unload != unload, _EXACT.get(each.way, 0), away, -each.id

    possible = (
        each for each in near if each.unload == unload or not any(_disproves(bound, each) for bound in bounds)
    )
    best = min(possible, key=rank, default=None)
    if best is None:
        return UNKNOWN
    known = Known.EXACT if best.is_exact else Known.AT_LEAST
    return Offset(best.offset, known, best.precision, best.id, best.way)


def _disproves(bound: ClockRead, read: ClockRead) -> bool:
    """The clock was off by `bound` at least, in its direction; and `read` says that it was off by less."""
    if not read.is_exact:
        return False
    short = bound.offset - read.offset if bound.offset > 0 else read.offset - bound.offset
    return short > bound.precision + read.precision
