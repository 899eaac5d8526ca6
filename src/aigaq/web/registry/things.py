"""Recorders and cards: what there is, where it is, in what state."""

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.journal.models import JournalRow
from aigaq.journal.whose import corrected, rows_of
from aigaq.recordings.clocks import readings_of
from aigaq.registry import selectors, services
from aigaq.registry.models import Card, Recorder, Role, State
from aigaq.web.acts import attempt, status_of
from aigaq.web.durations import duration_in_words
from aigaq.web.duty import OfficeRequest
from aigaq.web.registry.clock_picture import offset_in_words, picture
from aigaq.web.registry.forms import CardForm, RecorderForm, StateForm
from aigaq.web.registry.wear import wear_of
from aigaq.web.security import open_to

Thing: TypeAlias = Recorder | Card
_SHOWN_ROWS = 20
_SHOWN_READINGS = 60


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def things(request: OfficeRequest) -> HttpResponseBase:
    division = request.duty.division
    recorders, cards = selectors.recorders_of(division), selectors.cards_of(division)
    out = [thing.out_on for thing in (*recorders, *cards) if thing.out_on]
    found = JournalRow.objects.filter(pk__in=out).select_related("first_inspector", "book")
    rows = found.prefetch_related(corrected()).in_bulk()
    context = {
        "recorders": [(recorder, rows.get(recorder.out_on)) for recorder in recorders],
        "cards": [(card, rows.get(card.out_on)) for card in cards],
    }
    return render(request, "web/registry/things.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_recorder(request: OfficeRequest) -> HttpResponseBase:
    form = RecorderForm(request.POST or None)
    if form.is_valid():
        recorder = attempt(
            form,
            lambda: services.add_recorder(
                wiring.ledger(),
                request.duty.by(Role.CUSTODIAN, Role.HEAD),
                division=request.duty.division,
                **form.cleaned_data,
            ),
        )
        if recorder:
            messages.success(request, _("Recorder {number} is registered.").format(number=recorder))
            return redirect("registry:things")
    context = {"form": form, "title": _("Register a recorder")}
    return render(request, "web/registry/add_thing.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_card(request: OfficeRequest) -> HttpResponseBase:
    form = CardForm(request.POST or None, division=request.duty.division)
    if form.is_valid():
        card = attempt(
            form,
            lambda: services.add_card(
                wiring.ledger(),
                request.duty.by(Role.CUSTODIAN, Role.HEAD),
                division=request.duty.division,
                **form.cleaned_data,
            ),
        )
        if card:
            messages.success(request, _("Card {number} is registered.").format(number=card))
            return redirect("registry:things")
    context = {"form": form, "title": _("Register a card")}
    return render(request, "web/registry/add_thing.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def recorder(request: OfficeRequest, thing_id: UUID) -> HttpResponseBase:
    found = get_object_or_404(Recorder, pk=thing_id, division=request.duty.division)
    return _thing(request, found, cards=found.cards.order_by("inventory_number"))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: OfficeRequest, thing_id: UUID) -> HttpResponseBase:
    return _thing(request, get_object_or_404(Card, pk=thing_id, division=request.duty.division))


def _thing(request: OfficeRequest, found: Thing, *, cards: Iterable[Card] = ()) -> HttpResponseBase:
    """Its facts and its rows of the book; a post sets its state."""
    form = StateForm(request.POST or None, initial={"state": found.state})
    if form.is_valid():
        changed = attempt(form, lambda: _set_state(request, found, form))
        if changed:
            messages.success(request, _("The state is entered."))
            return redirect(request.path)
    rows = rows_of(found).select_related("first_inspector", "book", "issue", "returned")
    rows = rows.prefetch_related(corrected()).order_by("-entered_at")
    context = {
        "thing": found,
        "is_recorder": isinstance(found, Recorder),
        "cards": cards,
        "rows": rows[:_SHOWN_ROWS],
        "holder": rows.filter(pk=found.out_on).first() if found.out_on else None,
        "form": form,
        **(_clock_of(found) if isinstance(found, Recorder) else {}),
        **(wear_of(found, wiring.clock().now()) if isinstance(found, Card) else {}),
    }
    return render(request, "web/registry/thing.html", context, status=status_of(form))


def _clock_of(recorder: Recorder) -> dict[str, object]:
    """What was read of its clock, the newest on top; and the picture of it."""
    readings = readings_of(recorder, limit=_SHOWN_READINGS)
    return {
        "picture": picture(readings),
        "readings": [
            (each, offset_in_words(each), abs(each.offset_ms) > each.allowed_ms) for each in readings[::-1]
        ],
        "drift_allowed": duration_in_words(wiring.clock_drift().total_seconds()),
    }


def _set_state(request: OfficeRequest, found: Thing, form: StateForm) -> Thing:
    state, reason = State(form.cleaned_data["state"]), form.cleaned_data["reason"]
    by = request.duty.by(Role.CUSTODIAN, Role.HEAD)
    if isinstance(found, Recorder):
        return services.set_state(wiring.ledger(), by, found, state, reason)
    return services.set_state(wiring.ledger(), by, found, state, reason)
