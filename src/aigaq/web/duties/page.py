"""One duty on one page: its picture, its player, every second with its reason, and who has watched."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.access.selectors import LooksAt
from aigaq.access.selectors import looks as looks_
from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.incidents.selectors import incidents_of
from aigaq.journal.errors import UnknownRowError
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import cells, row_with
from aigaq.recordings.coverage import Reason
from aigaq.recordings.duty_coverage import DutyCoverage, coverage_for
from aigaq.registry.selectors import READERS as READING
from aigaq.review.selectors import marks_on, reviews_on
from aigaq.web.coverage.words import REASONS, length_of, percent
from aigaq.web.duties.clips import clips
from aigaq.web.duties.picture import axis_of, picture, watched_of
from aigaq.web.duties.points import photos_of, points
from aigaq.web.duties.stretches import stretches
from aigaq.web.duties.words import STATES, told_on
from aigaq.web.duty import OfficeRequest
from aigaq.web.incidents.words import shown as shown_incidents
from aigaq.web.looks.shown import shown
from aigaq.web.recordings import looks
from aigaq.web.recordings.marked import watermark
from aigaq.web.recordings.shown import ShownFile
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import is_open, seconds_left
from aigaq.web.vault.views import READERS

SPEEDS = ("0.25", "0.5", "0.75", "1", "1.5", "2", "4", "8", "16")
_LOOKS = 1000
"""The newest that are drawn; the page of looks has all."""
_LINES = 12


@open_to(*READERS)
@require_safe
def duty(request: OfficeRequest, row_id: UUID) -> HttpResponseBase:
    row = _row_of(request, row_id)
    about: dict[str, Json] = {"row": str(row.pk), "number": row.number}
    looks.enter(looks.by_reader(request.duty.standing, row.division), "duty-viewed", about)
    found = coverage_for(request.duty.standing, row, wiring.clock().now())
    context = {**_time(found), **_drawn(request, found), **_watching(request)}
    return render(request, "web/duties/duty.html", context)


def _time(found: DutyCoverage) -> dict[str, object]:
    """What the head of the page and the figures say."""
    first = found.duty.rows[0]
    totals = found.coverage.totals
    return {
        "whole": found.duty,
        "day": found.duty.began_at.astimezone(KAZAKHSTAN).date(),
        "coverage": found.coverage,
        "rows": [(view, cells(view.row)) for view in found.duty.rows],
        "first": first,
        "inspector": first.row.inspector,
        "lasts": length_of(found.coverage.duty.span.length),
        "share": None if found.coverage.share is None else percent(found.coverage.share),
        "is_short": bool(found.coverage.gaps),
        "figures": [
            (REASONS[reason], STATES[reason], length_of(totals[reason]))
            for reason in Reason
            if totals[reason]
        ],
        "reviews": [review for view in found.duty.rows for review in reviews_on(view.row)],
        "incidents": shown_incidents([one for view in found.duty.rows for one in incidents_of(view.row)]),
    }


def _drawn(request: OfficeRequest, found: DutyCoverage) -> dict[str, object]:
    """The picture and the tables that say the same, the files for the player, and who has looked."""
    told, axis = told_on(found), axis_of(found)
    photos = photos_of(found)
    every = stretches(found, axis, told)
    recordings = {take.recording for take in found.coverage.takes} | {each.recording_id for each in photos}
    asked = LooksAt(
        division=found.duty.rows[0].row.division_id,
        person=None if request.duty.is_head else request.duty.person.pk,
        recordings=recordings,
        rows=[view.id for view in found.duty.rows],
    )
    entered = looks_(asked, limit=_LOOKS).looks
    films = clips(found)
    marks = [mark for view in found.duty.rows for mark in marks_on(view.row)]
    marked = points(found, photos=photos, marks=marks, told=told, axis=axis)
    return {
        "picture": picture(found, axis, every, marked, watched_of(entered, found.coverage.takes)),
        "points": marked,
        "clips": films,
        "to_make": [clip.file for clip in films if clip.must_be_made],
        "poster": next((clip.file for clip in films if clip.plays and clip.shown.has_still), None),
        "photos": [ShownFile(photo) for photo in photos],
        "lines": [line for line in shown(entered) if line.kind != "listed"][:_LINES],
        "sees_all": request.duty.is_head,
    }


def _watching(request: OfficeRequest) -> dict[str, object]:
    return {
        "is_open": is_open(request),
        "seconds_left": seconds_left(request),
        "unlock_form": UnlockForm(),
        "speeds": SPEEDS,
        **watermark(request),
    }


def _row_of(request: OfficeRequest, row_id: UUID) -> JournalRow:
    """A row of a division whose recordings the person may see. To all others it is not there: 404."""
    try:
        row = row_with(row_id)
    except UnknownRowError as error:
        raise Http404 from error
    if request.duty.standing.appointment(row.division, *READING) is None:
        raise Http404
    return row
