"""What is in a database besides an office, as text; of one made by the migrations, and of one made by the files."""

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

from aigaq.moving.engines import speaking_to
from aigaq.schema.loading import ANNOUNCED, APPLIED, FOLDER, load, schema_file
from aigaq.settings import database_of

HOW = "Run “.venv/bin/python tools/schema.py make”, look at what it changed, and commit that with the migration."
_ALIAS = "fresh"
_MIGRATIONS = "django_migrations"
_NOTE = "-- Made by tools/schema.py from the migrations; not to be edited by hand.\n\n"
_RECORDED = re.compile(r"^\('(\w+)', '(\w+)', CURRENT_TIMESTAMP\)", re.MULTILINE)
_OF_THE_SESSION = ("--", "SET ", "SELECT pg_catalog.set_config(", "\\")


@contextmanager
def opened(url: str, file: object = "") -> Iterator[BaseDatabaseWrapper]:
    """One more database of this process: on a server, or that file."""
    settings = database_of(url)
    handler = ConnectionHandler(
        {DEFAULT_DB_ALIAS: {}, _ALIAS: settings if url else {**settings, "NAME": file}}
    )
    connections[_ALIAS] = handler[_ALIAS]
    try:
        yield handler[_ALIAS]
    finally:
        del connections[_ALIAS]
        handler[_ALIAS].close()


def migrated(wrapper: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Filled by the migrations alone, each of them, as Django does it."""
    with speaking_to(wrapper):
        call_command(migrate.Command(), verbosity=0, interactive=False)
    return wrapper


def loaded(wrapper: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    was_empty = load(wrapper)
    assert was_empty
    return wrapper


def files_of(wrapper: BaseDatabaseWrapper) -> dict[str, str]:
    """What the files have to say, that this database was made by the migrations."""
    announced = [_insert(wrapper, name) for name in ("django_content_type", "auth_permission")]
    return {
        schema_file(wrapper): f"{_NOTE}{_schema(wrapper)}",
        APPLIED: _NOTE + _insert(wrapper, _MIGRATIONS),
        ANNOUNCED: _NOTE + "\n".join(announced),
    }


def everything(wrapper: BaseDatabaseWrapper) -> str:
    """Each object as the database spells it, each row of each table but for its time, the last number of each."""
    counted = (
        "SELECT name, seq FROM sqlite_sequence WHERE seq > 0 ORDER BY 1"
        if wrapper.vendor == "sqlite"
        else "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
    )
    told = [_schema(wrapper)]
    with wrapper.cursor() as cursor:
        for table in sorted(wrapper.introspection.table_names(cursor)):
            columns = "id, app, name" if table == _MIGRATIONS else "*"
            cursor.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1')
            told += [f"{table}: {row}" for row in cursor.fetchall()]
        cursor.execute(counted)
        told += [f"numbered: {row}" for row in cursor.fetchall()]
    return "\n".join(told)


def recorded() -> set[tuple[str, str]]:
    """The migrations that the files stand for."""
    return set(_RECORDED.findall((FOLDER / APPLIED).read_text(encoding="utf-8")))


def behind(files: set[tuple[str, str]] | None = None) -> str:
    """A sentence, where the migrations on the disk are others than those of the files."""
    files = recorded() if files is None else files
    others = files ^ set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    names = ", ".join(" ".join(each) for each in sorted(others))
    return (
        f"The files in src/aigaq/schema are of other migrations; the difference: {names}. {HOW}"
        if names
        else ""
    )


def differing(by_migrations: str, by_files: str) -> str:
    """A sentence and the lines, where the one is not the other."""
    if by_migrations == by_files:
        return ""
    ends = by_migrations.splitlines(), by_files.splitlines()
    lines = difflib.unified_diff(*ends, "by the migrations", "by the files", lineterm="", n=2)
    return "\n".join(
        [f"The files in src/aigaq/schema make another database than the migrations. {HOW}", *lines]
    )


def _schema(wrapper: BaseDatabaseWrapper) -> str:
    return _of_sqlite(wrapper) if wrapper.vendor == "sqlite" else _of_postgresql(wrapper.settings_dict)


def _of_sqlite(wrapper: BaseDatabaseWrapper) -> str:
    """In the order in which they were made: of two indexes as good as each other SQLite takes one by that."""
    with wrapper.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid"
        )
        return "".join(f"{sql};\n" for (sql,) in cursor.fetchall())


def _of_postgresql(settings: Mapping[str, object]) -> str:
    """By pg_dump, without what it says to its own session; in whichever schema of the server comes first."""
    place = {"PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"]}
    done = subprocess.run(
        [
            str(shutil.which("pg_dump")),
            "--schema-only",
            "--no-owner",
            "--no-privileges",
            str(settings["NAME"]),
        ],
        env={**os.environ, **{name: str(value) for name, value in place.items()}},
        capture_output=True,
        check=True,
    )
    kept = [
        each for each in done.stdout.decode().splitlines() if each and not each.startswith(_OF_THE_SESSION)
    ]
    return "\n".join(kept).replace("public.", "") + "\n"


def _insert(wrapper: BaseDatabaseWrapper, table: str) -> str:
    """All its rows. The database numbers them anew; they have the numbers that it gives: 1, 2, 3 …"""
    with wrapper.cursor() as cursor:
        names = sorted(
            (each.name for each in wrapper.introspection.get_table_description(cursor, table)),
            key=lambda name: (name == "applied", name),
        )
        asked = ", ".join(f'"{each}"' for each in names)
        cursor.execute(f'SELECT {asked} FROM "{table}" ORDER BY id')
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert [row.pop("id") for row in rows] == list(range(1, len(rows) + 1)), f"{table} is numbered otherwise"
    columns = ", ".join(f'"{each}"' for each in rows[0])
    values = ",\n".join(f"({', '.join(_spelt(*each) for each in row.items())})" for row in rows)
    return f'INSERT INTO "{table}" ({columns}) VALUES\n{values};\n'


def _spelt(column: str, value: object) -> str:
    if column == "applied":
        return "CURRENT_TIMESTAMP"
    return str(value) if isinstance(value, int) else "'{}'".format(str(value).replace("'", "''"))
