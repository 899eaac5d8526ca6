"""Reading tables for the comparison with the ledger: raw, in flat memory, whatever somebody put into them."""

import json
import re
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from aigaq.core import canonical
from aigaq.core.canonical import NotCanonicalError
from aigaq.core.clock import rfc3339
from aigaq.ledger.carried import Found

_FETCHED = 1000
"""Rows asked of the database at a time."""
_HEX_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_TEXTS = frozenset({"CharField", "TextField"})
_OCTETS = re.compile(r"(?:octets |\\x)([0-9A-Fa-f]*)", re.ASCII)
"""As `_raw` gives them of SQLite, and as PostgreSQL spells them."""


@dataclass(frozen=True)
class Table:
    """An insert-only table whose every column stands in entries, but for those `derived`.

    Rows say by `seq` which entry carries them. Where a table has no such column, or where later entries
    state its row again (`once`), rows are found by `key`.
    """

    model: type[Model]
    derived: Mapping[str, str] = field(default_factory=dict)
    """Column, and why no entry need state it."""
    through: Mapping[str, str] = field(default_factory=dict)
    """Column of a foreign key, and the other table's column by which entries name the row."""
    digested: frozenset[str] = frozenset()
    """Columns of JSON of which entries state the digest (`digest_of_json`)."""
    key: str = ""
    once: frozenset[str] = frozenset()
    """Columns of which only the first entry that states the row can tell."""
    named_in: tuple[str, str] = ("", "")
    """Without `seq`: the kind of entry that carries a row, and the name in its body that has the key."""
    is_carried: bool = True
    """False: rows change and no entry carries them; a column `seq` is one like the others."""

    @cached_property
    def label(self) -> str:
        return self.model._meta.label_lower  # noqa: SLF001 - Django's public way

    @cached_property
    def _fields(self) -> "dict[str, Field[Any, Any]]":
        return {each.column or "": each for each in self.model._meta.concrete_fields}  # noqa: SLF001 - as above

    @cached_property
    def has_seq(self) -> bool:
        return self.is_carried and "seq" in self._fields

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What is compared."""
        return tuple(
            name for name in self._fields if name not in self.derived and not (name == "seq" and self.has_seq)
        )

    def field(self, column: str) -> "Field[Any, Any]":
        return self._fields[column]

    def in_order(self, last_seq: int) -> Generator[Found, None, None]:
        """All rows that say they are of an entry up to `last_seq`, by its number."""
        return self._found(
            f"WHERE seq <= %s ORDER BY {self._table}.seq, {self._table}.{self._pk}", [last_seq]
        )

    def beyond(self) -> Generator[Found, None, None]:
        """Rows that point at entries which are not there: in one statement, so none is merely new."""
        return self._found("WHERE seq > coalesce((SELECT max(seq) FROM ledger_ledgerentry), -1)", [])

    def by_keys(self, keys: Iterable[str]) -> dict[str, Found]:
        """The rows with these keys, in one query."""
        return {row.values[self.key] or "": row for row in self.with_keys(keys)}

    def with_keys(self, keys: Iterable[str]) -> Generator[Found, None, None]:
        """All rows with these keys, of a table in which one may stand more than once."""
        asked = sorted({each for each in map(self._as_stored, keys) if each is not None})
        for start in range(0, len(asked), _FETCHED):
            some = asked[start : start + _FETCHED]
            places = ", ".join(["%s"] * len(some))
            yield from self._found(f"WHERE {_name(self.key)} IN ({places})", some)

    def everything(self) -> Generator[Found, None, None]:
        return self._found(f"ORDER BY {self._pk}", [])

    def in_key_order(self) -> Generator[Found, None, None]:
        """Everything, in an order that is the same in both databases, whatever their locale."""
        plain = "" if connection.vendor == "sqlite" else ' COLLATE "C"'
        order = [
            f"{self._table}.{_name(str(each.column))}{plain if _type(each) in _TEXTS else ''}"
            for each in self.model._meta.pk_fields  # noqa: SLF001 - Django's public way
        ]
        return self._found(f"ORDER BY {', '.join(order)}", [])

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self._table}")  # noqa: S608 - no value in it
            return int(cursor.fetchone()[0])

    def unnamed(self) -> Generator[Found, None, None]:
        """Rows that no entry names, found by the database itself, in one statement, so none is merely new."""
        kind, name = self.named_in
        mark = f'"{name}":"'
        sqlite = connection.vendor == "sqlite"
        position = "instr" if sqlite else "strpos"
        spelt = f"substr(entry, {position}(entry, %s) + {len(mark)}, 36)"
        key = f"{_name(self.key)}{'' if sqlite else '::text'}"
        named = f"replace({spelt}, '-', '')" if sqlite else spelt
        sql = (
            f"SELECT {key} FROM {self._table} EXCEPT"  # noqa: S608 - no value in it
            f" SELECT {named} FROM ledger_ledgerentry WHERE kind = %s"
        )
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, [mark, kind])
            while fetched := cursor.fetchmany(_FETCHED):
                places = ", ".join(["%s"] * len(fetched))
                yield from self._found(f"WHERE {key} IN ({places})", [row[0] for row in fetched])

    @property
    def _table(self) -> str:
        return _name(self.model._meta.db_table)  # noqa: SLF001 - Django's public way

    @property
    def _pk(self) -> str:
        """Of a key of several columns the first."""
        return _name(str(self.model._meta.pk_fields[0].column))  # noqa: SLF001 - Django's public way

    def _found(self, condition: str, values: list[Any]) -> Generator[Found, None, None]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"{self._select()} {condition}", values)
            while fetched := cursor.fetchmany(_FETCHED):
                for pk, number, *stored in fetched:
                    yield Found(self.label, _text(pk), _number(number), self._spelt(stored))

    def _select(self) -> str:
        """Put together once for each kind of database: it takes longer than a small table to be read."""
        vendor = connection.vendor
        if vendor not in self._selects:
            seq = _raw("seq") if self.has_seq else "NULL"
            wanted = ", ".join([_raw(self._pk), seq, *map(self._expression, self.columns)])
            self._selects[vendor] = f"SELECT {wanted} FROM {self._table}"  # noqa: S608 - columns of models
        return self._selects[vendor]

    @cached_property
    def _selects(self) -> dict[str, str]:
        return {}

    def _expression(self, column: str) -> str:
        if column not in self.through:
            return _raw(_name(column))
        model = self._fields[column].related_model
        assert model is not None
        other = model._meta  # noqa: SLF001 - Django's public way
        named = (
            f"(SELECT {_raw(_name(self.through[column]))} FROM {_name(other.db_table)} AS other"  # noqa: S608 - no value in it
            f" WHERE other.{_name(str(other.pk.column))} = {self._table}.{_name(column)})"
        )
        return f"coalesce({named}, {_raw(_name(column))})"

    def _spelt(self, stored: list[Any]) -> dict[str, str | None]:
        return {
            column: None if value is None else spell(_text(value))
            for (column, spell), value in zip(self._spellings, stored, strict=True)
        }

    @cached_property
    def _spellings(self) -> tuple[tuple[str, Callable[[str], str]], ...]:
        """Each column that is compared, and how its text is spelt."""
        return tuple((column, self._spelling(column)) for column in self.columns)

    def _spelling(self, column: str) -> Callable[[str], str]:
        if column in self.through:
            return str
        kind = _type(self._fields[column])
        if kind == "JSONField":
            return partial(_spelt_json, digested=column in self.digested)
        return _SPELLINGS.get(kind, str)

    def _as_stored(self, key: str) -> str | None:
        """A key as the database holds it; None if it could not."""
        if _type(self._fields[self.key]) != "UUIDField":
            return key
        try:
            return UUID(key).hex if connection.vendor == "sqlite" else str(UUID(key))
        except ValueError:
            return None


def spelt_json(value: object) -> str:
    """JSON as entries and tables are compared in it. Raises `NotCanonicalError`."""
    return canonical.encode(value).decode()  # type: ignore[arg-type]


def digest_of_json(value: object) -> str:
    """SHA-256 of the canonical form, for what is too long to stand in an entry."""
    return f"sha256:{sha256(spelt_json(value).encode()).hexdigest()}"


def _spelt_json(text: str, *, digested: bool) -> str:
    try:
        value = json.loads(text)
        return digest_of_json(value) if digested else spelt_json(value)
    except (ValueError, RecursionError, NotCanonicalError):
        return text


def _type(of: "Field[Any, Any]") -> str:
    """What a column holds; a foreign key's is that of what it points at."""
    while isinstance(of, ForeignKey):
        of = of.target_field
    return of.get_internal_type()


