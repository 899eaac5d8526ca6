"""The database as one file, while the office works."""

import sqlite3
from contextlib import closing
from functools import partial

import pytest
from django.db import connection

from aigaq.recovery import dumps
from tests.support import databases

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(databases.ENGINE != "sqlite", reason="PostgreSQL has a program of its own for it"),
]

MIB = 1 << 20


def test_a_large_database_is_copied_though_others_never_stop_writing(tmp_path, monkeypatch):
    path = tmp_path / "large.sqlite3"
    with closing(sqlite3.connect(path)) as large:
        large.execute("PRAGMA journal_mode=WAL")
        large.execute("CREATE TABLE ballast (octets BLOB)")
        large.executemany("INSERT INTO ballast VALUES (zeroblob(?))", [(MIB,)] * 30)
        large.execute("CREATE TABLE beats (number INTEGER)")
        large.execute("INSERT INTO beats VALUES (0)")
        large.commit()
    other = sqlite3.connect(path, isolation_level=None)

    class Busy(sqlite3.Connection):
        """Somebody writes whenever a stretch of it was copied."""

        def backup(self, target, **how):
            steps = iter(range(50))

            def writes(*_):
                assert next(steps, None) is not None, "it is begun anew with each write"
                other.execute("UPDATE beats SET number = number + 1")

            super().backup(target, progress=writes, **how)

    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Busy))
    with closing(other):
        dumps.dump(tmp_path / "dumped")
    with closing(sqlite3.connect(tmp_path / "dumped")) as dumped:
        assert dumped.execute("SELECT count(*), sum(length(octets)) FROM ballast").fetchone() == (
            30,
            30 * MIB,
        )
