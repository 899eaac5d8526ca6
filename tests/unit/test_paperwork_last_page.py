"""The text of a last page's QR code and the digest in it (`docs/formats/sheet.md`)."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aigaq.paperwork.last_page import LastPageCode, read_printed
from aigaq.paperwork.sheet import Sheet, SheetCode, SheetTextError
from tests.support.paper import MORNING, NOTE, a_last_page, a_mark, a_row

PAGE = a_last_page()
CODE = LastPageCode("01-12/4", 3, PAGE.digest, NOTE)


def test_the_text_is_four_lines_a_blank_one_and_the_note_as_it_was_published():
    page = base64.b64encode(PAGE.digest.value).decode()
    assert CODE.text == f"AIGAQ-LAST-PAGE 1\nbook 01-12/4\nsheets 3\npage {page}\n\n{NOTE}"


def test_the_digest_is_of_the_canonical_document_alone():
    spelt = json.dumps(PAGE.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert PAGE.digest.value == hashlib.sha256(spelt.encode()).digest()


def test_the_document_is_frozen():
    """As it stands in docs/formats/sheet.md: a paper that lies in a safe can't be changed with us."""
    assert str(PAGE.digest) == "sha256:9096ff06d9c9982925a23f753a87581205aaaa9800d44e49fbd669ce7085b6d8"


@pytest.mark.parametrize(
    "change",
    [
        {"book": "01-12/5"},
        {"division": "Талғар ауданының бөлімшесі"},
        {"started_on": date(2026, 11, 19)},
        {"ended_on": date(2027, 3, 2)},
        {"sheets": 4},
        {"rows": 26},
        {"wording": "Осы журналда 4 парақ"},
        {"mark": a_mark()},
        {"mark": replace(PAGE.mark, at=MORNING + timedelta(microseconds=1))},
        {"mark": replace(PAGE.mark, way="own-password")},
        {"mark": replace(PAGE.mark, signed_digest="sha256:" + "0" * 64)},
    ],
)
def test_whatever_is_printed_is_in_the_digest(change):
    assert replace(PAGE, **change).digest != PAGE.digest


def test_a_scanned_text_is_read_whichever_page_it_is_of():
    sheet = Sheet("01-12/4", 1, (a_row(),))
    of_sheet = SheetCode("01-12/4", 1, sheet.digest, NOTE)
    for text in (of_sheet.text, "\ufeff " + of_sheet.text):
        assert read_printed(text) == of_sheet
    for text in (CODE.text, CODE.text.replace("\n", "\r\n"), "\ufeff\n" + CODE.text + " "):
        assert read_printed(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AIGAQ-LAST-PAGE 2" + CODE.text[17:],
        CODE.text.replace("sheets 3", "sheets 03"),
        CODE.text.replace("sheets 3", "sheets -3"),
        CODE.text.replace("sheets 3", "sheet 3"),
        CODE.text.replace("sheets 3\n", ""),
        CODE.text.replace("page ", "page A"),
        CODE.text.replace(NOTE, ""),
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(SheetTextError):
        read_printed(text)
