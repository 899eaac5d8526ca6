"""The head approves: reads what leaves the office, and signs it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.disclosure.services.approve import ApprovalRequest, offer_approval
from aigaq.disclosure.services.approve import approve as approve_
from aigaq.errors import AigaqError
from aigaq.registry.models import Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.disclosure.shown import ShownDemand, shown_choice, today
from aigaq.web.disclosure.views import demand_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.numbers import whole
from aigaq.web.pressed import undone
from aigaq.web.security import open_to
from aigaq.web.signing import SignForm, site_of


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    view, duty, ledger = demand_of(request, demand_id), request.duty, wiring.ledger()
    by = duty.by(Role.HEAD)
    stage = request.POST.get("stage")
    read = whole(request.POST.get("read")) if stage == "sign" else view.selection.version
    asked = ApprovalRequest(
        head=duty.person,
        division=duty.division,
        demand=view.demand.pk,
        read=read or 0,
        profile=wiring.profile(),
    )
    try:
        offer_approval(ledger, by, asked)
    except AigaqError as error:
        messages.warning(request, sentence(error))
        return undone(redirect("disclosure:demand", demand_id=demand_id))
    form = SignForm(
        request.POST if stage == "sign" else None,
        signer=duty.person,
        site=site_of(request),
        offer=lambda: offer_approval(ledger, by, asked),
    )
    if form.is_valid():
        done = attempt(form, lambda: approve_(ledger, by, asked, form.means(request)))
        if done is not None:
            messages.success(request, _("Approved and signed. The package can be built."))
            return redirect("disclosure:demand", demand_id=demand_id)
    context = {
        "shown": ShownDemand(view, today()),
        "demand": view.demand,
        "choice": shown_choice(duty.division, view.selection.items),
        "sign_form": form,
        "form": ReadForm(read or 0),
    }
    return render(request, "web/disclosure/approve.html", context, status=status_of(form))


class ReadForm:
    """Which version the head has before them, carried through the signature."""

    def __init__(self, read: int) -> None:
        self.read = read

    def facts(self) -> list[object]:
        return [format_html('<input type="hidden" name="read" value="{}">', self.read)]
