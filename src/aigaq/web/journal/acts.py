"""Acts of damage, of loss and of hand-over, by a form: each print is an entry in the ledger."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from aigaq import wiring
from aigaq.journal.models import JournalRow
from aigaq.journal.services.print_act import print_act, print_hand_over
from aigaq.paperwork.act_code import ActNumber, ActNumberError
from aigaq.paperwork.apart import Apart
from aigaq.registry.models import Appointment, Role
from aigaq.web.duty import OfficeRequest
from aigaq.web.pdf import pdf_response
from aigaq.web.security import open_to


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_POST
def act(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    """Of damage or of loss, by its number."""
    row = get_object_or_404(JournalRow, pk=row_id, division=request.duty.division)
    try:
        number = ActNumber.parse(request.POST.get("number", ""))
    except ActNumberError:
        raise Http404 from None
    by = request.duty.by(Role.CUSTODIAN, Role.HEAD)
    printed = print_act(
        wiring.ledger(), by, row=row, number=number, profile=wiring.profile(), typesetter=Apart()
    )
    return pdf_response(printed.pdf, printed.name)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_POST
def hand_over(request: OfficeRequest, appointment_id: int) -> HttpResponseBase:
    """What a custodian receives, or with `back` a deputy gives back."""
    appointments = Appointment.objects.select_related("division", "person", "stands_in_for__person")
    appointment = get_object_or_404(appointments, pk=appointment_id, division=request.duty.division)
    printed = print_hand_over(
        wiring.ledger(),
        request.duty.by(Role.CUSTODIAN, Role.HEAD),
        appointment=appointment,
        profile=wiring.profile(),
        is_back="back" in request.POST,
        typesetter=Apart(),
    )
    return pdf_response(printed.pdf, printed.name)
