"""What every test may ask for: a clock that stands, a ledger, and a database that can be emptied."""

import itertools
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection

from aigaq.core.clock import FixedClock
from tests.support import databases

_names = itertools.count()

_NEEDS_A_DATABASE = {"db", "transactional_db", "live_server", "database_url"}


def pytest_collection_modifyitems(items):
    """Mark what touches a database, so that a second run can choose just that on the other engine."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _NEEDS_A_DATABASE:
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    if databases.ENGINE == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(settings.DATA / "test.sqlite3")


@pytest.fixture
def clock() -> FixedClock:
    """Friday 20 November 2026, nine in the morning in Kazakhstan."""
    return FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))


@pytest.fixture
def database_url() -> str:
    """For a test that starts programs of its own: "" for a SQLite file, or a fresh PostgreSQL database."""
    return databases.server.create(f"apart_{next(_names)}") if databases.server else ""


@pytest.fixture(scope="session", autouse=True)
def _insert_only_tables_can_be_emptied_after_a_test():
    """Django empties tables after a transactional test; for that alone the triggers stand aside.

    For the whole run, because the emptying comes after a test's own fixtures are gone.
    """
    flush = connection.ops.__class__.execute_sql_flush

    def without_triggers(operations, statements):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                flush(operations, ["SET session_replication_role = replica", *statements])
                cursor.execute("SET session_replication_role = DEFAULT")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(operations, statements)
            for _, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops.__class__, "execute_sql_flush", without_triggers)
        yield