def _raw(column: str) -> str:
    # SQLite refuses text that is no UTF-8, which somebody may have put there; and has values of any type
    # in any column. PostgreSQL refuses to hand out some instants, but not their text.
    if connection.vendor == "sqlite":
        return (
            f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB)"
            f" WHEN 'blob' THEN 'octets ' || hex({column}) ELSE {column} END"
        )
    return f"{column}::text"


def _name(identifier: str) -> str:
    return connection.ops.quote_name(identifier)


def _text(value: Any) -> str:  # noqa: ANN401 - what a database holds
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return repr(value) if isinstance(value, float) else str(value)


def _number(value: Any) -> object:  # noqa: ANN401 - what a database holds
    """As `_raw` gives an integer: PostgreSQL's is text."""
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value


def _spelt_id(text: str) -> str:
    if connection.vendor == "sqlite" and _HEX_ID.fullmatch(text):
        return str(UUID(text))
    return text


def _spelt_instant(text: str) -> str:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return text
    if connection.vendor == "sqlite":
        return rfc3339(value.replace(tzinfo=UTC)) if str(value) == text and value.tzinfo is None else text
    return rfc3339(value)


def _spelt_day(text: str) -> str:
    try:
        return text if str(date.fromisoformat(text)) == text else f"“{text}”"
    except ValueError:
        return text


def _spelt_truth(text: str) -> str:
    """SQLite has numbers for it."""
    return {"0": "false", "1": "true"}.get(text, text) if connection.vendor == "sqlite" else text


def _spelt_real(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _spelt_octets(text: str) -> str:
    found = _OCTETS.fullmatch(text)
    return found[1].lower() if found else f"“{text}”"


_SPELLINGS = {
    "BinaryField": _spelt_octets,
    "UUIDField": _spelt_id,
    "DateTimeField": _spelt_instant,
    "DateField": _spelt_day,
    "FloatField": _spelt_real,
    "BooleanField": _spelt_truth,
}
