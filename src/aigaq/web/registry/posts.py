"""Head and custodian of a division: who was, is and will be, and what is in their hands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.journal.holdings import holdings
from aigaq.registry.models import Role
from aigaq.registry.selectors import staffing_of, terms_lasting
from aigaq.registry.terms import Span, Term, spans
from aigaq.web import dates
from aigaq.web.duty import OfficeRequest
from aigaq.web.registry.reach import division_in_reach, scope_of, today
from aigaq.web.registry.shown import shown_terms
from aigaq.web.security import open_to

_BACK, _AHEAD, _LONGEST = timedelta(days=180), timedelta(days=150), timedelta(days=400)
_TICKS = 6
_LEAST, _WHOLE = 14.0, 40.0
"""Per cent of the picture's width from which on a surname, or a whole name, is written into a bar."""


@dataclass(frozen=True)
class Bar:
    """A span as it is drawn; places in per cent of the width."""

    span: Span
    x: float
    width: float
    is_first: bool
    is_last: bool
    """It goes on beyond the picture, to either side."""

    @property
    def kind(self) -> str:
        if self.span.holder is None:
            return "nobody"
        return "deputy" if self.span.holder.is_deputy else "holder"

    @property
    def name(self) -> str:
        """Written into the bar; the surname stands first, as on the staff list."""
        if self.width < _LEAST:
            return ""
        if self.span.holder is None:
            return _("nobody")
        name = self.span.holder.name
        return name if self.width >= _WHOLE else name.split(" ")[0]

    @property
    def how(self) -> str:
        holder, resting = self.span.holder, self.span.resting
        if holder is None:
            return _("nobody")
        if resting is not None:
            return _("stands in for {name}").format(name=resting.name)
        return _("holds the role")


@dataclass(frozen=True)
class Lane:
    role: Role
    bars: list[Bar]

    @property
    def told(self) -> str:
        """The picture in words."""
        return "; ".join(
            _("{name} from {from_on}").format(
                name=bar.span.holder.name if bar.span.holder else _("nobody"),
                from_on=dates.day(bar.span.from_on),
            )
            for bar in self.bars
        )


@dataclass(frozen=True)
class Tick:
    on: date
    x: float


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def posts(request: OfficeRequest) -> HttpResponseBase:
    division = division_in_reach(request, request.GET.get("division"))
    staffing, on = staffing_of(division, wiring.clock().now()), today()
    since, until = _period(staffing.terms, on)
    place = _Scale(since, until)
    context = {
        "division": division,
        "scope": scope_of(request.duty),
        "posts": shown_terms(terms_lasting(division, on)),
        "lanes": [
            Lane(role, list(_bars(spans(staffing.terms, role, since, until), place)))
            for role in (Role.HEAD, Role.CUSTODIAN)
        ],
        "ticks": list(_ticks(since, until, place)),
        "now": place.of(on),
        "today": on,
        "until": until,
        "is_own": division == request.duty.division,
    }
    return render(request, "web/registry/posts.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def held(request: OfficeRequest) -> HttpResponseBase:
    """What the custodian hands over with the role."""
    division = division_in_reach(request, request.GET.get("division"))
    lasting = terms_lasting(division, today()) if division == request.duty.division else []
    context = {
        "held": holdings(division, wiring.clock().now()),
        "division": division,
        "hand_overs": [each for each in lasting if each.role == Role.CUSTODIAN],
    }
    return render(request, "web/registry/holdings.html", context)


class _Scale:
    def __init__(self, since: date, until: date) -> None:
        self._since = since
        self._days = (until - since).days + 1

    def of(self, on: date) -> float:
        """Per cent of the width, at the beginning of that day."""
        return round(100 * (on - self._since).days / self._days, 2)


def _period(terms: tuple[Term, ...], on: date) -> tuple[date, date]:
    """A year back if there is so much to show, and ahead beyond all that is known, within bounds."""
    shown = [term for term in terms if term.reads and not term.is_void]
    first = min((term.from_on for term in shown), default=on)
    changes = [term.from_on for term in shown] + [term.until_on for term in shown if term.until_on]
    since = max(on - _BACK, min(first, on - _AHEAD / 4))
    last = max([on + _AHEAD, *(day + _AHEAD / 4 for day in changes)])
    return since, min(last, on + _LONGEST)


def _bars(found: Iterator[Span], place: _Scale) -> Iterator[Bar]:
    known = list(found)
    for span in known:
        x = place.of(span.from_on)
        end = place.of(span.until_on + timedelta(days=1))
        began = span.holder is not None and span.holder.from_on < span.from_on
        yield Bar(
            span,
            x,
            round(end - x, 2),
            is_first=span is known[0] and began,
            is_last=span is known[-1],
        )


def _ticks(since: date, until: date, place: _Scale) -> Iterator[Tick]:
    """First days of months; of some of them where there are many."""
    months = []
    month = since.replace(day=1)
    while month <= until:
        if month >= since:
            months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // _TICKS)
    for on in months[::step]:
        yield Tick(on, place.of(on))
