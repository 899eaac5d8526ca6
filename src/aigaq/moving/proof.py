"""Is the new database the old one? Each row of both is read raw, spelt alike, compared and hashed.

How rows were written has no part in it: the copying reads them through models, this reads what the tables
hold (`ledger.tables`, as the ledger is compared with them).
"""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice, zip_longest
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from aigaq.core.digests import Digest
from aigaq.ledger import guards
from aigaq.ledger.carried import Found
from aigaq.ledger.tables import Table
from aigaq.moving import transfer
from aigaq.moving.engines import speaking_to
from aigaq.moving.errors import NotCountingError, NotEqualError, UnguardedError
from aigaq.moving.marks import Sum

_READ: Final = 1_000
ROW: Final = "–"
"""Told of a row that only one of both has, in place of a column."""


def compared(
    source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, on_progress: Callable[[int], None]
) -> dict[str, Sum]:
    """By the tables' names. Raises `NotEqualError` with the first row that is not the same."""
    sums: dict[str, Sum] = {}
    done = 0
    for model in transfer.models():
        table = Table(model, is_carried=False)
        one = _compared(table, source, target, _beyond(done, on_progress))
        sums[transfer.table_of(model)] = one
        done += one.rows
    return sums


def require_counting(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Raises `NotCountingError`."""
    for model, column in transfer.counted():
        ours = transfer.last_number(source, model, column)
        theirs = transfer.last_number_there(target, model, column)
        if ours != theirs:
            raise NotCountingError(table=transfer.table_of(model), ours=ours + 1, theirs=theirs + 1)


def require_guarded(target: BaseDatabaseWrapper) -> None:
    """Raises `UnguardedError`."""
    with speaking_to(target):
        tables = guards.unguarded()
    if tables:
        raise UnguardedError(tables=", ".join(tables))


def octets_of(row: Found) -> bytes:
    """A list of JSON and a line feed: the values as they are spelt, in the order of the columns' names."""
    values = [row.values[column] for column in sorted(row.values)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _compared(
    table: Table,
    source: BaseDatabaseWrapper,
    target: BaseDatabaseWrapper,
    on_progress: Callable[[int], None],
) -> Sum:
    ours, theirs, rows = sha256(), sha256(), 0
    for old, new in zip_longest(_read(table, source), _read(table, target)):
        if old is None or new is None or old.values != new.values:
            raise _difference(table, old, new)
        ours.update(octets_of(old))
        theirs.update(octets_of(new))
        rows += 1
        if not rows % _READ:
            on_progress(rows)
    assert ours.digest() == theirs.digest()
    return Sum(rows, str(Digest(theirs.digest())))


def _beyond(before: int, on_progress: Callable[[int], None]) -> Callable[[int], None]:
    return lambda rows: on_progress(before + rows)


def _read(table: Table, wrapper: BaseDatabaseWrapper) -> Iterator[Found]:
    """All rows, while somebody else reads from the other database."""
    with speaking_to(wrapper):
        rows = table.in_key_order()
    while True:
        with speaking_to(wrapper):
            some = list(islice(rows, _READ))
        if not some:
            return
        yield from some


def _difference(table: Table, old: Found | None, new: Found | None) -> NotEqualError:
    either = old or new
    assert either is not None
    keys = [str(each.column) for each in table.model._meta.pk_fields]  # noqa: SLF001 - Django's public way
    about = {
        "table": transfer.table_of(table.model),
        "row": ", ".join(str(either.values[key]) for key in keys),
    }
    if old is None or new is None or any(old.values[key] != new.values[key] for key in keys):
        return NotEqualError(**about, column=ROW)
    column = next(each for each in old.values if old.values[each] != new.values[each])
    return NotEqualError(**about, column=column)
