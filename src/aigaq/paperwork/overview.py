"""Figures of divisions on paper: numbers in, octets of a PDF out. In Kazakh, and no person is named."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.paperwork.dates import figures, official_moment
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

_TITLE: Final = "Бейнетіркегіштерді пайдалану туралы мәлімет"
_ABOUT: Final = "қызметтік міндеттерді атқару кезіндегі жазба: {monday} – {sunday}"
_RECORDED_UNDER: Final = "19"
_HEADS: Final = (
    "Бөлімше",
    "Берілгені",
    "Мерзімі өткені",
    "Бүгін түсірілгені",
    "Ашық оқиға",
    "Мерзімі өткен талап",
    "Мерзімі жақын талап",
    "Бағаланған кезекшілік",
    "Бос аралығы барлары",
    "Жазылуға тиісті, сағ:мин",
    "Түсіндірілмегені, сағ:мин",
    "Жазылғаны",
)
_WEEKDAYS: Final = ("Дс, %", "Сс, %", "Ср, %", "Бс, %", "Жм, %", "Сн, %", "Жс, %")
_TOTAL: Final = "Барлығы"
_ROOM: Final = "Деректерді сақтау сервері: {free} бос, {days} күнге жетеді."
_ROOM_BEYOND: Final = "Деректерді сақтау сервері: {free} бос, он жылдан артық уақытқа жетеді."
_ROOM_UNKNOWN: Final = "Деректерді сақтау сервері: {free} бос."
_FOOT: Final = (
    (
        "Талап – уәкілетті органның немесе соттың сұрау салуы, ұйғарымы немесе қаулысы;"
        " мерзімі жақыны – соңғы күніне {near} күн не одан аз қалғаны."
    ),
    (
        "Жазылғаны – жазылуға тиісті уақыттың үлесі. Хабарланған үзілістер, істен шығулар,"
        " басындағы және соңындағы жол берілетін уақыт есепке алынбайды."
    ),
    "Мәлімет тек сандардан тұрады; жазбалар бөлімшелерде сақталады.",
)
_NOTHING: Final = "–"
_GIGA: Final = 1000**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Figures of a division; shares in thousandths, None where nothing was to be recorded."""

    name: str
    depth: int
    out: int
    overdue: int
    unloaded: int
    open_incidents: int
    demands_late: int
    demands_near: int
    duties: int
    with_gaps: int
    due_ms: int
    unexplained_ms: int
    share: int | None
    days: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Room:
    free: int
    """Octets."""
    days: int | None
    """How long it lasts; None where that can't be foretold."""
    is_beyond: bool = False
    """It lasts for more than ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    division: str
    monday: date
    sunday: date
    at: datetime
    lines: tuple[Line, ...]
    total: Line | None
    near_days: int
    """With so many days left a demand is near its last day."""
    room: Room | None


def print_overview(paper: Paper, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    paragraph = profile.paragraph(_RECORDED_UNDER)
    return typesetter(
        "overview",
        {
            "title": _TITLE,
            "about": _ABOUT.format(monday=figures(paper.monday), sunday=figures(paper.sunday)),
            "basis": ", ".join([profile.reference.kk, *([paragraph.label("kk")] if paragraph else [])]),
            "at": official_moment(paper.at),
            "division": [paper.division, profile.form.division_line.kk],
            "heads": [*_HEADS, *_WEEKDAYS],
            "rows": [_row(line) for line in paper.lines],
            "total": _row(paper.total, _TOTAL) if paper.total else None,
            "room": _room(paper.room),
            "foot": [line.format(near=paper.near_days) for line in _FOOT],
        },
        dated=paper.at,
    )


def _row(line: Line, name: str = "") -> dict[str, Json]:
    return {
        "name": name or line.name,
        "depth": line.depth,
        "cells": [
            str(line.out),
            str(line.overdue),
            str(line.unloaded),
            str(line.open_incidents),
            str(line.demands_late),
            str(line.demands_near),
            str(line.duties),
            str(line.with_gaps),
            _hours(line.due_ms),
            _hours(line.unexplained_ms),
            _percent(line.share),
            *(_share(share) for share in line.days),
        ],
        "is_late": line.demands_late > 0,
        "is_gap": line.unexplained_ms > 0,
    }


def _room(room: Room | None) -> str:
    if room is None:
        return ""
    free = f"{room.free / _GIGA:.0f} ГБ"
    if room.is_beyond:
        return _ROOM_BEYOND.format(free=free)
    return _ROOM_UNKNOWN.format(free=free) if room.days is None else _ROOM.format(free=free, days=room.days)


def _hours(milliseconds: int) -> str:
    hours, minutes = divmod(round(milliseconds / 60_000), 60)
    return f"{hours}:{minutes:02}"


def _percent(thousandths: int | None) -> str:
    return _NOTHING if thousandths is None else f"{_share(thousandths)}\N{NO-BREAK SPACE}%"


def _share(thousandths: int | None) -> str:
    """In per cent, with a comma, as Kazakh writes it."""
    return _NOTHING if thousandths is None else f"{thousandths / 10:.1f}".replace(".", ",")
