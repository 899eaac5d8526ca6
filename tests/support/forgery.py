"""What whoever owns the database can do to a table: drop its guards, and write."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.db import connection, models, transaction


@contextmanager
def unguarded():
    """A cursor past all triggers and foreign keys. What is done with it is undone at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        transaction.set_rollback(True)


@contextmanager
def undone():
    """What is done in it is gone at the end: one try of many, the guards being down for all of them."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def triggers_dropped():
    """The same with no transaction of its own, for acts of ours in between. The test's own undoes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield cursor
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        with transaction.atomic():
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        yield cursor


def other_values(field, value):
    """What a forger might put in place of `value`: something that the column takes."""
    was_null = value is None
    target = field.target_field if field.is_relation else field
    kind = target.get_internal_type()
    if was_null:
        value = _SAMPLES.get(kind, "x")
    if kind in ("CharField", "TextField"):
        # As long as it was, so that it fits.
        other = (value[:-1] + ("x" if value[-1] != "x" else "y")) if value else "x"
    elif kind == "UUIDField":
        other = uuid4()
    elif kind == "DateTimeField":
        other = value + timedelta(microseconds=1)
    elif kind == "DateField":
        other = value + timedelta(days=1)
    elif kind == "FloatField":
        other = value + 1e-9
    elif kind == "BooleanField":
        other = not value
    elif kind == "JSONField":
        other = [*value, 0] if isinstance(value, list) else {**value, "forged": True}
    else:
        # Far enough that no neighbour has it.
        other = value + 100
    return [other, None] if field.null and not was_null else [other]


_SAMPLES = {
    "JSONField": {},
    "DateTimeField": datetime(2026, 11, 20, tzinfo=UTC),
    "DateField": date(2026, 11, 20),
    "FloatField": 1.0,
    "BigAutoField": 1,
    "BigIntegerField": 1,
    "PositiveBigIntegerField": 1,
    "PositiveIntegerField": 1,
}


def write(cursor, row: models.Model, field, value) -> None:
    table, pk = row._meta.db_table, row._meta.pk
    stored = field.get_db_prep_save(value, connection)
    key = pk.get_db_prep_value(row.pk, connection)
    cursor.execute(f'UPDATE {table} SET "{field.column}" = %s WHERE "{pk.column}" = %s', [stored, key])
    assert cursor.rowcount == 1


def delete(cursor, row: models.Model) -> None:
    pk = row._meta.pk
    key = pk.get_db_prep_value(row.pk, connection)
    cursor.execute(f'DELETE FROM {row._meta.db_table} WHERE "{pk.column}" = %s', [key])
    assert cursor.rowcount == 1


def make_ledger_unwritable() -> None:
    """From here on every entry fails, as on a full disk. The test's own transaction undoes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER full BEFORE INSERT ON ledger_ledgerentry BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION full_() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER full_ BEFORE INSERT ON ledger_ledgerentry FOR EACH ROW EXECUTE FUNCTION full_()"
            )
