"""How long something lasts, or how far a clock is off, as people say it."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_YEAR: Final = 31_556_952
"""Seconds of a mean year of the Gregorian calendar."""


def duration_in_words(seconds: float) -> str:
    """Its two largest units, whatever its sign: “3 min 20 s”, “1 year 30 days”."""
    left = round(abs(seconds))
    if seconds and not left:
        return _("less than 1 s")
    if left < _MINUTE:
        return _("{seconds} s").format(seconds=left)
    if left < _HOUR:
        minutes, rest = divmod(left, _MINUTE)
        template = _("{minutes} min {seconds} s") if rest else _("{minutes} min")
        return template.format(minutes=minutes, seconds=rest)
    if left < _DAY:
        hours, minutes = divmod(left // _MINUTE, _MINUTE)
        template = _("{hours} h {minutes} min") if minutes else _("{hours} h")
        return template.format(hours=hours, minutes=minutes)
    if left < _YEAR:
        return _days(left // _DAY)
    years, rest = divmod(left, _YEAR)
    text = ngettext("{years} year", "{years} years", years).format(years=years)
    days = rest // _DAY
    return f"{text} {_days(days)}" if days else text


def _days(days: int) -> str:
    return ngettext("{days} day", "{days} days", days).format(days=days)
