"""Labels for the badges of people."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aigaq.paperwork.apart import Apart
from aigaq.paperwork.labels import Paper
from aigaq.registry.labels import people_labels_pdf, people_to_label
from aigaq.registry.models import Person, Role
from aigaq.web.duty import OfficeRequest
from aigaq.web.pdf import pdf_response
from aigaq.web.security import open_to


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def people_labels(request: OfficeRequest) -> HttpResponseBase:
    """Of the whole staff list of the division at hand."""
    paper, people = _paper(request), people_to_label(division=request.duty.division)
    return pdf_response(people_labels_pdf(people, paper, typesetter=Apart()), _("Labels of people") + ".pdf")


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def person_label(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    staff = Person.objects.select_related("division")
    person = get_object_or_404(staff, pk=person_id, division=request.duty.division)
    return pdf_response(
        people_labels_pdf([person], _paper(request), typesetter=Apart()), f"{person.staff_number}.pdf"
    )


def _paper(request: OfficeRequest) -> Paper:
    try:
        return Paper(request.GET.get("paper", Paper.A4))
    except ValueError:
        raise Http404 from None
