"""Rows put back as they were: the database after a test that commits, and an office that was built once.

Both save time, and nothing else: what is put back is what migrations and services wrote.
"""

import pickle
import sqlite3
from collections.abc import Callable, Hashable
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection, transaction

from aigaq.ledger.models import LedgerEntry

Value = TypeVar("Value")

_MIGRATED = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""What migrations fill."""


class Pristine:
    """The test's database as the migrations left it; made once, before the first test."""

    def __init__(self) -> None:
        self._copy: sqlite3.Connection | None = None
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self._copy = sqlite3.connect(":memory:")
            connection.connection.backup(self._copy)

    def put_back(self) -> None:
        """Undo what was committed; the triggers that keep rows from being deleted stand aside for it."""
        connection.ensure_connection()
        if self._copy is not None:
            self._copy.backup(connection.connection)
        elif names := _filled(_tables()):
            deleting = [f"DELETE FROM {name}" for name in names]
            with connection.cursor() as cursor:
                cursor.execute(
                    ";".join(["BEGIN", "SET LOCAL session_replication_role = replica", *deleting, "COMMIT"])
                )


_built: dict[Hashable, tuple[list[str], bytes]] = {}


def once(key: Hashable, build: Callable[[], Value]) -> Value:
    """What `build` makes of the database as it stands: built the first time, and later put back, row by row.

    `key` says all that it depends on but for how far the ledger has come. What it returns is pickled in between,
    so each test has objects of its own.
    """
    key = (key, LedgerEntry.objects.count())
    if key in _built:
        statements, pickled = _built[key]
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return pickle.loads(pickled)
    before = _rows()
    value = build()
    _built[key] = _leading(before, _rows()), pickle.dumps(value)
    return value


def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names()) - _MIGRATED)


def _filled(names: list[str]) -> list[str]:
    """Those that have a row."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _rows() -> dict[str, list[str]]:
    """Of each table with rows all of them, as the database itself spells them in a statement."""
    is_sqlite = connection.vendor == "sqlite"
    rows = {}
    with connection.cursor() as cursor:
        for name in _filled(_tables()):
            columns = [each.name for each in connection.introspection.get_table_description(cursor, name)]
            spelt = [
                f'quote("{each}")' if is_sqlite else f'quote_nullable("{each}"::text)' for each in columns
            ]
            cursor.execute(f"SELECT {', '.join(spelt)} FROM {name}")
            into = (
                f"{name} ({', '.join(columns)})".replace("(", '("').replace(", ", '", "').replace(")", '")')
            )
            rows[into] = [f"({', '.join(row)})" for row in cursor.fetchall()]
    return rows


def _leading(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Statements that lead from the one to the other. What is insert-only was not changed, so it is not deleted."""
    statements, touched = [], []
    for into, rows in after.items():
        earlier, name = set(before.get(into, ())), into.partition(" ")[0]
        if earlier - set(rows):
            statements.append(f"DELETE FROM {name}")
            earlier = set()
        if added := [row for row in rows if row not in earlier]:
            statements.append(f"INSERT INTO {into} VALUES {', '.join(added)}")
            touched.append(name)
    models = connection.introspection.installed_models(touched)
    return [*statements, *connection.ops.sequence_reset_sql(no_style(), list(models))]
