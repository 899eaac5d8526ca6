"""Which tables the database has to keep from being changed, and whether it does."""

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from aigaq.ledger.insert_only import InsertOnly

_SQLITE = "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name"
_POSTGRESQL = (
    "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled = 'O' GROUP BY relname"
)


def insert_only_tables() -> set[str]:
    """By the migrations: what these said, no later one takes back."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {
        apps.get_model(app, operation.model)._meta.db_table  # noqa: SLF001 - Django's public way
        for (app, _name), migration in loader.disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, InsertOnly)
    }


def unguarded() -> list[str]:
    """Insert-only tables that lack a trigger which forbids change, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
        held = dict(cursor.fetchall())
    return [table for table in sorted(insert_only_tables()) if held.get(table, 0) < InsertOnly.TRIGGERS]
