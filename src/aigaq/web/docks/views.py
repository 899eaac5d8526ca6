"""Docking PCs of the division: listed, let in with a code, shut out."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.docks import rules, selectors, services
from aigaq.registry.models import Role
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.web.acts import attempt, status_of
from aigaq.web.docks.forms import CodeForm, RevokeForm
from aigaq.web.docks.shown import ShownDock
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def docks(request: OfficeRequest) -> HttpResponseBase:
    found = selectors.docks_of(request.duty.division)
    context = {
        "docks": [ShownDock(facts) for facts in found],
        "waiting": selectors.codes_waiting(request.duty.division, wiring.clock().now()),
        "bound": int(rules.CLOCK_BOUND.total_seconds()),
    }
    return render(request, "web/docks/list.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest) -> HttpResponseBase:
    """The code is shown in the answer to the post, and never again."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(
            form,
            lambda: services.make_code(
                wiring.ledger(),
                request.duty.by(Role.CUSTODIAN, Role.HEAD),
                division=request.duty.division,
            ),
        )
        if made:
            key = VerifierKey.of(wiring.ledger().signer)
            context = {"made": made, "address": settings.PUBLIC_URL, "key": key.key_id.hex()}
            return render(request, "web/docks/code.html", context)
    minutes = int(rules.CODE_LIFE.total_seconds() // 60)
    context = {"form": form, "minutes": minutes}
    return render(request, "web/docks/add.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: OfficeRequest, dock_id: UUID) -> HttpResponseBase:
    dock = selectors.dock_in(request.duty.division, dock_id)
    if dock is None:
        raise Http404
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.revoke(
                wiring.ledger(), request.duty.by(Role.CUSTODIAN, Role.HEAD), dock, form.cleaned_data["reason"]
            ),
        )
        if done:
            messages.success(request, _("{name} is revoked and is let in no more.").format(name=dock.name))
            return redirect("docks:list")
    return render(request, "web/docks/revoke.html", {"form": form, "dock": dock}, status=status_of(form))
