"""Handing a package over, and the receipt for it."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.disclosure.errors import UnknownDemandError
from aigaq.disclosure.receipting import receipt_pdf
from aigaq.disclosure.selectors import handed_over_with
from aigaq.disclosure.services.hand_over import HandOverRequest
from aigaq.disclosure.services.hand_over import hand_over as hand_over_
from aigaq.web.acts import attempt
from aigaq.web.disclosure.forms import HandOverForm
from aigaq.web.disclosure.views import demand_of, page
from aigaq.web.duty import OfficeRequest
from aigaq.web.pdf import pdf_response
from aigaq.web.security import open_to
from aigaq.web.vault.views import READERS


@open_to(*READERS)
@require_POST
def hand_over(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    view, form, duty = demand_of(request, demand_id), HandOverForm(request.POST), request.duty
    if form.is_valid():
        asked = HandOverRequest(
            person=duty.person,
            division=duty.division,
            demand=view.demand.pk,
            building=_building(request),
            **form.cleaned_data,
        )
        done = attempt(form, lambda: hand_over_(wiring.ledger(), duty.by(*READERS), asked))
        if done is not None:
            messages.success(
                request, _("Handed over. Print the receipt, and have it signed where it is on paper.")
            )
            return redirect("disclosure:demand", demand_id=demand_id)
    return page(request, view, hand_over_form=form)


@open_to(*READERS)
@require_safe
def receipt(request: OfficeRequest, handover_id: UUID) -> HttpResponseBase:
    try:
        handed = handed_over_with(handover_id, request.duty.division)
    except UnknownDemandError as error:
        raise Http404 from error
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('receipts:check')}"
    made = receipt_pdf(
        handed,
        wiring.ledger_key(),
        wiring.profile(),
        address=address,
        link=lambda code: f"{address}?{urlencode({'code': code})}",
    )
    return pdf_response(made, f"{handed.approval.demand.number} receipt.pdf")


def _building(request: OfficeRequest) -> UUID:
    try:
        return UUID(request.POST.get("building", ""))
    except ValueError:
        return UUID(int=0)
