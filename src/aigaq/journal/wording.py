"""Remarks that follow from the facts of an act: written in Kazakh, the language of the book.

The facts themselves stand in the ledger entry, so each reader can be told in their own language.
"""

from collections.abc import Mapping
from typing import assert_never

from aigaq.journal.models import SealFound
from aigaq.journal.rules import Check
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
    condition: str,
) -> list[str]:
    """`other` is who handed it back, unless that is the inspector."""
    parts = [_about_seal(seal_found, seal_set, seal_number_found)]
    if other is not None:
        parts.append(_OTHER_PERSON.format(inspector=inspector, other=other))
    if condition:
        parts.append(_EXPLAINED.format(condition=condition))
    text = " ".join(part for part in parts if part)
    return [text] if text else []


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
