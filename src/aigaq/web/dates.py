"""Days and times as people of Kazakhstan write them; the instants themselves stay in UTC."""

from datetime import date, datetime

from babel.dates import format_date
from django.utils.formats import date_format
from django.utils.translation import get_language

from aigaq.core.clock import KAZAKHSTAN


def day(value: date) -> str:
    """With the month's name: “2026 ж. 22 қараша”, “22 ноября 2026 г.”, “22 November 2026”.

    By Babel, since Django's Kazakh writes months with a capital and the year last.
    """
    language = get_language() or "kk"
    if language == "en":
        language = "en_GB"
    # Not every font of an office's PC has the narrow blank.
    return str(format_date(value, "long", locale=language)).replace(
        "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
    )


def month(value: date) -> str:
    """“Қараша 2026”, “Ноябрь 2026”, “November 2026”."""
    told = str(format_date(value, "LLLL y", locale=get_language() or "kk"))
    return told[:1].upper() + told[1:]


def short_day(value: date) -> str:
    """In figures, as the book has it: 22.11.2026."""
    return date_format(value, "SHORT_DATE_FORMAT")


def weekday(value: date) -> str:
    """Short: “Дс”, “пн”, “Mon”."""
    return str(format_date(value, "EEE", locale=get_language() or "kk"))


def time(value: datetime) -> str:
    """Kazakhstan's hour and minute, in 24 hours."""
    return value.astimezone(KAZAKHSTAN).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Day in words and time."""
    return f"{day(value.astimezone(KAZAKHSTAN).date())}, {time(value)}"


def short_moment(value: datetime) -> str:
    """Day in figures and time."""
    return f"{short_day(value.astimezone(KAZAKHSTAN).date())} {time(value)}"


def stretch(start: datetime, end: datetime) -> str:
    """From when until when, in figures; the day once if it is one."""
    local = end.astimezone(KAZAKHSTAN)
    if start.astimezone(KAZAKHSTAN).date() == local.date():
        return f"{short_moment(start)}–{local:%H:%M}"
    return f"{short_moment(start)} – {short_moment(end)}"


def exact_time(value: datetime) -> str:
    """Kazakhstan's hour, minute and second."""
    return f"{value.astimezone(KAZAKHSTAN):%H:%M:%S}"


def exact_moment(value: datetime) -> str:
    """Day in figures and time to the second, as it is spoken aloud to a recorder."""
    local = value.astimezone(KAZAKHSTAN)
    return f"{short_day(local.date())} {local:%H:%M:%S}"
