"""Filters and tags for the pages: days and times, octets, and a query with one thing changed."""

from datetime import date, datetime

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aigaq.core.clock import rfc3339
from aigaq.web import dates
from aigaq.web.signing import site

register = template.Library()

_THOUSAND = 1000
_HUNDRED = 100


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Day in words and time, in a `<time>`; nothing for None."""
    return _time(value, dates.moment(value)) if value else ""


@register.filter
def short_moment(value: datetime | None) -> SafeString | str:
    """Day in figures and time, in a `<time>`; nothing for None."""
    return _time(value, dates.short_moment(value)) if value else ""


@register.filter
def exact_moment(value: datetime | None) -> SafeString | str:
    """Day in figures and time to the second, in a `<time>`; nothing for None."""
    return _time(value, dates.exact_moment(value)) if value else ""


@register.filter
def clock_time(value: datetime | None) -> SafeString | str:
    """Hour and minute in a `<time>`; nothing for None."""
    return _time(value, dates.time(value)) if value else ""


@register.filter
def day(value: date | None) -> str:
    return dates.day(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    return dates.month(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    return dates.short_day(value) if value else ""


def _time(value: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', rfc3339(value), text)


@register.filter
def octets(value: int) -> str:
    """A size in decimal units, as cards and disks are sold; three figures at most."""
    size = float(value)
    units = [_("B"), _("KB"), _("MB"), _("GB"), _("TB")]
    steps = 0
    while size >= _THOUSAND and steps < len(units) - 1:
        size /= _THOUSAND
        steps += 1
    decimals = 1 if steps and size < _HUNDRED else 0
    return f"{number_format(round(size, decimals), decimals)}\N{NO-BREAK SPACE}{units[steps]}"


@register.filter
def short_digest(value: str) -> str:
    """The first twelve hexadecimal digits: enough to compare at a glance with the full one."""
    return value.removeprefix("sha256:")[:12]


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The query of this page with `changes` (None takes a name out); for links that filter and page."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def named_address(context: Context) -> str:
    """This page under a name at which passkeys work; empty where we know of none."""
    return site.named_address(context["request"])
