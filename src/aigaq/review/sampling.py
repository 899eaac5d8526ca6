"""Which duties of a month are looked through: nobody chose them, and everybody can draw them again.

The format is `docs/lifecycles/sample-review.md`. Pure; knows no Django.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from aigaq.core.clock import KAZAKHSTAN
from aigaq.regulation.profile import SampleRule

VERSION: Final = "aigaq sample 1"
MONTHS: Final = 3
"""Before the present one, of which a draw is made and can be held against the ledger."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Ids as the ledger spells them."""

    row: str
    inspector: str


@dataclass(frozen=True, slots=True)
class Month:
    """Of Kazakhstan's calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, at: datetime) -> "Month":
        local = at.astimezone(KAZAKHSTAN)
        return cls(local.year, local.month)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, KAZAKHSTAN)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return self.next.begins

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def seed_of(division: str, month: Month, size: int, root: bytes) -> str:
    """`root` is that of the ledger's first `size` entries: the last of them is the first after the month."""
    text = f"{VERSION}\n{division}\n{month}\n{size}\n{root.hex()}\n"
    return hashlib.sha256(text.encode()).hexdigest()


def rank(seed: str, row: str) -> str:
    """The lower, the sooner drawn."""
    return hashlib.sha256(f"{seed}\n{row}\n".encode()).hexdigest()


def draw(seed: str, duties: Iterable[Duty], rule: SampleRule) -> list[Duty]:
    """In the order of their ranks: of each inspector so many in a hundred, and so many of all at least."""
    order = sorted(duties, key=lambda duty: rank(seed, duty.row))
    of_each: dict[str, list[Duty]] = {}
    for duty in order:
        of_each.setdefault(duty.inspector, []).append(duty)
    drawn = {duty.row for held in of_each.values() for duty in held[: share(len(held), rule.percent)]}
    for duty in order:
        if len(drawn) >= rule.least:
            break
        drawn.add(duty.row)
    return [duty for duty in order if duty.row in drawn]


def share(duties: int, percent: int) -> int:
    """Rounded up: of who had a duty at all, one is drawn at least."""
    return -(-duties * percent // 100)


def population_digest(duties: Iterable[Duty]) -> str:
    """Of all that could have been drawn."""
    lines = sorted(f"{duty.row} {duty.inspector}\n" for duty in duties)
    return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"


def ids(duties: Sequence[Duty]) -> list[list[str]]:
    """As the entry has them."""
    return [[duty.row, duty.inspector] for duty in duties]


def rule_in(body: Mapping[str, object]) -> SampleRule:
    """As the entry states it. Raises ``KeyError`` and the like."""
    percent, least, days = body["percent"], body["least"], body["days"]
    if not (type(percent) is type(least) is type(days) is int):
        raise TypeError
    return SampleRule(percent=percent, least=least, days=days)
