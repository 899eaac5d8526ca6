"""The shelf: each book of the division as it stands there, and what its head does with them (R10.1)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal import book_selectors as selectors
from aigaq.journal import wording
from aigaq.journal.book_selectors import BookView
from aigaq.journal.rules import clean
from aigaq.journal.services import books as services
from aigaq.journal.services.inscribe import InscriptionRequest, offer_inscription
from aigaq.journal.services.inscribe import inscribe as inscribe_
from aigaq.registry.models import Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.journal.forms import CloseBookForm, OpenBookForm, RegisterNextForm
from aigaq.web.numbers import whole
from aigaq.web.pressed import undone
from aigaq.web.security import open_to
from aigaq.web.signing import SignForm, site_of


@dataclass(frozen=True)
class Spine:
    """A book as it stands on the shelf."""

    view: BookView
    out: list[int]
    """Its rows that are open."""

    @property
    def is_unfinished(self) -> bool:
        """Closed, and its last page not written."""
        return not self.view.is_open and self.view.inscription is None


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def shelf(request: OfficeRequest) -> HttpResponseBase:
    """The newest on the left, as they are read; a page has as many as a board holds."""
    division, before = request.duty.division, whole(request.GET.get("before"))
    found = selectors.books(division, before=before, limit=selectors.PAGE + 1)
    shown, out = found[: selectors.PAGE], selectors.still_out(division)
    newest = found[0] if found and before is None else selectors.current_book(division)
    context = {
        "books": [Spine(view, out.get(view.book.pk, [])) for view in shown],
        "newest": newest,
        "ahead": selectors.registered_ahead(division) if before is None else [],
        "next_before": shown[-1].cursor if len(found) > selectors.PAGE else None,
        "is_later_page": before is not None,
    }
    return render(request, "web/journal/shelf.html", context)


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def open_book(request: OfficeRequest) -> HttpResponseBase:
    """The one registered ahead is proposed, if there is one."""
    division = request.duty.division
    ahead = selectors.registered_ahead(division).first()
    proposed = {"registration_number": ahead.registration_number, "sheets": ahead.sheets} if ahead else {}
    form = OpenBookForm(request.POST or None, initial={"started_on": _today(), **proposed})
    if form.is_valid():
        by = request.duty.by(Role.HEAD)
        given = form.cleaned_data
        if ahead and ahead.registration_number == clean(given["registration_number"]):
            given |= {"rows_per_sheet": ahead.rows_per_sheet}
        opened = attempt(form, lambda: services.open_book(wiring.ledger(), by, division=division, **given))
        if opened:
            messages.success(request, _("The journal is open. Everything is written in it from now on."))
            return redirect("journal:list")
    return render(request, "web/journal/open_book.html", {"form": form}, status=status_of(form))


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def register_next(request: OfficeRequest) -> HttpResponseBase:
    division = request.duty.division
    newest = selectors.current_book(division)
    form = RegisterNextForm(
        request.POST or None, initial={"sheets": newest.book.sheets} if newest else {"sheets": ""}
    )
    if form.is_valid():
        by, given = request.duty.by(Role.HEAD), form.cleaned_data
        registered = attempt(
            form, lambda: services.register_next(wiring.ledger(), by, division=division, **given)
        )
        if registered:
            messages.success(request, _("The next journal is registered. It opens when this one is full."))
            return redirect("journal:shelf")
    context = {"form": form, "newest": newest}
    return render(request, "web/journal/register_next.html", context, status=status_of(form))


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def close_book(request: OfficeRequest, book_id: UUID) -> HttpResponseBase:
    """The last day, then the last page, read and signed: both are entered in one go."""
    view = _book(request, book_id)
    if not view.is_open:
        return undone(redirect("journal:inscribe", book_id=book_id))
    stage = request.POST.get("stage")
    form = CloseBookForm(
        request.POST if stage in {"facts", "sign"} else None,
        initial={"ended_on": request.POST.get("ended_on", "") if stage == "change" else _today()},
    )
    if stage not in {"facts", "sign"} or not form.is_valid():
        return _close_page(request, view, form)
    facts = _facts(request, view, form.cleaned_data["ended_on"])
    ledger, by = wiring.ledger(), request.duty.by(Role.HEAD)
    if attempt(form, lambda: offer_inscription(ledger, by, facts)) is None:
        return _close_page(request, view, form)
    return _last_page(request, view, facts, form)


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def inscribe(request: OfficeRequest, book_id: UUID) -> HttpResponseBase:
    """The last page of a book that closed itself, or was closed without it."""
    view = _book(request, book_id)
    if view.is_open:
        return undone(redirect("journal:close-book", book_id=book_id))
    if view.inscription is not None:
        messages.warning(request, _("The last page of this journal is written and signed already."))
        return undone(redirect("journal:shelf"))
    return _last_page(request, view, _facts(request, view, None), None)


def _facts(request: OfficeRequest, view: BookView, ended_on: date | None) -> InscriptionRequest:
    return InscriptionRequest(
        head=request.duty.person, book=view.book, ended_on=ended_on, profile=wiring.profile()
    )


def _close_page(request: OfficeRequest, view: BookView, form: CloseBookForm) -> HttpResponseBase:
    out = selectors.still_out(request.duty.division).get(view.book.pk, [])
    context = {"form": form, "view": view, "out": out}
    return render(request, "web/journal/close_book.html", context, status=status_of(form))


def _last_page(
    request: OfficeRequest, view: BookView, facts: InscriptionRequest, form: CloseBookForm | None
) -> HttpResponseBase:
    """The last page as it is going to be, before the head: they read it and sign."""
    ledger, by = wiring.ledger(), request.duty.by(Role.HEAD)
    sign_form = SignForm(
        request.POST if request.POST.get("stage") == "sign" else None,
        signer=request.duty.person,
        site=site_of(request),
        offer=lambda: offer_inscription(ledger, by, facts),
    )
    if sign_form.is_valid():
        done = attempt(sign_form, lambda: inscribe_(ledger, by, facts, sign_form.means(request)))
        if done:
            messages.success(request, _("The last page is written and signed."))
            return redirect("journal:shelf")
    context = {
        "form": form,
        "sign_form": sign_form,
        "view": view,
        "ended_on": facts.ended_on or view.facts.ended_on,
        "inscription": wording.inscription(facts.profile, view.book.sheets),
    }
    return render(request, "web/journal/last_page.html", context, status=status_of(sign_form))


def _today() -> date:
    return wiring.clock().now().astimezone(KAZAKHSTAN).date()


def _book(request: OfficeRequest, book_id: UUID) -> BookView:
    view = selectors.book_view(request.duty.division, book_id)
    if view is None:
        raise Http404
    return view
