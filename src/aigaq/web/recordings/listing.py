"""The recordings of the division, and searching them: by days, people, things, words."""

from datetime import date, datetime

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import Recording
from aigaq.recordings.selectors import Page, Place
from aigaq.registry.models import Division
from aigaq.review.indexing import behind, catch_up_a_little
from aigaq.review.search import Wanted, nearest, search
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings import looks
from aigaq.web.recordings.forms import FilterForm
from aigaq.web.recordings.shown import days
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import is_open, seconds_left
from aigaq.web.vault.views import READERS


@open_to(*READERS)
@require_safe
def recordings(request: OfficeRequest) -> HttpResponseBase:
    """One entry says what was asked and which recordings were listed; each still picture has its own."""
    duty = request.duty
    form = FilterForm(request.GET or None, division=duty.division)
    form.is_valid()
    wanted = form.wanted if form.is_bound else _last_day(duty.division)
    if not wanted.is_everything:
        # So that what was done a moment ago is found; after long neglect not everything waits for it.
        catch_up_a_little()
    # Before this search is entered, which is an entry, too.
    unread = 0 if wanted.is_everything else behind()
    before = Place.parse(request.GET.get("before", ""))
    found = search(duty.standing, duty.division, wanted, before=before)
    _enter(request, wanted, found.page)
    if not form.is_bound:
        # Without that day in it: who goes on to search would find nothing else.
        form = FilterForm(division=duty.division)
    is_empty = not found.page.recordings and before is None
    earlier, later = nearest(duty.division, wanted) if is_empty else (None, None)
    context = {
        "form": form,
        "day": wanted.since,
        "until": wanted.until,
        "one_day": wanted.since if wanted.since == wanted.until else None,
        "is_narrowed": not wanted.is_everything,
        "is_searched": form.is_bound,
        "days": days(found.page.recordings, with_holds=True),
        "next_before": found.page.older,
        "walked_to": found.walked_to,
        "too_common": found.too_common,
        "behind": unread,
        "is_later_page": before is not None,
        "earlier": _day_of(earlier),
        "later": _day_of(later),
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
        "unlock_form": UnlockForm(),
    }
    return render(request, "web/recordings/list.html", context)


def _last_day(division: Division) -> Wanted:
    """With nothing chosen at all: the last day on which something was recorded."""
    found = Recording.objects.filter(division=division).order_by("-listed_at", "-id")
    # Of the last one nothing else: for the whole of it SQLite would sort every recording there is.
    day = _day_of(found.values_list("listed_at", flat=True).first())
    return Wanted(since=day, until=day)


def _enter(request: OfficeRequest, wanted: Wanted, page: Page) -> None:
    """What was asked, before anything of the answer is shown."""
    asked: dict[str, Json] = {
        "day": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "inspector": str(wanted.inspector) if wanted.inspector else None,
        "recorder": str(wanted.recorder) if wanted.recorder else None,
    }
    searched: dict[str, Json] = {
        "words": wanted.text,
        "subject": wanted.subject,
        "object": wanted.object,
        "category": ":".join(wanted.category) if wanted.category else None,
        "open_incidents": wanted.open_incidents,
    }
    recordings: list[Json] = [str(recording.pk) for recording in page.recordings]
    is_search = any(searched.values())
    looks.enter(
        looks.by_reader(request.duty.standing, request.duty.division),
        "searched" if is_search else "listed",
        {**asked, **(searched if is_search else {}), "recordings": recordings},
    )


def _day_of(at: datetime | None) -> date | None:
    return at.astimezone(KAZAKHSTAN).date() if at else None
