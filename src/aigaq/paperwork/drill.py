"""How a drill of a restore went, on one sheet that the head signs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.paperwork.dates import official_moment
from aigaq.paperwork.typesetting import typeset

_GROUP: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillFacts:
    division: str
    head: str
    done_at: datetime
    made_at: datetime
    """Of the backup."""
    manifest: str
    in_backup: int
    entries: int
    recordings: int
    missing: int
    seconds: int
    opened: int
    damaged: tuple[str, ...]
    seq: int
    """Of the entry that says the same."""
    ledger: str


def print_drill(facts: DrillFacts) -> bytes:
    """The same facts as the entry; a sheet that says what was lacking says so first."""
    is_sound = not facts.missing and not facts.damaged
    lines = [
        ["Бөлімше", facts.division],
        ["Жаттығу өткізілді", official_moment(facts.done_at)],
        ["Сақтық көшірме жасалды", official_moment(facts.made_at)],
        ["Көшірменің хэші", _in_groups(facts.manifest)],
        ["Көшірмедегі тізілім жазбалары", _grouped(facts.in_backup)],
        ["Қоймадан толықтырылғаннан кейінгі тізілім жазбалары", _grouped(facts.entries)],
        ["Каталогтағы бейнежазбалар", _grouped(facts.recordings)],
        ["Олардың қоймадан табылмағаны", _grouped(facts.missing)],
        ["Кездейсоқ таңдалып, соңына дейін оқылғаны", str(facts.opened)],
        ["Осы оқылғандардың бүлінгені", str(len(facts.damaged))],
        ["Қалпына келтіру ұзақтығы", _lasted(facts.seconds)],
        ["Тізілімнің және барлық кестелердің тексерілуі", "ақаусыз"],
        ["Электрондық тізілімдегі жазба", f"№ {facts.seq}, {facts.ledger}"],
    ]
    return typeset(
        "drill",
        {
            "title": "Сақтық көшірмеден қалпына келтіру жаттығуының есебі",
            "russian": "Отчёт об учебном восстановлении из резервной копии",
            "result": "Барлығы қалпына келді."
            if is_sound
            else "Барлығы қалпына келген жоқ: төмендегі сандарды қараңыз.",
            "sound": is_sound,
            "lines": [list(line) for line in lines],
            "damaged_title": "Бүлінген бейнежазбалардың хэші:",
            "damaged": list(facts.damaged),
            "head": facts.head,
        },
        dated=facts.done_at,
    )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _lasted(seconds: int) -> str:
    minutes, left = divmod(seconds, 60)
    return f"{_grouped(minutes)} мин {left} с" if minutes else f"{left} с"


def _in_groups(digest: str) -> str:
    """So that it can be read out, and fits into its column."""
    name, _colon, digits = digest.partition(":")
    groups = [digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP)]
    return " ".join([f"{name}:", *groups])
