"""What the database has to know of its tables, so that it chooses the index which leads to a few rows.

PostgreSQL sees to that by itself (autovacuum). SQLite, told nothing, reads a table of millions through.
"""

from typing import Final

from django.db import connection

_ROWS: Final = 100_000
"""Of each index; from a thousand it draws wrong conclusions, and all of 40 GB are read for an hour."""


def weigh() -> None:
    """Table by table, so that whoever wants to write waits for one at most."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {_ROWS}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
