"""Appending, and what keeps the tables as they were written."""

import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from aigaq.ledger import checks, selectors
from aigaq.ledger.errors import NoTransactionError
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE, Act
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.tlog.errors import MalformedEntryError


def append(ledger, *names):
    with transaction.atomic():
        return [ledger.append("test.written", MACHINE, {"name": name}) for name in names]


@pytest.mark.django_db
def test_entries_are_numbered_from_nought_and_the_newest_checkpoint_covers_them(ledger):
    append(ledger, "Әлия", "Бақыт", "Ғани")
    assert [json.loads(row.entry)["seq"] for row in LedgerEntry.objects.order_by("seq")] == [0, 1, 2]
    checkpoint = open_checkpoint(selectors.newest_checkpoint(), VerifierKey.of(ledger.signer))
    assert checkpoint.size == 3
    report = checks.verify(VerifierKey.of(ledger.signer))
    assert report.is_sound, report.faults
    assert report.root == checkpoint.root
    assert not list(checks.misfiled())


@pytest.mark.django_db
def test_acts_appended_together_cost_one_checkpoint(ledger):
    with transaction.atomic():
        rows = ledger.append_all([Act("test.written", MACHINE, {"n": n}) for n in range(1500)])
    assert [row.seq for row in rows] == list(range(1500))
    assert [c.size for c in Checkpoint.objects.all()] == [1500]
    append(ledger, "after")
    assert checks.verify(VerifierKey.of(ledger.signer)).is_sound


@pytest.mark.django_db
def test_appending_nothing_leaves_nothing(ledger):
    with transaction.atomic():
        assert ledger.append_all([]) == []
    assert selectors.newest_checkpoint() is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_appended(ledger):
    with pytest.raises(NoTransactionError):
        ledger.append("test.written", MACHINE, {})
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
def test_an_act_that_fails_takes_its_entry_with_it(ledger):
    append(ledger, "before")

    def fail():
        with transaction.atomic():
            ledger.append("test.written", MACHINE, {"name": "undone"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    append(ledger, "after")
    assert [json.loads(row.entry)["body"]["name"] for row in LedgerEntry.objects.order_by("seq")] == [
        "before",
        "after",
    ]
    assert checks.verify(VerifierKey.of(ledger.signer)).is_sound


@pytest.mark.django_db
def test_what_is_no_entry_is_refused(ledger):
    with pytest.raises(MalformedEntryError), transaction.atomic():
        ledger.append("No Kind", MACHINE, {})
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_ledgerentry", "ledger_checkpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {}={}", "DELETE FROM {}", "TRUNCATE {}", "REPLACE"])
def test_the_tables_take_no_change(ledger, table, verb):
    append(ledger, "first")
    column = {"ledger_ledgerentry": "kind", "ledger_checkpoint": "note"}[table]
    if verb == "REPLACE":
        if connection.vendor == "postgresql":
            pytest.skip("PostgreSQL has no REPLACE")
        sql = f"REPLACE INTO {table} SELECT * FROM {table}"
    elif verb.startswith("TRUNCATE") and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    else:
        sql = verb.format(table, column, column)
    with (
        pytest.raises(DatabaseError, match="insert-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert checks.verify(VerifierKey.of(ledger.signer)).is_sound


@pytest.mark.django_db
def test_an_upsert_takes_no_change_either(ledger):
    append(ledger, "first")
    sql = (
        "INSERT INTO ledger_ledgerentry (seq, entry, leaf_hash, kind, at)"
        " SELECT seq, 'x', leaf_hash, kind, at FROM ledger_ledgerentry WHERE true"
        " ON CONFLICT (seq) DO UPDATE SET entry = excluded.entry"
    )
    with (
        pytest.raises(DatabaseError, match="insert-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_two_threads_append_a_hundred_each_and_leave_no_hole(ledger):
    failures = []

    def work(name):
        try:
            for n in range(100):
                append(ledger, f"{name}{n}")
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "аә"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(200))
    bodies = [
        json.loads(entry)["body"]["name"]
        for entry in LedgerEntry.objects.order_by("seq").values_list("entry", flat=True)
    ]
    assert sorted(bodies) == sorted(f"{name}{n}" for name in "аә" for n in range(100))
    assert checks.verify(VerifierKey.of(ledger.signer)).is_sound
