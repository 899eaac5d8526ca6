"""What the custodian was told by voice and enters on the row: a pause, its end, a failure."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aigaq import wiring
from aigaq.journal.models import JournalRow, Told
from aigaq.journal.services.pause import pause as pause_
from aigaq.journal.services.report_failure import report_failure as report_failure_
from aigaq.journal.services.resume import resume as resume_
from aigaq.journal.services.telling import FieldNotice
from aigaq.registry.models import Role
from aigaq.web.acts import attempt
from aigaq.web.duty import OfficeRequest
from aigaq.web.journal.told_forms import FailureForm, PauseForm, ResumeForm, ToldForm
from aigaq.web.journal.views import row_of, row_page
from aigaq.web.security import open_to


@open_to(Role.CUSTODIAN)
@require_POST
def pause(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    def enter(notice: FieldNotice, given: Mapping[str, Any]) -> object:
        return pause_(wiring.ledger(), request.duty.by(Role.CUSTODIAN), notice, reason=given["reason"])

    return _entered(request, row_id, PauseForm.given(request), enter, _("The pause is entered."))


@open_to(Role.CUSTODIAN)
@require_POST
def resume(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    def enter(notice: FieldNotice, given: Mapping[str, Any]) -> object:
        return resume_(wiring.ledger(), request.duty.by(Role.CUSTODIAN), notice, pause=given["pause"])

    return _entered(request, row_id, ResumeForm.given(request), enter, _("The end of the pause is entered."))


@open_to(Role.CUSTODIAN)
@require_POST
def report_failure(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    def enter(notice: FieldNotice, given: Mapping[str, Any]) -> object:
        by = request.duty.by(Role.CUSTODIAN)
        return report_failure_(wiring.ledger(), by, notice, cause=given["cause"], words=given["words"])

    return _entered(request, row_id, FailureForm.given(request), enter, _("The failure is entered."))


def _entered(
    request: OfficeRequest,
    row_id: UUID,
    form: ToldForm,
    enter: Callable[[FieldNotice, Mapping[str, Any]], object],
    done: str,
) -> HttpResponseBase:
    row = row_of(request, row_id)
    given = form.cleaned_data if form.is_valid() else None
    if given is not None and attempt(form, lambda: enter(_notice(request, row, given), given)) is not None:
        messages.success(request, done)
        return redirect("journal:row", row_id=row_id)
    return row_page(request, row, told=form)


def _notice(request: OfficeRequest, row: JournalRow, given: Mapping[str, Any]) -> FieldNotice:
    return FieldNotice(
        id=given["id"],
        row=row,
        person=request.duty.person,
        told=Told.BY_VOICE,
        occurred_at=given["told_at"],
    )
