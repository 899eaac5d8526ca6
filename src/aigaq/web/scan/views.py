"""Scan anything: from a scanner that types, from the browser's own reader, or from the frames of a camera."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.journal import selectors
from aigaq.journal.models import JournalRow
from aigaq.media.frames import FrameError, codes_in, refusal_of_frame
from aigaq.registry.models import Role
from aigaq.registry.selectors import people_of, standing_of
from aigaq.web.desk.outs import Out
from aigaq.web.duty import OfficeRequest
from aigaq.web.numbers import whole
from aigaq.web.scan.answers import Answer, answer_to
from aigaq.web.scan.pace import Pace
from aigaq.web.security import open_to, with_camera

_PACE = Pace()
_FILLED = ("recorder", "card", "inspector", "replaces")
"""What the issue page takes from its address; the last is the failure that it settles."""


@open_to(Role.CUSTODIAN)
@require_safe
def scan(request: OfficeRequest) -> HttpResponseBase:
    """What `code` stands for: to a script as JSON, else the page where it is wanted.

    `at` names the page that asks: ``issue``, or the id of a row that is taken back; the desk without.
    """
    answer = answer_to(request.GET.get("code", ""), request.duty)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(answer.as_json())
    at = request.GET.get("at", "")
    if at == "issue":
        return _to_issue(request, answer)
    row = _open_row(request, at)
    return _to_return(request, row, answer) if row else _from_desk(request, answer)


@open_to(Role.CUSTODIAN)
@with_camera
@require_safe
def person(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    """What somebody of this division holds of it."""
    division = request.duty.division
    found = people_of(division).filter(pk=person_id).first()
    if found is None:
        raise Http404
    standing = standing_of(found, wiring.clock().now())
    context = {
        "person": found,
        "rows": [Out(view) for view in selectors.open_rows(division) if view.row.inspector_id == found.pk],
        "is_inspector": standing.appointment(division, Role.INSPECTOR) is not None,
    }
    return render(request, "web/scan/person.html", context)


@open_to(Role.CUSTODIAN)
@require_POST
def frame(request: OfficeRequest) -> HttpResponseBase:
    """The codes in a frame: `width` and `height` in the address, an octet a pixel in the body.

    Answers with what was read, and what the first of the codes stands for that stands for something.
    """
    width, height = whole(request.GET.get("width")) or 0, whole(request.GET.get("height")) or 0
    length = whole(request.headers.get("Content-Length")) or 0
    if request.content_type != "application/octet-stream" or refusal_of_frame(length, width, height):
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with _PACE.turn(request.duty.person.pk) as may:
        if not may:
            return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        try:
            codes = codes_in(request.body, width, height)
        except FrameError:
            return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not codes:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    answers = [answer_to(code, request.duty) for code in codes]
    best = next((answer for answer in answers if answer.found), answers[0])
    return JsonResponse({"codes": codes, "answer": best.as_json()})


def _from_desk(request: OfficeRequest, answer: Answer) -> HttpResponseBase:
    if answer.found:
        return redirect(answer.address)
    messages.warning(request, answer.says)
    return redirect("home")


def _to_issue(request: OfficeRequest, answer: Answer) -> HttpResponseBase:
    """Back to the page that asked, with what was found beside what it had."""
    filled = {name: value for name in _FILLED if (value := request.GET.get(name))}
    if answer.ready:
        filled["inspector" if answer.found == "person" else answer.found] = answer.value
    else:
        messages.warning(request, answer.says)
    return redirect(f"{reverse('desk:issue')}?{urlencode(filled)}")


def _to_return(request: OfficeRequest, row: JournalRow, answer: Answer) -> HttpResponseBase:
    here = reverse("desk:return", args=[row.pk])
    if answer.found == "person":
        return redirect(f"{here}?{urlencode({'handed_back_by': answer.value})}")
    if answer.found and answer.address != here:
        return redirect(answer.address)
    (messages.success if answer.found else messages.warning)(request, answer.says)
    return redirect(here)


def _open_row(request: OfficeRequest, at: str) -> JournalRow | None:
    try:
        asked = UUID(at)
    except ValueError:
        return None
    rows = JournalRow.objects.filter(pk=asked, division=request.duty.division)
    return rows.filter(returned=None).first()
