"""Books full of rows, put straight into a throw-away database: what an office has after years of duty.

Run inside an installation's own process, never against a real one: nobody signed any of it.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from aigaq.journal.models import (
    Act,
    BookEnd,
    Issue,
    JournalBook,
    JournalRow,
    Remark,
    Return,
    SealFound,
    Signature,
    SigningWay,
    Unloading,
)
from aigaq.registry.models import Card, Division, Person, Recorder

BEGUN = datetime(2026, 1, 12, 4, 0, tzinfo=UTC)
_AT_ONCE = 2_000
_DIGEST = "sha256:" + "3fa291bc0d5e7788" * 4


class Filler:
    """Adds rows to a division's books, each duty a day long and unloaded, every third remarked upon."""

    def __init__(self, *, sheets: int, first_seq: int) -> None:
        self.division = Division.objects.get()
        self.person = Person.objects.order_by("staff_number")[0]
        self.recorder, _ = Recorder.objects.get_or_create(
            inventory_number="БТ-0001", defaults={"division": self.division, "created_at": BEGUN}
        )
        self.card, _ = Card.objects.get_or_create(
            inventory_number="ЖК-0001", defaults={"division": self.division, "created_at": BEGUN}
        )
        self._sheets, self._seq, self._row = sheets, first_seq, 0
        self.book: JournalBook | None = None

    def up_to(self, rows: int) -> None:
        while self._row < rows:
            book = self._book()
            number = self._row % book.capacity
            many = min(_AT_ONCE, book.capacity - number, rows - self._row)
            self._write(book, range(number + 1, number + many + 1))
            self._row += many

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq - 1

    def _book(self) -> JournalBook:
        """The one that is in use; the one before is closed when it is full."""
        if self.book is not None and self._row % self.book.capacity:
            return self.book
        now = BEGUN + timedelta(hours=self._row)
        if self.book is not None:
            BookEnd.objects.create(book=self.book, ended_on=now.date(), entered_at=now, seq=self._next_seq())
        self.book = JournalBook.objects.create(
            division=self.division,
            registration_number=f"bench-{self._row}",
            started_on=now.date(),
            sheets=self._sheets,
            rows_per_sheet=10,
            entered_at=now,
            seq=self._next_seq(),
        )
        return self.book

    def _write(self, book: JournalBook, numbers: range) -> None:
        rows = [
            JournalRow(
                book=book,
                number=number,
                division=self.division,
                first_recorder=self.recorder,
                first_card=self.card,
                first_inspector=self.person,
                entered_at=self._at(number),
                seq=self._next_seq(),
            )
            for number in numbers
        ]
        JournalRow.objects.bulk_create(rows)
        Issue.objects.bulk_create(
            Issue(
                **self._written(row, 0),
                control="preventive-visit",
                subject="«Нұр-Құрылыс» ЖШС",
                object="Сауда үйі, Қонаев қ., Жамбыл к-сі 12",
                act_number=f"№ {row.number}",
                seal_number="Қ-0412",
                checks={},
            )
            for row in rows
        )
        Return.objects.bulk_create(
            Return(**self._written(row, 9), handed_back_by=self.person, seal_found=SealFound.INTACT)
            for row in rows
        )
        Unloading.objects.bulk_create(
            Unloading(**self._written(row, 9.3), unload=uuid4(), files=12, octets=3_200_000) for row in rows
        )
        Remark.objects.bulk_create(
            Remark(**self._written(row, 9), text="Үзіліс: тамақтану, 13:00–13:42.")
            for row in rows
            if row.number % 3 == 0
        )
        Signature.objects.bulk_create(
            Signature(
                row=row,
                act=act,
                signer=self.person,
                way=SigningWay.OWN_PASSWORD,
                signed_digest=_DIGEST,
                signed_at=self._at(row.number) + timedelta(hours=hours),
                seq=row.seq,
            )
            for row in rows
            for act, hours in ((Act.ISSUE, 0), (Act.RETURN, 9))
        )

    def _at(self, number: int) -> datetime:
        return BEGUN + timedelta(hours=self._row + number)

    def _written(self, row: JournalRow, hours: float) -> dict:
        at = row.entered_at + timedelta(hours=hours)
        return {"row": row, "occurred_at": at, "entered_at": at, "by": self.person, "seq": row.seq}
