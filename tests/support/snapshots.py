"""Rows put back as they were: the database after a test that commits, and an office that was built once.

Both save time, and nothing else: what is put back is what migrations and services wrote.
"""

import pickle
import sqlite3
from collections.abc import Callable, Hashable
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection, transaction

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
    """What `build` makes of an empty database: built the first time, and later put back, row by row.

    What it returns is pickled in between, so each test has objects of its own.
    """
    names = _tables()
    if _filled(names):
        return build()
    if key in _built:
        statements, pickled = _built[key]
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return pickle.loads(pickled)
    value = build()
    _built[key] = _inserting(_filled(names)), pickle.dumps(value)
    return value


def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names()) - _MIGRATED)


def _filled(names: list[str]) -> list[str]:
    """Those that have a row."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _inserting(names: list[str]) -> list[str]:
    """Statements that write all rows of these tables anew, each value spelt by the database itself."""
    is_sqlite = connection.vendor == "sqlite"
    statements = []
    with connection.cursor() as cursor:
        for name in names:
            columns = [each.name for each in connection.introspection.get_table_description(cursor, name)]
            spelt = [
                f'quote("{each}")' if is_sqlite else f'quote_nullable("{each}"::text)' for each in columns
            ]
            cursor.execute(f"SELECT {', '.join(spelt)} FROM {name}")
            rows = ", ".join(f"({', '.join(row)})" for row in cursor.fetchall())
            listed = ", ".join(f'"{each}"' for each in columns)
            statements.append(f"INSERT INTO {name} ({listed}) VALUES {rows}")
    models = connection.introspection.installed_models(names)
    return [*statements, *connection.ops.sequence_reset_sql(no_style(), list(models))]
