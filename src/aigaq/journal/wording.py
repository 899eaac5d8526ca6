"""Remarks that follow from the facts of an act: written in Kazakh, the language of the book.

The facts themselves stand in the ledger entry, so each reader can be told in their own language.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.models import Failure, FailureCause, JournalRow, SealFound, ThingFound, ThingKind
from aigaq.journal.rules import Check, Found
from aigaq.regulation.profile import Profile

_CHECK_FAILED = "{paragraph}-тармақ бойынша тексеру: {check} – {remark}"
_SEAL_BROKEN = "Тапсыру кезінде № {set} мөрдің бүлінгені анықталды."
_SEAL_MISSING = "Тапсыру кезінде № {set} мөрдің жоқ екені анықталды."
_SEAL_DIFFERENT = "Тапсыру кезінде № {set} мөрдің орнына № {found} мөр анықталды."
_OTHER_PERSON = "Бейнетіркегішті алған – {inspector}, тапсырған – {other}."
_CORRECTED = "Түзету, {cell}: «{old}» сызылды, дұрысы – «{new}». Себебі: {reason}"
_NOTHING = "–"
_CELLS: Mapping[str, str] = {
    "control": "бақылау түрі",
    "subject": "бақылау субъектісі",
    "object": "бақылау объектісі",
    "act_number": "актінің нөмірі",
    "seal_number": "мөрдің нөмірі",
    "check": "алдын ала тексеру ескертпесі",
    "seal_found": "мөрдің жай-күйі",
    "seal_number_found": "табылған мөрдің нөмірі",
    "condition": "жауапты тұлғаның түсіндірмесі",
    "remark": "ескертпе",
}
_SEALS: Mapping[str, str] = {
    SealFound.INTACT: "бүтін, нөмірі сол",
    SealFound.BROKEN: "бүлінген",
    SealFound.MISSING: "жоқ",
    SealFound.DIFFERENT: "басқа нөмір",
    SealFound.NOT_SEALED: "мөр салынбаған",
}
_THINGS: Mapping[str, str] = {ThingKind.RECORDER: "бейнетіркегіш", ThingKind.CARD: "жад картасы"}
_DAMAGED = "№ {number} {thing} бүлінген: {words}."
_MISSING = "№ {number} {thing} тапсырылған жоқ: {words}."
_CAUSES: Mapping[str, str] = {
    FailureCause.NO_POWER: "қосылмайды немесе заряды таусылған",
    FailureCause.NO_RECORDING: "жазбайды",
    FailureCause.PICTURE: "бейне сапасыз немесе жоқ",
    FailureCause.SOUND: "дыбыс сапасыз немесе жоқ",
    FailureCause.CARD: "жад картасы толған немесе істен шыққан",
    FailureCause.CLOCK: "күні немесе уақыты дұрыс емес",
    FailureCause.BODY: "сынған немесе бекітпесінен ажыраған",
    FailureCause.OTHER: "басқа себеп",
}
_REPLACED = (
    "№ {number} бейнетіркегіш істен шықты. Себебі: {cause}. Хабарланған уақыты: {told}."
    " Ауыстырылған уақыты: {at}, орнына № {new} бейнетіркегіш берілді ({row}-жол)."
)
_REPLACES = "Істен шыққан № {number} бейнетіркегіштің ({row}-жол) орнына берілді."
_EXPLAINED = "Жауапты тұлғаның түсіндірмесі: {condition}"


def remarks_on_issue(profile: Profile, checks: Mapping[str, Check]) -> list[str]:
    """One for each failed point of paragraph 17, in its order."""
    return [
        _CHECK_FAILED.format(paragraph=asked.paragraph, check=asked.text.kk, remark=checks[asked.key].remark)
        for asked in profile.checks
        if not checks[asked.key].passed
    ]


def remarks_on_return(
    *,
    seal_set: str,
    seal_found: SealFound,
    seal_number_found: str,
    inspector: str,
    other: str | None,
    things: Mapping[tuple[ThingKind, str], Found],
    condition: str,
) -> list[str]:
    """`other` is who handed it back, unless that is the inspector; `things` are those that are not whole."""
    parts = [_about_seal(seal_found, seal_set, seal_number_found)]
    for (kind, number), found in things.items():
        said = _MISSING if found.found is ThingFound.MISSING else _DAMAGED
        parts.append(said.format(number=number, thing=_THINGS[kind], words=found.words.rstrip(".")))
    if other is not None:
        parts.append(_OTHER_PERSON.format(inspector=inspector, other=other))
    if condition:
        parts.append(_EXPLAINED.format(condition=condition))
    text = " ".join(part for part in parts if part)
    return [text] if text else []


def remark_on_replacement(failure: Failure, new: JournalRow, at: datetime) -> str:
    """On the row of the failed recorder: cause, time of notice, time of replacement (paragraph 22)."""
    return _REPLACED.format(
        number=failure.row.recorder.inventory_number,
        cause=cause_of(failure),
        told=minute(failure.entered_at),
        at=minute(at),
        new=new.recorder.inventory_number,
        row=new.number,
    )


def remark_on_replacing(failure: Failure) -> str:
    """On the row of the recorder that replaces it."""
    return _REPLACES.format(number=failure.row.recorder.inventory_number, row=failure.row.number)


def cause_of(failure: Failure) -> str:
    """In the words of the book; what the inspector added follows."""
    words = failure.words.rstrip(".")
    if failure.cause == FailureCause.OTHER and words:
        return words
    return f"{_CAUSES[failure.cause]} ({words})" if words else _CAUSES[failure.cause]


def minute(at: datetime) -> str:
    """As the book writes instants: Kazakhstan's time, to the minute."""
    return f"{at.astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M}"


def remark_on_correction(profile: Profile, *, cell: str, old: str, new: str, reason: str) -> str:
    return _CORRECTED.format(
        cell=_CELLS[cell.partition(":")[0]],
        old=_shown(profile, cell, old),
        new=_shown(profile, cell, new),
        reason=reason,
    )


def _shown(profile: Profile, cell: str, value: str) -> str:
    if cell == "control":
        control = profile.control(value)
        return control.text.kk if control else value
    if cell == "seal_found":
        return _SEALS.get(value, value)
    return value or _NOTHING


def _about_seal(found: SealFound, seal_set: str, number_found: str) -> str:
    match found:
        case SealFound.INTACT | SealFound.NOT_SEALED:
            return ""
        case SealFound.BROKEN:
            return _SEAL_BROKEN.format(set=seal_set)
        case SealFound.MISSING:
            return _SEAL_MISSING.format(set=seal_set)
        case SealFound.DIFFERENT:
            return _SEAL_DIFFERENT.format(set=seal_set, found=number_found)
        case _:
            assert_never(found)
