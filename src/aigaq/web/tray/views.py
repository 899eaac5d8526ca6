"""Recordings whose row of the journal is not certain: the custodian says which (R7.1)."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Min, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from aigaq import wiring
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.selectors import unloads_of
from aigaq.ingest.services import assign as assign_unload
from aigaq.journal import selectors as journal
from aigaq.journal.selectors import RowView
from aigaq.journal.whose import rows_of
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Division
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.pressed import undone
from aigaq.web.recordings.shown import ShownFile
from aigaq.web.security import open_to
from aigaq.web.tray.candidates import Candidate, Traces, ranked
from aigaq.web.tray.forms import AssignForm
from aigaq.web.unloads.words import ShownUnload
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import is_open, seconds_left
from aigaq.web.vault.views import READERS

_LOOKED_AT = 1000
"""The newest rows of the journal, which are weighed, and files whose names and times speak for one."""
_OFFERED = 40
_LIKELY = 6
"""Offered at a glance; the others are folded away."""
_FILES = 60
_AT_A_GLANCE = 4


@open_to(*READERS)
@require_safe
def tray(request: OfficeRequest) -> HttpResponseBase:
    now = wiring.clock().now()
    waiting = _waiting(request.duty.division).order_by("-started_at")
    context = {
        "waiting": [(ShownUnload(each, now), _glance(each)) for each in waiting],
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
    }
    return render(request, "web/tray/list.html", context)


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def unload(request: OfficeRequest, unload_id: UUID) -> HttpResponseBase:
    """What is waiting, the likely rows, and the choice."""
    division = request.duty.division
    found = _waiting(division).filter(pk=unload_id).first()
    if found is None:
        return _taken(request, division, unload_id)
    files = _files(found)
    candidates = _candidates(division, found, files)
    form = AssignForm(request.POST if request.method == "POST" else None, candidates=candidates)
    if form.is_valid():
        placed = attempt(form, lambda: _assign(request, found, form.cleaned_data["row"]))
        if placed is not None:
            messages.success(request, _told(placed))
            return redirect("tray:list")
    context = {
        "shown": ShownUnload(found, wiring.clock().now()),
        "unload": found,
        "files": [ShownFile(file) for file in files[:_FILES]],
        "more_files": max(0, _unplaced(found).count() - _FILES),
        "form": form,
        "likely": [each for each in candidates if each.score][:_LIKELY],
        "others": [each for each in candidates if not each.score]
        + [each for each in candidates if each.score][_LIKELY:],
        "chosen": request.POST.get("row", ""),
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
        "unlock_form": UnlockForm(),
    }
    return render(request, "web/tray/unload.html", context, status=status_of(form))


def _waiting(division: Division) -> QuerySet[Unload]:
    return unloads_of(division).filter(state=UnloadState.TRAY)


def _taken(request: OfficeRequest, division: Division, unload_id: UUID) -> HttpResponseBase:
    """Somebody was quicker, or went back to an old page: to what came of it."""
    if not Unload.objects.filter(division=division, pk=unload_id).exists():
        raise Http404
    messages.warning(request, _("This unloading does not wait in the tray any more."))
    return undone(redirect("unloads:unload", unload_id=unload_id))


def _files(found: Unload) -> list[RecordingFile]:
    """Those of it that belong to no row yet, by time."""
    return list(_unplaced(found)[:_LOOKED_AT])


def _glance(found: Unload) -> list[ShownFile]:
    """The first few, to know it by."""
    return [ShownFile(file) for file in _unplaced(found)[:_AT_A_GLANCE]]


def _unplaced(found: Unload) -> QuerySet[RecordingFile]:
    files = RecordingFile.objects.filter(sightings__unload=found, recording__placement=None)
    return files.select_related("blob", "judgement", "recording").order_by("recording__listed_at", "path")


def _candidates(division: Division, found: Unload, files: list[RecordingFile]) -> list[Candidate]:
    traces = Traces(
        unload=found,
        times=[file.recording.recorded_at for file in files if file.recording.recorded_at],
        names=[file.name for file in files],
    )
    return ranked(traces, _weighed(division, traces), now=wiring.clock().now())[:_OFFERED]


def _weighed(division: Division, traces: Traces) -> list[RowView]:
    """The newest rows; and if there are more, older ones that card, recorder or times speak for."""
    newest = journal.rows(division, limit=_LOOKED_AT)
    if len(newest) < _LOOKED_AT:
        return newest
    older: list[UUID] = []
    for thing in (traces.unload.card, traces.unload.recorder):
        if thing is not None:
            of_thing = rows_of(thing).filter(division=division).order_by("-seq")
            older += of_thing.values_list("pk", flat=True)[:_OFFERED]
    if traces.times:
        then = LedgerEntry.objects.filter(at__gt=max(traces.times)).aggregate(seq=Min("seq"))["seq"]
        older += [view.id for view in journal.rows(division, before=then, limit=_OFFERED)]
    have = {view.id for view in newest}
    return [*newest, *journal.row_views([pk for pk in dict.fromkeys(older) if pk not in have])]


def _assign(request: OfficeRequest, found: Unload, row_id: str) -> int:
    duty = request.duty
    row = journal.row_with(row_id, duty.division)
    by = duty.by(*READERS)
    return assign_unload(wiring.ledger(), by, unload=found, row=row, custodian=duty.person)


def _told(placed: int) -> str:
    assigned = ngettext("{n} recording is tied to the row.", "{n} recordings are tied to the row.", placed)
    empty = _("The card is emptied when it is plugged in the next time.")
    return f"{assigned.format(n=placed)} {empty}"
