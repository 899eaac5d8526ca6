"""Which of two databases is the office's: what a move writes into either (`docs/operations/postgresql.md`).

The new one is barred from the moment it is there until the old one is closed for ever. Both marks are tables
of one row, in no migration: most databases have neither.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.moving.errors import MovedAwayError, UnfinishedMoveError

BAR: Final = "aigaq_moving"
CLOSED: Final = "aigaq_moved"
_REFUSAL: Final = "moved: this database is closed, the office goes on in another one"


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a table: the same in both databases."""

    rows: int
    digest: str
    """SHA-256 over its rows in the order of their keys, each as `proof.octets_of` has it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """In the new database: complete and proven, but the old one is not closed yet."""

    move: str
    """Names the move in both databases."""
    entries: int
    root: str
    tables: Mapping[str, Sum]


@dataclass(frozen=True, slots=True)
class Closed:
    """In the old one: where the office went."""

    move: str
    at: datetime
    target: str


def require_live(connection: BaseDatabaseWrapper) -> None:
    """Raises `MovedAwayError` or `UnfinishedMoveError`."""
    with connection.cursor() as cursor:
        found = _found(connection, cursor, CLOSED, BAR)
    if CLOSED in found and (closed := closing_of(connection)) is not None:
        raise MovedAwayError(path=connection.settings_dict["NAME"], at=closed.at, target=closed.target)
    if BAR in found:
        raise UnfinishedMoveError


def bar_of(connection: BaseDatabaseWrapper) -> Bar | None:
    with connection.cursor() as cursor:
        if not _found(connection, cursor, BAR):
            return None
        cursor.execute(f"SELECT move, entries, root, tables FROM {BAR}")  # noqa: S608 - no value in it
        move, entries, root, tables = cursor.fetchone()
        return Bar(move, entries, root, {name: Sum(**each) for name, each in json.loads(tables).items()})


def closing_of(connection: BaseDatabaseWrapper) -> Closed | None:
    with connection.cursor() as cursor:
        if not _found(connection, cursor, CLOSED):
            return None
        cursor.execute(f"SELECT move, at, target FROM {CLOSED}")  # noqa: S608 - no value in it
        move, at, target = cursor.fetchone()
        return Closed(move, parse_rfc3339(at), target)


def bar(connection: BaseDatabaseWrapper, bar: Bar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {BAR} (move text, entries bigint, root text, tables text)")
        cursor.execute(
            f"INSERT INTO {BAR} VALUES (%s, %s, %s, %s)",  # noqa: S608 - no value in it
            [bar.move, bar.entries, bar.root, json.dumps(spelt(bar.tables))],
        )


def lift(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {BAR}")


def close(connection: BaseDatabaseWrapper, closed: Closed) -> None:
    """From its commit on SQLite itself refuses every change, whoever still has the file open."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {CLOSED} (move text, at text, target text)")
        cursor.execute(
            f"INSERT INTO {CLOSED} VALUES (%s, %s, %s)",  # noqa: S608 - no value in it
            [closed.move, rfc3339(closed.at), closed.target],
        )
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (table,) in cursor.fetchall():
            for verb in ("INSERT", "UPDATE", "DELETE"):
                cursor.execute(
                    f'CREATE TRIGGER "{table}_closed_{verb.lower()}" BEFORE {verb} ON "{table}"'
                    f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )


def spelt(tables: Mapping[str, Sum]) -> dict[str, Json]:
    return {name: {"rows": each.rows, "digest": each.digest} for name, each in sorted(tables.items())}


def _found(connection: BaseDatabaseWrapper, cursor: CursorWrapper, *tables: str) -> set[str]:
    """Those of `tables` that are there, in one query."""
    if connection.vendor == "sqlite":
        places = ", ".join(["%s"] * len(tables))
        sql = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ({places})"  # noqa: S608 - no value in it
        cursor.execute(sql, tables)
    else:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL", [list(tables)]
        )
    return {name for (name,) in cursor.fetchall()}
