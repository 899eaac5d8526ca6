"""Rows of a throw-away database, put into its tables by the database itself, as many as are wanted.

Of every value an expression is said, in which `s.n` is the number of the row.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, CharField, Field, Model, TextField

from bench.recorded import A_DUTY, APART, BEGUN, INSPECTORS, RECORDERS, SQLITE, instant, series, stored

RECORDER, INSPECTOR = ("r.pk", "p.pk") if SQLITE else ("r.pk::uuid", "p.pk::uuid")
_PEOPLE_AND_THINGS = (
    f" JOIN bench_recorder r ON r.n = s.n %% {RECORDERS} JOIN bench_inspector p ON p.n = s.n %% {INSPECTORS}"
)


def put(model: type[Model], numbers: tuple[int, int], *, where: str = "", **values: str) -> None:
    """A row for each of `numbers`, the second excluded. In what is said of `values` the number is `s.n`.

    A duty's recorder and inspector are `RECORDER` and `INSPECTOR`, where a number is a duty's.
    """
    start, stop = numbers
    if start >= stop:
        return
    of_model = model._meta  # noqa: SLF001 - Django's public way
    columns = {field.column: said for field in of_model.concrete_fields if (said := _said(field, values))}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {of_model.db_table} ({', '.join(map(connection.ops.quote_name, columns))})"  # noqa: S608 - of our own
            f" SELECT {', '.join(columns.values())} FROM {series()}"
            + (_PEOPLE_AND_THINGS if {RECORDER, INSPECTOR} & {*values.values()} else "")
            + (f" WHERE {where}" if where else ""),
            [start, stop - 1],
        )


def _said(field: "Field[Any, Any]", values: Mapping[str, str]) -> str | None:
    """None: the database fills the column itself."""
    if field.name in values:
        return values[field.name]
    if field.null or isinstance(field, AutoField):
        return None
    if field.has_default() and not callable(field.default):
        return _literal(field.get_default())
    if field.has_default():
        return as_json(field.get_default())
    assert isinstance(field, (CharField, TextField)), f"{field} is not told"
    return "''"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else text(str(value))


def text(said: str) -> str:
    return "'" + str(said).replace("'", "''").replace("%", "%%") + "'"


def as_json(value: object) -> str:
    return text(json.dumps(value)) + ("" if SQLITE else "::jsonb")


def pk_of(pk: UUID) -> str:
    return text(stored(pk)) + ("" if SQLITE else "::uuid")


def after(seconds: int, duty: str = "s.n") -> str:
    """So long after the first recording of the duty."""
    return instant(f"({duty}) * {A_DUTY * APART} + ({seconds})")


def day(seconds: str) -> str:
    at = f"{int(BEGUN.timestamp())} + {seconds}"
    return f"date({at}, 'unixepoch')" if SQLITE else f"(to_timestamp({at}) AT TIME ZONE 'UTC')::date"


def digest(number: str) -> str:
    """64 hexadecimal digits."""
    return f"printf('%%064x', {number})" if SQLITE else f"lpad(to_hex({number}), 64, '0')"
