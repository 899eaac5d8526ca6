"""The book for paper: the rows of its sheets as they stood at a checkpoint of the ledger (R10.1).

What was written later is left out, so a book printed again under an older checkpoint is the same paper.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Self, TypeVar

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.journal.models import (
    Act,
    BookEnd,
    Correction,
    Inscription,
    JournalBook,
    JournalRow,
    Remark,
    Signature,
    Unloading,
)
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.journal.whose import FIRST
from aigaq.ledger import selectors
from aigaq.ledger.models import LedgerEntry
from aigaq.paperwork.book import Book, print_book
from aigaq.paperwork.last_page import LastPage
from aigaq.paperwork.sheet import Handed, Mark, Remarked, Row, Run, Sheet, Text, Unloaded, plain
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import Checkpoint, Note
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError

MOST_ROWS: Final = 2_000
"""Printed at once, empty ones included: each takes 0.2 MB of memory while the sheets are set."""
READ: Final = 10
DRAWN: Final = 25
"""Of a hundred parts of the work, as measured: reading rows, and drawing codes. The rest is setting."""
_FETCHED: Final = 500
"""Rows asked of the database at a time."""

_NONE: Final = "–"
"""In the place of a card where there was none."""

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


class PartError(BadInputError):
    code = "journal.part"
    message = N_("“{text}” are no sheets. Give a number, or the first and the last: 1-100.")


_PART: Final = re.compile(r"([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?")


@dataclass(frozen=True, slots=True)
class Part:
    """Sheets from `first` to `last`, both included."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``7`` or ``1-100``, as people write it. Raises `PartError`."""
        match = _PART.fullmatch("".join(text.split()).replace("–", "-"))
        if match is None:
            raise PartError(text=text)
        return cls(int(match[1]), int(match[2] or match[1]))


@dataclass(frozen=True, slots=True)
class Printed:
    """A book on paper: the PDF, and what is in it."""

    pdf: bytes
    book: JournalBook
    part: Part
    size: int
    """Entries of the ledger that the checkpoint on it covers."""


def book_with(registration_number: str) -> JournalBook:
    """Raises `UnknownBookError`."""
    found = JournalBook.objects.select_related("division")
    try:
        return found.get(registration_number=registration_number)
    except JournalBook.DoesNotExist as error:
        raise UnknownBookError(number=registration_number) from error


def print_sheets(
    book: JournalBook,
    profile: Profile,
    *,
    checkpoint: str | None = None,
    part: Part | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    typesetter: Typesetter = typeset,
) -> Printed:
    """The sheets that are written on, all of a book that is inscribed, or those of `part`.

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
    page = last_page(book, size)
    wanted = _checked(book, part or Part(1, page.sheets if page else _written(book, size)))
    end = BookEnd.objects.filter(book=book, seq__lt=size).first()
    cover = Book(
        division=book.division.name,
        registration_number=book.registration_number,
        started_on=book.started_on,
        ended_on=end.ended_on if end else None,
        rows_per_sheet=book.rows_per_sheet,
        checkpoint=note,
        dated=dated,
        last_page=page,
    )
    read = _told(sheets(book, size, wanted), wanted, on_progress)
    return Printed(print_book(cover, read, profile.form, typesetter=typesetter), book, wanted, size)


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


def last_page(book: JournalBook, size: int) -> LastPage | None:
    """The inscription as the first `size` entries of the ledger have it, if it is among them.

    What the head signed, letter for letter, stands in the entry; who signed, and how, in the tables too.
    """
    found = Inscription.objects.filter(book=book, seq__lt=size).select_related("by").first()
    if found is None:
        return None
    entry = LedgerEntry.objects.filter(seq=found.seq).first()
    end = BookEnd.objects.filter(book=book, seq__lt=size).first()
    if entry is None or end is None:
        return None
    signed = _signed(entry)
    rows = signed.get("rows")
    return LastPage(
        book=book.registration_number,
        division=book.division.name,
        started_on=book.started_on,
        ended_on=end.ended_on,
        sheets=found.sheets,
        rows=rows if isinstance(rows, int) else 0,
        wording=str(signed.get("wording", "")),
        mark=Mark(
            name=found.by.full_name,
            at=_instant(signed.get("occurred_at"), found.entered_at),
            way=found.way,
            signed_digest=found.signed_digest,
        ),
    )


def _signed(entry: LedgerEntry) -> dict[str, Json]:
    """The document of the entry; of one that somebody rewrote, whatever is left of it."""
    try:
        document = Entry.parse(entry.entry.encode()).body.get("document")
    except MalformedEntryError:
        return {}
    return document if isinstance(document, dict) else {}


def _instant(stated: object, otherwise: datetime) -> datetime:
    try:
        return parse_rfc3339(str(stated))
    except ValueError:
        return otherwise


def _written(book: JournalBook, size: int) -> int:
    """The last sheet with something on it; the first one always counts."""
    # The numbers grow with the entries: the last one before `size` is found from the end.
    rows = JournalRow.objects.filter(book=book, seq__lt=size).order_by("-number")
    number = rows.values_list("number", flat=True).first() or 1
    return (number - 1) // book.rows_per_sheet + 1


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
        .select_related(*FIRST, "issue", "returned")
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
        yield Row(
            number=row.number,
            things=tuple(_things(row, here)),
            user=_corrected(INSPECTOR, row.first_inspector.full_name, here),
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
    return _corrected(f"remark:{remark.seq}", remark.text, corrections)


def _things(row: JournalRow, corrections: list[Correction]) -> Iterator[Text]:
    """Column 2: the recorder; the card, if there was one, or there was said to be one."""
    yield _corrected(RECORDER, row.first_recorder.inventory_number, corrections)
    first = row.first_card.inventory_number if row.first_card else ""
    card = _corrected(CARD, first, corrections)
    if card != plain(""):
        yield card


def _corrected(cell: str, first: str, corrections: list[Correction]) -> Text:
    mine = [each for each in corrections if each.cell == cell]
    if not mine:
        return plain(first)
    return (*(Run(each.old or _NONE, struck=True) for each in mine), Run(mine[-1].new or _NONE))
