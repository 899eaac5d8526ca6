"""The register of demands, one demand, and entering a paper that comes in."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.core.digests import ContentDigest
from aigaq.disclosure import selectors
from aigaq.disclosure.errors import UnknownDemandError
from aigaq.disclosure.models import Chosen, Demand, Kind
from aigaq.disclosure.selectors import DemandView, Stage
from aigaq.disclosure.services.paper import store_paper
from aigaq.disclosure.services.refuse import refuse as refuse_
from aigaq.disclosure.services.register import RegisterRequest, judge
from aigaq.disclosure.services.register import register as register_
from aigaq.errors import AigaqError
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.playback import reader_of
from aigaq.registry.models import Role
from aigaq.retention.errors import UnknownHoldError
from aigaq.retention.selectors import hold_with, holds_in
from aigaq.retention.services import release_hold
from aigaq.web.acts import attempt, status_of
from aigaq.web.disclosure.choosing import found_by
from aigaq.web.disclosure.forms import HandOverForm, NamedForm, PackageForm, PaperForm, ReasonForm, StageForm
from aigaq.web.disclosure.shown import ShownDemand, shown, shown_choice, today
from aigaq.web.disclosure.uploads import in_memory
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited_paragraph
from aigaq.web.numbers import whole
from aigaq.web.recordings import looks, streaming
from aigaq.web.recordings.names import as_attachment
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import identity_of, is_open
from aigaq.web.vault.views import READERS, to_unlock

_PAGE = 30
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@open_to(*READERS)
@require_safe
def demands(request: OfficeRequest) -> HttpResponseBase:
    form = StageForm(request.GET)
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    before = whole(request.GET.get("before"))
    found = selectors.demands(
        request.duty.division, stage=Stage(stage) if stage else None, before=before, limit=_PAGE + 1
    )
    context = {
        "form": StageForm(initial={"stage": stage}),
        "demands": shown(found[:_PAGE]),
        "is_narrowed": bool(stage),
        "next_before": found[_PAGE - 1].demand.number if len(found) > _PAGE else None,
        "is_later_page": before is not None,
        "overdue": selectors.overdue(request.duty.division, today()),
    }
    return render(request, "web/disclosure/list.html", context)


@open_to(*READERS)
@require_safe
def demand(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    return page(request, demand_of(request, demand_id))


@in_memory
@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: OfficeRequest) -> HttpResponseBase:
    """What the paper says; what it names is found, chosen and held in the same act."""
    is_sent = request.method == "POST"
    first = {"received_on": today(), "kind": Kind.REQUEST}
    form = PaperForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=first)
    named = NamedForm(request.POST if is_sent else None, division=request.duty.division)
    # Both are asked, so that everything that is wrong is said at once.
    if form.is_valid() & named.is_valid():
        entered = attempt(form, lambda: _entered(request, form, named))
        if entered is not None:
            messages.success(
                request, _("Entered as demand {number}. What it names is held.").format(number=entered.number)
            )
            address = "disclosure:demand" if named.is_asked else "disclosure:choose"
            return redirect(address, demand_id=entered.pk)
    context = {"form": form, "named": named}
    return render(request, "web/disclosure/register.html", context, status=status_of(form))


@open_to(*READERS)
@require_safe
def paper(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    """The scanned paper, as it came: to be saved, and never shown by us."""
    found = demand_of(request, demand_id).demand
    if found.document is None:
        raise Http404
    if not is_open(request):
        return to_unlock(request)
    content = ContentDigest.parse(found.document.content_digest)
    with reader_of(wiring.vault(), identity_of(request), found.document) as reader:
        octets = reader.read()
    about = {"demand": str(found.pk), "content_digest": str(content), "size": len(octets)}
    looks.enter(request.duty.by(*READERS), "downloaded", about)  # type: ignore[arg-type]
    response = HttpResponse(octets, content_type="application/octet-stream")
    name = f"{found.number} {found.their_number}.{_ENDINGS[found.media_type]}"
    response.headers["Content-Disposition"] = as_attachment(name)
    return streaming.marked(response)


@open_to(Role.HEAD)
@require_POST
def refuse(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    view, form = demand_of(request, demand_id), ReasonForm(request.POST)
    duty = request.duty
    if form.is_valid():
        done = attempt(
            form,
            lambda: refuse_(
                wiring.ledger(),
                duty.by(Role.HEAD),
                demand=view.demand.pk,
                division=duty.division,
                head=duty.person,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("Refused. What was held stays held until you let it go."))
            return redirect("disclosure:demand", demand_id=demand_id)
    return page(request, view, refuse_form=form)


@open_to(Role.HEAD)
@require_POST
def release(request: OfficeRequest, demand_id: UUID, hold_id: UUID) -> HttpResponseBase:
    """Let go what a demand held: what else holds the same recordings holds them still."""
    view, form, duty = demand_of(request, demand_id), ReasonForm(request.POST), request.duty
    try:
        hold = hold_with(hold_id, duty.division)
    except UnknownHoldError as error:
        raise Http404 from error
    if hold.because != view.demand.pk:
        raise Http404
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], duty.by(Role.HEAD)
        ledger = wiring.ledger()
        done = attempt(form, lambda: release_hold(ledger, by, hold, head=duty.person, reason=reason))
        if done is not None:
            messages.success(request, _("Released."))
            return redirect("disclosure:demand", demand_id=demand_id)
    return page(request, view, release_form=form)


def page(request: OfficeRequest, view: DemandView, **forms: object) -> HttpResponseBase:
    """One demand with all that can be done about it now; a form that was refused is shown with its reason."""
    division, approval = request.duty.division, view.approval
    bound = next((form for form in forms.values() if getattr(form, "errors", None)), None)
    context = {
        "shown": ShownDemand(view, today()),
        "view": view,
        "demand": view.demand,
        "choice": shown_choice(division, view.selection.items),
        "holds": holds_in(division, because=view.demand.pk),
        "built": selectors.built_of(approval) if approval else [],
        "paragraphs": [cited_paragraph("15"), cited_paragraph("14")],
        "is_open": is_open(request),
        "unlock_form": UnlockForm(),
        "refuse_form": ReasonForm(),
        "release_form": ReasonForm(),
        "package_form": PackageForm(initial={"sealing": "no"}),
        "hand_over_form": HandOverForm(initial={"carrier": "stick", "way": "on-paper"}),
        **forms,
    }
    status = status_of(bound) if bound is not None else 200  # type: ignore[arg-type]
    return render(request, "web/disclosure/demand.html", context, status=status)


def demand_of(request: OfficeRequest, demand_id: UUID) -> DemandView:
    try:
        return selectors.demand_view(demand_id, request.duty.division)
    except UnknownDemandError as error:
        raise Http404 from error


def _entered(request: OfficeRequest, form: PaperForm, named: NamedForm) -> Demand:
    ledger, by, duty = wiring.ledger(), request.duty.by(*READERS), request.duty
    given = {name: value for name, value in form.cleaned_data.items() if name != "document"}
    found = found_by(request, named.wanted) if named.is_asked else []
    asked = RegisterRequest(
        person=duty.person, division=duty.division, chosen=[Chosen(each) for each in found], **given
    )
    return _registered(ledger, by, asked, form)


def _registered(ledger: Ledger, by: By, asked: RegisterRequest, form: PaperForm) -> Demand:
    judge(ledger, by, asked)
    octets = form.octets
    if octets:
        try:
            asked = replace(asked, document=store_paper(wiring.vault(), octets))
        except AigaqError as error:
            form.refuse("document", error)
            raise
    return register_(ledger, by, asked)
