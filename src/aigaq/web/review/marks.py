"""Making, amending and withdrawing marks, and entering what the review of a recording came to."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aigaq import wiring
from aigaq.ledger.services import By, Ledger
from aigaq.minding import follow_up
from aigaq.recordings.models import RecordingFile
from aigaq.review.errors import UnknownMarkError
from aigaq.review.models import Mark
from aigaq.review.selectors import mark_for
from aigaq.review.services import ChangeRequest, MarkRequest, change, review
from aigaq.review.services import mark as mark_
from aigaq.web.acts import attempt, status_of
from aigaq.web.desk.forms import RefusableForm
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings import looks
from aigaq.web.recordings.media import readable_file
from aigaq.web.review.forms import AmendForm, MarkForm, ReasonForm, ResultForm
from aigaq.web.review.shown import ShownMark
from aigaq.web.security import open_to
from aigaq.web.vault.unlocked import lock_of
from aigaq.web.vault.views import READERS

Done = TypeVar("Done")


@open_to(*READERS)
@require_POST
def mark(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    file = readable_file(request, file_id)
    form = MarkForm(request.POST)
    if form.is_valid():
        sought = MarkRequest(
            reviewer=request.duty.person, file=file, saying=form.saying, profile=wiring.profile()
        )
        made = entered(request, form, file, lambda ledger, by: mark_(ledger, by, sought))
        if made:
            messages.success(request, _("The mark is entered."))
            return HttpResponseRedirect(place_of(made))
    return _again(request, form, file, _("Mark"))


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: OfficeRequest, mark_id: UUID) -> HttpResponseBase:
    found = _mark(request, mark_id)
    if request.method == "POST":
        form = AmendForm(request.POST)
        if form.is_valid():
            sought = _change(request, found, form)
            if entered(request, form, found.file, lambda ledger, by: change(ledger, by, sought)):
                messages.success(request, _("The mark is amended; what it said before stays beside it."))
                return HttpResponseRedirect(place_of(found))
    else:
        form = AmendForm.of(found.present, read=1 + len(found.history))
    return _again(request, form, found.file, _("Amend the mark"), found)


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficeRequest, mark_id: UUID) -> HttpResponseBase:
    found = _mark(request, mark_id)
    form = ReasonForm(request.POST or None, initial={"read": 1 + len(found.history)})
    if form.is_valid():
        sought = _change(request, found, form)
        if entered(request, form, found.file, lambda ledger, by: change(ledger, by, sought)):
            messages.success(request, _("The mark is withdrawn; it stays visible, struck out."))
            return HttpResponseRedirect(place_of(found))
    return _again(request, form, found.file, _("Withdraw the mark"), found)


@open_to(*READERS)
@require_POST
def result(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """What the review of the recording came to that the file is of."""
    file = readable_file(request, file_id)
    form = ResultForm(request.POST)
    if form.is_valid():
        given, who = form.cleaned_data, request.duty.person
        done = entered(
            request,
            form,
            file,
            lambda ledger, by: review(
                ledger, by, file.recording, reviewer=who, result=given["result"], note=given["note"]
            ),
        )
        if done:
            messages.success(request, _("The result is entered."))
            return HttpResponseRedirect(reverse("recordings:recording", args=[file.pk]) + "#reviews")
    return _again(request, form, file, _("Result of the review"))


def entered(
    request: OfficeRequest, form: RefusableForm, file: RecordingFile, act: Callable[[Ledger, By], Done]
) -> Done | None:
    """As `attempt`; refused too while the vault is locked: who says what is to be seen has seen it."""
    by = looks.by_reader(request.duty.standing, file.recording.division)
    return opened(request, form, by, act)


def opened(
    request: HttpRequest, form: RefusableForm, by: By, act: Callable[[Ledger, By], Done]
) -> Done | None:
    lock = lock_of(request)
    if lock is not None:
        form.refuse(None, lock)
        form.is_locked = True  # type: ignore[attr-defined]
        return None
    ledger = wiring.ledger()
    done = attempt(form, lambda: act(ledger, by))
    if done is not None:
        follow_up(ledger)
    return done


def place_of(mark: Mark) -> str:
    """The recording, at the place that was marked."""
    at = {"at": mark.position_ms}
    return reverse("recordings:recording", args=[mark.file_id], query=at) + "#marks"


def _mark(request: OfficeRequest, mark_id: UUID) -> Mark:
    try:
        return mark_for(request.duty.standing, mark_id)
    except UnknownMarkError as error:
        raise Http404 from error


def _change(request: OfficeRequest, mark: Mark, form: ReasonForm) -> ChangeRequest:
    return ChangeRequest(
        reviewer=request.duty.person,
        mark=mark.pk,
        read=form.cleaned_data["read"],
        saying=form.saying if isinstance(form, AmendForm) else None,
        reason=form.cleaned_data["reason"],
        profile=wiring.profile(),
    )


def _again(
    request: OfficeRequest, form: RefusableForm, file: RecordingFile, title: str, mark: Mark | None = None
) -> HttpResponseBase:
    """The form by itself, and what is wrong in it."""
    is_locked = getattr(form, "is_locked", False)
    context = {
        "form": form,
        "file": file,
        "title": title,
        "shown": ShownMark(mark, None) if mark else None,
        "is_locked": is_locked,
    }
    status = HTTPStatus.FORBIDDEN if is_locked else status_of(form)
    return render(request, "web/review/mark.html", context, status=status)
