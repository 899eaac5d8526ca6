"""The time code of a row on the whole screen: asked for, shown each second, ended."""

import time
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import AigaqError
from aigaq.journal.models import JournalRow
from aigaq.recordings.errors import NoSuchShowingError
from aigaq.recordings.models import Pace, Purpose, TimeCodeShowing
from aigaq.recordings.showings import codes_at, show, showing_for
from aigaq.registry.models import Role
from aigaq.timecode.code import Code
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.security import open_to, repeatable

QUIET = 4
"""Modules around the code that stay white (ISO/IEC 18004, 5.3.8)."""


@repeatable
@open_to(Role.CUSTODIAN)
@require_POST
def start(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    """Enter the showing, then go to its page. A browser without scripts gets one that is loaded anew."""
    row = JournalRow.objects.filter(pk=row_id, division=request.duty.division).first()
    if row is None or request.POST.get("purpose") not in Purpose.values:
        raise Http404
    try:
        showing = show(
            wiring.ledger(),
            request.duty.by(Role.CUSTODIAN),
            row=row,
            purpose=Purpose(request.POST["purpose"]),
            custodian=request.duty.person,
            pace=Pace.STEADY if request.POST.get("live") == "yes" else Pace.LOADED_ANEW,
        )
    except AigaqError as error:
        messages.warning(request, sentence(error))
        return redirect("journal:row", row_id=row_id)
    return redirect("desk:time-code", number=showing.number)


@open_to(Role.CUSTODIAN)
@require_safe
def screen(request: OfficeRequest, number: int) -> HttpResponseBase:
    """The page for the lens. A script changes the code, or each load shows the one of its second."""
    showing = _showing(request, number)
    now = wiring.clock().now()
    context = {
        "showing": showing,
        "row": showing.row,
        "is_steady": showing.pace == Pace.STEADY,
        "is_over": now >= _end(showing),
    }
    if not context["is_steady"] and not context["is_over"]:
        # Before its first second there is none yet: the next load has it.
        shown = codes_at(wiring.ledger(), showing, now, timedelta(0))
        context["code"] = _as_json(shown[0]) if shown else None
    return render(request, "web/desk/time_code.html", context)


@open_to(Role.CUSTODIAN)
@require_safe
def codes(request: OfficeRequest, number: int) -> HttpResponseBase:
    """The code of this second and of the few that come, with the server's time, for the page's script."""
    showing = _showing(request, number)
    clock = wiring.clock()
    shown = [_as_json(each) for each in codes_at(wiring.ledger(), showing, clock.now())]
    now = clock.now()
    return JsonResponse(
        {
            "codes": shown,
            "over": now >= _end(showing),
            # As late as can be: what was spent here is no part of the way to the browser.
            "spent": round((time.monotonic() - request.began) * 1000, 1),
            "now": clock.now().timestamp() * 1000,
        }
    )


def _showing(request: OfficeRequest, number: int) -> TimeCodeShowing:
    try:
        return showing_for(number, request.duty.division)
    except NoSuchShowingError as error:
        raise Http404 from error


def _end(showing: TimeCodeShowing) -> datetime:
    return showing.began_at + timedelta(seconds=showing.seconds)


def _as_json(code: Code) -> dict[str, object]:
    size, path = drawn(code.text)
    local = code.at.astimezone(KAZAKHSTAN)
    return {
        "at": int(code.at.timestamp() * 1000),
        "clock": f"{local:%H:%M:%S}",
        "size": size,
        "path": path,
    }


@lru_cache(maxsize=32)
def drawn(text: str) -> tuple[int, str]:
    """Side in modules, quiet zone included, and the dark modules as the data of an SVG path."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length + 1
    return len(code.matrix) + 2 * QUIET, "".join(runs)
