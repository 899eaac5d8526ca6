"""The text of a sheet's QR code and the digest in it (`docs/formats/sheet.md`)."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq.paperwork.sheet import Handed, Run, Sheet, SheetCode, SheetTextError, Unloaded, plain
from tests.support.paper import MORNING, NOTE, a_mark, a_remark, a_row

SHEET = Sheet("01-12/4", 3, (a_row(21, remarks=(a_remark("Үзіліс"),)), a_row(22, returned=None, unloaded=())))
CODE = SheetCode("01-12/4", 3, SHEET.digest, NOTE)


def test_the_text_is_four_lines_a_blank_one_and_the_note_as_it_was_published():
    rows = base64.b64encode(SHEET.digest.value).decode()
    assert CODE.text == f"AIGAQ-SHEET 1\nbook 01-12/4\nsheet 3\nrows {rows}\n\n{NOTE}"


def test_the_digest_is_of_the_canonical_document_alone():
    spelt = json.dumps(SHEET.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert SHEET.digest.value == hashlib.sha256(spelt.encode()).digest()


def test_the_document_is_frozen():
    """As it stands in docs/formats/sheet.md: a paper that lies in a safe can't be changed with us."""
    corrected = a_row(
        21,
        things=((Run("БТ-0001", struck=True), Run("БТ-0007")), plain("ЖК-0001")),
        returned=None,
        unloaded=(),
        remarks=(a_remark("Үзіліс"),),
    )
    assert str(Sheet("01-12/4", 3, (corrected,)).digest) == (
        "sha256:a5a80cc5ab107ae83f64618f5d3825fd5df2d63976ce65b1c8c89b10b31e8dcc"
    )


def test_what_is_read_is_what_was_written():
    assert SheetCode.parse(CODE.text) == CODE


@pytest.mark.parametrize(
    "scanned",
    [
        CODE.text.removesuffix("\n"),
        CODE.text.replace("\n", "\r\n"),
        CODE.text + "\n\n",
        "\ufeff" + CODE.text,
        "\n" + CODE.text,
    ],
)
def test_line_ends_and_blanks_of_scanners_are_forgiven(scanned):
    assert SheetCode.parse(scanned) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        NOTE,
        CODE.text.replace("SHEET 1", "SHEET 2"),
        CODE.text.replace("sheet 3", "sheet 0"),
        CODE.text.replace("sheet 3", "sheet three"),
        CODE.text.replace("sheet 3\n", ""),
        CODE.text.replace("sheet 3\n", "sheet 3\nsheet 4\n"),
        CODE.text.replace("book 01-12/4\nsheet 3", "sheet 3\nbook 01-12/4"),
        CODE.text.replace("rows ", "rows A"),
        CODE.text.replace("book 01-12/4", "book "),
        CODE.text.partition("\n\n")[0],
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(SheetTextError):
        SheetCode.parse(text)


EVENING = MORNING + timedelta(hours=9)
CHANGES = {
    "number": {"number": 20},
    "recorder": {"things": (plain("БТ-0002"), plain("ЖК-0001"))},
    "struck": {"things": ((Run("БТ-0001", struck=True),), plain("ЖК-0001"))},
    "no card": {"things": (plain("БТ-0001"),)},
    "user": {"user": plain("Ықыласова Мадина Һашимқызы")},
    "issued a microsecond later": {"issued": Handed(MORNING + timedelta(microseconds=1), a_mark())},
    "not signed": {"issued": Handed(MORNING, None)},
    "signed by another": {"issued": Handed(MORNING, a_mark(name="Ықыласова Мадина Һашимқызы"))},
    "signed later": {"issued": Handed(MORNING, a_mark(at=EVENING))},
    "signed in another way": {"issued": Handed(MORNING, a_mark(way="passkey"))},
    "signed on something else": {"issued": Handed(MORNING, a_mark(signed_digest="sha256:" + "0" * 64))},
    "not returned": {"returned": None},
    "one file fewer": {"unloaded": (Unloaded(EVENING + timedelta(minutes=20), 11),)},
    "not unloaded": {"unloaded": ()},
    "another remark": {"remarks": (a_remark("Үзіліс."),)},
    "another author": {"remarks": (a_remark("Үзіліс", author=""),)},
    "a remark signed": {"remarks": (replace(a_remark("Үзіліс"), mark=a_mark()),)},
    "no remark": {"remarks": ()},
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_printed_of_a_row_is_in_the_digest(change):
    first, second = SHEET.rows
    changed = replace(SHEET, rows=(replace(first, **CHANGES[change]), second))
    assert changed.digest != SHEET.digest


def test_the_book_the_sheet_and_the_order_of_rows_are_in_the_digest():
    assert (
        len(
            {
                SHEET.digest,
                replace(SHEET, book="01-12/5").digest,
                replace(SHEET, number=4).digest,
                replace(SHEET, rows=SHEET.rows[::-1]).digest,
                replace(SHEET, rows=SHEET.rows[:1]).digest,
                replace(SHEET, rows=()).digest,
            }
        )
        == 6
    )
