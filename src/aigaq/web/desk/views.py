"""What lies on the desk: what is out, what should be back, what was unloaded."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest.models import Unload
from aigaq.journal import selectors
from aigaq.journal.book_selectors import current_book
from aigaq.journal.models import JournalRow
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to_signed_in
from aigaq.web.unloads.words import ShownUnload

_UNLOADS = 5
_OWN_ROWS = 10


@open_to_signed_in
@require_safe
def home(request: OfficeRequest) -> HttpResponseBase:
    """The desk for who keeps the recorders; for others, what they have in their own hands."""
    if not request.duty.is_reader:
        return _own(request)
    division = request.duty.division
    now = wiring.clock().now()
    today = now.astimezone(KAZAKHSTAN).date()
    unloads = Unload.objects.filter(division=division).select_related("recorder", "card", "row__inspector")
    out = selectors.open_rows(division)
    # Paragraph 24: handed back after the working day.
    overdue = [row for row in out if row.issued_at.astimezone(KAZAKHSTAN).date() < today]
    context = {
        "out": [row for row in out if row not in overdue],
        "overdue": overdue,
        "book": current_book(division),
        "unloads": [ShownUnload(unload, now) for unload in unloads.order_by("-started_at")[:_UNLOADS]],
        "today": today,
    }
    return render(request, "web/desk/home.html", context)


def _own(request: OfficeRequest) -> HttpResponseBase:
    rows = JournalRow.objects.filter(inspector=request.duty.person).select_related(
        "recorder", "card", "issue", "returned"
    )
    context = {"rows": rows.order_by("-seq")[:_OWN_ROWS]}
    return render(request, "web/desk/own.html", context)
