"""The books of a division as they stand on the shelf. What is asked costs the same however full they are.

Rows are numbered without a hole, so the number of the last one is how many there are: it is read off the
index, and nothing is ever counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.models import Inscription, JournalBook, JournalRow, NextBook
from aigaq.journal.rules import BookFacts
from aigaq.registry.models import Division, Recorder

PAGE = 20
"""Books."""


@dataclass(frozen=True, slots=True)
class BookView:
    """A book of the division with what is written in it so far."""

    book: JournalBook
    facts: BookFacts

    @property
    def is_open(self) -> bool:
        """Something can still be issued on it; one that an older version left full is turned over then."""
        return self.facts.ended_on is None

    @property
    def closed_itself(self) -> bool:
        """It was full, and nobody's hand closed it."""
        end = getattr(self.book, "end", None)
        return end is not None and end.by_id is None

    @property
    def inscription(self) -> Inscription | None:
        """The last page, if the head has written it."""
        return getattr(self.book, "inscription", None)

    @property
    def cursor(self) -> int:
        """Give the last one's as `before` to `books` for the next page."""
        return self.book.seq


def books(division: Division, *, before: int | None = None, limit: int | None = None) -> list[BookView]:
    """The division's books, the newest first; `before` is a `BookView.cursor`."""
    found = JournalBook.objects.filter(division=division).order_by("-seq")
    if before is not None:
        found = found.filter(seq__lt=before)
    # Which books, and only then what is in them: else a database asks it of all before it takes the newest.
    chosen = list(found.values_list("pk", flat=True)[:limit])
    return list(_views(_with_facts(JournalBook.objects.filter(pk__in=chosen)).order_by("-seq")))


def current_book(division: Division) -> BookView | None:
    """The division's newest book, open or not; what is issued is written there if it `is_open`."""
    return next(iter(books(division, limit=1)), None)


def book_view(division: Division, id_: UUID) -> BookView | None:
    """The book with that id, if it is the division's."""
    return next(_views(_with_facts(JournalBook.objects.filter(division=division, pk=id_))), None)


def facts_of(book: JournalBook) -> BookFacts:
    """What is written in `book` so far, as the database has it now."""
    (view,) = _views(_with_facts(JournalBook.objects.filter(pk=book.pk)))
    return view.facts


def registered_ahead(division: Division) -> QuerySet[NextBook]:
    """Books that the office has registered and that are not begun yet, the next one first."""
    begun = JournalBook.objects.filter(registration_number=OuterRef("registration_number"))
    found = NextBook.objects.filter(division=division).select_related("by")
    return found.exclude(registration_number__in=Subquery(begun.values("registration_number"))).order_by(
        "seq"
    )


def still_out(division: Division) -> dict[UUID, list[int]]:
    """The numbers of the rows that are open, by the id of the book they stand in."""
    out = Recorder.objects.filter(division=division, out_on__isnull=False).values("out_on")
    rows: dict[UUID, list[int]] = {}
    found = JournalRow.objects.filter(pk__in=out).order_by("seq")
    for book, number in found.values_list("book_id", "number"):
        rows.setdefault(book, []).append(number)
    return rows


def _with_facts(found: QuerySet[JournalBook]) -> QuerySet[JournalBook]:
    newest = JournalRow.objects.filter(book=OuterRef("pk")).order_by("-number")
    return found.select_related("division", "by", "end__by", "inscription__by").annotate(
        last_number=Subquery(newest.values("number")[:1]),
        last_at=Subquery(newest.values("entered_at")[:1]),
    )


def _views(found: Iterable[JournalBook]) -> Iterator[BookView]:
    for book in found:
        last_number: int | None = book.last_number  # type: ignore[attr-defined]
        last_at: datetime | None = book.last_at  # type: ignore[attr-defined]
        last_on = last_at.astimezone(KAZAKHSTAN).date() if last_at else book.started_on
        end = getattr(book, "end", None)
        facts = BookFacts(
            registration_number=book.registration_number,
            rows=last_number or 0,
            capacity=book.capacity,
            last_on=max(last_on, book.started_on),
            ended_on=end.ended_on if end else None,
        )
        yield BookView(book, facts)
