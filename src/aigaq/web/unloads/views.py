"""What happens at the docks, as it happens; and every unloading there was."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.ingest.models import Sighting, Unload, UnloadState
from aigaq.ingest.selectors import unloads_of
from aigaq.recordings.selectors import Place
from aigaq.registry.models import Division
from aigaq.web.duty import OfficeRequest
from aigaq.web.numbers import whole
from aigaq.web.recordings.shown import ShownFile
from aigaq.web.security import open_to
from aigaq.web.unloads.room import room
from aigaq.web.unloads.words import SILENT_AFTER, ShownUnload
from aigaq.web.vault.views import READERS

_SHOWN_FOR = timedelta(hours=12)
"""How long a port keeps showing what came of its last card."""
_PORTS = 200
"""Unloadings looked through for the newest of each port."""
_PAGE = 30
_FILES = 100
_BUSY_SECONDS, _QUIET_SECONDS = 1, 10
"""Between two looks of an open page at the docks."""


@open_to(*READERS)
@require_safe
def unloads(request: OfficeRequest) -> HttpResponseBase:
    """The docks on top, the past below."""
    before = Place.parse(request.GET.get("before", ""))
    now = wiring.clock().now()
    # What runs is at the docks; in a table that stands still it would be wrong a second later.
    found = _of(request.duty.division).exclude(state=UnloadState.RUNNING, beat_at__gte=now - SILENT_AFTER)
    if before is not None:
        found = found.filter(started_at__lte=before.listed_at)
        found = found.exclude(started_at=before.listed_at, pk__gte=before.id)
    past = list(found.order_by("-started_at", "-pk")[: _PAGE + 1])
    last = past[_PAGE - 1] if len(past) > _PAGE else None
    context = {
        **_docks(request.duty.division),
        **({} if before else room(now)),
        "past": [ShownUnload(unload, now) for unload in past[:_PAGE]],
        "next_before": Place(last.started_at, last.pk) if last else None,
        "is_later_page": before is not None,
    }
    return render(request, "web/unloads/list.html", context)


@open_to(*READERS)
@require_safe
def live(request: OfficeRequest) -> HttpResponseBase:
    """The docks alone, asked for again and again by an open page."""
    return render(request, "web/unloads/docks.html", _docks(request.duty.division))


@open_to(*READERS)
@require_safe
def unload(request: OfficeRequest, unload_id: UUID) -> HttpResponseBase:
    """One unloading with each of its files."""
    found = unload_of(request.duty.division, unload_id)
    after = whole(request.GET.get("after")) or 0
    sightings = list(
        Sighting.objects.filter(unload=found, pk__gt=after)
        .select_related("file__blob", "file__judgement", "file__recording")
        .order_by("pk")[: _FILES + 1]
    )
    shown = sightings[:_FILES]
    context = {
        "shown": ShownUnload(found, wiring.clock().now()),
        "unload": found,
        "files": [(sighting, ShownFile(sighting.file)) for sighting in shown],
        "next_after": shown[-1].pk if len(sightings) > _FILES else None,
        "is_later_page": bool(after),
    }
    return render(request, "web/unloads/unload.html", context)


def unload_of(division: Division, unload_id: UUID) -> Unload:
    """One of the division's; any other is not there."""
    found = _of(division).filter(pk=unload_id).first()
    if found is None:
        raise Http404
    return found


def _of(division: Division) -> QuerySet[Unload]:
    return unloads_of(division)


def _docks(division: Division) -> dict[str, object]:
    """The newest unloading of each port, by the name of the port."""
    now = wiring.clock().now()
    recent = Q(state=UnloadState.RUNNING) | Q(finished_at__gte=now - _SHOWN_FOR)
    newest: dict[str, Unload] = {}
    for each in _of(division).filter(recent).order_by("-started_at")[:_PORTS]:
        newest.setdefault(each.port, each)
    ports = [ShownUnload(newest[port], now) for port in sorted(newest)]
    busy = any(port.is_running for port in ports)
    return {"ports": ports, "every": _BUSY_SECONDS if busy else _QUIET_SECONDS}
