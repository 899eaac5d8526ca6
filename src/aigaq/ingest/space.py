"""The room in the vault: what came in day by day, how long it lasts, and telling of it in time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncDate

from aigaq.copies.models import VAULT
from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest.forecast import WINDOW, Forecast, forecast, to_tell
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, Act, Ledger
from aigaq.recordings.models import Blob
from aigaq.registry.models import Division, Role
from aigaq.tlog.entry import Entry
from aigaq.unloading.room import RESERVE
from aigaq.vault.backends.base import Backend

FILLING = "vault.filling"
"""With `threshold` 0: there is room again. With `place`: of that copy, not of the vault itself."""
_AT_ONCE = 100


def intake(now: datetime, days: int = WINDOW) -> Mapping[date, int]:
    """Octets stored on each of the last days, by Kazakhstan's calendar; today with them."""
    since = _begins(_today(now) - timedelta(days=days))
    by_day = (
        Blob.objects.filter(ingested_at__gte=since)
        .annotate(day=TruncDate("ingested_at", tzinfo=KAZAKHSTAN))
        .values("day")
        .annotate(octets=Sum("stored_size"))
    )
    return {each["day"]: each["octets"] for each in by_day}


def long_since(now: datetime) -> date | None:
    """The day with which the window begins where anything was stored before it; else None."""
    first = _today(now) - timedelta(days=WINDOW)
    return first if Blob.objects.filter(ingested_at__lt=_begins(first)).exists() else None


def outlook(backend: Backend, now: datetime, *, owed: int = 0) -> Forecast | None:
    """None where the vault does not know how much room it has. Raise a ``VaultError``.

    `owed`: octets that a copy still has to take of what was stored before.
    """
    free = backend.free()
    if free is None:
        return None
    return forecast(free - RESERVE - owed, intake(now), _today(now), since=long_since(now))


def attend(ledger: Ledger, backend: Backend, *, place: str = VAULT, owed: int = 0) -> int | None:
    """Enter that a threshold was crossed, if one was; return it. Raise a ``VaultError``."""
    found = outlook(backend, ledger.clock.now(), owed=owed)
    if found is None or to_tell(_told(place), found.days) is None:
        return None
    with transaction.atomic():
        ledger.take_turn(FILLING)
        threshold = to_tell(_told(place), found.days)
        if threshold is None:
            return None
        # Whoever answers for recordings is told, in each division: the disk is everybody's.
        kept = (
            Division.objects.filter(appointments__role=Role.CUSTODIAN).distinct().order_by("created_at", "pk")
        )
        ledger.append_all([Act(FILLING, MACHINE, _about(place, found, threshold, each)) for each in kept])
        return threshold


def _about(place: str, found: Forecast, threshold: int, division: Division) -> dict[str, Json]:
    return {
        **({} if place == VAULT else {"place": place}),
        "division": str(division.pk),
        "threshold": threshold,
        "days": found.days,
        "free": found.free,
        "per_day": round(found.per_day),
    }


def _told(place: str) -> int:
    """The threshold that was entered last of this place."""
    for entry in LedgerEntry.objects.filter(kind=FILLING).order_by("-seq").iterator(_AT_ONCE):
        body = _body(entry)
        if body.get("place", VAULT) == place:
            return int(body["threshold"])
    return 0


def _body(entry: LedgerEntry) -> dict[str, Any]:
    return dict(Entry.parse(entry.entry.encode()).body)


def _today(now: datetime) -> date:
    return now.astimezone(KAZAKHSTAN).date()


def _begins(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), KAZAKHSTAN)
