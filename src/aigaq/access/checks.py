"""Which row of the index each look's entry carries: `aigaq ledger verify` holds the table against it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from aigaq.access.looks import INDEXED, indexed
from aigaq.access.models import EnteredLook
from aigaq.core.clock import rfc3339
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.tlog.entry import Entry

TABLES: Final = (
    Table(
        EnteredLook,
        derived={"id": "The database's own number of the row: no other row and no page refers to it."},
    ),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """One row for each look; its columns are those of `access.looks.indexed`."""
    if entry.kind in INDEXED:
        row = indexed(entry)
        yield Carried(TABLES[0].label, {column: _spelt(getattr(row, column)) for column in TABLES[0].columns})


def _spelt(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | UUID) else rfc3339(value)  # type: ignore[arg-type]


STATEMENT: Final = Statement(TABLES, carried_by)
