"""Choosing what a demand covers: by search, a whole duty at once, and stretches of single files."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.core.canonical import Json
from aigaq.disclosure.errors import UnknownDemandError
from aigaq.disclosure.models import Chosen, Segment
from aigaq.disclosure.rules import MOST
from aigaq.disclosure.selectors import DemandView, demand_view
from aigaq.disclosure.services.amend import AmendRequest, amend
from aigaq.recordings.models import Placement, RecordingFile
from aigaq.recordings.selectors import Place
from aigaq.review.indexing import catch_up_a_little
from aigaq.review.search import Wanted, search
from aigaq.web.acts import attempt, status_of
from aigaq.web.disclosure.forms import AmendForm
from aigaq.web.disclosure.shown import read_time, shown_choice
from aigaq.web.duty import OfficeRequest
from aigaq.web.numbers import ids_in, whole
from aigaq.web.pressed import undone
from aigaq.web.recordings import looks
from aigaq.web.recordings.forms import FilterForm
from aigaq.web.recordings.shown import days
from aigaq.web.security import open_to
from aigaq.web.vault.views import READERS

_SHOWN = 50
"""Recordings found that one page offers."""


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: OfficeRequest, demand_id: UUID) -> HttpResponseBase:
    """One form carries what is chosen through every search; nothing is written until it is saved."""
    try:
        view = demand_view(demand_id, request.duty.division)
    except UnknownDemandError as error:
        raise Http404 from error
    if view.approval is not None or view.refused is not None:
        messages.warning(request, _("This demand was decided already. What it covers is never changed."))
        return undone(redirect("disclosure:demand", demand_id=demand_id))
    division = request.duty.division
    is_sent = request.method == "POST"
    stage = request.POST.get("stage", "")
    chosen = chosen_in(request.POST) if is_sent else list(view.selection.items)
    row = request.POST.get("duty") or request.GET.get("duty")
    if row:
        chosen = _with_duty(request, chosen, row)
    form = AmendForm(request.POST if stage == "save" else None)
    if stage == "save" and form.is_valid():
        done = attempt(
            form,
            lambda: amend(wiring.ledger(), request.duty.by(*READERS), _asked(request, view, chosen, form)),
        )
        if done is not None:
            messages.success(request, _("Chosen anew. What is new in it is held."))
            return redirect("disclosure:demand", demand_id=demand_id)
    filters = FilterForm(request.POST if is_sent else request.GET or None, division=division)
    filters.is_valid()
    context = {
        "view": view,
        "demand": view.demand,
        "read": request.POST.get("read") or view.selection.version,
        "form": form,
        "filters": filters,
        "choice": shown_choice(division, chosen),
        "chosen": {each.recording for each in chosen},
        "most": MOST,
        **_found(request, filters, chosen),
    }
    template = "web/disclosure/choose.html"
    if request.htmx:
        template = "web/disclosure/choosing.html"
    return render(request, template, context, status=200 if request.htmx else status_of(form))


def found_by(request: OfficeRequest, wanted: Wanted) -> list[UUID]:
    """Everything that fits, the oldest first; who asked for what is entered before it is used."""
    catch_up_a_little()
    found: list[UUID] = []
    before: Place | None = None
    while len(found) <= MOST:
        page = search(request.duty.standing, request.duty.division, wanted, before=before).page
        found += [each.pk for each in page.recordings]
        before = page.older
        if before is None:
            break
    _enter(request, wanted, found)
    return found[::-1]


def chosen_in(post: QueryDict) -> list[Chosen]:
    """What the form carries: ticked recordings, and the stretches that were typed beside them."""
    recordings = list(dict.fromkeys(ids_in(post.getlist("recording"))))
    files = dict(RecordingFile.objects.filter(recording__in=recordings).values_list("pk", "recording"))
    segments: dict[UUID, list[Segment]] = {}
    typed = zip(post.getlist("file"), post.getlist("from"), post.getlist("until"), strict=False)
    for name, begin, end in typed:
        file = next(ids_in([name]), None)
        if file is None or file not in files or not (begin.strip() or end.strip()):
            continue
        # What can't be read becomes a stretch that ends before it begins, and is refused with its reason.
        first, last = read_time(begin or "0"), read_time(end)
        segments.setdefault(files[file], []).append(
            Segment(file, first if first is not None else 0, last if last is not None else 0)
        )
    return [Chosen(each, tuple(segments.get(each, ()))) for each in recordings]


def _asked(request: OfficeRequest, view: DemandView, chosen: list[Chosen], form: AmendForm) -> AmendRequest:
    return AmendRequest(
        person=request.duty.person,
        division=request.duty.division,
        demand=view.demand.pk,
        read=whole(request.POST.get("read")) or 0,
        chosen=chosen,
        reason=form.cleaned_data["reason"],
    )


def _with_duty(request: OfficeRequest, chosen: list[Chosen], row: str) -> list[Chosen]:
    """All that was recorded on that row, besides."""
    ids = list(ids_in([row]))
    rows = Placement.objects.filter(row__in=ids, recording__division=request.duty.division)
    found = rows.order_by("recording__listed_at").values_list("recording", flat=True)
    have = {each.recording for each in chosen}
    return [*chosen, *(Chosen(each) for each in found if each not in have)]


def _found(request: OfficeRequest, filters: FilterForm, chosen: list[Chosen]) -> dict[str, object]:
    """What the search gives, without what is chosen already."""
    if not filters.is_bound or request.POST.get("stage") == "save":
        return {"days": [], "is_searched": False}
    wanted = filters.wanted
    if not wanted.is_everything:
        catch_up_a_little()
    before = Place.parse(request.POST.get("before", "")) if request.POST.get("stage") == "older" else None
    page = search(request.duty.standing, request.duty.division, wanted, before=before, limit=_SHOWN).page
    _enter(request, wanted, [each.pk for each in page.recordings])
    have = {each.recording for each in chosen}
    return {
        "days": days([each for each in page.recordings if each.pk not in have]),
        "is_searched": True,
        "older": page.older,
    }


def _enter(request: OfficeRequest, wanted: Wanted, found: list[UUID]) -> None:
    asked: dict[str, Json] = {
        "day": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "inspector": str(wanted.inspector) if wanted.inspector else None,
        "recorder": str(wanted.recorder) if wanted.recorder else None,
        "words": wanted.text,
        "subject": wanted.subject,
        "object": wanted.object,
        "category": ":".join(wanted.category) if wanted.category else None,
        "open_incidents": wanted.open_incidents,
        "recordings": [str(each) for each in found],
    }
    looks.enter(looks.by_reader(request.duty.standing, request.duty.division), "searched", asked)
