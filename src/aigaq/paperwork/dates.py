"""Days and instants as Kazakh and Russian papers have them; instants in Kazakhstan's time."""

from datetime import date, datetime
from typing import Final

from aigaq.core.clock import KAZAKHSTAN

MONTHS: Final = (
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
)
_OF_MONTHS: Final = (
    "қаңтардағы",
    "ақпандағы",
    "наурыздағы",
    "сәуірдегі",
    "мамырдағы",
    "маусымдағы",
    "шілдедегі",
    "тамыздағы",
    "қыркүйектегі",
    "қазандағы",
    "қарашадағы",
    "желтоқсандағы",
)
_RUSSIAN: Final = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def official(day: date) -> str:
    """As in the head of an order: “2026 жылғы 20 қараша”."""
    return f"{day.year} жылғы {day.day} {MONTHS[day.month - 1]}"


def official_moment(at: datetime) -> str:
    """“2026 жылғы 20 қараша, 09:00”."""
    local = at.astimezone(KAZAKHSTAN)
    return f"{official(local.date())}, {local:%H:%M}"


def minute(at: datetime) -> str:
    """In figures, as the book has it: 20.11.2026 09:00."""
    return f"{at.astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M}"


def figures(day: date) -> str:
    """20.11.2026."""
    return f"{day:%d.%m.%Y}"


def second(at: datetime) -> str:
    """20.11.2026 09:00:05."""
    return f"{at.astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M:%S}"


def dated_kk(day: date) -> str:
    """Before what is of that day: “2026 жылғы 20 қарашадағы”."""
    return f"{day.year} жылғы {day.day} {_OF_MONTHS[day.month - 1]}"


def official_ru(day: date) -> str:
    """“20 ноября 2026 года”."""
    return f"{day.day} {_RUSSIAN[day.month - 1]} {day.year} года"


def official_moment_ru(at: datetime) -> str:
    """“20 ноября 2026 года, 09:00”."""
    local = at.astimezone(KAZAKHSTAN)
    return f"{official_ru(local.date())}, {local:%H:%M}"
