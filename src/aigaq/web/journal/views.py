"""The book on the screen: its pages, and one row with all that stands behind it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.incidents.selectors import incidents_of
from aigaq.journal import selectors
from aigaq.journal.acts import numbers_on as acts_on
from aigaq.journal.book_selectors import BookView, book_view, current_book
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import RowView
from aigaq.journal.services.correct import CorrectionRequest, offer_correction
from aigaq.journal.services.correct import correct as correct_
from aigaq.journal.services.remark import remark as remark_
from aigaq.journal.signed import RECEIVED
from aigaq.registry.models import Division, Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.incidents.words import shown
from aigaq.web.journal.forms import CorrectForm, RemarkForm, choices_of
from aigaq.web.journal.receipt import receipt_choices, receipt_of
from aigaq.web.journal.shown import LABELS, shown_cells, told_on_duty
from aigaq.web.journal.told_forms import ToldForm, told_forms
from aigaq.web.numbers import whole
from aigaq.web.security import open_to
from aigaq.web.signing import SignForm, site_of

_PAGE = 20
"""Rows on a page of the screen: two sheets as we print them."""
_BLANK = 3
"""Empty ruled rows under the newest one, as the paper has them."""


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def journal(request: OfficeRequest) -> HttpResponseBase:
    """The newest rows at the bottom, as in the book; older ones a page back."""
    chosen = _chosen(request.duty.division, request.GET.get("book"))
    before = whole(request.GET.get("before"))
    found: list[RowView] = []
    if chosen:
        found = selectors.rows(request.duty.division, book=chosen.book, before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    context = {
        "chosen": chosen,
        "rows": list(reversed(shown)),
        "next_before": shown[-1].cursor if len(found) > _PAGE else None,
        "is_later_page": before is not None,
        "blank": range(_BLANK if chosen and chosen.is_open and before is None else 0),
        "form_of_annex": wiring.profile().form,
    }
    return render(request, "web/journal/journal.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def row(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    return row_page(request, row_of(request, row_id))


@open_to(Role.CUSTODIAN)
@require_POST
def remark(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    """Column 7 grows; nothing in it is ever changed (R10.2)."""
    found = row_of(request, row_id)
    form = RemarkForm(request.POST)
    if form.is_valid():
        text, by = form.cleaned_data["text"], request.duty.by(Role.CUSTODIAN)
        if attempt(
            form, lambda: remark_(wiring.ledger(), by, row=found, text=text, author=request.duty.person)
        ):
            messages.success(request, _("The remark is entered."))
            return redirect("journal:row", row_id=row_id)
    return row_page(request, found, form)


@open_to(Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: OfficeRequest, row_id: UUID, cell: str) -> HttpResponseBase:
    """One cell, written anew beside the old text (R10.2), in two steps: written, then read and signed."""
    found = row_of(request, row_id)
    view = selectors.row_view(found)
    if cell not in view.cells:
        raise Http404
    stage = request.POST.get("stage")
    is_receipt = cell in RECEIVED
    words = (
        receipt_choices(view, cell)
        if is_receipt
        else choices_of(cell, wiring.profile(), get_language() or "kk")
    )
    form = CorrectForm(
        request.POST if stage in {"facts", "sign"} else None,
        initial=_as_written(request) if stage == "change" else {},
        cell=view.cells[cell],
        present=receipt_of(view, cell) if is_receipt else view.cells[cell].present,
        choices=words,
    )
    ledger, by = wiring.ledger(), request.duty.by(Role.CUSTODIAN)
    context = {
        "view": view,
        "cell": shown_cells(view.cells)[cell],
        "is_receipt": is_receipt,
        "label": LABELS[cell.partition(":")[0]],
        "form": form,
    }
    if stage not in {"facts", "sign"} or not form.is_valid():
        return render(request, "web/journal/correct.html", context, status=status_of(form))
    facts = CorrectionRequest(custodian=request.duty.person, row=found, cell=cell, **form.cleaned_data)
    if attempt(form, lambda: offer_correction(ledger, by, facts)) is None:
        return render(request, "web/journal/correct.html", context, status=status_of(form))
    sign_form = SignForm(
        request.POST if stage == "sign" else None,
        signer=request.duty.person,
        site=site_of(request),
        offer=lambda: offer_correction(ledger, by, facts),
    )
    if sign_form.is_valid():
        done = attempt(sign_form, lambda: correct_(ledger, by, facts, sign_form.means(request)))
        if done:
            messages.success(request, _("The correction is entered; the old text stays, struck out."))
            return redirect("journal:row", row_id=row_id)
    context |= {"sign_form": sign_form, "new": words.get(facts.new, facts.new)}
    return render(request, "web/journal/correct_sign.html", context, status=status_of(sign_form))


def _as_written(request: OfficeRequest) -> dict[str, object]:
    return {name: request.POST.get(name, "") for name in ("read", "new", "reason")}


def row_page(
    request: OfficeRequest,
    found: JournalRow,
    remark_form: RemarkForm | None = None,
    *,
    told: ToldForm | None = None,
) -> HttpResponseBase:
    """The row with all that stands behind it; a form that was refused comes back on it."""
    view = selectors.row_view(found)
    form = remark_form or RemarkForm()
    profile, language = wiring.profile(), get_language() or "kk"
    cells = shown_cells(view.cells)
    context = {
        "view": view,
        "form": form,
        "cells": cells,
        "checks": [
            (check.text.in_(language), view.issue.checks.get(check.key), cells.get(f"check:{check.key}"))
            for check in profile.checks
        ],
        "acts": acts_on(view.damages, view.losses),
        "can_correct": request.duty.is_custodian,
        "incidents": shown(incidents_of(found)),
        "form_of_annex": profile.form,
        **told_on_duty(view, cells),
        **told_forms(view, told),
    }
    return render(request, "web/journal/row.html", context, status=status_of(told or form))


def _chosen(division: Division, asked: str | None) -> BookView | None:
    """The book asked for, else the newest."""
    if not asked:
        return current_book(division)
    try:
        view = book_view(division, UUID(asked))
    except ValueError:
        view = None
    if view is None:
        raise Http404
    return view


def row_of(request: OfficeRequest, row_id: UUID) -> JournalRow:
    found = (
        JournalRow.objects.filter(pk=row_id, division=request.duty.division).select_related("book").first()
    )
    if found is None:
        raise Http404
    return found
