"""What every test may ask for: a clock that stands, a ledger, and a database that can be emptied."""

import atexit
import itertools
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from aigaq import wiring
from aigaq.core.clock import FixedClock
from tests.support import databases
from tests.support.snapshots import Pristine

# A busy computer is slow at making examples, and that is no fault of the test.
hypothesis_settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any-speed")

# The tests start programs by the hundred, some in guests that can't write here. None is to compile all of Aigaq again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

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
        # In memory where there is room: every commit waits for its fsync, and no power goes here.
        folder = tempfile.mkdtemp(
            prefix="aigaq-tests-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None
        )
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"


@pytest.fixture(autouse=True)
def no_copy_of_an_earlier_ledger():
    """Each test has a ledger of its own: in the vault that they share there is the copy of none."""
    copy = settings.VAULT / "ledger"
    if copy.exists():
        shutil.rmtree(copy)
        shutil.rmtree(settings.VAULT / "keys", ignore_errors=True)
        wiring.forget_vault()


@pytest.fixture
def clock() -> FixedClock:
    """Friday 20 November 2026, nine in the morning in Kazakhstan."""
    return FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))


@pytest.fixture
def database_url() -> str:
    """For a test that starts programs of its own: "" for a SQLite file, or a fresh PostgreSQL database."""
    return databases.server.create(f"apart_{next(_names)}") if databases.server else ""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that commits, the database is put back as it was, insert-only tables too."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        pristine = Pristine()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: pristine.put_back())
        with django_db_blocker.block():
            yield
