"""Taking a recorder back: find it, compare the seal, have it signed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.journal import selectors
from aigaq.journal.models import JournalRow, ThingFound, ThingKind
from aigaq.journal.selectors import RowView
from aigaq.journal.services.return_ import ReturnRequest, offer_return, return_
from aigaq.registry.models import Card, Division, Person, Recorder, Role
from aigaq.registry.selectors import people_with
from aigaq.web.acts import attempt, status_of
from aigaq.web.desk.forms import FindForm, ReturnForm
from aigaq.web.desk.outs import Out
from aigaq.web.duty import Duty, OfficeRequest
from aigaq.web.pressed import undone
from aigaq.web.security import open_to, with_camera
from aigaq.web.signing import SignForm, site_of


@open_to(Role.CUSTODIAN)
@require_safe
def find(request: OfficeRequest) -> HttpResponseBase:
    """By the number of the recorder or of its card; by a click, for who has no scanner."""
    form = FindForm(request.GET or None)
    if form.is_valid():
        number = form.cleaned_data["number"].strip()
        row = _open_row(request.duty, number)
        if row is not None:
            return redirect("desk:return", row_id=row.pk)
        form.add_error(
            "number",
            _("“{number}” is not out now. Look at the label, or choose below.").format(number=number),
        )
    out = [Out(view) for view in selectors.open_rows(request.duty.division)]
    context = {"form": form, "out": out}
    return render(request, "web/desk/find.html", context, status=status_of(form))


@open_to(Role.CUSTODIAN)
@with_camera
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    row = JournalRow.objects.filter(pk=row_id, division=request.duty.division).first()
    if row is None:
        raise Http404
    view = selectors.row_view(row)
    if not view.is_open:
        messages.warning(request, _("This row has been signed as taken back already."))
        return undone(redirect("journal:row", row_id=row_id))
    stage = request.POST.get("stage")
    form = ReturnForm(
        request.POST if stage in {"facts", "sign"} else None,
        initial=request.POST.dict() if stage == "change" else {**_as_known(view), **_scanned(request)},
        row=view.row,
        people=_others(request.duty.division),
    )
    if stage not in {"facts", "sign"} or not form.is_valid():
        context = {"form": form, "view": view}
        return render(request, "web/desk/return.html", context, status=status_of(form))
    signer = form.cleaned_data["handed_back_by"]
    ledger, by, facts = wiring.ledger(), request.duty.by(Role.CUSTODIAN), _facts(request, view.row, form)
    sign_form = SignForm(
        request.POST if stage == "sign" else None,
        signer=signer,
        site=site_of(request),
        offer=lambda: offer_return(ledger, by, facts),
    )
    if sign_form.is_valid():
        done = attempt(sign_form, lambda: return_(ledger, by, facts, sign_form.means(request)))
        if done:
            messages.success(request, _after(form))
            return redirect("journal:row", row_id=row_id)
    context = {"form": form, "view": view, "sign_form": sign_form, "signer": signer}
    return render(request, "web/desk/return_sign.html", context, status=status_of(sign_form))


def _others(division: Division) -> list[Person]:
    """Who may hand it back instead of its inspector; the head too, for one who left and was the only one."""
    now = wiring.clock().now()
    found = (*people_with(division, Role.INSPECTOR, now), *people_with(division, Role.HEAD, now))
    return list(dict.fromkeys(found))


def _scanned(request: OfficeRequest) -> dict[str, str]:
    """Who hands it back, where their badge was scanned."""
    person = request.GET.get("handed_back_by")
    return {"handed_back_by": person} if person else {}


def _after(form: ReturnForm) -> str:
    if form.found(ThingKind.CARD).found is ThingFound.MISSING:
        return _("Taken back and signed. The register has the missing card as lost.")
    return _("Taken back and signed. Now put the card in: it is unloaded by itself.")


def _as_known(view: RowView) -> dict[str, object]:
    """A card whose loss was told on the row is missing at its return, unless it was found."""
    cells = view.cells
    return {
        name: value
        for loss in view.losses
        if loss.thing == ThingKind.CARD
        for name, value in (("card_found", ThingFound.MISSING), ("card_words", cells["loss:card"].present))
    }


def _facts(request: OfficeRequest, row: JournalRow, form: ReturnForm) -> ReturnRequest:
    given = form.cleaned_data
    return ReturnRequest(
        custodian=request.duty.person,
        row=row,
        handed_back_by=given["handed_back_by"],
        seal_found=form.seal_found_value,
        seal_number_found=given.get("seal_number_found", ""),
        condition=given["condition"],
        recorder=form.found(ThingKind.RECORDER),
        card=form.found(ThingKind.CARD),
    )


def _open_row(duty: Duty, number: str) -> JournalRow | None:
    for kind in (Recorder, Card):
        thing = kind._default_manager.filter(inventory_number=number, division=duty.division).first()  # noqa: SLF001 - Django's public way
        if thing is not None:
            return selectors.open_row_of(thing)
    return None
