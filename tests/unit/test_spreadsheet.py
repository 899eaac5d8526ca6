"""CSV that any spreadsheet reads as it was meant, and calculates nothing in."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.spreadsheet import csv_octets


def read(octets):
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline="")))


def test_it_is_rfc_4180_in_utf_8_with_a_mark_that_says_so():
    octets = csv_octets([["Бөлімше", "a,b", 'say "x"', "two\nlines"], ["Қонаев", 1, -2, None]])
    assert octets == (
        b"\xef\xbb\xbf" + 'Бөлімше,"a,b","say ""x""","two\nlines"\r\n'.encode() + "Қонаев,1,-2,\r\n".encode()
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 701", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|' /C calc'!A0", "＝1+1"]
)
def test_a_text_that_would_be_calculated_is_a_text(text):
    assert read(csv_octets([[text, "x"]])) == [[f"'{text}", "x"]]


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=4))
)
def test_every_table_is_read_back_and_no_cell_begins_a_formula(rows):
    found = read(csv_octets(rows))
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not [cell for row in found for cell in row if cell.strip()[:1] in {"=", "+", "-", "@"}]
