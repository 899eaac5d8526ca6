"""Remarks that follow from the facts of an act: written in Kazakh, the language of the book.

The facts themselves stand in the ledger entry, so each reader can be told in their own language.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.models import (
    LATE,
    Failure,
    FailureCause,
    JournalRow,
    Pause,
    PauseReason,
    Resume,
    SealFound,
    ThingFound,
    ThingKind,
)
from aigaq.journal.rules import Check, Found
from aigaq.regulation.numerals import in_words
from aigaq.regulation.profile import BLANK, Profile

_CHECK_FAILED = "{paragraph}-тармақ бойынша тексеру: {check} – {remark}"
_SEAL_BROKEN = "Тапсыру кезінде № {set} мөрдің бүлінгені анықталды."
_SEAL_MISSING = "Тапсыру кезінде № {set} мөрдің жоқ екені анықталды."
_SEAL_DIFFERENT = "Тапсыру кезінде № {set} мөрдің орнына № {found} мөр анықталды."
_OTHER_PERSON = "Бейнетіркегішті алған – {inspector}, тапсырған – {other}."
_CORRECTED = "Түзету, {cell}: «{old}» сызылды, дұрысы – «{new}». Себебі: {reason}"
_NOTHING = "–"
_CELLS: Mapping[str, str] = {
    "recorder": "бейнетіркегіш",
    "card": "жад картасы",
    "inspector": "пайдаланушы",
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
    "pause": "үзіліс себебі",
    "cause": "істен шығу себебі",
    "failure": "істен шығу сипаттамасы",
    "repair": "ақаулықты жою сипаттамасы",
    "damage": "бүліну сипаттамасы",
    "loss": "жоғалу мән-жайы",
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
_FAILED = "№ {number} бейнетіркегіш істен шықты. Себебі: {cause}. Хабарланған уақыты: {told}."
_REPLACED = " Ауыстырылған уақыты: {at}, орнына № {new} бейнетіркегіш берілді ({row})."
_REPAIRED = " Ақаулық жойылған уақыты: {at}. Атқарылғаны: {words}."
_REPLACES = "Істен шыққан № {number} бейнетіркегіштің ({row}) орнына берілді."
_LOST = "№ {number} {thing} жоғалды. Мән-жайы: {words}. Хабарланған уақыты: {told}."
_ROW = "{row}-жол"
_ROW_OF_BOOK = "№ {book} журнал, {row}-жол"
_FAILED_BEFORE = " Инспектор хабарды жіберген уақыты: {at}."
_NOT_SETTLED = " Бейнетіркегіш тапсырылғанға дейін ақаулық жойылған жоқ, бейнетіркегіш ауыстырылған жоқ."
_PAUSE_REASONS: Mapping[str, str] = {
    PauseReason.MEAL: "тамақ ішу",
    PauseReason.SANITARY: "санитариялық торапқа бару",
}
_LISTED: Mapping[str, Mapping[str, str]] = {"seal_found": _SEALS, "cause": _CAUSES, "pause": _PAUSE_REASONS}
"""Cells that are chosen from a list."""
_PAUSED = "Үзіліс ({reason}). Фото- және бейнетүсірілім тоқтатыла тұрған уақыты: {since}"
_RESUMED = ", қайта басталған уақыты: {until}."
_NOT_RESUMED = ". Бейнетіркегіш тапсырылғанға дейін қайта басталғаны туралы хабар болған жоқ."
_ENDED = "{since} басталған үзіліс аяқталып, фото- және бейнетүсірілім қайта басталған уақыты: {until}."
_INFORMED = " Жауапты тұлға хабардар етілді."
_INFORMED_AT = " Жауапты тұлға хабардар болған уақыты: {told}."
_INFORMED_TWICE = (
    " Жауапты тұлға хабардар болған уақыты: үзілістің басталғаны туралы {began}, аяқталғаны туралы {ended}."
)
_AFTER_RETURN = " Бұл жазба бейнетіркегіш тапсырылғаннан кейін енгізілді: {entered}."
_EXPLAINED = "Жауапты тұлғаның түсіндірмесі: {condition}"


def inscription(profile: Profile, sheets: int) -> str:
    """The last page of a book, the number of its sheets in figures and in words (paragraph 10)."""
    return profile.form.last_page.kk.replace(BLANK, f"{sheets} ({in_words(sheets)})")


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
    number, row = new.recorder.inventory_number, _row(new, beside=failure.row)
    return _failed(failure) + _REPLACED.format(at=minute(at), new=number, row=row)


def remark_on_replacing(failure: Failure, new: JournalRow) -> str:
    """On the row of the recorder that replaces it."""
    number = failure.row.recorder.inventory_number
    return _REPLACES.format(number=number, row=_row(failure.row, beside=new))


def remark_on_repair(failure: Failure, words: str, at: datetime) -> str:
    """Cause, time of notice, time of repair, and what was done (paragraph 22)."""
    return _failed(failure) + _REPAIRED.format(at=minute(at), words=words.rstrip("."))


def remark_on_loss(kind: ThingKind, number: str, words: str, at: datetime) -> str:
    return _LOST.format(number=number, thing=_THINGS[kind], words=words.rstrip("."), told=minute(at))


def remark_on_pause(ended: Resume) -> str:
    """The whole pause, at its end: reason, both times, and that the custodian was told (paragraph 21)."""
    pause = ended.pause
    text = _begun(pause) + _RESUMED.format(until=minute(ended.occurred_at))
    if pause.told_at - pause.occurred_at > LATE or ended.told_at - ended.occurred_at > LATE:
        return text + _INFORMED_TWICE.format(began=minute(pause.told_at), ended=minute(ended.told_at))
    return text + _INFORMED


def remark_on_end_told_late(ended: Resume) -> str:
    """After the return, where column 7 has the beginning already."""
    since, until = minute(ended.pause.occurred_at), minute(ended.occurred_at)
    return _ENDED.format(since=since, until=until) + _after_return(ended.entered_at)


def remark_on_pause_told_late(pause: Pause) -> str:
    """A pause that the return could not tell, since nobody knew of it."""
    return f"{_begun(pause)}.{_after_return(pause.entered_at)}"


def remark_on_failure_told_late(failure: Failure) -> str:
    """As `remark_on_pause_told_late`."""
    return _failed(failure) + _after_return(failure.entered_at)


def remarks_left_open(pauses: Iterable[Pause], failures: Iterable[Failure]) -> list[str]:
    """What was told on duty and nobody ended, as the return tells it: so it stands in what is signed."""
    return [
        *(_begun(pause) + _NOT_RESUMED + _informed(pause) for pause in pauses),
        *(_failed(failure) + _NOT_SETTLED for failure in failures),
    ]


def _begun(pause: Pause) -> str:
    return _PAUSED.format(reason=_PAUSE_REASONS[pause.reason], since=minute(pause.occurred_at))


def _informed(pause: Pause) -> str:
    late = pause.told_at - pause.occurred_at > LATE
    return _INFORMED_AT.format(told=minute(pause.told_at)) if late else _INFORMED


def _failed(failure: Failure) -> str:
    text = _FAILED.format(
        number=failure.row.recorder.inventory_number,
        cause=cause_of(failure),
        told=minute(failure.told_at),
    )
    late = failure.told_at - failure.occurred_at > LATE
    return text + _FAILED_BEFORE.format(at=minute(failure.occurred_at)) if late else text


def _after_return(entered_at: datetime) -> str:
    return _AFTER_RETURN.format(entered=minute(entered_at))


def cause_of(failure: Failure) -> str:
    """In the words of the book; what the inspector added follows."""
    words = failure.words.rstrip(".")
    if failure.cause == FailureCause.OTHER and words:
        return words
    return f"{_CAUSES[failure.cause]} ({words})" if words else _CAUSES[failure.cause]


def _row(row: JournalRow, *, beside: JournalRow) -> str:
    """By its number alone, where the remark stands in the same book."""
    if row.book_id == beside.book_id:
        return _ROW.format(row=row.number)
    return _ROW_OF_BOOK.format(book=row.book.registration_number, row=row.number)


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
    listed = _LISTED.get(cell.partition(":")[0])
    return listed.get(value, value) if listed else value or _NOTHING


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
