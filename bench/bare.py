"""Filling tables of a throw-away PostgreSQL without their indexes, which are built anew afterwards.

Ten million rows go in ten times as fast so. What was there stands there again at the end: every index, and
every constraint, of which foreign keys are not asked of the rows that were put in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model


@contextmanager
def bare(models: Sequence[type[Model]]) -> Iterator[None]:
    """Within, their tables are heaps of rows, and no trigger fires."""
    tables = [each._meta.db_table for each in models]  # noqa: SLF001 - Django's public way
    links = _constraints(tables, "f", "conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[])")
    keys = _constraints(tables, "pu", "conrelid = ANY(%s::regclass[]) AND conrelid = ANY(%s::regclass[])")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _all(cursor, [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _told in links + keys])
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[])",
            [tables],
        )
        indexes = cursor.fetchall()
        _all(cursor, [f"DROP INDEX {name}" for name, _told in indexes])
        yield
        _all(cursor, [f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}" for table, name, told in keys])
        _all(cursor, [told for _name, told in indexes])
        _all(cursor, [f"ALTER TABLE {t} ADD CONSTRAINT {name} {told} NOT VALID" for t, name, told in links])
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def _constraints(tables: Sequence[str], kinds: str, where: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname),"  # noqa: S608 - of our own
            " replace(pg_get_constraintdef(oid), ' NOT VALID', '') FROM pg_constraint"
            f' WHERE contype = ANY(%s::"char"[]) AND ({where})',
            [list(kinds), tables, tables],
        )
        return cursor.fetchall()


def _all(cursor: object, statements: Sequence[str]) -> None:
    for each in statements:
        cursor.execute(each)
