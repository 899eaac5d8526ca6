"""Handing a recorder out: what is written, the inspector's look at it, the signature, the row."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.journal.book_selectors import current_book
from aigaq.journal.errors import UnknownFailureError
from aigaq.journal.models import Failure, JournalRow
from aigaq.journal.selectors import as_corrected, cells, failure_with, returned_of
from aigaq.journal.services.issue import IssueRequest, offer_issue
from aigaq.journal.services.issue import issue as issue_
from aigaq.registry.models import Card, Recorder, Role, State
from aigaq.registry.selectors import people_with
from aigaq.web.acts import attempt, status_of
from aigaq.web.desk.forms import IssueForm
from aigaq.web.duty import OfficeRequest
from aigaq.web.pressed import undone
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
    stage, failure = request.POST.get("stage"), _failure(request)
    if failure is not None and failure.is_settled:
        messages.warning(request, _("This failure was settled already."))
        return undone(redirect("journal:row", row_id=failure.row_id))
    form = _form(request, stage, failure)
    if stage not in {"facts", "sign"} or not form.is_valid():
        return _write(request, form, failure)
    signer = form.cleaned_data["inspector"]
    ledger, by, facts = wiring.ledger(), request.duty.by(Role.CUSTODIAN), _facts(request, form, failure)
    sign_form = SignForm(
        request.POST if stage == "sign" else None,
        signer=signer,
        site=site_of(request),
        offer=lambda: offer_issue(ledger, by, facts),
    )
    if sign_form.is_valid():
        row = attempt(sign_form, lambda: issue_(ledger, by, facts, sign_form.means(request)))
        if row is not None:
            return _issued(request, row, failure)
    context = {
        "form": form,
        "control": dict(form.fields["control"].choices)[form.cleaned_data["control"]],  # type: ignore[attr-defined]
        "sign_form": sign_form,
        "signer": signer,
        "failure": as_corrected(failure) if failure else None,
    }
    return render(request, "web/desk/issue_sign.html", context, status=status_of(sign_form))


def _failure(request: OfficeRequest) -> Failure | None:
    """The failure that this issue is to settle, where it is one."""
    asked = request.POST.get("replaces") or request.GET.get("replaces")
    if not asked:
        return None
    try:
        return failure_with(asked, request.duty.division)
    except UnknownFailureError as error:
        raise Http404 from error


def _issued(request: OfficeRequest, row: JournalRow, failure: Failure | None) -> HttpResponseBase:
    """On to the new row; or, where a failed recorder was replaced, to taking that one back."""
    if failure is None or returned_of(failure.row) is not None:
        said = _("Issued and signed. It stands in the book as row {number}.")
        messages.success(request, said.format(number=row.number))
        return redirect("journal:row", row_id=row.pk)
    said = _("Issued and signed: row {number}. Now take back the recorder {recorder}, which failed.")
    messages.success(request, said.format(number=row.number, recorder=failure.row.recorder))
    return redirect("desk:return", row_id=failure.row_id)


def _form(request: OfficeRequest, stage: str | None, failure: Failure | None) -> IssueForm:
    division = request.duty.division
    inspectors = people_with(division, Role.INSPECTOR, wiring.clock().now())
    return IssueForm(
        request.POST if stage in {"facts", "sign"} else None,
        # Back from the signature to change something: as it was written, without complaints.
        initial=request.POST.dict() if stage == "change" else _begun(request, failure),
        division=division,
        profile=wiring.profile(),
        inspectors=[failure.row.inspector] if failure else inspectors,
    )


def _scanned(request: OfficeRequest) -> dict[str, str]:
    """What a scan filled in; nothing else of the form can be prefilled by a link."""
    return {name: request.GET.get(name, "") for name in _SCANNED}


def _begun(request: OfficeRequest, failure: Failure | None) -> dict[str, object]:
    """What stands on the page at first: what was scanned, or the duty that goes on, as corrected."""
    if failure is None:
        return {**_scanned(request)}
    now = cells(failure.row)
    purpose = {name: now[name].present for name in ("control", "subject", "object", "act_number")}
    return {
        **_scanned(request),
        "replaces": failure.pk,
        "inspector": str(failure.row.inspector_id),
        **purpose,
    }


def _write(request: OfficeRequest, form: IssueForm, failure: Failure | None) -> HttpResponseBase:
    division = request.duty.division
    available = {"division": division, "state": State.IN_SERVICE, "out_on": None}
    recent = JournalRow.objects.filter(division=division).order_by("-seq")[:_SUGGESTED]
    purposes = list(recent.values_list("issue__subject", "issue__object"))
    context = {
        "form": form,
        "kept": [(name, form[name].value()) for name in (*_SCANNED, "replaces")],
        "book": current_book(division),
        "recorders": Recorder.objects.filter(**available).order_by("inventory_number"),
        "cards": Card.objects.filter(**available).order_by("inventory_number"),
        "subjects": sorted({subject for subject, _object in purposes}),
        "objects": sorted({object_ for _subject, object_ in purposes}),
        "no_inspectors": not form.has_inspectors,
        "failure": as_corrected(failure) if failure else None,
    }
    return render(request, "web/desk/issue.html", context, status=status_of(form))


def _facts(request: OfficeRequest, form: IssueForm, failure: Failure | None) -> IssueRequest:
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
        replaces=failure,
    )
