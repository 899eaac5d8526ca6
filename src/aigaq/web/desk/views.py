"""What lies on the desk: what is out, what should be back, what was unloaded."""

from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.selectors import urgent
from aigaq.ingest.selectors import unloads_of
from aigaq.journal import selectors
from aigaq.journal.book_selectors import current_book
from aigaq.journal.selectors import RowView
from aigaq.journal.whose import FIRST, corrected, rows_of
from aigaq.registry.models import Division, Role
from aigaq.web.desk.outs import Out, overdue_outs
from aigaq.web.disclosure.shown import ShownDemand
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import grant_camera, open_to, open_to_signed_in
from aigaq.web.unloads.words import ShownUnload

_UNLOADS = 5
_OWN_ROWS = 10
_EVERY = 15
"""Seconds between two looks of an open desk at what is out."""


@open_to_signed_in
@require_safe
def home(request: OfficeRequest) -> HttpResponseBase:
    """The desk for who keeps the recorders; for others, what they have in their own hands."""
    if request.duty.sees_figures_only:
        return redirect("overview:page")
    if not request.duty.is_reader:
        return _own(request)
    division = request.duty.division
    now = wiring.clock().now()
    today = now.astimezone(KAZAKHSTAN).date()
    unloads = unloads_of(division)
    context = {
        **_out(division, now),
        "book": current_book(division),
        "unloads": [ShownUnload(unload, now) for unload in unloads.order_by("-started_at")[:_UNLOADS]],
        "today": today,
        "demands": [ShownDemand(each, today) for each in urgent(division, today)],
    }
    page = render(request, "web/desk/home.html", context)
    return grant_camera(page) if request.duty.is_custodian else page


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def out(request: OfficeRequest) -> HttpResponseBase:
    """What is out alone, asked for again and again by an open desk; nothing, where it is as it was."""
    context = _out(request.duty.division, wiring.clock().now())
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "web/desk/out.html", context)


def _out(division: Division, now: datetime) -> dict[str, Any]:
    rows = selectors.open_rows(division)
    overdue = overdue_outs(rows, now)
    late = {each.view.id for each in overdue}
    return {
        "out": [Out(view) for view in rows if view.id not in late],
        "overdue": overdue,
        "every": _EVERY,
        "seen": _digest_of(rows, overdue),
    }


def _digest_of(rows: list[RowView], overdue: list[Out]) -> str:
    """Another one when something went out or came back, paused or went on, failed, got lost or fell due.

    And when any of it was corrected.
    """
    stands = [
        (
            str(view.id),
            len(view.losses),
            len(view.corrections),
            *(str(each.pk) for each in (view.open_pause, view.open_failure) if each),
        )
        for view in rows
    ]
    late = [(str(each.view.id), each.late) for each in overdue]
    return sha256(repr((stands, late)).encode()).hexdigest()[:16]


def _own(request: OfficeRequest) -> HttpResponseBase:
    rows = rows_of(request.duty.person).select_related(*FIRST, "issue", "returned")
    rows = rows.prefetch_related(corrected())
    context = {
        "rows": rows.order_by("-seq")[:_OWN_ROWS],
        "is_on_duty": rows.filter(returned=None).exists(),
    }
    return render(request, "web/desk/own.html", context)
