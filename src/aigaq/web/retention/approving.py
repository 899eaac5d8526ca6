"""The head approves: reads what is to go, and signs it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.errors import AigaqError
from aigaq.registry.models import Role
from aigaq.retention.planning import ApprovalRequest, offer_approval
from aigaq.retention.planning import approve as approve_
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.pressed import undone
from aigaq.web.retention.shown import shown
from aigaq.web.retention.views import plan_of, told_in
from aigaq.web.security import open_to
from aigaq.web.signing import SignForm, site_of


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: OfficeRequest, plan_id: UUID) -> HttpResponseBase:
    plan, duty, ledger = plan_of(request, plan_id), request.duty, wiring.ledger()
    by, is_sent = duty.by(Role.HEAD), request.POST.get("stage") == "sign"
    asked = ApprovalRequest(head=duty.person, division=duty.division, plan=plan.pk, profile=wiring.profile())
    try:
        offer_approval(ledger, by, asked)
    except AigaqError as error:
        messages.warning(request, sentence(error))
        return undone(redirect("retention:plan", plan_id=plan_id))
    form = SignForm(
        request.POST if is_sent else None,
        signer=duty.person,
        site=site_of(request),
        offer=lambda: offer_approval(ledger, by, asked),
    )
    if form.is_valid():
        done = attempt(form, lambda: approve_(ledger, by, asked, form.means(request)))
        if done is not None:
            messages.success(request, _("Approved and signed. It may be carried out from tomorrow on."))
            return redirect("retention:plan", plan_id=plan_id)
    context = {"plan": plan, "told": shown(told_in(plan)), "sign_form": form}
    return render(request, "web/retention/approve.html", context, status=status_of(form))
