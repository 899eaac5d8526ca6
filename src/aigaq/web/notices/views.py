"""The list of somebody's own notices, the bell that an open page asks for, and their e-mail address."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.notices import selectors, services
from aigaq.recordings.selectors import Place
from aigaq.registry import services as registry
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.notices.forms import EmailForm
from aigaq.web.notices.shown import ShownNotice, Told
from aigaq.web.security import open_to_signed_in

_LETTERS = 20
"""Undelivered letters shown."""


@open_to_signed_in
@require_safe
def notices(request: OfficeRequest) -> HttpResponseBase:
    duty = request.duty
    before = Place.parse(request.GET.get("before", ""))
    page = selectors.notices_of(duty.person, before=before)
    context = {
        "notices": [ShownNotice(notice, duty) for notice in page.notices],
        "until": rfc3339(page.notices[0].created_at) if page.notices and before is None else "",
        "next_before": page.older,
        "is_later_page": before is not None,
        "undelivered": selectors.undelivered(duty.division)[:_LETTERS] if duty.is_reader else [],
        "sends_letters": bool(wiring.ways()),
    }
    return render(request, "web/notices/list.html", context)


@open_to_signed_in
@require_safe
def bell(request: OfficeRequest) -> HttpResponseBase:
    """Asked for again and again by every open page: nothing, unless something has changed since."""
    told = Told(request.duty)
    if request.GET.get("state") == told.bell.state:
        return HttpResponse(status=204)
    return _live(request, told)


@open_to_signed_in
@require_POST
def seen(request: OfficeRequest, notice_id: UUID) -> HttpResponseBase:
    services.seen(request.duty.person, notice_id, wiring.clock().now())
    return _live(request, Told(request.duty)) if request.htmx else redirect(_onward(request))


@open_to_signed_in
@require_POST
def seen_all(request: OfficeRequest) -> HttpResponseBase:
    until = _instant(request.POST.get("until", ""))
    if until is not None:
        services.seen_all(request.duty.person, until, wiring.clock().now())
    return redirect("notices:list")


@open_to_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_email(request: OfficeRequest) -> HttpResponseBase:
    person = request.duty.person
    form = EmailForm(request.POST or None, initial={"email": person.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        if attempt(form, lambda: registry.set_email(wiring.ledger(), request.duty.by(), person, email)):
            messages.success(request, _("The address is entered."))
            return redirect("notices:list")
    context = {"form": form, "back": reverse("notices:list"), "back_label": _("Notices"), "whose": None}
    return render(request, "web/notices/email.html", context, status=status_of(form))


def _live(request: OfficeRequest, told: Told) -> HttpResponse:
    """The bell, and the banner beside it. Without the frame of a page, and so without what that asks for."""
    context = {
        "told": told,
        "here": request.htmx.current_url_abs_path or "",
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string("web/notices/live.html", context))


def _instant(text: str) -> datetime | None:
    try:
        return parse_rfc3339(text)
    except ValueError:
        return None


def _onward(request: HttpRequest) -> str:
    """Back to the page on which it was read; only within this site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("notices:list")
