"""The book of order No. 236 on paper, as its annex has it: cover, inner side, sheets, last page.

Printed on one side: a sheet is a leaf. What is printed is in Kazakh, the language of the order.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import Digest
from aigaq.paperwork.dates import MONTHS, minute
from aigaq.paperwork.last_page import LastPage, LastPageCode
from aigaq.paperwork.sheet import Handed, Mark, Remarked, Row, Sheet, SheetCode, Text, Unloaded
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import BLANK, OFFICIAL, Form
from aigaq.tlog.checkpoint import Checkpoint, Note

_WAYS: Final[Mapping[str, str]] = {
    "own-password": "жеке құпиясөзбен",
    "passkey": "қол қою кілтімен",
}
"""A way that is not here is printed as its key."""
_DIGITS: Final = 12
"""Of a digest on paper: enough to find the entry; the whole is in the ledger."""
_DATE_BLANKS: Final = re.compile(r'"_+" _+ 20 ?_+')
_REGISTRATION: Final = "Тіркеу нөмірі"
_SHEET: Final = "{number}-парақ"
_FILES: Final = "{files} файл"
_LEDGER: Final = "Электрондық тізілім: {origin}, жазбалар саны {size}, түбірі {root}"
_FOOT: Final = (
    "Тіркеу нөмірі {book}, {number}-парақ",
    "Парақ жолдарының хэші (SHA-256, base64): {digest}",
    _LEDGER,
)
_LAST_FOOT: Final = (
    "Тіркеу нөмірі {book}, соңғы бет",
    "Соңғы беттің хэші (SHA-256, base64): {digest}",
    _LEDGER,
)
_HEAD: Final = "Бөлімше басшысы"
_LEAVES: Final = ("Жалғас беттерін қоса есептегенде – ", " бет")
"""Said where a sheet goes on with a further leaf: the inscription numbers sheets."""
_SIGNATURES: Final = (
    "Қолы – қол қойған адамның Т.А.Ә., қол қойылған уақыты мен тәсілі, қол қойылған құжаттың"
    " SHA-256 хэшінің алғашқы 12 таңбасы. Қате жазба сызылып, жаңасы қасына енгізіледі. Уақыт – UTC+5."
)
_CODES: Final = (
    "Әр парақтағы QR-код – парақ жолдарының хэші және электрондық тізілімнің қол қойылған"
    " бақылау нүктесі; «aigaq ledger verify --sheet» командасымен тексеріледі."
)
_CUSTODIAN: Final = "Жауапты тұлға"
_UNDER_SIGNATURE: Final = "(қолы)"
_UNDER_NAME: Final = "(Т.А.Ә. (ол болған кезде))"
_SEAL: Final = "М.О."


@dataclass(frozen=True, slots=True)
class Book:
    """What stands on the cover and the last page.

    An open book has no `ended_on`, one without its inscription no `last_page`: their blanks stay blanks.
    """

    division: str
    registration_number: str
    started_on: date
    ended_on: date | None
    rows_per_sheet: int
    checkpoint: str
    """The signed note of the ledger that covers everything printed."""
    dated: datetime
    """The document's date: that of the last entry the checkpoint covers."""
    last_page: LastPage | None = None


def print_book(book: Book, sheets: Iterable[Sheet], form: Form, *, typesetter: Typesetter = typeset) -> bytes:
    """The PDF. Each sheet has at most `rows_per_sheet` rows; what it lacks is ruled and left empty."""
    stated = Checkpoint.parse(Note.parse(book.checkpoint).text)
    printed: list[Json] = [_sheet(sheet, book, stated) for sheet in sheets]
    return typesetter(
        "book",
        {
            "title": form.title.kk,
            "registration": [_REGISTRATION, book.registration_number],
            "division": book.division,
            "division_line": form.division_line.kk,
            "dates": [_dated(form.started.kk, book.started_on), _dated(form.ended.kk, book.ended_on)],
            "heads": [column.head.kk for column in form.columns],
            "legend": [_SIGNATURES, _CODES],
            "rows_per_sheet": book.rows_per_sheet,
            "sheets": printed,
            "inscription": _inscription(book.last_page, form),
            "last_page": _last_page(book, stated, len(printed)),
            "custodian": [_CUSTODIAN, _UNDER_SIGNATURE, _UNDER_NAME, _SEAL],
        },
        dated=book.dated,
    )


