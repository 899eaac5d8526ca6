"""Who looked at what: the index of the ledger's entries about looking, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet

from aigaq.access.models import EnteredLook
from aigaq.core.clock import KAZAKHSTAN, parse_rfc3339, rfc3339

PAGE = 100


@dataclass(frozen=True, slots=True)
class LookPlace:
    """Where a page begins: after this look."""

    at: datetime
    seq: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what ``str()`` gave; None if it is anything else."""
        instant, _, number = text.partition("~")
        try:
            return cls(parse_rfc3339(instant), int(number[:20]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{rfc3339(self.at)}~{self.seq}"


@dataclass(frozen=True, slots=True)
class LookPage:
    """The newest first. `older` is where the next page begins; None if this is the last."""

    looks: Sequence[EnteredLook]
    older: LookPlace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksAt:
    """What is asked for; None is all. Recordings and rows together are those of one duty."""

    division: UUID
    person: UUID | None = None
    recordings: Collection[UUID] | None = None
    rows: Collection[UUID] = ()
    day: date | None = None
    """Of Kazakhstan's calendar."""


def looks(asked: LooksAt, *, before: LookPlace | None = None, limit: int = PAGE) -> LookPage:
    """Along an index, however many there are. Whoever shows them sees to it that its reader may see them."""
    found = _asked(asked)
    if before is not None:
        found = found.filter(at__lte=before.at).exclude(at=before.at, seq__gte=before.seq)
    page = list(found.order_by("-at", "-seq")[: limit + 1])
    last = page[limit - 1] if len(page) > limit else None
    return LookPage(page[:limit], LookPlace(last.at, last.seq) if last else None)


def _asked(asked: LooksAt) -> QuerySet[EnteredLook]:
    found = EnteredLook.objects.filter(division=asked.division)
    if asked.person is not None:
        found = found.filter(person=asked.person)
    if asked.recordings is not None:
        found = found.filter(Q(recording__in=asked.recordings) | Q(row__in=asked.rows))
    if asked.day is not None:
        start = datetime.combine(asked.day, time.min, KAZAKHSTAN)
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return found
