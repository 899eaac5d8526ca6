"""Figures for the head, the custodian and the authorised body; each copy that is taken is an entry."""

from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.core.spreadsheet import Cell, csv_octets
from aigaq.overview.figures import DAYS, ROLES, Figures, OfDivision, Overview, overview, today
from aigaq.overview.services import take
from aigaq.paperwork.apart import Apart
from aigaq.paperwork.overview import print_overview
from aigaq.web.coverage.words import length_of, percent
from aigaq.web.duty import OfficeRequest
from aigaq.web.overview import picture
from aigaq.web.overview.paper import paper_of
from aigaq.web.pdf import pdf_response
from aigaq.web.recordings.names import as_attachment
from aigaq.web.security import open_to
from aigaq.web.unloads.room import headline, look, why

_HOUR = 3_600_000
_EARLIEST = date(2020, 1, 6)
"""A Monday before there was anything to count."""


@open_to(*ROLES)
@require_safe
def page(request: OfficeRequest) -> HttpResponseBase:
    found = _found(request)
    current = today(found.now) - timedelta(days=today(found.now).weekday())
    context = {
        "overview": found,
        "total": _Shown(found.total),
        "week": picture.large(found.total.days),
        "days": [(day, percent(day.share), length_of(day.due)) for day in found.total.days],
        "divisions": [_ShownDivision(each) for each in found.divisions] if len(found.divisions) > 1 else [],
        "room": found.room,
        "room_headline": headline(found.room) if found.room else "",
        "room_look": look(found.room) if found.room else "",
        "room_why": why(found.room) if found.room else "",
        "is_current": found.monday == current,
        "before": found.monday - timedelta(days=DAYS),
        "after": found.monday + timedelta(days=DAYS),
        "has_pages": request.duty.is_reader,
    }
    return render(request, "web/overview/overview.html", context)


@open_to(*ROLES)
@require_POST
def as_csv(request: OfficeRequest) -> HttpResponseBase:
    found = _found(request)
    take(wiring.ledger(), request.duty.by(*ROLES), found, "csv")
    response = HttpResponse(csv_octets(_rows(found)), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = as_attachment(_name(found, "csv"))
    return response


@open_to(*ROLES)
@require_POST
def as_pdf(request: OfficeRequest) -> HttpResponseBase:
    found = _found(request)
    printed = print_overview(paper_of(found), wiring.profile(), typesetter=Apart())
    take(wiring.ledger(), request.duty.by(*ROLES), found, "pdf")
    return pdf_response(printed, _name(found, "pdf"))


class _Shown:
    """Figures with their lengths in words."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.share = percent(figures.share)
        self.due = length_of(figures.due)
        self.recorded = length_of(figures.recorded)
        self.unexplained = length_of(figures.unexplained) if figures.unexplained else ""


class _ShownDivision(_Shown):
    def __init__(self, each: OfDivision) -> None:
        super().__init__(each.figures)
        self.division = each.division
        self.depth = each.depth
        self.picture = picture.small(each.figures.days)


def _found(request: OfficeRequest) -> Overview:
    asked = request.POST if request.method == "POST" else request.GET
    return overview(
        request.duty.standing,
        request.duty.division,
        wiring.clock().now(),
        wiring.backend(),
        week=_day(asked.get("week", "")),
    )


def _day(text: str) -> date | None:
    """What is no day, or far off, is no choice."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return None if day is None or day < _EARLIEST else day


def _name(found: Overview, ending: str) -> str:
    return f"aigaq-{found.monday.isoformat()}.{ending}"


def _rows(found: Overview) -> list[list[Cell]]:
    heads: list[Cell] = [
        _("Division"),
        _("Recorders out"),
        _("Overdue"),
        _("Cards unloaded today"),
        _("Open incidents"),
        _("Demands past their last day"),
        _("Demands near their last day"),
        _("Duties judged"),
        _("Duties with gaps"),
        _("To be recorded, minutes"),
        _("Recorded, minutes"),
        _("Unexplained, minutes"),
        _("Recorded, thousandths"),
        *(_("Recorded on {day}, thousandths").format(day=day.on.isoformat()) for day in found.total.days),
    ]
    return [heads, *(_row(each.division.name, each.figures) for each in found.divisions)]


def _row(name: str, figures: Figures) -> list[Cell]:
    return [
        name,
        figures.out,
        figures.overdue,
        figures.unloaded,
        figures.open_incidents,
        figures.demands_late,
        figures.demands_near,
        figures.duties,
        figures.with_gaps,
        _minutes(figures.due),
        _minutes(figures.recorded),
        _minutes(figures.unexplained),
        figures.share,
        *(day.share for day in figures.days),
    ]


def _minutes(milliseconds: int) -> int:
    return round(milliseconds / 60_000)
