"""The recordings of the division by day, inspector and recorder."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import Recording
from aigaq.recordings.selectors import Page, Place, of_duties, recordings_for
from aigaq.registry.models import Division, Person, Recorder
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings import looks
from aigaq.web.recordings.forms import FilterForm
from aigaq.web.recordings.shown import days
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import is_open, seconds_left
from aigaq.web.vault.views import READERS


@dataclass(frozen=True)
class Wanted:
    """What was chosen. `day` None is every day."""

    day: date | None
    inspector: Person | None
    recorder: Recorder | None


@open_to(*READERS)
@require_safe
def recordings(request: OfficeRequest) -> HttpResponseBase:
    """One entry says which recordings were listed; each still picture has its own."""
    duty = request.duty
    form = FilterForm(request.GET or None, division=duty.division)
    wanted = _wanted(form, duty.division)
    before = Place.parse(request.GET.get("before", ""))
    page = recordings_for(
        duty.standing,
        duty.division,
        day=wanted.day,
        inspector=wanted.inspector,
        recorder=wanted.recorder,
        before=before,
    )
    _enter(request, wanted, page)
    if not form.is_bound:
        form = FilterForm(initial={"day": wanted.day}, division=duty.division)
    earlier, later = (None, None) if page.recordings else _nearest(duty.division, wanted)
    context = {
        "form": form,
        "day": wanted.day,
        "days": days(page.recordings),
        "next_before": page.older,
        "is_later_page": before is not None,
        "earlier": earlier,
        "later": later,
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
        "unlock_form": UnlockForm(),
    }
    return render(request, "web/recordings/list.html", context)


def _wanted(form: FilterForm, division: Division) -> Wanted:
    """What the form says; with nothing chosen at all, the last day on which something was recorded."""
    if not form.is_bound:
        last = Recording.objects.filter(division=division).order_by("-listed_at").first()
        return Wanted(_day_of(last), None, None)
    form.is_valid()
    given = form.cleaned_data
    return Wanted(given.get("day"), given.get("inspector"), given.get("recorder"))


def _enter(request: OfficeRequest, wanted: Wanted, page: Page) -> None:
    looks.enter(
        looks.by_reader(request.duty.standing, request.duty.division),
        "listed",
        {
            "day": wanted.day.isoformat() if wanted.day else None,
            "inspector": str(wanted.inspector.pk) if wanted.inspector else None,
            "recorder": str(wanted.recorder.pk) if wanted.recorder else None,
            "recordings": [str(recording.pk) for recording in page.recordings],
        },
    )


def _nearest(division: Division, wanted: Wanted) -> tuple[date | None, date | None]:
    """The last day before an empty one, and the first after it, that have what is wanted."""
    if wanted.day is None:
        return None, None
    start = datetime.combine(wanted.day, time.min, KAZAKHSTAN)
    found = of_duties(Recording.objects.filter(division=division), wanted.inspector, wanted.recorder)
    earlier = found.filter(listed_at__lt=start).order_by("-listed_at").first()
    later = found.filter(listed_at__gte=start + timedelta(days=1)).order_by("listed_at").first()
    return _day_of(earlier), _day_of(later)


def _day_of(recording: Recording | None) -> date | None:
    return recording.listed_at.astimezone(KAZAKHSTAN).date() if recording else None
