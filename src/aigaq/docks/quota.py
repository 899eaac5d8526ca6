"""That a dock came to the end of its share: entered once in a while, so that its custodian looks at it."""

from django.db import transaction
from django.db.models import Q, Sum

from aigaq.core.canonical import Json
from aigaq.docks import rules
from aigaq.docks.models import Dock, DockState, Upload, UploadState
from aigaq.docks.services import by_dock
from aigaq.ledger.services import Ledger


def tell(ledger: Ledger, dock: Dock, code: str) -> None:
    """At most once in `rules.QUOTA_AGAIN` for each dock. `code` is the refusal's."""
    now = ledger.clock.now()
    quiet = Q(quota_told_at=None) | Q(quota_told_at__lte=now - rules.QUOTA_AGAIN)
    if not DockState.objects.filter(quiet, dock=dock).exists():
        return
    with transaction.atomic():
        ledger.take_turn("dock.quota-reached")
        if not DockState.objects.filter(quiet, dock=dock).update(quota_told_at=now):
            return
        open_ = Upload.objects.filter(dock=dock, state=UploadState.RECEIVING)
        about: dict[str, Json] = {
            "dock": str(dock.pk),
            "name": dock.name,
            "division": str(dock.division_id),
            "refusal": code,
            "uploads": open_.count(),
            "octets": open_.aggregate(announced=Sum("length"))["announced"] or 0,
        }
        ledger.append("dock.quota-reached", by_dock(dock), about)
