"""Rows of the journal for a court, in the form of the annex, out of the package's `extract.json`.

In Kazakh and in Russian; what the book itself says stays as it was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.paperwork.book import cells
from aigaq.paperwork.demanded import Demanded, ledger_lines, pair
from aigaq.paperwork.sheet import Handed, Mark, Remarked, Row, Run, Text, Unloaded, plain
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

FORMAT: Final = "aigaq-extract/1"
_TITLE: Final = ("Журналдан үзінді", "Выписка из журнала")
_BOOK: Final = ("Тіркеу нөмірі {book}, {sheet}-парақ", "Регистрационный номер {book}, лист {sheet}")
_TRUE: Final = ("Үзінді дұрыс. Бөлімше басшысы", "Выписка верна. Руководитель подразделения")
_UNDER: Final = (
    ("қолы", "подпись"),
    ("Т.А.Ә. (ол болған кезде)", "Ф.И.О. (при его наличии)"),
    ("күні", "дата"),
)
_LEGEND: Final = (
    (
        "Қолы – қол қойған адамның Т.А.Ә., қол қойылған уақыты мен тәсілі, қол қойылған құжаттың"
        " SHA-256 хэшінің"
        " алғашқы 12 таңбасы. Қате жазба сызылып, жаңасы қасына енгізіледі. Уақыт – UTC+5."
    ),
    (
        "Подпись – Ф.И.О. подписавшего, время и способ подписания, первые 12 знаков хэша"
        " SHA-256 подписанного"
        " документа. Ошибочная запись зачёркнута, новая внесена рядом. Время – UTC+5."
    ),
)
_PURPOSE: Final = (
    ("Бақылау түрі", "Вид контроля"),
    ("Субъект", "Субъект"),
    ("Объект", "Объект"),
    ("Актінің (рұқсаттың) нөмірі", "Номер акта (разрешения)"),
    ("Мөр", "Пломба"),
)
_NONE: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """`rows` are those of `extract.json`, as `docs/formats/package.md` has them."""

    division: str
    demanded: Demanded
    package: str
    rows: Sequence[Mapping[str, Any]]
    checkpoint: str
    head: str
    dated: datetime


def print_extract(extract: Extract, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    return typesetter(
        "extract",
        {
            "title": pair(_TITLE),
            "journal": [profile.form.title.kk, profile.form.title.ru],
            "division": [extract.division, profile.form.division_line.kk, profile.form.division_line.ru],
            "basis": pair(extract.demanded.basis(profile)),
            "heads": [[column.head.kk, column.head.ru] for column in profile.form.columns],
            "parts": _parts(extract.rows, profile),
            "legend": pair(_LEGEND),
            "true": [pair(_TRUE), extract.head],
            "under": [pair(under) for under in _UNDER],
            "seal": "М.О.",
            "foot": [extract.package, *ledger_lines(extract.checkpoint)],
        },
        dated=extract.dated,
    )


def _parts(rows: Sequence[Mapping[str, Any]], profile: Profile) -> list[Json]:
    """By book and sheet, in the order of the rows."""
    parts: list[Json] = []
    for (book, sheet), found in groupby(rows, key=lambda row: (row["book"], row["sheet"])):
        lines: list[Json] = [[cells(row_of(each)), _purpose(each, profile)] for each in found]
        parts.append({"title": [line.format(book=book, sheet=sheet) for line in _BOOK], "rows": lines})
    return parts


def row_of(facts: Mapping[str, Any]) -> Row:
    """A row of `extract.json` as the book has it: what was corrected struck, the right entry after it."""
    corrections: Sequence[Mapping[str, Any]] = facts["corrections"]
    marks = {each["seq"]: _mark(each) for each in facts["signatures"]}
    returned = facts["returned"]
    return Row(
        number=facts["number"],
        things=tuple(_things(facts, corrections)),
        user=_corrected("inspector", facts["inspector"], corrections),
        issued=_handed(facts["issued"], marks),
        returned=_handed(returned, marks) if returned else None,
        unloaded=tuple(Unloaded(parse_rfc3339(each["at"]), each["files"]) for each in facts["unloaded"]),
        remarks=tuple(_remarked(each, corrections, marks) for each in facts["remarks"]),
    )


def _things(facts: Mapping[str, Any], corrections: Sequence[Mapping[str, Any]]) -> list[Text]:
    recorder = _corrected("recorder", facts["recorder"], corrections)
    card = _corrected("card", facts["card"] or "", corrections)
    return [recorder] if card == plain("") else [recorder, card]


def _corrected(cell: str, present: str, corrections: Sequence[Mapping[str, Any]]) -> Text:
    mine = [each for each in corrections if each["cell"] == cell]
    if not mine:
        return plain(present)
    return (*(Run(each["old"] or _NONE, struck=True) for each in mine), Run(mine[-1]["new"] or _NONE))


def _mark(signature: Mapping[str, Any]) -> Mark:
    return Mark(
        name=signature["signer"],
        at=parse_rfc3339(signature["at"]),
        way=signature["way"],
        signed_digest=signature["signed_digest"],
    )


def _handed(facts: Mapping[str, Any], marks: Mapping[int, Mark]) -> Handed:
    return Handed(parse_rfc3339(facts["at"]), marks.get(facts["seq"]))


def _remarked(
    facts: Mapping[str, Any], corrections: Sequence[Mapping[str, Any]], marks: Mapping[int, Mark]
) -> Remarked:
    """One that tells a correction bears the mark of who signed that."""
    tells = any(each["seq"] == facts["seq"] for each in corrections)
    return Remarked(
        at=parse_rfc3339(facts["at"]),
        author=facts["author"],
        text=_corrected(f"remark:{facts['seq']}", facts["text"], corrections),
        mark=marks.get(facts["seq"]) if tells else None,
    )


def _purpose(facts: Mapping[str, Any], profile: Profile) -> list[Json]:
    """What the recorder was issued for: no column of the annex, but what a court asks first."""
    purpose = facts["purpose"]
    control = profile.control(purpose["control"])
    named = (control.text.kk, control.text.ru) if control else (purpose["control"],) * 2
    values = (named, *((each, each) for each in _said(facts, purpose)))
    told = [(name, value) for name, value in zip(_PURPOSE, values, strict=True) if value[0]]
    return ["; ".join(f"{name[side]}: {value[side]}" for name, value in told) for side in (0, 1)]


def _said(facts: Mapping[str, Any], purpose: Mapping[str, Any]) -> tuple[str, ...]:
    seal = facts["seal_number"]
    return purpose["subject"], purpose["object"], purpose["act_number"], f"№ {seal}" if seal else ""
