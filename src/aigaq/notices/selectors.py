"""What somebody has been told, and what could not be carried to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Q, QuerySet

from aigaq.notices import rules
from aigaq.notices.models import Letter, Notice
from aigaq.recordings.selectors import Place
from aigaq.registry.models import Division, Person

PAGE = 30
MOST = 100
"""Unseen ones looked at for the bell; more are “many”."""
BANNERS = 3
"""Urgent ones shown at once; the others come when these were seen."""


@dataclass(frozen=True, slots=True)
class Bell:
    """What the frame of every page tells somebody of their unseen notices."""

    unseen: int
    urgent: Sequence[Notice]
    more_urgent: int
    """Besides those shown."""
    undelivered: int
    """Letters of the division that reached nobody."""

    @property
    def is_full(self) -> bool:
        return self.unseen >= MOST

    @property
    def state(self) -> str:
        """The same as long as nothing about it has changed."""
        shown = ",".join(str(notice.pk) for notice in self.urgent)
        told = f"{self.unseen} {shown} {self.more_urgent} {self.undelivered}"
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NoticesPage:
    notices: Sequence[Notice]
    older: Place | None
    """Where the next page begins; None if this is the last."""


def bell_of(person: Person, keeps: Division | None) -> Bell:
    """One query; one more for who heads or keeps the division `keeps`."""
    unseen = list(Notice.objects.filter(person=person, seen_at=None).order_by("-created_at", "-pk")[:MOST])
    urgent = [notice for notice in unseen if notice.kind in rules.URGENT]
    return Bell(
        unseen=len(unseen),
        urgent=urgent[:BANNERS],
        more_urgent=len(urgent[BANNERS:]),
        undelivered=undelivered(keeps).count() if keeps else 0,
    )


def notices_of(person: Person, *, before: Place | None = None, limit: int = PAGE) -> NoticesPage:
    """The newest first."""
    found = Notice.objects.filter(person=person)
    if before is not None:
        found = found.filter(created_at__lte=before.listed_at)
        found = found.exclude(created_at=before.listed_at, pk__gte=before.id)
    notices = list(found.order_by("-created_at", "-pk")[: limit + 1])
    shown = notices[:limit]
    last = shown[-1] if len(notices) > limit else None
    return NoticesPage(shown, Place(last.created_at, last.pk) if last else None)


def undelivered(division: Division | None = None) -> QuerySet[Letter]:
    """Letters given up while their notice is unseen: somebody has not been told at all. Newest first."""
    found = Letter.objects.filter(next_at=None, sent_at=None, notice__seen_at=None)
    if division is not None:
        found = found.filter(notice__division=division)
    return found.select_related("notice__person").order_by("-notice__created_at", "-pk")


def in_trouble(now: datetime) -> QuerySet[Letter]:
    """Letters of these days that were given up, or were tried in vain already; by address."""
    recent = Letter.objects.filter(sent_at=None, notice__created_at__gte=now - rules.NEWS)
    return recent.filter(Q(next_at=None, attempts__gt=0) | Q(next_at__isnull=False, attempts__gt=1)).order_by(
        "address", "-pk"
    )
