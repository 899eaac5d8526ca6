"""The phone page: as it stands now, what is told, and what it needs to open without a network."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import AigaqError
from aigaq.journal import selectors
from aigaq.journal.models import PauseReason
from aigaq.journal.selectors import RowView
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited, sentence
from aigaq.web.errors import status_of as status_of_error
from aigaq.web.phone.forms import CauseFields, TellForm
from aigaq.web.phone.reading import LIMIT, UnreadableNoticeError, read
from aigaq.web.phone.telling import Telling, tell_sent
from aigaq.web.phone.telling import tell as tell_
from aigaq.web.security import open_to_everyone, open_to_signed_in

_SCRIPTS = ("clock", "keeping", "sending", "showing", "page")
_ASSETS = (
    *(f"web/phone/{name}.js" for name in _SCRIPTS),
    "web/aigaq.css",
    "web/phone.css",
    "web/desk.js",
    "web/mark.svg",
    "django_htmx/htmx-2.min.js",
)
"""What the page needs to open; none of it tells anything of anybody."""


@open_to_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: OfficeRequest) -> HttpResponseBase:
    """Everybody's own: it shows what was issued to the person, and takes what they tell of that alone."""
    form = TellForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        telling = Telling(
            standing=request.duty.standing,
            row=form.cleaned_data["row"],
            id=form.cleaned_data["id"],
            at=wiring.clock().now(),
            said=form.said,
        )
        if attempt(form, lambda: tell_(telling)):
            messages.success(request, _("It is entered. Head and custodian see it."))
            return redirect("phone:page")
    rows = selectors.rows_out_with(request.duty.person)
    context = {**_frame(), "form": form, "rows": [(row, _moved(row), uuid4()) for row in rows]}
    return render(request, "web/phone/page.html", context, status=status_of(form))


@open_to_signed_in
@require_safe
def state(request: OfficeRequest) -> HttpResponseBase:
    """What the page shows, and the server's time by which it goes."""
    person, now = request.duty.person, wiring.clock().now()
    zone = now.astimezone(KAZAKHSTAN).utcoffset()
    assert zone is not None
    return JsonResponse(
        {
            "now": _ms(now),
            "zone": int(zone.total_seconds()) // 60,
            "token": get_token(request),
            "person": {"id": str(person.pk), "name": person.full_name},
            "rows": [_told(row) for row in selectors.rows_out_with(person)],
        }
    )


@open_to_signed_in
@require_POST
def tell(request: OfficeRequest) -> HttpResponseBase:
    """One notice, as JSON. Sent again, it is answered alike."""
    try:
        entered = tell_sent(request.duty.standing, read(_body(request)))
    except AigaqError as error:
        return _refused(error)
    return JsonResponse(
        {"outcome": "entered", "entered_at": _ms(entered.entered_at), "now": _ms(wiring.clock().now())}
    )


@open_to_everyone
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page with nobody on it, for the phone to keep; asked for without cookies, in a language."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        request.LANGUAGE_CODE = language
        response = render(request, "web/phone/page.html", {**_frame(), "is_shell": True})
        response.headers["Content-Language"] = language
        return response


@open_to_everyone
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; from here it reaches /phone/ and nothing else."""
    context = {"kept": [static(each) for each in _ASSETS], "page": reverse("phone:page")}
    context |= {"shell": reverse("phone:shell"), "prefix": settings.STATIC_URL}
    return render(request, "web/phone/worker.js", context, content_type="text/javascript")


def _frame() -> dict[str, Any]:
    return {
        "reasons": PauseReason.choices,
        "causes": CauseFields(auto_id="told_%s"),
        "language": get_language(),
        "script": static("web/phone/page.js"),
    }


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    if request.content_type != "application/json" or not length.isdecimal() or int(length) > LIMIT:
        raise UnreadableNoticeError
    return request.body


def _refused(error: AigaqError) -> HttpResponse:
    paragraph = cited(error)
    told = {
        "outcome": "refused",
        "code": error.code,
        "sentence": sentence(error),
        "paragraph": paragraph.label if paragraph else "",
    }
    return JsonResponse(told, status=status_of_error(error))


def _told(view: RowView) -> dict[str, object]:
    pause, failure, moved = view.open_pause, view.open_failure, _moved(view)
    return {
        "id": str(view.id),
        "number": view.number,
        "recorder": view.row.recorder.inventory_number,
        "since": _ms(view.issued_at),
        "pause": pause and {"id": str(pause.pk), "reason": pause.reason, "at": _ms(pause.occurred_at)},
        "failure": failure
        and {"id": str(failure.pk), "cause": failure.cause, "at": _ms(failure.occurred_at)},
        "moved": moved,
    }


def _moved(view: RowView) -> str:
    """The recorder that was given for this one; empty if none was."""
    for failure in view.failures:
        replaced = getattr(failure, "replaced", None)
        if replaced is not None:
            return str(replaced.new_row.recorder.inventory_number)
    return ""


def _ms(at: datetime) -> int:
    """Milliseconds since 1970, as scripts count."""
    return int(at.timestamp() * 1000)
