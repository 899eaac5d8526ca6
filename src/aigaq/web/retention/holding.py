"""What is held beyond its day, and the head's own order to hold or to let go."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.registry.models import Role
from aigaq.retention.errors import UnknownHoldError
from aigaq.retention.models import Cause
from aigaq.retention.selectors import hold_with, holds_in
from aigaq.retention.services import place_hold, release_hold
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.pressed import undone
from aigaq.web.recordings.media import readable_file
from aigaq.web.retention.forms import ReasonForm
from aigaq.web.retention.shown import shown_holds
from aigaq.web.security import open_to
from aigaq.web.vault.views import READERS


@open_to(*READERS)
@require_safe
def holds(request: OfficeRequest) -> HttpResponseBase:
    return _page(request)


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """The head orders that the recording of this file is held."""
    file, duty = readable_file(request, file_id), request.duty
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = attempt(
            form,
            lambda: place_hold(
                wiring.ledger(),
                duty.by(Role.HEAD),
                division=duty.division,
                recordings=[file.recording_id],
                head=duty.person,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("Held. It stays until you let it go, whatever its day."))
            return redirect("recordings:recording", file_id=file.pk)
    context = {"file": file, "form": form}
    return render(request, "web/retention/hold.html", context, status=status_of(form))


@open_to(Role.HEAD)
@require_POST
def release(request: OfficeRequest, hold_id: UUID) -> HttpResponseBase:
    """What a demand holds is let go on the demand's own page, where it is seen what for."""
    duty = request.duty
    try:
        found = hold_with(hold_id, duty.division)
    except UnknownHoldError as error:
        raise Http404 from error
    if found.cause == Cause.DEMAND:
        return undone(redirect("disclosure:demand", demand_id=found.because))
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        by = duty.by(Role.HEAD)
        done = attempt(
            form, lambda: release_hold(wiring.ledger(), by, found, head=duty.person, reason=reason)
        )
        if done is not None:
            messages.success(request, _("Let go. What else holds its recordings holds them still."))
            return redirect("retention:holds")
    return _page(request, form)


def _page(request: OfficeRequest, form: forms.Form | None = None) -> HttpResponse:
    found = shown_holds(holds_in(request.duty.division))
    context = {"holds": found, "release_form": form or ReasonForm()}
    status = status_of(form) if form else 200
    return render(request, "web/retention/holds.html", context, status=status)
