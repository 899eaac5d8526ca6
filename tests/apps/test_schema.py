"""A new database is made by the files in `aigaq.schema`: the same that the migrations make, in one go."""

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command

import aigaq
from aigaq.moving.engines import speaking_to
from aigaq.schema.loading import load, pending
from tests.support import databases, schema
from tests.support.command import Shell

pytestmark = pytest.mark.database

_names = itertools.count()
KILLED = 9
KILL_HALF_WAY = """
import os
from django.db.backends.utils import CursorWrapper
real = CursorWrapper.execute
def execute(self, sql, params=None):
    if "INSERT INTO \\"django_migrations\\"" in sql:
        os._exit(9)
    return real(self, sql, params)
CursorWrapper.execute = execute
import django
from django.core.management import call_command
django.setup()
call_command("migrate", interactive=False)
"""
LATER = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("tallies", "0001_tallies")]
    operations = [migrations.RunSQL("CREATE TABLE later (id integer)")]
"""


class CutOffError(Exception):
    """The power went."""


@pytest.fixture
def place(tmp_path):
    """Where a database may be that is not there yet: what `schema.opened` takes."""
    return lambda: (
        databases.server.create(f"schema_{next(_names)}") if databases.server else "",
        tmp_path / f"{next(_names)}.sqlite3",
    )


@pytest.fixture
def empty(place, django_db_blocker):
    """One more database without a table."""
    with django_db_blocker.unblock(), schema.opened(*place()) as wrapper:
        yield wrapper


def tables_of(wrapper):
    return set(wrapper.introspection.table_names())


def execute(wrapper, *statements):
    with wrapper.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def number_of(wrapper, table):
    with wrapper.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def migrate(wrapper):
    with speaking_to(wrapper):
        call_command("migrate", verbosity=0, interactive=False)


def test_the_files_make_what_the_migrations_make(place, django_db_blocker):
    assert not schema.behind(), schema.behind()
    with django_db_blocker.unblock():
        with schema.opened(*place()) as wrapper:
            by_migrations = schema.everything(schema.migrated(wrapper))
        with schema.opened(*place()) as wrapper:
            by_files = schema.everything(schema.loaded(wrapper))
    told = schema.differing(by_migrations, by_files)
    assert not told, told


def test_whoever_forgot_to_make_them_is_told_what_to_run():
    told = schema.behind(schema.recorded() - {("tallies", "0001_tallies")} | {("tallies", "0002_gone")})
    assert "the difference: tallies 0001_tallies, tallies 0002_gone." in told
    assert "Run “.venv/bin/python tools/schema.py make”" in told
    assert "\n" not in told


def test_the_least_difference_is_found(empty):
    before = schema.everything(schema.loaded(empty))
    is_sqlite = empty.vendor == "sqlite"
    trigger = (
        "ledger_ledgerentry_no_update" if is_sqlite else "ledger_ledgerentry_no_change ON ledger_ledgerentry"
    )
    changes = {
        f"DROP TRIGGER {trigger}": "ledger_ledgerentry_no_",
        "DROP INDEX looks_at_a_duty": "looks_at_a_duty",
        "UPDATE auth_permission SET name = 'Can do' WHERE id = 1": "Can do",
        "DELETE FROM django_migrations WHERE app = 'tallies'": "tallies",
        "INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b'); "
        "DELETE FROM django_content_type WHERE model = 'b'": "numbered: ('django_content_type",
        "ALTER TABLE tallies_tally ADD COLUMN more integer": "more",
    }
    for statement, named in changes.items():
        execute(empty, *statement.split("; "))
        after = schema.everything(empty)
        told = schema.differing(before, after)
        assert "make another database than the migrations" in told
        assert any(named in line for line in told.splitlines()[3:] if line[0] in "+-"), (statement, told)
        before = after


def test_a_migration_newer_than_the_files_runs_after_them(empty, tmp_path, monkeypatch, settings):
    folder = tmp_path / "newer_tallies"
    folder.mkdir()
    first = (Path(aigaq.__file__).parent / "tallies" / "migrations" / "0001_tallies.py").read_text(
        encoding="utf-8"
    )
    for name, text in {"__init__": "", "0001_tallies": first, "0002_later": LATER}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"tallies": "newer_tallies"}
    try:
        migrate(empty)
        assert not pending(empty)
    finally:
        for name in [name for name in sys.modules if name.startswith("newer_tallies")]:
            del sys.modules[name]
    assert {"later", "ledger_ledgerentry"} <= tables_of(empty)


def test_cut_off_in_the_middle_nothing_is_there_and_the_next_run_makes_it_whole(empty):
    def cut_off(run, sql, params, many, context):
        if 'INSERT INTO "django_migrations"' in sql:
            raise CutOffError
        return run(sql, params, many, context)

    with empty.execute_wrapper(cut_off), pytest.raises(CutOffError):
        load(empty)
    assert not tables_of(empty)
    assert load(empty)
    assert not pending(empty)


def test_a_program_killed_in_the_middle_can_be_started_again(tmp_path, database_url, django_db_blocker):
    shell = Shell(tmp_path, database_url)
    killed = shell.run(program=("-c", KILL_HALF_WAY))
    assert killed.status == KILLED, killed.err
    with django_db_blocker.unblock(), schema.opened(database_url, tmp_path / "aigaq.sqlite3") as wrapper:
        assert not tables_of(wrapper)
        migrate(wrapper)
        assert not pending(wrapper)


def test_of_two_that_start_at_once_one_makes_it_and_the_other_waits(place, django_db_blocker):
    where, together = place(), Barrier(2)

    def start(_number):
        with schema.opened(*where) as wrapper:
            wrapper.ensure_connection()
            together.wait()
            return load(wrapper), bool(pending(wrapper))

    with django_db_blocker.unblock(), ThreadPoolExecutor(2) as both:
        assert sorted(both.map(start, range(2))) == [(False, False), (True, False)]


def test_a_database_with_a_table_of_whomever_is_left_to_the_migrations(empty):
    execute(empty, "CREATE TABLE theirs (id integer)")
    assert not load(empty)
    assert tables_of(empty) == {"theirs"}


def test_for_rows_that_come_from_elsewhere_every_table_is_empty(empty):
    assert load(empty, announced=False)
    filled = {name for name in tables_of(empty) if number_of(empty, name)}
    assert filled == {"django_migrations"}


def test_what_an_earlier_run_did_not_come_to_announce_is_announced_by_the_next(empty):
    schema.loaded(empty)
    permissions = number_of(empty, "auth_permission")
    execute(empty, "DELETE FROM auth_permission")
    migrate(empty)
    assert number_of(empty, "auth_permission") == permissions
