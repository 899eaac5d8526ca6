"""What entries say of the tables beside the ledger, compared with what stands there: pure comparison.

An app says which rows an entry carries (`Carried`); `aigaq.ledger.tables` reads them as `Found`. Values on
both sides are spelt alike: ids and digests as text, instants as RFC 3339, JSON in its canonical form.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from aigaq.errors import N_

Values: TypeAlias = Mapping[str, str | None]

_SHOWN: Final = 200
"""Characters of a value in the evidence."""


class RowFaultKind(StrEnum):
    """Published codes: they never change."""

    CHANGED = "row-changed"
    MISSING = "row-missing"
    WITHOUT_ENTRY = "row-without-entry"
    WRONG_ENTRY = "row-of-wrong-entry"
    UNREADABLE = "entry-says-no-row"


MESSAGES: Final[Mapping[RowFaultKind, str]] = {
    RowFaultKind.CHANGED: N_(
        "Row {row} of the table {table} says “{stored}” in the column {column}, entry {seq} says “{stated}”:"
        " the row was changed."
    ),
    RowFaultKind.MISSING: N_(
        "A row of the table {table} is missing: entry {seq} says that there is one ({stated})."
    ),
    RowFaultKind.WITHOUT_ENTRY: N_(
        "Row {row} of the table {table} stands there without an entry of the ledger ({stored}):"
        " it was not written by this program."
    ),
    RowFaultKind.WRONG_ENTRY: N_(
        "Row {row} of the table {table} points at entry {seq}, which says nothing of it ({stored})."
    ),
    RowFaultKind.UNREADABLE: N_("Entry {seq} does not say what an entry “{stated}” has to say: {stored}."),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A row as the entry states it."""

    table: str
    values: Values


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it stands in the table; `row` is its primary key and `seq` what it says carries it."""

    table: str
    row: str
    seq: object
    values: Values


@dataclass(frozen=True, slots=True)
class RowFault:
    """One finding. What does not apply is empty."""

    kind: RowFaultKind
    seq: int | None
    table: str = ""
    row: str = ""
    column: str = ""
    stored: str = ""
    stated: str = ""

    @property
    def message(self) -> str:
        """In English, and the key of its translations; ``{names}`` are filled from the evidence."""
        return MESSAGES[self.kind]

    @property
    def evidence(self) -> dict[str, str | int]:
        return {
            "seq": "–" if self.seq is None else self.seq,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "stored": self.stored,
            "stated": self.stated,
        }


def compared(seq: int, stated: Sequence[Carried], found: Sequence[Found]) -> Iterator[RowFault]:
    """The rows of one table that say they are of entry `seq` against those that the entry states.

    What is equal goes first; what is left is held together in its order: so the changed column is told.
    """
    rest = list(found)
    missing: list[Carried] = []
    for each in stated:
        same = next((row for row in rest if row.values == each.values), None)
        if same is None:
            missing.append(each)
        else:
            rest.remove(same)
    for each, row in zip(missing, rest, strict=False):
        yield from changes(seq, each, row)
    for each in missing[len(rest) :]:
        yield RowFault(RowFaultKind.MISSING, seq, each.table, stated=told(each.values))
    for row in rest[len(missing) :]:
        yield of_wrong_entry(seq, row)


def changes(seq: int, stated: Carried, row: Found) -> Iterator[RowFault]:
    """Each column in which the row is not what the entry states."""
    for column in {**stated.values, **row.values}:
        stored, value = row.values.get(column), stated.values.get(column)
        if stored != value:
            yield RowFault(RowFaultKind.CHANGED, seq, row.table, row.row, column, shown(stored), shown(value))


def of_wrong_entry(seq: int, row: Found) -> RowFault:
    return RowFault(RowFaultKind.WRONG_ENTRY, seq, row.table, row.row, stored=told(row.values))


def without_entry(row: Found) -> RowFault:
    seq = row.seq if isinstance(row.seq, int) else None
    return RowFault(RowFaultKind.WITHOUT_ENTRY, seq, row.table, row.row, stored=told(row.values))


def told(values: Values) -> str:
    """A row in few words, for the evidence."""
    return shown(", ".join(f"{column}: {shown(value)}" for column, value in values.items()))


def shown(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def by_table(stated: Iterable[Carried]) -> dict[str, list[Carried]]:
    grouped: dict[str, list[Carried]] = {}
    for each in stated:
        grouped.setdefault(each.table, []).append(each)
    return grouped
