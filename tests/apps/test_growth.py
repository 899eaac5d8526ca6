"""What is asked of the database costs the same when it has a country's recordings: by its own plans."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.ingest import space
from aigaq.ingest.selectors import is_unloading
from aigaq.ingest.services import unload
from aigaq.ingest.whose import _with_digits_of
from aigaq.registry.models import Recorder
from aigaq.retention.models import RetentionTerm
from aigaq.retention.plans import coming, survey
from tests.support.cards import fill, pipeline, takes
from tests.support.disposals import DUE, PROFILE, Keeper
from tests.support.duty import spare_of

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
        unload(pipeline(office, tmp_path / "another"), fill(tmp_path / "card", takes(3)))

    plans = [(sql, plan) for sql, plan in plans_of(work) if 'LEFT OUTER JOIN "retention_disposed"' in sql]
    assert [sql for sql, plan in plans if '"retention_disposed"."id" IS NULL' in sql] == []
    assert [sql for sql, plan in plans if "IS NULL" in sql and '"Anti"' not in plan] == []
    assert len([sql for sql, _plan in plans if "recordings_recordingfile" in sql]) > 0


@on_postgresql
def test_digests_have_no_second_index_for_patterns():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%varchar_pattern_ops%'"
            " AND tablename IN ('recordings_blob', 'recordings_recordingfile')"
        )
        found = [told for (told,) in cursor.fetchall()]
    assert [each for each in found if "digest" in each or "source_key" in each] == []


@on_sqlite
def test_how_much_came_day_by_day_is_read_off_an_index(office, keeper):
    ((_sql, plan),) = plans_of(lambda: space.intake(office.clock.now()))
    assert "USING COVERING INDEX blobs_by_intake" in plan


@on_sqlite
def test_what_is_unloading_is_found_without_looking_at_all_that_ever_was(office, keeper):
    ((_sql, plan),) = plans_of(lambda: is_unloading(office.clock.now()))
    assert "INDEX unloads_running" in plan


def test_a_year_of_keeping_is_told_by_one_query(office, keeper, django_assert_num_queries):
    with django_assert_num_queries(1):
        months = coming(office.division, DUE)
    assert len(months) == 12
    assert months[0][1] == 2
    assert sum(number for _month, number in months) == 2


def test_what_comes_to_its_day_is_told_by_its_longest_term(office, keeper):
    last = RetentionTerm.objects.order_by("pk").last()
    last.pk, last.number, last.kept_until = None, 2, last.kept_until.replace(year=2030, month=3)
    last.save(force_insert=True)
    found = survey(office.division, DUE, PROFILE)
    assert (found.due_total, found.kept_total) == (1, 1)
    months = {str(month): number for month, number in coming(office.division, DUE)}
    assert (months["2029-11-01"], months["2030-03-01"]) == (1, 1)


def test_of_many_recorders_only_those_with_the_digits_of_a_name_are_looked_at(office):
    for number in ("0002", "0003", "0014"):
        spare_of(office, number)
    Recorder.objects.filter(inventory_number="БТ-0003").update(serial_number="SN 14/77")
    assert set(_with_digits_of({"бт-0002"}).values_list("inventory_number", flat=True)) == {"БТ-0002"}
    assert set(_with_digits_of({"sn-14-77"}).values_list("inventory_number", flat=True)) >= {"БТ-0003"}
    assert _with_digits_of({"бт"}).count() == Recorder.objects.count()
