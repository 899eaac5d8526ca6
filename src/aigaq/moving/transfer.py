"""Rows from one database to the other: read as the office reads them, written by COPY, in flat memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, TypeVar

from django.apps import apps
from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import AutoField, Field, ForeignKey, Model, TextField
from django.db.models.functions import Cast

from aigaq.moving.engines import SOURCE
from aigaq.moving.errors import OtherVersionError, RowRefusedError, UnknownTablesError
from aigaq.moving.marks import CLOSED
from aigaq.schema.loading import load, pending

_AT_ONCE: Final = 10_000
"""Rows of one COPY: after each the server checks what they point at, and forgets it."""
_READ: Final = 2_000
_SEQUENCE: Final = "pg_get_serial_sequence(%s, %s)"

One = TypeVar("One")


def models() -> list[type[Model]]:
    """One for each table, so that what a row points at comes before it."""
    waiting = {
        model: _named_by(model) - {model}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001 - Django's public way
    }
    order: list[type[Model]] = []
    while waiting:
        free = sorted((each for each in waiting if not waiting[each] & waiting.keys()), key=table_of)
        if not free:
            raise ValueError(f"these tables point at each other: {sorted(map(table_of, waiting))}")
        order += free
        for each in free:
            del waiting[each]
    return order


def count(model: type[Model]) -> int:
    """Rows in the database `SOURCE`."""
    return int(_rows(model).count())


def table_of(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001 - Django's public way


def require_whole(source: BaseDatabaseWrapper) -> None:
    """Every table is known and of this version. Raises `OtherVersionError` or `UnknownTablesError`."""
    applied = set(MigrationRecorder(source).applied_migrations())
    known = set(MigrationExecutor(source).loader.disk_migrations)
    if applied != known:
        names = ", ".join(sorted(f"{app} {name}" for app, name in applied ^ known))
        raise OtherVersionError(names=names)
    ours = {*map(table_of, models()), MigrationRecorder.Migration._meta.db_table, CLOSED}  # noqa: SLF001 - as above
    others = sorted(set(source.introspection.table_names()) - ours)
    if others:
        raise UnknownTablesError(tables=", ".join(others))


def build(target: BaseDatabaseWrapper) -> None:
    """The schema, of the same migrations. Of what they announce nothing is heard, so every table is empty."""
    load(target, announced=False)
    if pending(target):
        executor = MigrationExecutor(target)
        executor.migrate(executor.loader.graph.leaf_nodes())


def fill(target: BaseDatabaseWrapper, on_progress: Callable[[int, int], None]) -> None:
    """Every row of every table, as it is in the database `SOURCE`. Raises `RowRefusedError`."""
    found = models()
    total = sum(map(count, found))
    done = 0
    _constraints(target, "IMMEDIATE")
    for model in found:
        # Of a table that points at itself a row may come before the one that it points at.
        points_at_itself = model in _named_by(model)
        with _told_of(target, model):
            if points_at_itself:
                _constraints(target, "DEFERRED")
            for rows in _some(_values(model, target)):
                _copy(target, model, rows)
                done += len(rows)
                on_progress(done, total)
            if points_at_itself:
                _constraints(target, "IMMEDIATE")
    with target.cursor() as cursor:
        # Nobody else can see the new tables yet, the server's own statistics among them.
        cursor.execute("ANALYZE")


def go_on_counting(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Numbers that were given once are not given again, though their rows are gone."""
    with target.cursor() as cursor:
        for model, column in counted():
            last = last_number(source, model, column)
            if last:
                cursor.execute(f"SELECT setval({_SEQUENCE}, %s)", [_quoted(target, model), column, last])


def counted() -> Iterator[tuple[type[Model], str]]:
    """Each table whose rows are numbered by the database, and the column of the number."""
    for model in models():
        pk = model._meta.pk  # noqa: SLF001 - Django's public way
        if isinstance(pk, AutoField):
            yield model, str(pk.column)


def last_number(source: BaseDatabaseWrapper, model: type[Model], column: str) -> int:
    """The largest that was given, of rows that are gone as well; 0: none yet."""
    with source.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table_of(model)])
        row = cursor.fetchone()
        cursor.execute(f'SELECT coalesce(max("{column}"), 0) FROM "{table_of(model)}"')  # noqa: S608 - no value in it
        return max(int(row[0]) if row else 0, int(cursor.fetchone()[0]))


def last_number_there(target: BaseDatabaseWrapper, model: type[Model], column: str) -> int:
    with target.cursor() as cursor:
        cursor.execute(f"SELECT {_SEQUENCE}::regclass::text", [_quoted(target, model), column])
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")  # noqa: S608 - as the server spells it
        return int(cursor.fetchone()[0])


@contextmanager
def _told_of(target: BaseDatabaseWrapper, model: type[Model]) -> Iterator[None]:
    """What can't be read or is refused while rows of this table are taken over, as `RowRefusedError`."""
    try:
        with target.wrap_database_errors:
            yield
    except OperationalError:
        raise
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise RowRefusedError(table=table_of(model), reason=reason) from error


def _copy(target: BaseDatabaseWrapper, model: type[Model], rows: Sequence[Sequence[Any]]) -> None:
    columns = ", ".join(target.ops.quote_name(str(each.column)) for each in _fields(model))
    sql = f"COPY {_quoted(target, model)} ({columns}) FROM STDIN"
    with target.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def _values(model: type[Model], target: BaseDatabaseWrapper) -> Iterator[list[Any]]:
    """The rows as the office has them, in the new database's types."""
    fields = _fields(model)
    rows = _rows(model).order_by("pk").values_list(*map(_said, fields))
    for row in rows.iterator(chunk_size=_READ):
        yield [
            each.get_db_prep_save(value, connection=target) if _is_plain(each) else value
            for each, value in zip(fields, row, strict=True)
        ]


def _said(field: "Field[Any, Any]") -> Any:  # noqa: ANN401 - a name or an expression
    return field.attname if _is_plain(field) else Cast(field.attname, TextField())


def _is_plain(field: "Field[Any, Any]") -> bool:
    """Django's own. What a library pickles may be other octets when pickled again: it is taken as it is."""
    return type(field).__module__.startswith("django.")


def _rows(model: type[Model]) -> Any:  # noqa: ANN401 - of whichever model
    return model._base_manager.using(SOURCE)  # noqa: SLF001 - Django's public way


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return list(model._meta.concrete_fields)  # noqa: SLF001 - Django's public way


def _named_by(model: type[Model]) -> set[Any]:
    return {each.related_model for each in _fields(model) if isinstance(each, ForeignKey)}


def _quoted(target: BaseDatabaseWrapper, model: type[Model]) -> str:
    return target.ops.quote_name(table_of(model))


def _constraints(target: BaseDatabaseWrapper, when: str) -> None:
    with target.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _some(rows: Iterable[One]) -> Iterator[list[One]]:
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
