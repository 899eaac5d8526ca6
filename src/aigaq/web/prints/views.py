"""Asking for paper, watching it being set, taking it: each print and each download is entered first."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.accounts.models import User
from aigaq.core.canonical import Json
from aigaq.journal.book_selectors import book_view
from aigaq.journal.services.printed import enter_taken
from aigaq.ledger.services import By
from aigaq.paperwork import labels as labels_paper
from aigaq.paperwork.badge import print_badges
from aigaq.prints import making
from aigaq.prints import services as prints
from aigaq.prints.models import Print, State
from aigaq.prints.rules import KEPT, percent
from aigaq.registry.labels import NothingToLabelError, things_to_label
from aigaq.registry.models import Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited_paragraph, sentence
from aigaq.web.pressed import undone
from aigaq.web.prints.forms import BookForm, LabelsForm
from aigaq.web.recordings.names import as_attachment
from aigaq.web.security import open_to

_PDF = "application/pdf"
_EVERY_SECONDS = 1
"""Between two looks of an open page at a paper that is being set."""


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: OfficeRequest, book_id: UUID) -> HttpResponseBase:
    view = book_view(request.duty.division, book_id)
    if view is None:
        raise Http404
    form = BookForm(request.POST or None, is_inscribed=view.inscription is not None)
    if form.is_valid():
        title = _("Journal {number}").format(number=view.book.registration_number)
        what = making.of_book(view.book, form.part)
        if started := attempt(form, lambda: _start(request, title, what)):
            return redirect("prints:print", print_id=started.pk)
    context = {"form": form, "view": view, "prints": _prints(request)}
    return render(request, "web/prints/book.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def labels(request: OfficeRequest) -> HttpResponseBase:
    """For the division's recorders and cards; all of them are marked, to begin with."""
    division = request.duty.division
    try:
        things = things_to_label(division=division)
    except NothingToLabelError as error:
        messages.warning(request, sentence(error))
        return undone(redirect("registry:things"))
    form = LabelsForm(request.POST or None, things=things)
    if form.is_valid():
        chosen = set(form.cleaned_data["numbers"])
        marked = [thing for thing in things if thing.inventory_number in chosen]
        what = making.of_labels(marked, labels_paper.Paper(form.cleaned_data["paper"]))
        if started := attempt(form, lambda: _start(request, _("Labels"), what)):
            return redirect("prints:print", print_id=started.pk)
    return render(request, "web/prints/labels.html", {"form": form}, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def badge(request: OfficeRequest) -> HttpResponseBase:  # noqa: ARG001 - a view's signature
    """The sheet of R18.1: the order's own words, the same for everybody, and so made on the spot."""
    return _file(print_badges(wiring.profile()), "badge.pdf")


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def print_(request: OfficeRequest, print_id: UUID) -> HttpResponseBase:
    """How far it is; an open page asks again and again, and gets the part that changes."""
    found = _print(request, print_id)
    context = {
        "print": found,
        "percent": percent(found, wiring.clock().now()),
        "is_ready": found.state == State.READY,
        "is_failed": found.state == State.FAILED,
        "said": _said(State(found.state)),
        "every": _EVERY_SECONDS,
        "kept_minutes": int(KEPT.total_seconds()) // 60,
    }
    if found.fault:
        context["error"] = _(found.fault).format(**found.fault_details)
        context["cited"] = cited_paragraph(found.fault_paragraph) if found.fault_paragraph else None
    template = "web/prints/progress.html" if request.htmx else "web/prints/print.html"
    return render(request, template, context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_POST
def stop(request: OfficeRequest, print_id: UUID) -> HttpResponseBase:
    prints.stop(_print(request, print_id))
    messages.success(request, _("It is not printed any further, and forgotten."))
    return redirect("journal:shelf")


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def take(request: OfficeRequest, print_id: UUID) -> HttpResponseBase:
    """The file. Who takes the book is entered before its octets go out."""
    found = _print(request, print_id)
    if found.pdf is None:
        raise Http404
    printed = prints.printed_of(found)
    if printed is not None and request.method != "HEAD":
        enter_taken(wiring.ledger(), _by(request), printed)
    return _file(bytes(found.pdf), found.name)


def _start(request: OfficeRequest, title: str, what: Mapping[str, Json]) -> Print:
    assert isinstance(request.user, User)
    return prints.ask(
        wiring.ledger(),
        _by(request),
        owner=request.user,
        division=request.duty.division,
        title=title,
        what=what,
    )


def _prints(request: OfficeRequest) -> list[Print]:
    assert isinstance(request.user, User)
    return prints.prints_of(request.user, request.duty.division, wiring.clock().now())


def _print(request: OfficeRequest, print_id: UUID) -> Print:
    """One's own, asked for in this division; any other is not there."""
    found = next((each for each in _prints(request) if each.pk == print_id), None)
    if found is None:
        raise Http404
    return found


def _by(request: OfficeRequest) -> By:
    return request.duty.by(Role.HEAD, Role.CUSTODIAN)


def _said(state: State) -> str:
    return {
        State.WAITING: _("Another paper is being prepared first."),
        State.READING: _("The rows are read."),
        State.DRAWING: _("The codes are drawn."),
        State.SETTING: _("The pages are ready."),
        State.READY: _("It is ready."),
        State.FAILED: _("It could not be prepared."),
    }[state]


def _file(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type=_PDF, status=HTTPStatus.OK)
    response.headers["Content-Disposition"] = as_attachment(name)
    return response
