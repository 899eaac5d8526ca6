"""The book for paper: the rows of its sheets as they stood at a checkpoint of the ledger (R10.1).

What was written later is left out, so a book printed again under an older checkpoint is the same paper.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db.models import Max

from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.journal.models import Act, Correction, JournalBook, JournalRow, Remark, Signature, Unloading
from aigaq.ledger import selectors
from aigaq.ledger.models import LedgerEntry
from aigaq.paperwork.book import Book, print_book
from aigaq.paperwork.sheet import Handed, Mark, Remarked, Row, Run, Sheet, SheetCode, Text, Unloaded, plain
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import Checkpoint, Note
from aigaq.tlog.errors import TlogError

MOST_ROWS: Final = 2_000
"""Printed at once, empty ones included: each takes up to 0.4 MB of memory while the sheets are set."""
_FETCHED: Final = 500
"""Rows asked of the database at a time."""

T = TypeVar("T")


class UnknownBookError(BadInputError):
    code = "journal.unknown-book"
    message = N_(
        "No book has the registration number “{number}”. Look at the cover, or at the list of books."
    )


class NoSuchSheetError(BadInputError):
    code = "journal.no-such-sheet"
    message = N_("The book {book} has the sheets 1 to {last}; {asked} was asked for.")


class TooManySheetsError(BadInputError):
    code = "journal.too-many-sheets"
    message = N_("At most {most} sheets of this book are printed at once. Print it in parts.")


class NoLedgerError(AigaqError):
    code = "journal.no-ledger"
    message = N_("The ledger has no checkpoint to print on the sheets. Run “aigaq ledger verify”.")


@dataclass(frozen=True, slots=True)
class Part:
    """Sheets from `first` to `last`, both included."""

    first: int
    last: int


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
_NO_BOOK: Final = N_("Sheet {sheet} was printed from the book {book}, which is not here any more.")


def book_with(registration_number: str) -> JournalBook:
    """Raises `UnknownBookError`."""
    found = JournalBook.objects.select_related("division", "end")
    try:
        return found.get(registration_number=registration_number)
    except JournalBook.DoesNotExist as error:
        raise UnknownBookError(number=registration_number) from error


def book_pdf(
    book: JournalBook,
    profile: Profile,
    *,
    checkpoint: str | None = None,
    part: Part | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """The PDF: the sheets that are written on, or those of `part`, written on or not.

    As it stood at `checkpoint`, a signed note; the newest without. `on_progress` is told the number of sheets
    read and their total. Raises `NoLedgerError`, `NoSuchSheetError` or `TooManySheetsError`.
    """
    note = checkpoint or selectors.newest_checkpoint()
    if note is None:
        raise NoLedgerError
    size = Checkpoint.parse(Note.parse(note).text).size
    dated = LedgerEntry.objects.filter(seq=size - 1).values_list("at", flat=True).first()
    if dated is None:
        raise NoLedgerError
    wanted = _checked(book, part or Part(1, _written(book, size)))
    end = getattr(book, "end", None)
    cover = Book(
        division=book.division.name,
        registration_number=book.registration_number,
        started_on=book.started_on,
        ended_on=end.ended_on if end and end.seq < size else None,
        rows_per_sheet=book.rows_per_sheet,
        checkpoint=note,
        dated=dated,
    )
    return print_book(cover, _told(sheets(book, size, wanted), wanted, on_progress), profile.form)


def sheets(book: JournalBook, size: int, part: Part) -> Iterator[Sheet]:
    """The sheets as the first `size` entries of the ledger have them: five queries, read as they are used."""
    rows = _rows(book, size, part)
    row = next(rows, None)
    for number in range(part.first, part.last + 1):
        here: list[Row] = []
        while row is not None and row.number <= number * book.rows_per_sheet:
            here.append(row)
            row = next(rows, None)
        yield Sheet(book.registration_number, number, tuple(here))


def check_sheet(code: SheetCode) -> list[Mismatch]:
    """Compare a printed sheet with the book as it stood at the sheet's checkpoint.

    That the checkpoint is the ledger's own is not judged here: give it to the verification of the ledger.
    """
    evidence: dict[str, str | int] = {"book": code.book, "sheet": code.sheet}
    try:
        size = Checkpoint.parse(Note.parse(code.checkpoint).text).size
    except TlogError:
        return []  # which the verification of the ledger reports
    try:
        book = book_with(code.book)
    except UnknownBookError:
        return [Mismatch("sheet-of-no-book", _NO_BOOK, evidence)]
    (sheet,) = sheets(book, size, Part(code.sheet, code.sheet))
    if sheet.digest == code.digest:
        return []
    evidence |= {"stated": str(code.digest), "recomputed": str(sheet.digest)}
    return [Mismatch("sheet-mismatch", _REWRITTEN, evidence)]


def _written(book: JournalBook, size: int) -> int:
    """The last sheet with something on it; the first one always counts."""
    rows = JournalRow.objects.filter(book=book, seq__lt=size).aggregate(last=Max("number"))["last"] or 1
    return int((rows - 1) // book.rows_per_sheet + 1)


def _checked(book: JournalBook, part: Part) -> Part:
    if not 1 <= part.first <= part.last <= book.sheets:
        asked = f"{part.first}–{part.last}"
        raise NoSuchSheetError(book=book.registration_number, last=book.sheets, asked=asked)
    most = max(1, MOST_ROWS // book.rows_per_sheet)
    if part.last - part.first + 1 > most:
        raise TooManySheetsError(most=most)
    return part


def _told(
    found: Iterable[Sheet], part: Part, on_progress: Callable[[int, int], None] | None
) -> Iterator[Sheet]:
    total = part.last - part.first + 1
    for done, sheet in enumerate(found, 1):
        yield sheet
        if on_progress is not None:
            on_progress(done, total)


def _rows(book: JournalBook, size: int, part: Part) -> Iterator[Row]:
    numbers = ((part.first - 1) * book.rows_per_sheet + 1, part.last * book.rows_per_sheet)
    found = (
        JournalRow.objects.filter(book=book, number__range=numbers, seq__lt=size)
        .select_related("recorder", "card", "inspector", "issue", "returned")
        .order_by("number")
    )
    beside = {"row__book": book, "row__number__range": numbers, "seq__lt": size}
    signed = Signature.objects.filter(**beside).select_related("row", "signer").order_by("row__number", "pk")
    unloaded = Unloading.objects.filter(**beside).select_related("row")
    unloaded = unloaded.order_by("row__number", "occurred_at", "pk")
    remarked = Remark.objects.filter(**beside).select_related("row", "by")
    remarked = remarked.order_by("row__number", "seq", "pk")
    corrected = Correction.objects.filter(**beside).select_related("row", "by")
    corrected = corrected.order_by("row__number", "seq", "pk")
    signatures = _Beside((each.row.number, each) for each in signed.iterator(_FETCHED))
    unloadings = _Beside((each.row.number, each) for each in unloaded.iterator(_FETCHED))
    remarks = _Beside((each.row.number, each) for each in remarked.iterator(_FETCHED))
    corrections = _Beside((each.row.number, each) for each in corrected.iterator(_FETCHED))
    for row in found.iterator(chunk_size=_FETCHED):
        marks = {signature.act: _mark(signature) for signature in signatures.of(row.number)}
        here = list(corrections.of(row.number))
        returned = getattr(row, "returned", None)
        things = [row.recorder.inventory_number, *([row.card.inventory_number] if row.card else [])]
        yield Row(
            number=row.number,
            things=tuple(plain(thing) for thing in things),
            user=plain(row.inspector.full_name),
            issued=Handed(row.issue.occurred_at, marks.get(Act.ISSUE)),
            returned=Handed(returned.occurred_at, marks.get(Act.RETURN))
            if returned and returned.seq < size
            else None,
            unloaded=tuple(Unloaded(each.occurred_at, each.files) for each in unloadings.of(row.number)),
            remarks=tuple(_remarked(each, here) for each in remarks.of(row.number)),
        )


class _Beside(Generic[T]):
    """What stands beside the rows, with their numbers and in their order; read along with them."""

    def __init__(self, found: Iterator[tuple[int, T]]) -> None:
        self._found = found
        self._next = next(found, None)

    def of(self, number: int) -> Iterator[T]:
        """Those of the row with that number; rows are asked for in their order."""
        while self._next is not None and self._next[0] <= number:
            one, self._next = self._next, next(self._found, None)
            if one[0] == number:
                yield one[1]


def _mark(signature: Signature) -> Mark:
    return Mark(
        name=signature.signer.full_name,
        at=signature.signed_at,
        way=signature.way,
        signed_digest=signature.signed_digest,
    )


def _remarked(remark: Remark, corrections: list[Correction]) -> Remarked:
    """`corrections` are those of its row. One that tells a correction bears the custodian's mark."""
    told = next((each for each in corrections if each.seq == remark.seq), None)
    return Remarked(
        at=remark.occurred_at,
        author=remark.by.full_name if remark.by else "",
        text=_text(remark, corrections),
        mark=Mark(
            name=told.by.full_name if told.by else "",
            at=told.occurred_at,
            way=told.way,
            signed_digest=told.signed_digest,
        )
        if told
        else None,
    )


def _text(remark: Remark, corrections: list[Correction]) -> Text:
    """What stood there before struck, what stands there now after it."""
    mine = [each for each in corrections if each.cell == f"remark:{remark.seq}"]
    if not mine:
        return plain(remark.text)
    return (*(Run(each.old, struck=True) for each in mine), Run(mine[-1].new))
