"""The book on paper, read back with poppler: the annex word for word, in letters that can be searched."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from aigaq.paperwork import typesetting
from aigaq.paperwork.book import print_book
from aigaq.paperwork.last_page import LastPageCode
from aigaq.paperwork.sheet import Handed, Run, SheetCode
from aigaq.regulation.profile import Form, Text
from tests.support.paper import (
    FORM,
    MORNING,
    NOTE,
    Pdf,
    a_book,
    a_last_page,
    a_mark,
    a_remark,
    a_row,
    dark_line_through,
    needs_poppler,
    printed,
    sheets_of,
)

pytestmark = needs_poppler

COVER, INNER, FIRST = 1, 2, 3


def test_the_cover_says_what_the_annex_says():
    told = printed([a_row()]).told(COVER)
    assert FORM.title.kk in told
    assert "Қонаев қаласының бөлімшесі (бөлімшенің атауы)" in told
    assert '"20" қараша 2026 жылы басталды' in told
    assert '"01" наурыз 2027 жылы аяқталды' in told
    assert "Тіркеу нөмірі: 01-12/4" in told


def test_an_open_book_keeps_the_blanks_of_its_end():
    pdf = printed([a_row()], ended_on=None)
    assert '"___" _______ 20 __ жылы аяқталды' in pdf.told(COVER)
    assert FORM.last_page.kk in pdf.told(pdf.pages)


def test_every_month_is_told_in_kazakh():
    months = [
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
    ]
    for number, month in enumerate(months, 1):
        assert f'"05" {month} 2026' in printed([], started_on=date(2026, number, 5)).told(COVER)


def test_the_heads_and_their_numbers_are_on_the_inner_side_and_on_every_sheet():
    pdf = printed([a_row(number) for number in range(1, 22)])
    for page in (INNER, FIRST, FIRST + 1, FIRST + 2):
        words = [word for word in pdf.words() if word.page == page]
        told = {word.text for word in words}
        for column in FORM.columns:
            assert told.issuperset(column.head.kk.split()), column.head.kk
        numbers = [word for word in words if word.text in set("1234567") and len(word.text) == 1]
        row = min((word for word in numbers if word.text == "7"), key=lambda word: word.box[1])
        beside = sorted(
            (word for word in numbers if abs(word.box[1] - row.box[1]) < 1), key=lambda word: word.box
        )
        assert [word.text for word in beside] == list("1234567")


def test_the_last_page_tells_the_sheets_in_figures_and_words_with_the_heads_mark():
    pdf = printed([a_row(number) for number in range(1, 26)], last_page=a_last_page())
    told = pdf.told(pdf.pages)
    for part in (
        "Осы журналда 3 (үш) парақ нөмірленген, тігілген және мөрмен бекітілген",
        "Бөлімше басшысы",
        "01.03.2027",
        "Ахметова Әйгерім Қуанышқызы",
        "09:00:12 қол қою кілтімен",
        "3fa291bc0d5e",
        "Жауапты тұлға",
        "М.О.",
        "соңғы бет",
    ):
        assert part in told, part
    assert "Жалғас" not in told


def test_the_code_on_the_last_page_scans_to_a_whole_checkpoint_and_its_digest():
    page = a_last_page()
    pdf = printed([a_row(number) for number in range(1, 26)], last_page=page)
    assert pdf.codes(pdf.pages) == [LastPageCode("01-12/4", 3, page.digest, NOTE).text]


def test_a_closed_book_without_its_inscription_keeps_the_blank_of_its_sheets():
    pdf = printed([a_row(number) for number in range(1, 26)])
    told = pdf.told(pdf.pages)
    assert FORM.last_page.kk in told
    assert "Жауапты тұлға" in told
    assert "Бөлімше басшысы" not in told
    assert pdf.codes(pdf.pages) == []


def test_an_inscription_signed_under_another_wording_is_printed_as_it_was_signed():
    page = a_last_page(wording="Осы кітапта 3 парақ бар")
    pdf = printed([a_row()], last_page=page)
    assert "Осы кітапта 3 парақ бар" in pdf.told(pdf.pages)
    assert "тігілген" not in pdf.told(pdf.pages)


def test_a_row_has_its_seven_columns():
    row = a_row(41, remarks=(a_remark("Үзіліс: тамақтану, 13:00–13:42."),))
    pdf = printed([row])
    told = pdf.told(FIRST)
    for part in (
        "41",
        "БТ-0001",
        "ЖК-0001",
        "Өтегенов Ерлан",
        "20.11.2026 09:00",
        "20.11.2026 18:00",
        "20.11.2026 18:20",
    ):
        assert part in told, part
    assert "09:00:12 жеке құпиясөзбен" in told
    assert "3fa291bc0d5e" in told
    assert "Үзіліс: тамақтану, 13:00–13:42." in told
    assert "(Жүнісов Данияр Ғалымұлы, 20.11.2026 09:00)" in told


def test_a_row_that_is_out_has_no_fifth_column():
    assert "18:00" not in printed([a_row(returned=None, unloaded=())]).told(FIRST)


def test_what_was_typed_is_never_read_as_markup():
    typed = '#panic() *a* _b_ $x$ <c> @d `e` = f \\n // g /* h */ ~ -- "q" [i] {j}'
    pdf = printed([a_row(remarks=(a_remark(typed),))], division=typed)
    assert typed in pdf.told(FIRST)
    assert typed in pdf.told(COVER)


def test_a_character_without_a_glyph_is_spelt_out():
    told = printed([a_row()], division="а漢б😀в\u202eг\x07д\u0301е₸").told(COVER)
    assert "а[U+6F22]б[U+1F600]в[U+202E]г[U+0007]д[U+0301]е₸" in told


def test_every_character_taken_for_certain_is_printed_and_found_again():
    certain = "".join(sorted(typesetting._CERTAIN - {"\n", " ", "\xa0"}))
    pieces = [certain[start : start + 20] for start in range(0, len(certain), 20)]
    pdf = printed([a_row(remarks=(a_remark("x" + "x x".join(pieces) + "x"),))])
    text = "".join(pdf.text(FIRST).split())
    for piece in pieces:
        assert f"x{piece}x" in text
    assert typesetting._CERTAIN.issuperset("ӘәҒғҚқҢңӨөҰұҮүҺһІі№₸«»")


def test_struck_text_has_a_line_through_it_and_the_new_one_beside_it_has_none():
    corrected = ((Run("БТ0001", struck=True), Run("БТ0007")),)
    pdf = printed([a_row(things=corrected)])
    words = {word.text: word for word in pdf.words()}
    assert dark_line_through(pdf, words["БТ0001"])
    assert not dark_line_through(pdf, words["БТ0007"])
    assert words["БТ0001"].box[1] == pytest.approx(words["БТ0007"].box[1], abs=1)


def test_it_is_an_archive_pdf_tagged_dated_by_its_data_with_its_fonts_inside():
    pdf = printed([a_row()])
    info = pdf.info()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf.metadata()
    assert info["Tagged"] == "yes"
    assert info["CreationDate"].startswith("2026-11-20T04:00:12")
    assert info["Page size"].startswith("841.89 x 595.2")
    fonts = pdf.fonts()
    assert len(fonts) >= 3
    assert {embedded for _name, embedded in fonts} == {"yes"}


PRINT = """
import hashlib
from tests.support.paper import *
import tests.support.paper as paper
rows = [a_row(number, remarks=(a_remark("Ескерту"),)) for number in range(1, 14)]
note = open({note!r}, encoding="utf-8").read()
print(hashlib.sha256(print_book(a_book(checkpoint=note), sheets_of(rows), FORM)).hexdigest())
"""


def test_the_same_data_give_the_same_octets_in_another_process_zone_and_language(tmp_path):
    path = tmp_path / "note"
    path.write_text(NOTE, encoding="utf-8")

    def digest(**environment):
        command = [sys.executable, "-c", PRINT.format(note=str(path))]
        done = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, check=True, timeout=120
        )
        return done.stdout

    here = digest(TZ="Asia/Almaty", LC_ALL="C", PYTHONHASHSEED="1")
    there = digest(TZ="America/New_York", LC_ALL="C.UTF-8", LANG="ru_RU.UTF-8", PYTHONHASHSEED="2")
    assert len(here) > 60
    assert here == there


def test_the_rows_fill_the_sheet_and_empty_ones_are_ruled():
    pdf = printed([a_row()])
    picture = pdf.picture(FIRST, 72)
    middle = [picture.getpixel((x, y)) for x in (400,) for y in range(picture.height)]
    lines = [y for y, (above, here) in enumerate(pairwise(middle)) if above > 200 >= here]
    ruled = [y for y in lines if all(picture.getpixel((x, y + 1)) < 220 for x in (120, 250, 500, 700, 800))]
    assert len(ruled) >= 12  # above the heads, under them, under the numbers, under each of ten rows
    gaps = {below - above for above, below in pairwise(ruled[-9:])}
    assert max(gaps) - min(gaps) <= 2
    assert ruled[-1] > 470


def test_long_remarks_are_set_smaller_so_that_the_sheet_stays_one_leaf():
    def sheet(words):
        remarks = [f"бас{number} " + "ұзақ " * words + f"соң{number}" for number in range(1, 11)]
        return printed([a_row(number, remarks=(a_remark(text),)) for number, text in enumerate(remarks, 1)])

    short, long = sheet(1), sheet(45)
    assert short.pages == long.pages == 4
    boxes = {word.text: word.box for word in long.words()}
    usual = {word.text: word.box for word in short.words()}
    assert boxes["бас1"][3] - boxes["бас1"][1] < 0.9 * (usual["бас1"][3] - usual["бас1"][1])
    # Nothing runs out of its row.
    for number in range(1, 10):
        assert boxes[f"соң{number}"][3] <= boxes[f"бас{number + 1}"][1] + 1


def test_figures_are_equally_wide_so_that_rows_may_be_measured_by_any_of_them():
    remarks = tuple(a_remark(figure * 20) for figure in "0123456789")
    words = {word.text: word.box for word in printed([a_row(remarks=remarks)]).words()}
    widths = {round(words[figure * 20][2] - words[figure * 20][0], 2) for figure in "0123456789"}
    assert len(widths) == 1


def test_a_long_row_takes_its_room_from_the_short_ones_alike():
    rows = [a_row(number, remarks=(a_remark(f"бас{number}"),), returned=None) for number in range(1, 11)]
    rows[3] = a_row(4, remarks=(a_remark("бас4 " + "ұзақ " * 70),))
    pdf = printed(rows)
    assert pdf.pages == 4
    tops = {word.text: word.box[1] for word in pdf.words() if word.text.startswith("бас")}
    heights = [tops[f"бас{number + 1}"] - tops[f"бас{number}"] for number in range(1, 10)]
    long = heights.pop(3)
    assert long > 1.3 * heights[0]
    assert max(heights) - min(heights) < 0.5


def test_what_does_not_fit_goes_on_under_the_heads_with_the_sheets_number():
    rows = [a_row(number, remarks=(a_remark("Ұзақ ескертпе " * 60),)) for number in range(1, 11)]
    pdf = printed(rows)
    leaves = pdf.pages - 3
    assert leaves > 1
    for part in range(1, leaves + 1):
        told = pdf.told(INNER + part)
        assert FORM.columns[6].head.kk in told
        assert ("1-парақ" if part == 1 else f"1-парақ ({part})") in told


def test_where_a_sheet_goes_on_the_inscription_numbers_sheets_and_tells_the_leaves_too():
    rows = [a_row(number, remarks=(a_remark("Ұзақ ескертпе " * 60),)) for number in range(1, 11)]
    pdf = printed(rows, last_page=a_last_page(sheets=1))
    told = pdf.told(pdf.pages)
    assert "1 (бір) парақ" in told
    assert f"Жалғас беттерін қоса есептегенде – {pdf.pages - 3} бет" in told
    assert pdf.pages - 3 > 1


def test_a_row_is_never_split_if_it_fits_on_a_leaf():
    rows = [
        a_row(number, remarks=(a_remark(f"бас{number} " + "Ұзақ ескертпе " * 60 + f" соң{number}"),))
        for number in range(1, 11)
    ]
    words = printed(rows).words()
    pages = {word.text: word.page for word in words}
    assert len({pages[f"бас{number}"] for number in range(1, 11)}) > 1
    for number in range(1, 11):
        assert pages[f"бас{number}"] == pages[f"соң{number}"]


def test_a_row_longer_than_a_leaf_is_printed_whole():
    pdf = printed(
        [a_row(remarks=tuple(a_remark(f"бас{part} " + "Ұзақ ескертпе " * 140) for part in range(9)))]
    )
    told = pdf.told()
    assert all(f"бас{part} " in told for part in range(9))


def test_the_code_on_each_sheet_scans_to_a_whole_checkpoint_and_the_sheets_digest():
    rows = [a_row(number) for number in range(1, 24)]
    pdf = printed(rows)
    for page, sheet in enumerate(sheets_of(rows), FIRST):
        assert pdf.codes(page) == [SheetCode("01-12/4", sheet.number, sheet.digest, NOTE).text]
    assert pdf.codes(COVER) == []


def test_a_sheet_is_scanned_when_printed_poorly_and_with_a_long_number():
    number = "01-12/4 «Қонаев қаласы бойынша журнал, екінші кітап» 2026–2027"
    pdf = printed([a_row()], registration_number=number)
    (text,) = pdf.codes(FIRST, dpi=120)
    assert SheetCode.parse(text).checkpoint == NOTE


def test_any_number_of_rows_on_a_sheet():
    for rows_per_sheet in (1, 5, 17, 40):
        pdf = printed(
            [a_row(number) for number in range(1, rows_per_sheet + 1)], rows_per_sheet=rows_per_sheet
        )
        assert f"{rows_per_sheet}" in pdf.told(pdf.pages - 1).split()


def test_an_unknown_way_of_signing_is_printed_by_its_key():
    row = a_row(issued=Handed(MORNING, a_mark(way="retina")))
    assert "09:00:12 retina" in printed([row]).told(FIRST)


def test_the_wording_comes_from_the_profile():

    form: Form = replace(FORM, title=Text("Басқа журнал", "", ""))
    pdf = Pdf(print_book(a_book(), sheets_of([a_row()]), form))
    assert "Басқа журнал" in pdf.told(COVER)
    assert FORM.title.kk not in pdf.told(COVER)
