"""The ledger as it was when the approval was covered: what came later is not there."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from aigaq.disclosure.errors import NotInLedgerError
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.proving import covering, entries_at, opened
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError, TlogError

Row = TypeVar("Row", bound=Model)


class LedgerThen:
    """Its entries, read as they are needed.

    Tables beside it serve as indexes of it and for nothing else: a row counts if its entry was there by then,
    and what it says is read from the entry.
    """

    def __init__(self, approved: int, key: VerifierKey) -> None:
        """`approved` is the entry of the approval. Raises `NotInLedgerError`."""
        note = covering(approved)
        if note is None:
            raise NotInLedgerError(what=f"no checkpoint covers entry {approved}")
        try:
            self.checkpoint = opened(note, key)
        except TlogError as error:
            raise NotInLedgerError(what=str(error)) from error
        self.note = note
        self.key = key
        self._entries: dict[int, Entry] = {}

    @property
    def size(self) -> int:
        return self.checkpoint.size

    def had(self, rows: "QuerySet[Row]") -> "QuerySet[Row]":
        """Those whose entry was there."""
        return rows.filter(seq__lt=self.size)

    def seqs(self, *found: "QuerySet[Any]") -> set[int]:
        """Of the entries of all these rows, as far as they were there."""
        return {seq for rows in found for seq in rows.filter(seq__lt=self.size).values_list("seq", flat=True)}

    def entries(self, seqs: Iterable[int]) -> list[Entry]:
        """In their order. Raises `NotInLedgerError`."""
        wanted = sorted({seq for seq in seqs if 0 <= seq < self.size})
        missing = [seq for seq in wanted if seq not in self._entries]
        for seq, octets in entries_at(missing, self.size).items():
            self._entries[seq] = _parsed(seq, octets)
        lost = next((seq for seq in wanted if seq not in self._entries), None)
        if lost is not None:
            raise NotInLedgerError(what=f"entry {lost} is missing")
        return [self._entries[seq] for seq in wanted]

    def entry(self, seq: int) -> Entry:
        return self.entries([seq])[0]

    def of_kinds(self, *kinds: str) -> Iterator[Entry]:
        """All entries of these kinds, in their order: for kinds of which there are few."""
        found = LedgerEntry.objects.filter(kind__in=kinds, seq__lt=self.size).order_by("seq")
        yield from self.entries(found.values_list("seq", flat=True))


def _parsed(seq: int, octets: bytes) -> Entry:
    try:
        entry = Entry.parse(octets)
    except MalformedEntryError as error:
        raise NotInLedgerError(what=f"entry {seq}: {error}") from error
    if entry.seq != seq:
        raise NotInLedgerError(what=f"entry {seq} says that it is {entry.seq}")
    return entry


def named(body: Any, name: str) -> str | None:  # noqa: ANN401 - any JSON
    """A text in an entry; None where there is another value or none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None


def uuid_of(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
