"""The files beside this one, put into a database that has no table yet."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

FOLDER: Final = Path(__file__).parent
APPLIED: Final = "applied.sql"
"""The migrations that the schema stands for, as Django records them."""
ANNOUNCED: Final = "announced.sql"
"""What Django's own apps enter when it announces that migrations have run."""
_LOCK: Final = 0x61696761715F7363
"""Of PostgreSQL, for two programs that start at once: ``aigaq_sc``."""


def load(connection: BaseDatabaseWrapper, *, announced: bool = True) -> bool:
    """Make every table, where there is none at all; whole or not at all. Says whether there was none.

    Without `announced` no table has a row but the one that records migrations.
    """
    if connection.introspection.table_names():
        return False
    names = [schema_file(connection), APPLIED, *([ANNOUNCED] if announced else [])]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # Now that nobody else makes them: of SQLite this transaction is the lock.
        if connection.introspection.table_names(cursor):
            return False
        for name in names:
            text = (FOLDER / name).read_text(encoding="utf-8")
            for part in _statements(text) if connection.vendor == "sqlite" else [text]:
                cursor.execute(part)
    return True


def pending(connection: BaseDatabaseWrapper) -> list[Migration]:
    """Migrations of this version that the database does not have, in the order in which they are to run."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _backwards in plan]


def schema_file(connection: BaseDatabaseWrapper) -> str:
    return f"{connection.vendor}.sql"


def _statements(text: str) -> Iterator[str]:
    """One after the other: SQLite takes no more at once within a transaction, and knows where each ends."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
