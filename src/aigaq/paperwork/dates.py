"""Days and instants as Kazakh papers have them; instants in Kazakhstan's time."""

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
