"""Paper held against the book: what was printed is what the tables had at the checkpoint on it."""

from dataclasses import dataclass
from typing import Final

from aigaq.errors import N_
from aigaq.journal import printing
from aigaq.paperwork.last_page import LastPage, LastPageCode, PrintedCode
from aigaq.paperwork.sheet import SheetCode
from aigaq.tlog.checkpoint import Checkpoint, Note
from aigaq.tlog.errors import TlogError


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A printed sheet and the book no longer say the same."""

    kind: str
    message: str
    evidence: dict[str, str | int]
    seq: None = None


_REWRITTEN: Final = N_(
    "Sheet {sheet} of the book {book} was printed with other rows than the book has now: printed {stated},"
    " now {recomputed}. Compare the sheet with the screen, row by row."
)
_OTHER_LAST_PAGE: Final = N_(
    "The last page of the book {book} was printed with another inscription than the book has now: printed"
    " {stated}, now {recomputed}. Compare it with the shelf."
)
_NOT_INSCRIBED: Final = N_(
    "A last page of the book {book} is printed, with {sheet} sheets, and the book has no inscription."
)
_NO_BOOK: Final = N_("Sheet {sheet} was printed from the book {book}, which is not here any more.")


def check_printed(code: PrintedCode) -> list[Mismatch]:
    """Compare a printed sheet, or last page, with the book as it stood at the checkpoint on it.

    That the checkpoint is the ledger's own is not judged here: give it to the verification of the ledger.
    """
    asked = code.sheet if isinstance(code, SheetCode) else code.sheets
    evidence: dict[str, str | int] = {"book": code.book, "sheet": asked}
    try:
        size = Checkpoint.parse(Note.parse(code.checkpoint).text).size
    except TlogError:
        return []  # which the verification of the ledger reports
    try:
        book = printing.book_with(code.book)
    except printing.UnknownBookError:
        return [Mismatch("sheet-of-no-book", _NO_BOOK, evidence)]
    if isinstance(code, LastPageCode):
        return _last_page_mismatches(code, printing.last_page(book, size), evidence)
    (sheet,) = printing.sheets(book, size, printing.Part(code.sheet, code.sheet))
    if sheet.digest == code.digest:
        return []
    evidence |= {"stated": str(code.digest), "recomputed": str(sheet.digest)}
    return [Mismatch("sheet-mismatch", _REWRITTEN, evidence)]


def _last_page_mismatches(
    code: LastPageCode, page: LastPage | None, evidence: dict[str, str | int]
) -> list[Mismatch]:
    if page is None:
        return [Mismatch("last-page-not-inscribed", _NOT_INSCRIBED, evidence)]
    if page.digest == code.digest:
        return []
    evidence |= {"stated": str(code.digest), "recomputed": str(page.digest)}
    return [Mismatch("last-page-mismatch", _OTHER_LAST_PAGE, evidence)]
