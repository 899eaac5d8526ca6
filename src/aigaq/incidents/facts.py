"""What the rules of incidents are given beside an entry, and what they give back: values, no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.incidents.models import Kind
from aigaq.journal.models import ThingKind


@dataclass(frozen=True, slots=True)
class Thing:
    """A recorder or card of the row."""

    id: str
    number: str
    times_found: int = 0
    """How often it had been found again by then: what was lost before is another loss."""


@dataclass(frozen=True, slots=True)
class Left:
    """A pause or a failure on the row that had no end when the entry was written."""

    id: str
    seq: int
    at: datetime
    why: str
    """Its reason or cause, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacts:
    """The row that an entry speaks of, as it stood at that entry."""

    id: str
    number: int
    book: str
    inspector: str
    things: Mapping[ThingKind, Thing]
    issued: int
    """The entry of the issue."""
    seal_set: str = ""
    """As corrected by then."""
    seal_corrected: tuple[int, ...] = ()
    """The entries that corrected it."""
    pauses: tuple[Left, ...] = ()
    failures: tuple[Left, ...] = ()
    returned: int | None = None
    """The entry of the return, if there was one before."""

    @property
    def facts(self) -> dict[str, Json]:
        """For every sentence about the row."""
        return {
            "book": self.book,
            "row": self.number,
            "inspector": self.inspector,
            "number": self.things[ThingKind.RECORDER].number,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that does not add up. `key` makes it this and no other; `facts` are for its sentence."""

    kind: Kind
    division: UUID
    row: UUID | None
    key: str
    facts: Mapping[str, Json]
    evidence: tuple[int, ...]
    occurred_at: datetime
