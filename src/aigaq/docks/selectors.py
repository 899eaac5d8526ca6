"""Docks as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from aigaq.docks import rules
from aigaq.docks.models import Dock, DockState, EnrolmentCode, Revocation, UploadState
from aigaq.registry.models import Division


@dataclass(frozen=True, slots=True)
class DockFacts:
    dock: Dock
    state: DockState | None
    revocation: Revocation | None
    uploads: int
    """Unfinished ones."""

    @property
    def is_clock_off(self) -> bool:
        return self.state is not None and self.state.clock_told_at is not None


def docks_of(division: Division) -> Sequence[DockFacts]:
    """Those that are let in first, each group by name."""
    unfinished = Count("uploads", filter=Q(uploads__state=UploadState.RECEIVING))
    found = (
        Dock.objects.filter(division=division)
        .select_related("state", "revocation", "enrolled_by", "revocation__revoked_by")
        .annotate(unfinished=unfinished)
        .order_by("name", "enrolled_at")
    )
    facts = [_facts(dock) for dock in found]
    return sorted(facts, key=lambda each: each.revocation is not None)


def dock_in(division: Division, dock_id: UUID) -> Dock | None:
    """One of the division's; any other is not there."""
    return Dock.objects.filter(division=division, pk=dock_id).first()


def codes_waiting(division: Division, now: datetime) -> int:
    return EnrolmentCode.objects.filter(division=division, used_at=None, expires_at__gt=now).count()


def may_make_code(division: Division, now: datetime) -> bool:
    return codes_waiting(division, now) < rules.CODES_OPEN


def _facts(dock: Dock) -> DockFacts:
    return DockFacts(
        dock=dock,
        state=getattr(dock, "state", None),
        revocation=getattr(dock, "revocation", None),
        uploads=dock.unfinished,  # type: ignore[attr-defined]
    )
