"""Building a package from the page: measured bit by bit while the vault is open, then streamed.

Nothing of it lies on the server's disk in the clear. What was measured is remembered, so a page that was left
goes on where it was.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final, Self
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.disclosure.errors import NotApprovedError
from aigaq.disclosure.gathering import Gathered, gather
from aigaq.disclosure.models import Approval, BuildingWay
from aigaq.disclosure.packing import Packed, Stream, measure_some, packed, progress_of, stream_of
from aigaq.disclosure.selectors import approval_of
from aigaq.disclosure.services.build import begin, finish, require_builder
from aigaq.errors import AigaqError
from aigaq.media.making.maker import Maker
from aigaq.web.acts import attempt
from aigaq.web.disclosure.forms import PackageForm
from aigaq.web.disclosure.views import demand_of, page
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings import streaming
from aigaq.web.recordings.names import as_attachment
from aigaq.web.recordings.streaming import Watching
from aigaq.web.security import open_to, repeatable
from aigaq.web.vault.unlocked import Watch, identity_of, is_open
from aigaq.web.vault.views import READERS, to_unlock

log = logging.getLogger(__name__)

_AT_ONCE: Final = 2.0
"""Seconds of measuring in one request."""


@open_to(*READERS)
@require_safe
def preparing(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    """How far the measuring has come."""
    view = demand_of(request, demand_id)
    if view.approval is None:
        return redirect("disclosure:demand", demand_id=demand_id)
    return _progress(request, approval_of(view.demand))


@repeatable
@open_to(*READERS)
@require_POST
def prepare(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    """Measure for a moment; whoever asks again goes on. The page asks by itself until all is done."""
    view = demand_of(request, demand_id)
    approval, duty = approval_of(view.demand), request.duty
    if not is_open(request):
        return _progress(request, approval) if request.htmx else to_unlock(request)
    require_builder(
        wiring.ledger(), duty.by(*READERS), approval=approval, division=duty.division, person=duty.person
    )
    measure_some(_gathered(approval), wiring.vault(), identity_of(request), seconds=_AT_ONCE)
    if not request.htmx:
        return redirect("disclosure:preparing", demand_id=demand_id)
    return _progress(request, approval)


@open_to(*READERS)
@require_POST
def package(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    """The package, or a volume of it, as one file. Entered with each recording before its first octet."""
    view, form = demand_of(request, demand_id), PackageForm(request.POST)
    if not is_open(request):
        return to_unlock(request)
    if form.is_valid():
        response = attempt(form, lambda: _sent(request, view.demand.pk, form))
        if response is not None:
            return response
    return page(request, view, package_form=form)


class Sending(Iterator[bytes]):
    """The octets on their way; closes what they come from at the end, on a failure, and when told to."""

    def __init__(self, stream: Stream, until_sent: ExitStack, watch: Watching) -> None:
        self._pieces = stream.pieces()
        self._until_sent = until_sent
        self._watch = watch

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            self._watch()
            return next(self._pieces)
        except StopIteration:
            self.close()
            raise
        except AigaqError:
            log.exception("a package broke off while it was being sent")
            self.close()
            raise

    def close(self) -> None:
        self._until_sent.close()


def _sent(request: OfficeRequest, demand: UUID, form: PackageForm) -> HttpResponseBase:
    view = demand_of(request, demand)
    if view.approval is None:
        raise NotApprovedError(number=view.demand.number)
    approval = approval_of(view.demand)
    gathered, capacity = _gathered(approval), form.octets
    with ExitStack() as until_sent:
        found = until_sent.enter_context(
            packed(gathered, wiring.vault(), identity_of(request), _maker, capacity=capacity)
        )
        volume = min(form.cleaned_data["volume"] or 1, len(found.layout.bags)) - 1
        stream = stream_of(found, volume, form.addressee)
        _enter(request, approval, found, form)
        watch = Watch(request, request.duty.division)
        response = StreamingHttpResponse(
            Sending(stream, until_sent.pop_all(), watch), content_type="application/octet-stream"
        )
    response.headers["Content-Length"] = str(stream.size)
    response.headers["Content-Disposition"] = as_attachment(stream.name)
    return streaming.marked(response)


def _enter(request: OfficeRequest, approval: Approval, found: Packed, form: PackageForm) -> None:
    """Durably, before anything is sent."""
    ledger, duty = wiring.ledger(), request.duty
    by = duty.by(*READERS)
    building = begin(
        ledger,
        by,
        approval=approval,
        division=duty.division,
        person=duty.person,
        files=[each.file for each in found.gathered.files],
        way=BuildingWay.WEB,
        capacity=form.octets,
        sealing=form.cleaned_data["sealing"],
    )
    finish(ledger, by, building, found.layout)


def _progress(request: OfficeRequest, approval: Approval) -> HttpResponseBase:
    progress = progress_of(_gathered(approval))
    context = {
        "demand": approval.demand,
        "progress": progress,
        "is_open": is_open(request),
        "package_form": PackageForm(initial={"sealing": "no"}),
    }
    template = "web/disclosure/progress.html" if request.htmx else "web/disclosure/preparing.html"
    return render(request, template, context)


def _gathered(approval: Approval) -> Gathered:
    return gather(approval, wiring.ledger_key())


def _maker() -> Maker:
    return Maker(settings.SPOOL)
