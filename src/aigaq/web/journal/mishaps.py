"""What goes wrong on duty and the custodian enters: a failure put right, a recorder or a card lost."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.journal import selectors
from aigaq.journal.errors import UnknownFailureError
from aigaq.journal.models import ThingKind
from aigaq.journal.selectors import failure_with
from aigaq.journal.services.repair import repair as repair_
from aigaq.journal.services.report_loss import LossReport
from aigaq.journal.services.report_loss import report_loss as report_loss_
from aigaq.registry.models import Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.journal.forms import LossForm, RepairForm
from aigaq.web.journal.views import row_of
from aigaq.web.pressed import undone
from aigaq.web.security import open_to


@open_to(Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: OfficeRequest, failure_id: UUID) -> HttpResponseBase:
    """The failure was put right, and the duty goes on with the same recorder (paragraph 22)."""
    try:
        failure = failure_with(failure_id, request.duty.division)
    except UnknownFailureError as error:
        raise Http404 from error
    form = RepairForm(request.POST or None)
    if form.is_valid():
        by, words = request.duty.by(Role.CUSTODIAN), form.cleaned_data["words"]
        if attempt(
            form,
            lambda: repair_(wiring.ledger(), by, failure=failure, words=words, custodian=request.duty.person),
        ):
            messages.success(request, _("It is entered that the failure was put right."))
            return redirect("journal:row", row_id=failure.row_id)
    context = {"form": form, "failure": selectors.as_corrected(failure)}
    return render(request, "web/journal/repair.html", context, status=status_of(form))


@open_to(Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_loss(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    """A recorder or a card was lost while it was out; the row stays open (paragraph 24)."""
    view = selectors.row_view(row_of(request, row_id))
    form = LossForm(request.POST or None, view=view)
    if not view.is_open or not form.choices:
        messages.warning(request, _("There is nothing out on this row that could still be lost."))
        return undone(redirect("journal:row", row_id=row_id))
    if form.is_valid():
        by, given = request.duty.by(Role.CUSTODIAN), form.cleaned_data
        report = LossReport(
            custodian=request.duty.person,
            row=view.row,
            thing=ThingKind(given["thing"]),
            words=given["words"],
        )
        if attempt(form, lambda: report_loss_(wiring.ledger(), by, report)):
            messages.success(
                request, _("The loss is entered. The row stays open: if it is found, take it back here.")
            )
            return redirect("journal:row", row_id=row_id)
    context = {"form": form, "view": view}
    return render(request, "web/journal/loss.html", context, status=status_of(form))
