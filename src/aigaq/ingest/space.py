"""The room in the vault: what came in day by day, how long it lasts, and telling of it in time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncDate

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
"""With `threshold` 0: there is room again."""


def intake(now: datetime, days: int = WINDOW) -> Mapping[date, int]:
    """Octets stored on each of the last days, by Kazakhstan's calendar; today with them."""
    since = datetime.combine(_today(now) - timedelta(days=days), datetime.min.time(), KAZAKHSTAN)
    by_day = (
        Blob.objects.filter(ingested_at__gte=since)
        .annotate(day=TruncDate("ingested_at", tzinfo=KAZAKHSTAN))
        .values("day")
        .annotate(octets=Sum("stored_size"))
    )
    return {each["day"]: each["octets"] for each in by_day}


def outlook(backend: Backend, now: datetime) -> Forecast | None:
    """None where the vault does not know how much room it has. Raise a ``VaultError``."""
    free = backend.free()
    return None if free is None else forecast(free - RESERVE, intake(now), _today(now))


def attend(ledger: Ledger, backend: Backend) -> int | None:
    """Enter that a threshold was crossed, if one was; return it. Raise a ``VaultError``."""
    found = outlook(backend, ledger.clock.now())
    if found is None or to_tell(_told(), found.days) is None:
        return None
    with transaction.atomic():
        ledger.take_turn(FILLING)
        threshold = to_tell(_told(), found.days)
        if threshold is None:
            return None
        # Whoever answers for recordings is told, in each division: the disk is everybody's.
        kept = (
            Division.objects.filter(appointments__role=Role.CUSTODIAN).distinct().order_by("created_at", "pk")
        )
        ledger.append_all([Act(FILLING, MACHINE, _about(found, threshold, each)) for each in kept])
        return threshold


def _about(found: Forecast, threshold: int, division: Division) -> dict[str, Json]:
    return {
        "division": str(division.pk),
        "threshold": threshold,
        "days": found.days,
        "free": found.free,
        "per_day": round(found.per_day),
    }


def _told() -> int:
    """The threshold that was entered last."""
    last = LedgerEntry.objects.filter(kind=FILLING).order_by("-seq").first()
    return int(_body(last)["threshold"]) if last else 0


def _body(entry: LedgerEntry) -> dict[str, Any]:
    return dict(Entry.parse(entry.entry.encode()).body)


def _today(now: datetime) -> date:
    return now.astimezone(KAZAKHSTAN).date()
