"""The list of what does not add up; one incident with its evidence; and the head's decision on it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.incidents import selectors
from aigaq.incidents.errors import UnknownIncidentError
from aigaq.incidents.models import Incident, Kind, Outcome
from aigaq.incidents.rules import DECIDED_UNDER, PARAGRAPHS
from aigaq.incidents.services import DecisionRequest, offer_decision
from aigaq.incidents.services import decide as decide_
from aigaq.journal.selectors import row_view
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.judging import judgements_of
from aigaq.registry.models import Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.coverage.words import ShownJudgement
from aigaq.web.coverage.words import shown as shown_judgement
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited_paragraph
from aigaq.web.incidents.forms import DECIDED, OPEN, DecideForm, FilterForm
from aigaq.web.incidents.words import shown
from aigaq.web.ledger.words import lines
from aigaq.web.numbers import whole
from aigaq.web.pressed import undone
from aigaq.web.security import open_to
from aigaq.web.signing import SignForm, site_of

_PAGE = 30


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def incidents(request: OfficeRequest) -> HttpResponseBase:
    """Open ones, the oldest on top, for they have waited longest; or those decided, the last one on top."""
    form = FilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    state, kind = given.get("state") or OPEN, given.get("kind") or ""
    division, page = request.duty.division, _PAGE + 1
    after, before = whole(request.GET.get("after")), whole(request.GET.get("before"))
    if state == OPEN:
        found = selectors.open_incidents(division, kind=kind, after=after, limit=page)
    else:
        found = selectors.decided_incidents(division, kind=kind, before=before, limit=page)
    listed, goes_on = found[:_PAGE], len(found) > _PAGE
    context = {
        "form": FilterForm(initial={"state": state, "kind": kind}),
        "incidents": shown(listed),
        "is_open": state == OPEN,
        "is_narrowed": bool(kind),
        "decided": DECIDED,
        "next_after": listed[-1].seq if goes_on and state == OPEN else None,
        "next_before": listed[-1].decision.seq if goes_on and state == DECIDED else None,
        "is_later_page": (after if state == OPEN else before) is not None,
    }
    return render(request, "web/incidents/list.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def incident(request: OfficeRequest, incident_id: UUID) -> HttpResponseBase:
    return _page(request, _incident(request, incident_id), DecideForm())


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OfficeRequest, incident_id: UUID) -> HttpResponseBase:
    """In two steps: the head writes the decision; then reads it as it will stand, and signs it."""
    found = _incident(request, incident_id)
    if selectors.decision_on(found) is not None:
        messages.warning(request, _("This incident has been decided already. A decision is never changed."))
        return undone(redirect("incidents:incident", incident_id=incident_id))
    stage = request.POST.get("stage")
    form = DecideForm(
        request.POST if stage in {"facts", "sign"} else None,
        initial=request.POST.dict() if stage == "change" else {},
    )
    if stage not in {"facts", "sign"} or not form.is_valid():
        return _page(request, found, form)
    ledger, by = wiring.ledger(), request.duty.by(Role.HEAD)
    facts = DecisionRequest(head=request.duty.person, incident=found, **form.cleaned_data)
    if attempt(form, lambda: offer_decision(ledger, by, facts)) is None:
        return _page(request, found, form)
    sign_form = SignForm(
        request.POST if stage == "sign" else None,
        signer=request.duty.person,
        site=site_of(request),
        offer=lambda: offer_decision(ledger, by, facts),
    )
    if sign_form.is_valid():
        done = attempt(sign_form, lambda: decide_(ledger, by, facts, sign_form.means(request)))
        if done:
            messages.success(request, _("Decided and signed. The incident is closed."))
            return redirect("incidents:incident", incident_id=incident_id)
    context = {
        "form": form,
        "sign_form": sign_form,
        "outcome": Outcome(facts.outcome),
        "reason": facts.cleaned().reason,
        **_about(found),
    }
    return render(request, "web/incidents/decide_sign.html", context, status=status_of(sign_form))


def _page(request: OfficeRequest, found: Incident, form: DecideForm) -> HttpResponseBase:
    context = {
        **_about(found),
        "form": form,
        "evidence": lines(LedgerEntry.objects.filter(seq__in=found.evidence).order_by("seq")),
        "view": row_view(found.row) if found.row else None,
        "judgements": _judgements(found),
        "paragraphs": [cited_paragraph(number) for number in (PARAGRAPHS[Kind(found.kind)], DECIDED_UNDER)],
    }
    return render(request, "web/incidents/incident.html", context, status=status_of(form))


def _judgements(found: Incident) -> list[ShownJudgement]:
    """The one from which it follows, and what was found later: beside it, never instead of it."""
    if found.kind != Kind.NOT_RECORDED or found.row is None:
        return []
    first = found.facts["number_of_judgement"]
    return [shown_judgement(each) for each in judgements_of(found.row) if each.number >= first]


def _about(found: Incident) -> dict[str, object]:
    return {"shown": shown([found])[0], "incident": found}


def _incident(request: OfficeRequest, incident_id: UUID) -> Incident:
    try:
        return selectors.incident_with(incident_id, request.duty.division)
    except UnknownIncidentError as error:
        raise Http404 from error
