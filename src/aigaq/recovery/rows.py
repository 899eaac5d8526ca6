"""Rows made from what entries state: `ledger.tables` backwards."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Field, ForeignKey, Model

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.ledger.carried import Carried
from aigaq.ledger.tables import Table
from aigaq.recovery.errors import UnknownTableError

AT_ONCE: Final = 500
"""Rows of a table from which they are written, together."""
Facts = Mapping[str, Json]
"""JSON by its digest, as entries spell it."""


class MissingFactError(KeyError):
    """An entry states the digest of JSON that the segment does not have."""


class RowWriter:
    """Writes the rows that entries carry, a table at a time. `flush` at the end."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._waiting: dict[str, list[tuple[int, Mapping[str, str | None], Facts]]] = {}
        # Tables that others point at by content, not by number, come first.
        named = {_model_of(table, column) for table in tables.values() for column in table.through}
        self._order = sorted(tables, key=lambda label: tables[label].model not in named)
        self._last = -1
        self.written = dict.fromkeys(tables, 0)

    def write(self, seq: int, stated: Iterable[Carried], facts: Facts) -> None:
        """The rows that entry `seq` carries; of one entry it may be called several times in a row."""
        if seq != self._last:
            # Never amid an entry: what one of its rows points at may be among those that follow.
            if any(len(waiting) >= AT_ONCE for waiting in self._waiting.values()):
                self.flush()
            self._last = seq
        for each in stated:
            if each.table not in self._tables:
                raise UnknownTableError(table=each.table)
            self._waiting.setdefault(each.table, []).append((seq, each.values, facts))

    def flush(self) -> None:
        for label in self._order:
            waiting = self._waiting.pop(label, [])
            if waiting:
                self._insert(self._tables[label], waiting)

    def _insert(self, table: Table, waiting: Sequence[tuple[int, Mapping[str, str | None], Facts]]) -> None:
        if table.key:
            waiting = _new(table, waiting)
        targets = {column: _numbers(table, column, waiting) for column in table.through}
        rows = [_row(table, seq, values, facts, targets) for seq, values, facts in waiting]
        table.model._default_manager.bulk_create(rows, batch_size=AT_ONCE)  # noqa: SLF001 - Django's public way
        self.written[table.label] += len(rows)


def put_back(
    table: Table,
    keys: tuple[str, ...],
    values: Iterable[Mapping[str, str | None]],
    **also: Any,  # noqa: ANN401 - columns
) -> None:
    """Rows as a segment has them: new ones are written, those that are there become what they were then.

    `keys` are the columns that tell one from another. What the table derives is left as it is, or as `also`
    says for a row that is new.
    """
    names = [table.field(column).attname for column in keys]
    made = (_row(table, None, each, {}, {}) for each in values)
    # Once each: entries name a card by one key or by another, so a segment may have it twice.
    rows = {tuple(getattr(row, name) for name in names): row for row in made}
    manager, pk = table.model._default_manager, table.model._meta.pk  # noqa: SLF001 - Django's public way
    there = manager.filter(**{f"{names[0]}__in": {key[0] for key in rows}})
    found = {tuple(each[:-1]): each[-1] for each in there.values_list(*names, "pk")}
    changed = [
        field.attname
        for field in (table.field(column) for column in table.columns)
        if field is not pk and field.attname not in names
    ]
    new = []
    for key, row in rows.items():
        number = found.get(key)
        if number is not None:
            row.pk = number
            manager.filter(pk=number).update(**{name: getattr(row, name) for name in changed})
            continue
        for name, value in also.items():
            setattr(row, name, value)
        new.append(row)
    manager.bulk_create(new, batch_size=AT_ONCE)


def unspelt(field: "Field[Any, Any]", text: str | None) -> Any:  # noqa: ANN401 - what a column holds
    """The value that `ledger.tables` spells as `text`. Raises ``ValueError``."""
    if text is None:
        return None
    kind = (field.target_field if isinstance(field, ForeignKey) else field).get_internal_type()
    return _READERS.get(kind, str)(text)


def _row(
    table: Table,
    seq: int | None,
    values: Mapping[str, str | None],
    facts: Facts,
    targets: Mapping[str, Mapping[str, Any]],
) -> Model:
    given: dict[str, Any] = {}
    for column, text in values.items():
        field = table.field(column)
        if text is not None and column in targets:
            given[field.attname] = targets[column][text]
        elif text is not None and column in table.digested:
            given[field.attname] = _fact(facts, text)
        else:
            given[field.attname] = unspelt(field, text)
    if table.has_seq:
        given["seq"] = seq
    return table.model(**given)


def _fact(facts: Facts, digest: str) -> Json:
    try:
        return facts[digest]
    except KeyError as error:
        raise MissingFactError(digest) from error


def _new(
    table: Table, waiting: Sequence[tuple[int, Mapping[str, str | None], Facts]]
) -> list[tuple[int, Mapping[str, str | None], Facts]]:
    """Of rows that several entries state the first, unless it is there."""
    there = set(table.by_keys(values[table.key] or "" for _seq, values, _facts in waiting))
    new = []
    for each in waiting:
        key = each[1][table.key] or ""
        if key not in there:
            there.add(key)
            new.append(each)
    return new


def _numbers(
    table: Table, column: str, waiting: Sequence[tuple[int, Mapping[str, str | None], Facts]]
) -> dict[str, Any]:
    """The primary keys of the rows that a column names by another one of theirs."""
    name = table.through[column]
    asked = {text for _seq, values, _facts in waiting if (text := values[column]) is not None}
    found = _model_of(table, column)._default_manager.filter(**{f"{name}__in": asked})  # noqa: SLF001 - Django's public way
    return {str(value): pk for value, pk in found.values_list(name, "pk")}


def _model_of(table: Table, column: str) -> type[Model]:
    model = table.field(column).related_model
    assert isinstance(model, type)
    return model


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "UUIDField": UUID,
    "DateTimeField": parse_rfc3339,
    "DateField": date.fromisoformat,
    "FloatField": float,
    "BooleanField": lambda text: {"true": True, "false": False}[text],
    "JSONField": json.loads,
    **dict.fromkeys(
        (
            "AutoField",
            "BigAutoField",
            "BigIntegerField",
            "IntegerField",
            "PositiveBigIntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
        ),
        int,
    ),
}
