"""How long the room in the vault lasts, in words and as a picture of what came in."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest import space
from aigaq.ingest.forecast import WINDOW, Forecast, level
from aigaq.vault.errors import VaultError
from aigaq.web import dates
from aigaq.web.bars import Value, bars
from aigaq.web.templatetags.aigaq import octets

_SOON: Final = 7
"""Days left from which on it is red."""


def room(now: datetime) -> dict[str, object]:
    """For the docks' page; nothing where the vault can't tell its room."""
    try:
        found = space.outlook(wiring.backend(), now)
    except VaultError:
        found = None
    if found is None:
        return {}
    days, came = _days(now), space.intake(now)
    return {
        "room": found,
        "room_headline": headline(found),
        "room_look": look(found),
        "room_why": why(found),
        "room_picture": bars(
            [Value(came.get(day, 0), f"{dates.day(day)}: {octets(came.get(day, 0))}") for day in days],
            first=dates.day(days[0]),
            last=dates.day(days[-1]),
        ),
        "room_table": _table(days, came),
    }


def headline(found: Forecast) -> str:
    if found.days is None:
        return _("{free} free").format(free=octets(found.free))
    if found.is_beyond:
        return _("{free} free: lasts more than ten years").format(free=octets(found.free))
    days = ngettext("lasts {n} day more", "lasts {n} days more", found.days).format(n=found.days)
    return _("{free} free: {days}").format(free=octets(found.free), days=days)


def why(found: Forecast) -> str:
    """What the number of days rests on."""
    if found.days is None:
        return _("Nothing was taken in during the last days, so nothing is foretold.")
    a_day = octets(round(found.per_day))
    if found.by_week:
        return _(
            "Reckoned by the last seven days, which brought more than the month: {octets} a day."
        ).format(octets=a_day)
    n = found.days_seen
    return ngettext(
        "Reckoned by the last day: {octets} a day.", "Reckoned by the last {n} days: {octets} a day.", n
    ).format(n=n, octets=a_day)


def look(found: Forecast) -> str:
    """How bad it is, for the eye."""
    reached = level(found.days)
    return "" if not reached else "stop" if reached <= _SOON else "warn"


def _days(now: datetime) -> list[date]:
    today = now.astimezone(KAZAKHSTAN).date()
    return [today - timedelta(days=back) for back in range(WINDOW, -1, -1)]


def _table(days: list[date], came: Mapping[date, int]) -> list[tuple[date, int]]:
    """The newest on top; days on which nothing came are left out."""
    return [(day, came[day]) for day in reversed(days) if came.get(day)]
