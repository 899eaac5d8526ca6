"""How much of a file one entry lets out: a stretch of its octets. Pure.

A player asks for one file in a hundred parts, and reads on while nobody watches. An entry for each would
bury the ledger; one for the whole file would say too much. So a file is cut into blocks of about half a
minute, and an entry grants whole blocks: one where somebody looks in, more where they stay (`Scale.grant`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

BLOCK_SECONDS: Final = 30
MOST: Final = 10
"""Blocks that one entry grants at most: five minutes."""
LASTS: Final = timedelta(minutes=15)
"""How long a stretch that was entered may be sent again without another entry, to the same viewing."""
_LEAST: Final = 512 * 1024
_WITHOUT_LENGTH: Final = 4 * 1024 * 1024
"""Octets of a block where nobody knows how long the file lasts."""
_BLOCKS: Final = 1000
"""Of a file at most, however long it says that it lasts."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Octets `first` to `last`, both included; of an empty file `last` is -1."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A file of `size` octets that lasts `seconds`, if that is known."""

    size: int
    seconds: float | None = None

    @property
    def block(self) -> int:
        """Octets."""
        asked = _WITHOUT_LENGTH
        if self.seconds is not None and self.seconds > 0:
            asked = ceil(self.size / max(1.0, self.seconds / BLOCK_SECONDS))
        return max(asked, _LEAST, ceil(self.size / _BLOCKS))

    def grant(self, granted: Collection[Stretch], offset: int) -> Stretch:
        """The stretch to be entered before the octet at `offset` is sent, which none of `granted` has.

        It begins with the block that has the octet, or after what is granted before it. Where it follows on
        something granted it is as long as that, up to `MOST` blocks: who watches on is entered ever less
        often, who only looks in is told to the half minute.
        """
        block = self.block
        first = offset // block * block
        first = max([first, *(each.last + 1 for each in granted if first <= each.last < offset)])
        before = _run_up_to(granted, first)
        blocks = min(MOST, max(1, before // block))
        last = (first // block + blocks) * block - 1
        ahead = (each.first - 1 for each in granted if each.first > offset)
        return Stretch(first, min([last, self.size - 1, *ahead]))

    def milliseconds(self, stretch: Stretch) -> tuple[int, int] | None:
        """From and until when it lasts, reckoned by its octets; None where that is not known."""
        if self.seconds is None or not self.size:
            return None
        scale = self.seconds * 1000 / self.size
        return int(stretch.first * scale), ceil((stretch.last + 1) * scale)


class Whole(Scale):
    """For what is had as a whole: a copy, a still picture."""

    def grant(self, granted: Collection[Stretch], offset: int) -> Stretch:  # noqa: ARG002 - as of a scale
        return Stretch(0, self.size - 1)


def reach(granted: Collection[Stretch], offset: int) -> int | None:
    """The last octet up to which all from `offset` on are granted; None if it is not itself."""
    last = None
    for each in sorted(granted, key=lambda one: one.first):
        if each.first <= (offset if last is None else last + 1) <= each.last:
            last = each.last
    return last


def _run_up_to(granted: Collection[Stretch], first: int) -> int:
    """Octets that are granted without a hole right before `first`."""
    begun = first
    for each in sorted(granted, key=lambda one: one.last, reverse=True):
        if each.first < begun <= each.last + 1:
            begun = each.first
    return first - begun
