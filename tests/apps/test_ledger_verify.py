"""With the triggers dropped, what somebody did by hand is named. Each way in, on both databases."""

import json
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from aigaq.core.canonical import encode
from aigaq.ledger import checks, selectors
from aigaq.ledger.services import MACHINE
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.merkle import leaf_hash

pytestmark = pytest.mark.django_db

ENTRIES = 9


@contextmanager
def triggers_dropped():
    """What whoever owns the database can do. It is undone with the test's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("ledger_ledgerentry", "ledger_checkpoint"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        yield cursor


@pytest.fixture
def written(ledger):
    for n in range(ENTRIES):
        with transaction.atomic():
            ledger.append("test.written", MACHINE, {"n": n, "who": "Ұлпан"})
    return ledger


def faults(ledger, since=()):
    report = checks.verify(VerifierKey.of(ledger.signer), since=since)
    return [(fault.kind.value, fault.seq) for fault in report.faults]


def the_row(cursor, seq):
    cursor.execute("SELECT entry, leaf_hash, kind, at FROM ledger_ledgerentry WHERE seq = %s", [seq])
    return cursor.fetchone()


def forged(cursor, original, **changes):
    """A well-formed entry in the place of another, and its digest."""
    entry = {**json.loads(the_row(cursor, original)[0]), **changes}
    octets = encode(entry)
    return octets.decode(), leaf_hash(octets).hex()


def test_untouched_it_is_sound(written):
    assert faults(written) == []


def test_an_empty_ledger_is_a_fault(ledger):
    assert faults(ledger) == [("log-empty", None)]


def test_a_changed_entry_is_named(written):
    with triggers_dropped() as cursor:
        entry, _ = forged(cursor, 4, body={"n": 4, "who": "somebody else"})
        cursor.execute("UPDATE ledger_ledgerentry SET entry = %s WHERE seq = 4", [entry])
    assert ("leaf-hash-mismatch", 4) in faults(written)


def test_a_changed_entry_with_its_digest_made_to_fit_is_named(written):
    with triggers_dropped() as cursor:
        entry, digest = forged(cursor, 4, body={"n": 4, "who": "somebody else"})
        cursor.execute(
            "UPDATE ledger_ledgerentry SET entry = %s, leaf_hash = %s WHERE seq = 4", [entry, digest]
        )
    assert ("checkpoint-root-mismatch", 4) in faults(written)


def test_a_deleted_entry_is_named(written):
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerentry WHERE seq = 3")
    assert ("seq-gap", 3) in faults(written)


def test_two_entries_that_changed_places_are_named(written):
    with triggers_dropped() as cursor:
        first, second = the_row(cursor, 2), the_row(cursor, 5)
        for seq, (entry, digest, *_) in ((2, second), (5, first)):
            cursor.execute(
                "UPDATE ledger_ledgerentry SET entry = %s, leaf_hash = %s WHERE seq = %s",
                [entry, digest, seq],
            )
    found = faults(written)
    assert ("entry-seq-mismatch", 2) in found
    assert ("entry-seq-mismatch", 5) in found


def test_two_entries_renumbered_to_change_places_are_named(written):
    with triggers_dropped() as cursor:
        for seq, other in ((2, 5), (5, 2)):
            entry, digest = forged(cursor, other, seq=seq)
            cursor.execute(
                "UPDATE ledger_ledgerentry SET entry = %s, leaf_hash = %s WHERE seq = %s",
                [entry, digest, seq],
            )
    assert ("checkpoint-root-mismatch", 2) in faults(written)


def test_an_appended_row_is_named(written):
    with triggers_dropped() as cursor:
        entry, digest = forged(cursor, ENTRIES - 1, seq=ENTRIES)
        cursor.execute(
            "INSERT INTO ledger_ledgerentry (seq, entry, leaf_hash, kind, at)"
            " SELECT %s, %s, %s, kind, at FROM ledger_ledgerentry WHERE seq = 0",
            [ENTRIES, entry, digest],
        )
    assert faults(written) == [("entry-not-covered", ENTRIES)]


def test_an_edited_digest_is_named(written):
    with triggers_dropped() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET leaf_hash = %s WHERE seq = 6", ["ab" * 32])
    assert faults(written) == [("leaf-hash-mismatch", 6)]


def test_a_digest_that_is_none_is_named(written):
    with triggers_dropped() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET leaf_hash = 'none' WHERE seq = 6")
    assert ("row-malformed", 6) in faults(written)


def test_a_deleted_tail_is_named_by_the_checkpoints_left(written):
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerentry WHERE seq = %s", [ENTRIES - 1])
    assert ("checkpoint-size-beyond-log", ENTRIES - 1) in faults(written)


def test_a_tail_deleted_with_its_checkpoint_is_named_by_a_checkpoint_kept_elsewhere(written):
    kept = selectors.newest_checkpoint()
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerentry WHERE seq = %s", [ENTRIES - 1])
        cursor.execute("DELETE FROM ledger_checkpoint WHERE size = %s", [ENTRIES])
    assert faults(written) == []
    assert faults(written, since=[kept]) == [("since-size-beyond-log", ENTRIES - 1)]


def test_history_rewritten_with_the_stolen_key_is_named_by_a_checkpoint_kept_elsewhere(written):
    kept = selectors.newest_checkpoint()
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerentry")
        cursor.execute("DELETE FROM ledger_checkpoint")
    for n in range(ENTRIES):
        with transaction.atomic():
            written.append("test.written", MACHINE, {"n": n, "who": "somebody else"})
    assert faults(written) == []
    assert faults(written, since=[kept]) == [("since-root-mismatch", None)]


def test_a_checkpoint_kept_elsewhere_still_holds_after_honest_work(written):
    kept = selectors.newest_checkpoint()
    with transaction.atomic():
        written.append("test.written", MACHINE, {})
    assert faults(written, since=[kept]) == []


def test_a_checkpoint_of_another_key_is_named(written):
    with triggers_dropped() as cursor:
        cursor.execute("SELECT note FROM ledger_checkpoint WHERE size = 5")
        (note,) = cursor.fetchone()
        head, _, signature = note.rpartition(" ")
        forged_note = f"{head} {signature[:8]}{'A' * (len(signature) - 11)}==\n"
        cursor.execute("UPDATE ledger_checkpoint SET note = %s WHERE size = 5", [forged_note])
    assert [kind for kind, _ in faults(written)] in (["checkpoint-signature"], ["checkpoint-malformed"])


@pytest.mark.parametrize("column", ["kind", "at"])
def test_a_row_filed_under_something_else_is_named(written, column):
    with triggers_dropped() as cursor:
        value = {"kind": "test.hidden", "at": "2020-01-01 00:00:00+00:00"}[column]
        cursor.execute(f"UPDATE ledger_ledgerentry SET {column} = %s WHERE seq = 7", [value])
    assert faults(written) == []
    assert [(found.seq, found.column) for found in checks.misfiled()] == [(7, column)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types itself")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_ledgerentry SET entry = CAST(x'ff00fe' AS TEXT) WHERE seq = 2",
        "UPDATE ledger_ledgerentry SET entry = 7 WHERE seq = 2",
        "UPDATE ledger_ledgerentry SET leaf_hash = x'00' WHERE seq = 2",
        "UPDATE ledger_checkpoint SET note = CAST(x'ff00fe' AS TEXT) WHERE size = 2",
        "UPDATE ledger_checkpoint SET note = 12 WHERE size = 2",
        "UPDATE ledger_ledgerentry SET at = 'yesterday' WHERE seq = 2",
    ],
)
def test_rubbish_that_sqlite_lets_in_is_named_and_stops_nothing(written, sql):
    with triggers_dropped() as cursor:
        cursor.execute(sql)
    assert faults(written) or list(checks.misfiled())
