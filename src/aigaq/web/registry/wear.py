"""Cards in words and pictures: how each fares, and which are to be retired."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest.health import Health, Limits, Moment, Reason, health_of, history_of, to_retire
from aigaq.registry.models import Card, Role
from aigaq.web import dates
from aigaq.web.bars import Value, bars
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to
from aigaq.web.templatetags.aigaq import octets

_SHOWN: Final = 40
"""Unloadings in a card's picture."""


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def retire(request: OfficeRequest) -> HttpResponseBase:
    """Cards that should be set aside, each with its reasons."""
    limits = wiring.card_limits()
    found = to_retire(request.duty.division, limits, wiring.clock().now())
    context = {
        "cards": [(health, [said(reason, health) for reason in reasons]) for health, reasons in found],
        "limits": _limits_said(limits),
    }
    return render(request, "web/registry/retire.html", context)


def wear_of(card: Card, now: datetime) -> dict[str, object]:
    """For a card's own page."""
    (health,) = health_of([card], now)
    history = history_of(card, limit=_SHOWN)
    return {
        "health": health,
        "reasons": [said(reason, health) for reason in health.reasons(wiring.card_limits())],
        "wear": bars(
            [_value(moment) for moment in history],
            first=_day(history[0].at) if history else "",
            last=_day(history[-1].at) if history else "",
        ),
        "history": history[::-1],
    }


def said(reason: Reason, health: Health) -> str:
    """A reason with its figure."""
    match reason:
        case Reason.PARTIAL:
            n = health.partial
            return ngettext(
                "{n} recording came in part, or in two ways", "{n} recordings came in part, or in two ways", n
            ).format(n=n)
        case Reason.ERRORS:
            n = health.faulty
            return ngettext(
                "could not be read without fault at {n} unloading",
                "could not be read without fault at {n} unloadings",
                n,
            ).format(n=n)
        case Reason.PROTECTED:
            n = health.protected
            return ngettext(
                "could not be written at {n} unloading", "could not be written at {n} unloadings", n
            ).format(n=n)
        case Reason.FILLINGS:
            n = int(health.fillings)
            return ngettext("was written full {n} time", "was written full {n} times", n).format(n=n)
        case Reason.CYCLES:
            n = health.cycles
            return ngettext("was cleared {n} time", "was cleared {n} times", n).format(n=n)
        case Reason.YEARS:
            n = int(health.years)
            return ngettext("has served for {n} year", "has served for {n} years", n).format(n=n)


def _limits_said(limits: Limits) -> Iterable[str]:
    """From what on each counts, in words; what does not count is left out."""
    told = (
        (limits.partial, _("recordings that came in part, or in two ways: {n}")),
        (limits.errors, _("unloadings with faults: {n}")),
        (limits.protected, _("unloadings at which it could not be written: {n}")),
        (limits.fillings, _("times written full: {n}")),
        (limits.cycles, _("times cleared: {n}")),
        (limits.years, _("years of service: {n}")),
    )
    return [text.format(n=limit) for limit, text in told if limit]


def _value(moment: Moment) -> Value:
    text = f"{dates.moment(moment.at)}: {octets(moment.octets)}"
    if moment.faults:
        n = moment.faults
        text += ", " + ngettext("{n} fault", "{n} faults", n).format(n=n)
    return Value(moment.octets, text, is_bad=moment.faults > 0)


def _day(at: datetime) -> str:
    return dates.day(at.astimezone(KAZAKHSTAN).date())
