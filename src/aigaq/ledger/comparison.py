"""Every table beside the ledger, held against it in one pass over the entries."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import Protocol

from aigaq.errors import AigaqError
from aigaq.ledger import carried, selectors
from aigaq.ledger.carried import Carried, Found, RowFault, RowFaultKind
from aigaq.ledger.tables import Table
from aigaq.tlog.entry import MAX_SEQ, Entry
from aigaq.tlog.errors import MalformedEntryError

_AT_ONCE = 500
"""Entries whose rows are looked up together."""


class Finding(Protocol):
    """What every fault can say of itself."""

    @property
    def kind(self) -> str:
        """A stable code."""

    @property
    def seq(self) -> int | None:
        """The first entry concerned."""

    @property
    def message(self) -> str:
        """English, and the key of its translations; ``{names}`` are filled from the evidence."""

    @property
    def evidence(self) -> Mapping[str, str | int]:
        """Facts by name."""


@dataclass(frozen=True)
class Statement:
    """What an app's entries say of its tables. `carried_by` may raise what a wrong body makes it raise."""

    tables: Sequence[Table]
    carried_by: Callable[[Entry], Iterable[Carried]]


def compare(
    statements: Sequence[Statement],
    *,
    also: Sequence[Callable[[Entry], Iterable[Finding]]] = (),
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Finding]:
    """Every fault of every table, and what `also` finds in each entry, in the ledger's order.

    Queries: one per table, and a constant number for every 500 entries. Memory is flat. Entries that can't
    be read are left to `checks.verify`; their rows stand there without an entry. What is appended while it
    runs is left to the next time. Never raises for what the tables hold.
    """
    last = selectors.extent()
    last_seq = last.last_seq if isinstance(last.last_seq, int) else MAX_SEQ
    with ExitStack() as stack:
        work = _Comparison(statements, also, last_seq, stack)
        done = 0
        entries = selectors.rows(last)
        while batch := list(islice(entries, _AT_ONCE)):
            yield from work.of_entries([entry for row in batch if (entry := _read(row[0], row[1]))])
            done += len(batch)
            if on_progress is not None:
                on_progress(done)
        yield from work.of_the_rest()


class _Comparison:
    def __init__(
        self,
        statements: Sequence[Statement],
        also: Sequence[Callable[[Entry], Iterable[Finding]]],
        last_seq: int,
        stack: ExitStack,
    ) -> None:
        self._statements = statements
        self._also = also
        self._tables = {table.label: table for statement in statements for table in statement.tables}
        self._streams = {
            label: _Stream(stack.enter_context(closing(table.in_order(last_seq))))
            for label, table in self._tables.items()
            if table.has_seq
        }
        self._matched = dict.fromkeys(self._tables, 0)

    def of_entries(self, entries: Sequence[Entry]) -> Iterator[Finding]:
        stated: list[dict[str, list[Carried]]] = []
        unreadable: dict[int, RowFault] = {}
        for entry in entries:
            try:
                rows = [row for each in self._statements for row in each.carried_by(entry)]
            except (KeyError, TypeError, ValueError, AttributeError, AigaqError) as error:
                rows = []
                unreadable[entry.seq] = RowFault(
                    RowFaultKind.UNREADABLE, entry.seq, stated=entry.kind, stored=repr(error)
                )
            stated.append(carried.by_table(rows))
        looked_up = self._looked_up(stated)
        for entry, rows_of in zip(entries, stated, strict=True):
            for look in self._also:
                yield from look(entry)
            if entry.seq in unreadable:
                yield unreadable[entry.seq]
            yield from self._of_entry(entry.seq, rows_of, looked_up)

    def of_the_rest(self) -> Iterator[Finding]:
        """What stands behind the last entry, and what no entry names."""
        for label, table in self._tables.items():
            if table.has_seq:
                yield from map(carried.without_entry, self._streams[label].rest())
                yield from map(carried.without_entry, table.beyond())
            elif table.count() != self._matched[label]:
                yield from map(carried.without_entry, table.unnamed())

    def _looked_up(self, stated: Sequence[dict[str, list[Carried]]]) -> dict[str, dict[str, Found]]:
        return {
            label: table.by_keys(
                row.values[table.key] or "" for rows_of in stated for row in rows_of.get(label, [])
            )
            for label, table in self._tables.items()
            if table.key
        }

    def _of_entry(
        self, seq: int, rows_of: dict[str, list[Carried]], looked_up: dict[str, dict[str, Found]]
    ) -> Iterator[RowFault]:
        for label, table in self._tables.items():
            stream = self._streams.get(label)
            if label not in rows_of and (stream is None or stream.next_seq > seq):
                continue  # as nearly all of them, of nearly every entry
            stated = rows_of.get(label, [])
            found: list[Found] = []
            if stream is not None:
                earlier, found = stream.up_to(seq)
                yield from map(carried.without_entry, earlier)
            if table.key:
                yield from self._keyed(table, seq, stated, found, looked_up[label])
            else:
                yield from carried.compared(seq, stated, found)

    def _keyed(
        self,
        table: Table,
        seq: int,
        stated: Sequence[Carried],
        found: Sequence[Found],
        looked_up: dict[str, Found],
    ) -> Iterator[RowFault]:
        for each in stated:
            row = looked_up.get(each.values[table.key] or "")
            if row is None:
                yield RowFault(RowFaultKind.MISSING, seq, each.table, stated=carried.told(each.values))
                continue
            self._matched[table.label] += 1
            if table.has_seq and not (isinstance(row.seq, int) and row.seq <= seq):
                yield carried.of_wrong_entry(seq, row)
            for fault in carried.changes(seq, each, row):
                if fault.column not in table.once or row.seq == seq:
                    yield fault
        keys = {each.values[table.key] for each in stated}
        for row in found:
            if row.values[table.key] not in keys:
                yield carried.of_wrong_entry(seq, row)


class _Stream:
    """The rows of one table, taken entry by entry."""

    next_seq: float
    """Of the row that is next; beyond every entry where there is none, or it says no number."""

    def __init__(self, rows: Iterator[Found]) -> None:
        self._rows = rows
        self._take()

    def _take(self) -> None:
        self._next = next(self._rows, None)
        seq = None if self._next is None else self._next.seq
        self.next_seq = seq if isinstance(seq, int) else inf

    def up_to(self, seq: int) -> tuple[list[Found], list[Found]]:
        """Those that say they are of an entry before `seq` and were not taken yet; and those of `seq`."""
        earlier: list[Found] = []
        found: list[Found] = []
        while self._next is not None and self.next_seq <= seq:
            (found if self.next_seq == seq else earlier).append(self._next)
            self._take()
        return earlier, found

    def rest(self) -> Iterator[Found]:
        while self._next is not None:
            yield self._next
            self._take()


def _read(seq: object, octets: object) -> Entry | None:
    if not isinstance(octets, bytes):
        return None
    try:
        entry = Entry.parse(octets)
    except MalformedEntryError:
        return None
    return entry if entry.seq == seq else None
