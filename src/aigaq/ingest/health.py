"""How a card fares: derived from unloadings and entries whenever it is asked, and kept nowhere else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum

from aigaq.ingest.models import Sighting, Unload
from aigaq.recordings.models import FlawedReading
from aigaq.registry.models import Card, Division, State

_UNREAD: Final = frozenset({"file.unreadable", "file.unreadable-directory"})
_NO_ANSWER: Final = "card.no-answer"
_GONE: Final = "card.gone"
_DOCK_STOPPED: Final = "unload.dock-stopped"
_DISAGREE: Final = "file.reads-disagree"
_PARTIAL: Final = "file.partial"
_PROTECTED: Final = frozenset({"card.write-protected", "card.not-writable"})
_FAULTY: Final = frozenset({*_UNREAD, _NO_ANSWER, _DISAGREE, _PARTIAL})
_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Limits:
    """From what on a card is to be retired; 0: that does not count."""

    errors: int = 3
    """Unloadings at which it could not be read without fault."""
    partial: int = 1
    """Recordings of which something is missing, or that it gave in two ways."""
    protected: int = 2
    """Unloadings at which it could not be written: flash that is worn out ends like that."""
    years: int = 5
    """Since it was registered."""
    cycles: int = 1000
    """Times that it was cleared."""
    fillings: int = 300
    """Times its own size that was written on it."""


class Reason(StrEnum):
    ERRORS = "errors"
    PARTIAL = "partial"
    PROTECTED = "protected"
    YEARS = "years"
    CYCLES = "cycles"
    FILLINGS = "fillings"


@dataclass(frozen=True, slots=True)
class Moment:
    """One unloading of a card."""

    unload: UUID
    at: datetime
    octets: int
    faults: int
    """Things that went wrong with reading or writing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is known of one card by now."""

    card: Card
    unloads: int
    faulty: int
    """Unloadings at which it could not be read without fault."""
    read_errors: int
    """Reads that failed."""
    partial: int
    missing: int
    """Octets."""
    protected: int
    cycles: int
    written: int
    """Octets, over its life with us."""
    years: float
    last: datetime | None

    @property
    def fillings(self) -> float:
        """How often it was written full; 0 where its size is not known."""
        return self.written / self.card.capacity if self.card.capacity else 0.0

    def reasons(self, limits: Limits) -> tuple[Reason, ...]:
        """Why it is to be retired, the gravest first; none where it is sound."""
        found = {
            Reason.PARTIAL: (self.partial, limits.partial),
            Reason.ERRORS: (self.faulty, limits.errors),
            Reason.PROTECTED: (self.protected, limits.protected),
            Reason.FILLINGS: (self.fillings, limits.fillings),
            Reason.CYCLES: (self.cycles, limits.cycles),
            Reason.YEARS: (self.years, limits.years),
        }
        return tuple(reason for reason, (value, limit) in found.items() if limit and value >= limit)


def health_of(cards: Iterable[Card], now: datetime) -> list[Health]:
    """In their order; four queries, however many there are."""
    cards = list(cards)
    ids = [card.pk for card in cards]
    told = _told(ids)
    flawed = _flawed(ids)
    written = dict(
        Sighting.objects.filter(unload__card__in=ids)
        .values_list("unload__card")
        .annotate(octets=Sum("file__blob__size", filter=Q(file__recording__unload=F("unload"))))
    )
    runs = {
        each["card"]: each
        for each in Unload.objects.filter(card__in=ids)
        .values("card")
        .annotate(count=Count("pk"), cycles=Count("pk", filter=Q(cleared__gt=0)), last=Max("started_at"))
    }
    return [
        _health(
            card,
            runs.get(card.pk, {}),
            told[card.pk],
            flawed.get(card.pk, {}),
            written=written.get(card.pk) or 0,
            now=now,
        )
        for card in cards
    ]


def to_retire(division: Division, limits: Limits, now: datetime) -> list[tuple[Health, tuple[Reason, ...]]]:
    """Cards of a division that should be set aside, the worst first; none that is retired already."""
    cards = Card.objects.filter(division=division).exclude(state__in=(State.RETIRED, State.LOST))
    found = [
        (health, health.reasons(limits)) for health in health_of(cards.order_by("inventory_number"), now)
    ]
    bad = [each for each in found if each[1]]
    return sorted(bad, key=lambda each: (-len(each[1]), list(Reason).index(each[1][0])))


def history_of(card: Card, *, limit: int) -> list[Moment]:
    """The newest unloadings of it, the oldest of them first."""
    runs = list(Unload.objects.filter(card=card).order_by("-started_at")[:limit])[::-1]
    errors = dict(
        FlawedReading.objects.filter(unload__in=[run.pk for run in runs])
        .values_list("unload")
        .annotate(found=Count("pk"))
    )
    return [
        Moment(run.pk, run.started_at, run.octets_total, max(_faults(run), errors.get(run.pk, 0)))
        for run in runs
    ]


def _told(ids: Sequence[UUID]) -> dict[UUID, Counter[str]]:
    """By card, at how many unloadings which thing was told; `faulty` and `disagree` once for each."""
    found: dict[UUID, Counter[str]] = {card: Counter() for card in ids}
    flawed = set(FlawedReading.objects.filter(card__in=ids).values_list("unload", flat=True))
    rows = Unload.objects.filter(
        Q(problem_count__gt=0)
        | Q(pk__in=flawed)
        | Q(reason=_NO_ANSWER)
        | Q(reason=_DOCK_STOPPED, reason_facts__cause=_NO_ANSWER),
        card__in=ids,
    )
    for pk, card, *ended in rows.values_list("pk", "card", "reason", "reason_facts", "problems"):
        codes, counts = _codes(*ended), found[card]
        counts["faulty"] += not _FAULTY.isdisjoint(codes) or pk in flawed
        counts["protected"] += not _PROTECTED.isdisjoint(codes)
        counts["disagree"] += codes.count(_DISAGREE)
    return found


def _flawed(ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    rows = FlawedReading.objects.filter(card__in=ids).values("card")
    return {
        each["card"]: {name: each[name] or 0 for name in ("failed", "octets", "files")}
        for each in rows.annotate(
            failed=Sum("errors"), octets=Sum("missing"), files=Count("pk", filter=Q(missing__gt=0))
        )
    }


def _health(
    card: Card,
    run: Mapping[str, Any],
    told: Counter[str],
    flawed: Mapping[str, int],
    *,
    written: int,
    now: datetime,
) -> Health:
    return Health(
        card=card,
        unloads=run.get("count", 0),
        faulty=told["faulty"],
        read_errors=flawed.get("failed", 0),
        partial=flawed.get("files", 0) + told["disagree"],
        missing=flawed.get("octets", 0),
        protected=told["protected"],
        cycles=run.get("cycles", 0),
        written=written,
        years=(now - card.created_at).days / _YEAR,
        last=run.get("last"),
    )


def _codes(reason: str, reason_facts: Mapping[str, Any], problems: Iterable[Mapping[str, Any]]) -> list[str]:
    """What went wrong at an unloading. What was told of a card that was then pulled out means nothing."""
    ended = reason_facts.get("cause") if reason == _DOCK_STOPPED else reason
    if ended == _GONE:
        return []
    return [problem["code"] for problem in problems] + ([_NO_ANSWER] if ended == _NO_ANSWER else [])


def _faults(run: Unload) -> int:
    codes = _codes(run.reason, run.reason_facts, run.problems)
    return sum(code in _FAULTY | _PROTECTED for code in codes)
