"""What is asked of the database costs the same when it has a country's recordings: by its own plans."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.ingest.services import unload
from aigaq.retention.plans import survey
from tests.support.cards import fill, pipeline, takes
from tests.support.disposals import DUE, PROFILE, Keeper

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's planner knows no statistics")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's planner")


@pytest.fixture
def keeper(office, row, tmp_path):
    """Two recordings have come to their day."""
    line = pipeline(office, tmp_path / "vault")
    unload(line, fill(tmp_path / "card", takes(2)))
    keeper = Keeper(office, line.vault)
    keeper.waits()
    return keeper


def plans_of(work):
    """Of each query its text, and its plan as the database tells it."""
    with CaptureQueriesContext(connection) as asked:
        work()
    told = [each["sql"] for each in asked.captured_queries if each["sql"].startswith("SELECT")]
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (FORMAT JSON)"
    found = []
    with connection.cursor() as cursor:
        for sql in told:
            cursor.execute(f"{explain} {sql}")
            found.append((sql, json.dumps(cursor.fetchall())))
    assert found
    return found


@on_postgresql
def test_postgresql_sees_that_what_is_not_destroyed_is_nearly_all(office, keeper, tmp_path):
    """Of a left join whose end is null it guesses one in two hundred, and reads every recording for it."""

    def work():
        survey(office.division, DUE, PROFILE)
        unload(pipeline(office, tmp_path / "vault"), fill(tmp_path / "card", takes(3)))

    plans = [(sql, plan) for sql, plan in plans_of(work) if 'LEFT OUTER JOIN "retention_disposed"' in sql]
    assert [sql for sql, plan in plans if '"retention_disposed"."id" IS NULL' in sql] == []
    assert [sql for sql, plan in plans if "IS NULL" in sql and '"Anti"' not in plan] == []
    assert len([sql for sql, _plan in plans if "recordings_recordingfile" in sql]) > 0
