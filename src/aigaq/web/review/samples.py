"""The monthly sample: what was drawn, how far it is looked through, the head's note, the report."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.core.canonical import Json
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import cells
from aigaq.paperwork.apart import Apart
from aigaq.recordings.models import Recording
from aigaq.recordings.selectors import loaded
from aigaq.review import samples as sampled
from aigaq.review.errors import UnknownSampleError
from aigaq.review.models import Sample
from aigaq.review.reporting import report_pdf
from aigaq.review.samples import begun_on, progress, rows_of_duty, sample_for, samples_of
from aigaq.review.selectors import marks_on, reviews_on
from aigaq.review.services import review
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.journal.views import row_of
from aigaq.web.pdf import pdf_response
from aigaq.web.recordings import looks
from aigaq.web.recordings.shown import ShownRecording
from aigaq.web.review.forms import NoteForm, ResultForm
from aigaq.web.review.marks import opened
from aigaq.web.review.shown import ShownMark
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import is_open, seconds_left
from aigaq.web.vault.views import READERS

_MONTHS = 24
"""Shown in the list."""


@open_to(*READERS)
@require_safe
def samples(request: OfficeRequest) -> HttpResponseBase:
    found = samples_of(request.duty.division)[:_MONTHS]
    today = sampled.today_of(wiring.ledger())
    context = {"found": progress(found, today), "rule": wiring.sample_rule()}
    return render(request, "web/review/samples.html", context)


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: OfficeRequest, sample_id: UUID) -> HttpResponseBase:
    """What was drawn; and the head's note on it."""
    found = _sample(request, sample_id)
    form = NoteForm(request.POST or None)
    if form.is_valid():
        text, by = form.cleaned_data["text"], request.duty.by(*READERS)
        head = request.duty.person
        if attempt(form, lambda: sampled.note(wiring.ledger(), by, found, head=head, text=text)):
            messages.success(request, _("The note is entered."))
            return redirect("review:sample", sample_id=found.pk)
    (shown,) = progress([found], sampled.today_of(wiring.ledger()))
    context = {
        "sample": found,
        "progress": shown,
        "notes": found.notes.select_related("by").order_by("seq"),
        "form": form,
    }
    return render(request, "web/review/sample.html", context, status=status_of(form))


@open_to(*READERS)
@require_safe
def report(request: OfficeRequest, sample_id: UUID) -> HttpResponseBase:
    """On paper, as it stands now. That it was made is entered first."""
    found, ledger = _sample(request, sample_id), wiring.ledger()
    sampled.report_printed(ledger, request.duty.by(*READERS), found)
    pdf = report_pdf(ledger, found, wiring.profile(), typesetter=Apart())
    return pdf_response(pdf, f"{_('Report on the sample')} {found.month:%Y-%m}.pdf")


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    """One duty with all that was recorded on it; and what the review of it came to."""
    row = begun_on(row_of(request, row_id))
    form = ResultForm(request.POST or None)
    if form.is_valid():
        given, who = form.cleaned_data, request.duty.person
        by = request.duty.by(*READERS)
        done = opened(
            request,
            form,
            by,
            lambda ledger, by: review(
                ledger, by, row, reviewer=who, result=given["result"], note=given["note"]
            ),
        )
        if done:
            messages.success(request, _("The result is entered."))
            return redirect("review:duty", row_id=row.pk)
    about: dict[str, Json] = {"row": str(row.pk), "number": row.number}
    looks.enter(looks.by_reader(request.duty.standing, row.division), "duty-viewed", about)
    drawn = row.drawn.select_related("sample").order_by("-seq").first()
    rows = rows_of_duty(row)
    context = {
        "row": row,
        "cells": cells(row),
        "rows": rows,
        "taken": [ShownRecording.of(each) for each in _recorded(rows)],
        "marks": [ShownMark(mark, None) for each in rows for mark in marks_on(each)],
        "reviews": [each for other in rows for each in reviews_on(other)],
        "sample": drawn.sample if drawn else None,
        "form": form,
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
        "unlock_form": UnlockForm(),
    }
    return render(request, "web/review/duty.html", context, status=status_of(form))


def _sample(request: OfficeRequest, sample_id: UUID) -> Sample:
    try:
        found = sample_for(request.duty.standing, sample_id)
    except UnknownSampleError as error:
        raise Http404 from error
    if found.division_id != request.duty.division.pk:
        raise Http404
    return found


def _recorded(rows: list[JournalRow]) -> list[Recording]:
    """By the recorder's clock."""
    found = Recording.objects.filter(placement__row__in=rows).order_by("listed_at", "id")
    return loaded(rows[0].division, list(found.values_list("pk", flat=True)))