def _dated(wording: str, day: date | None) -> list[Json]:
    """The wording in pieces, each with whether it was filled in."""
    blanks = _DATE_BLANKS.search(wording)
    if day is None or blanks is None:
        return [[wording, False]]
    filled: list[Json] = [
        ['"', False],
        [f"{day.day:02d}", True],
        ['" ', False],
        [MONTHS[day.month - 1], True],
        [" ", False],
        [str(day.year), True],
    ]
    return [[wording[: blanks.start()], False], *filled, [wording[blanks.end() :], False]]


def _inscription(page: LastPage | None, form: Form) -> list[Json]:
    """What the last page says in three pieces; the one in the middle is filled in, or left as a blank."""
    before, blank, after = form.last_page.in_(OFFICIAL).partition(BLANK)
    if page is None:
        return [before, blank, after]
    if not (page.wording.startswith(before) and page.wording.endswith(after)):
        return ["", page.wording, ""]  # signed under another wording than the profile's
    return [before, page.wording[len(before) : len(page.wording) - len(after)], after]


def _last_page(book: Book, stated: Checkpoint, printed: int) -> dict[str, Json] | None:
    """The head's mark and the code; None where there is no inscription."""
    page = book.last_page
    if page is None:
        return None
    digest = page.digest
    code = LastPageCode(page.book, page.sheets, digest, book.checkpoint)
    at = page.mark.at.astimezone(KAZAKHSTAN)
    return {
        "head": _HEAD,
        "mark": [_line("plain", f"{at:%d.%m.%Y}"), *_mark(page.mark)],
        "leaves": list(_LEAVES),
        "sheets": page.sheets,
        "is_whole": printed == page.sheets,
        "foot": _foot(_LAST_FOOT, book, stated, digest),
        "qr": code.text,
    }


def _sheet(sheet: Sheet, book: Book, stated: Checkpoint) -> dict[str, Json]:
    digest = sheet.digest
    code = SheetCode(book.registration_number, sheet.number, digest, book.checkpoint)
    return {
        "label": _SHEET.format(number=sheet.number),
        "rows": [cells(row) for row in sheet.rows],
        "foot": _foot(_FOOT, book, stated, digest, number=sheet.number),
        "qr": code.text,
    }


def _foot(lines: Sequence[str], book: Book, stated: Checkpoint, digest: Digest, **more: object) -> list[Json]:
    facts = {
        "book": book.registration_number,
        "digest": base64.b64encode(digest.value).decode("ascii"),
        "origin": stated.origin,
        "size": stated.size,
        "root": base64.b64encode(stated.root).decode("ascii"),
        **more,
    }
    return [line.format_map(facts) for line in lines]


def cells(row: Row) -> list[Json]:
    """The seven columns; a cell is a list of paragraphs, a paragraph has a style and runs."""
    return [
        [_line("plain", str(row.number))],
        [_runs("plain", thing) for thing in row.things],
        [_runs("plain", row.user)],
        _handed(row.issued),
        _handed(row.returned) if row.returned else [],
        [line for unloaded in row.unloaded for line in _unloaded(unloaded)],
        [line for remark in row.remarks for line in _remark(remark)],
    ]


def _handed(handed: Handed) -> list[Json]:
    return [_line("plain", minute(handed.at)), *(_mark(handed.mark) if handed.mark else [])]


def _mark(mark: Mark) -> list[Json]:
    digits = mark.signed_digest.removeprefix("sha256:")[:_DIGITS]
    at = mark.at.astimezone(KAZAKHSTAN)
    return [
        _line("name", mark.name),
        _line("mark", f"{at:%H:%M:%S} {_WAYS.get(mark.way, mark.way)}"),
        _line("digest", digits),
    ]


def _unloaded(unloaded: Unloaded) -> list[Json]:
    return [
        _line("plain", minute(unloaded.at)),
        _line("small", _FILES.format(files=unloaded.files)),
    ]


def _remark(remark: Remarked) -> list[Json]:
    if remark.mark is not None:
        return [_runs("plain", remark.text), _line("small", minute(remark.at)), *_mark(remark.mark)]
    signed = ", ".join(part for part in (remark.author, minute(remark.at)) if part)
    return [_runs("plain", remark.text), _line("author", f"({signed})")]


def _line(style: str, text: str) -> list[Json]:
    return [style, [[text, False]]]


def _runs(style: str, text: Text) -> list[Json]:
    return [style, [[run.text, run.struck] for run in text]]
