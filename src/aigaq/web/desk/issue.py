"""Handing a recorder out: what is written, the inspector's look at it, the signature, the row."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.journal.book_selectors import current_book
from aigaq.journal.models import JournalRow
from aigaq.journal.services.issue import IssueRequest, offer_issue
from aigaq.journal.services.issue import issue as issue_
from aigaq.registry.models import Card, Recorder, Role, State
from aigaq.registry.selectors import people_with
from aigaq.web.acts import attempt, status_of
from aigaq.web.desk.forms import IssueForm
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to, with_camera
from aigaq.web.signing import SignForm, site_of

_SCANNED = ("recorder", "card", "inspector")
_SUGGESTED = 30
"""Subjects and objects of the newest rows, offered while typing."""


@open_to(Role.CUSTODIAN)
@with_camera
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: OfficeRequest) -> HttpResponseBase:
    """In two steps: the custodian writes; the inspector reads the same on the screen and signs it."""
    stage = request.POST.get("stage")
    form = _form(request, stage)
    if stage not in {"facts", "sign"} or not form.is_valid():
        return _write(request, form)
    signer = form.cleaned_data["inspector"]
    ledger, by, facts = wiring.ledger(), request.duty.by(Role.CUSTODIAN), _facts(request, form)
    sign_form = SignForm(
        request.POST if stage == "sign" else None,
        signer=signer,
        site=site_of(request),
        offer=lambda: offer_issue(ledger, by, facts),
    )
    if sign_form.is_valid():
        row = attempt(sign_form, lambda: issue_(ledger, by, facts, sign_form.means(request)))
        if row is not None:
            messages.success(
                request,
                _("Issued and signed. It stands in the book as row {number}.").format(number=row.number),
            )
            return redirect("journal:row", row_id=row.pk)
    context = {
        "form": form,
        "control": dict(form.fields["control"].choices)[form.cleaned_data["control"]],  # type: ignore[attr-defined]
        "sign_form": sign_form,
        "signer": signer,
    }
    return render(request, "web/desk/issue_sign.html", context, status=status_of(sign_form))


def _form(request: OfficeRequest, stage: str | None) -> IssueForm:
    division = request.duty.division
    return IssueForm(
        request.POST if stage in {"facts", "sign"} else None,
        # Back from the signature to change something: as it was written, without complaints.
        initial=request.POST.dict() if stage == "change" else _scanned(request),
        division=division,
        profile=wiring.profile(),
        inspectors=people_with(division, Role.INSPECTOR, wiring.clock().now()),
    )


def _scanned(request: OfficeRequest) -> dict[str, str]:
    """What a scan filled in; nothing else of the form can be prefilled by a link."""
    return {name: request.GET.get(name, "") for name in _SCANNED}


def _write(request: OfficeRequest, form: IssueForm) -> HttpResponseBase:
    division = request.duty.division
    available = {"division": division, "state": State.IN_SERVICE, "out_on": None}
    recent = JournalRow.objects.filter(division=division).order_by("-seq")[:_SUGGESTED]
    purposes = list(recent.values_list("issue__subject", "issue__object"))
    context = {
        "form": form,
        "scanned": [(name, form[name].value()) for name in _SCANNED],
        "book": current_book(division),
        "recorders": Recorder.objects.filter(**available).order_by("inventory_number"),
        "cards": Card.objects.filter(**available).order_by("inventory_number"),
        "subjects": sorted({subject for subject, _object in purposes}),
        "objects": sorted({object_ for _subject, object_ in purposes}),
        "no_inspectors": not form.has_inspectors,
    }
    return render(request, "web/desk/issue.html", context, status=status_of(form))


def _facts(request: OfficeRequest, form: IssueForm) -> IssueRequest:
    given = form.cleaned_data
    return IssueRequest(
        custodian=request.duty.person,
        division=request.duty.division,
        recorder=given["recorder"],
        card=given["card"],
        inspector=given["inspector"],
        purpose=form.purpose,
        checks=form.checks,
        seal_number=given["seal_number"],
    )
