"""Tables for spreadsheets: CSV as RFC 4180 has it, in UTF-8, and nothing in it that one would calculate."""

import csv
import io
from collections.abc import Iterable
from typing import Final

_FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""Signs with which a cell becomes a formula."""
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""In front of the file: by it spreadsheets know UTF-8, which Kazakh letters need."""

Cell = str | int | None


def csv_octets(rows: Iterable[Iterable[Cell]]) -> bytes:
    """Lines end with CR LF. A text that a spreadsheet would calculate has an apostrophe before it.

    Numbers stay numbers; None is an empty cell.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return f"{_MARK}{text.getvalue()}".encode()


def _safe(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    # Blanks before it are cut off by some, and then it is one.
    return f"'{cell}" if cell[:1] in _FORMULAS or cell.lstrip()[:1] in _FORMULAS else cell
