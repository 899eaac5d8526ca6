"""What each fault is called, what it shows, and how verification reads."""

from datetime import timedelta
from random import Random

import pytest

from aigaq.tlog.checkpoint import Checkpoint
from aigaq.tlog.faults import MESSAGES, FaultKind
from aigaq.tlog.merkle import EMPTY_ROOT, leaf_hash, root
from aigaq.tlog.rows import BATCH_ROWS
from aigaq.tlog.verify import Signatures, verify
from tests.support import logs

SIGNER = logs.signer()
KEY = SIGNER.verifier
THIEF = logs.signer(octet=9)
SOUND = logs.log(200, Random(1), SIGNER, largest_batch=30)
SEQUENCE = {FaultKind.SEQ_GAP, FaultKind.SEQ_DUPLICATE, FaultKind.ORDER}


def test_an_empty_ledger_is_a_fault_and_not_a_pass():
    assert logs.kinds(logs.Log().verify(KEY)) == {"log-empty"}
    only_claims = logs.Log([], [(0, Checkpoint(logs.NAME, 0, EMPTY_ROOT).signed(SIGNER))])
    assert logs.kinds(only_claims.verify(KEY)) == {"log-empty"}
    deleted = logs.Log([], SOUND.checkpoints)
    assert logs.kinds(deleted.verify(KEY)) == {"log-empty", "checkpoint-size-beyond-log"}


def test_entries_without_any_checkpoint_are_covered_by_nothing():
    report = logs.Log(SOUND.rows, []).verify(KEY)
    assert [(fault.kind, fault.seq, fault.evidence) for fault in report.faults] == [
        (FaultKind.ENTRY_NOT_COVERED, 0, {"first": 0, "last": 199})
    ]


def test_a_changed_entry_is_named_and_so_is_where_the_signed_history_ends():
    log = SOUND.copy()
    seq, octets, stored = log.rows[100]
    log.rows[100] = (seq, octets.replace(b"2026", b"2025"), stored)
    report = log.verify(KEY)
    before = max(size for size, _ in log.checkpoints if size <= 100)
    first = min(size for size, _ in log.checkpoints if size > 100)
    mismatch, wrong_root, uncovered = report.faults
    assert (mismatch.kind, mismatch.seq) == (FaultKind.LEAF_HASH_MISMATCH, 100)
    assert mismatch.evidence["stored"] == f"sha256:{stored.hex()}"
    assert mismatch.evidence["recomputed"] == f"sha256:{leaf_hash(log.rows[100][1]).hex()}"
    assert wrong_root.kind == FaultKind.CHECKPOINT_ROOT_MISMATCH
    assert wrong_root.seq == wrong_root.evidence["fits_before"] == before
    assert (wrong_root.evidence["size"], wrong_root.evidence["last_size"]) == (first, 200)
    assert wrong_root.evidence["checkpoints"] == sum(size > 100 for size, _ in log.checkpoints)
    assert wrong_root.evidence["note"] == dict(log.checkpoints)[first]
    assert uncovered.evidence == {"first": before, "last": 199}


def test_several_faults_are_all_listed():
    log = SOUND.copy()
    for place in (5, 50, 150):
        log.rows[place] = (log.rows[place][0], log.rows[place][1], bytes(32))
    log.rows[20] = (20, b"not an entry", leaf_hash(b"not an entry"))
    log.checkpoints[3] = (log.checkpoints[3][0], "no note")
    faults = log.verify(KEY).faults
    assert [fault.seq for fault in faults if fault.kind == FaultKind.LEAF_HASH_MISMATCH] == [5, 50, 150]
    assert [fault.seq for fault in faults if fault.kind == FaultKind.ENTRY_MALFORMED] == [20]
    assert {"checkpoint-malformed", "checkpoint-root-mismatch"} <= {str(fault.kind) for fault in faults}


def test_missing_entries_are_named_once():
    log = SOUND.copy()
    del log.rows[40:43]
    gaps = [fault for fault in log.verify(KEY).faults if fault.kind == FaultKind.SEQ_GAP]
    assert [fault.evidence for fault in gaps] == [{"first": 40, "last": 42}]
    assert gaps[0].sentence == "Entries 40 to 42 are missing."


def test_a_number_stored_twice_and_rows_out_of_order_are_told_apart():
    log = SOUND.copy()
    log.rows[7:7] = [log.rows[6]]
    log.rows[90], log.rows[91] = log.rows[91], log.rows[90]
    found = [(str(fault.kind), fault.seq) for fault in log.verify(KEY).faults]
    assert ("seq-duplicate", 6) in found
    assert ("order", 89) in found


def test_an_entry_that_says_another_number_than_its_row_is_named():
    log = logs.resigned([logs.entry(seq, Random(seq)).octets for seq in (0, 1, 5)], [3], SIGNER)
    fault = log.verify(KEY).faults[0]
    assert (fault.kind, fault.evidence) == (FaultKind.ENTRY_SEQ_MISMATCH, {"seq": 2, "stated": 5})


def test_a_malformed_entry_is_a_fault_even_if_it_was_signed():
    log = logs.resigned([logs.entry(0, Random(0)).octets, b"{}"], [2], SIGNER)
    assert logs.kinds(log.verify(KEY)) == {"entry-malformed"}


def test_a_clock_that_was_set_back_is_remarked_upon_and_is_no_fault():
    random = Random(3)
    ats = [logs.BEGINNING + timedelta(seconds=seq) for seq in range(2 * BATCH_ROWS + 10)]
    for place in (5, BATCH_ROWS):
        ats[place] -= timedelta(hours=1)
    entries = [logs.entry(seq, random, at).octets for seq, at in enumerate(ats)]
    report = logs.resigned(entries, [len(entries)], SIGNER).verify(KEY)
    assert report.is_sound
    assert [(remark.kind, remark.seq) for remark in report.remarks] == [
        (FaultKind.TIME_GOES_BACK, 5),
        (FaultKind.TIME_GOES_BACK, BATCH_ROWS),
    ]


def test_a_checkpoint_under_another_size_is_named():
    log = SOUND.copy()
    size, note = log.checkpoints[4]
    log.checkpoints[4] = (size + 1, note)
    [fault] = log.verify(KEY).faults
    assert (fault.kind, fault.evidence["size"]) == (FaultKind.CHECKPOINT_SIZE_MISMATCH, size)


def test_a_signed_checkpoint_whose_root_never_was_is_named_and_the_others_still_count():
    log = SOUND.copy()
    size = log.checkpoints[4][0]
    log.checkpoints[4] = (size, Checkpoint(logs.NAME, size, bytes(32)).signed(SIGNER))
    report = log.verify(KEY)
    [fault] = report.faults
    assert (fault.kind, fault.evidence["size"], fault.evidence["last_size"]) == (
        FaultKind.CHECKPOINT_ROOT_MISMATCH,
        size,
        size,
    )
    assert report.covered == 200


def test_with_only_the_newest_signature_a_forged_newest_checkpoint_covers_nothing():
    log = SOUND.copy()
    log.checkpoints[-1] = (200, logs.checkpoint(log.rows, THIEF))
    report = log.verify(KEY, signatures=Signatures.NEWEST)
    assert logs.kinds(report) == {"checkpoint-signature", "entry-not-covered"}
    assert report.covered == 0


def test_an_unsigned_older_checkpoint_is_found_only_where_every_signature_is_verified():
    log = SOUND.copy()
    size = log.checkpoints[2][0]
    log.checkpoints[2] = (size, logs.checkpoint(log.rows[:size], THIEF))
    assert logs.kinds(log.verify(KEY)) == {"checkpoint-signature"}
    assert log.verify(KEY, signatures=Signatures.NEWEST).is_sound


def test_with_only_the_newest_signature_a_newest_checkpoint_that_does_not_fit_covers_nothing():
    log = SOUND.copy()
    log.checkpoints[-1] = (200, Checkpoint(logs.NAME, 200, bytes(32)).signed(SIGNER))
    report = log.verify(KEY, signatures=Signatures.NEWEST)
    assert logs.kinds(report) == {"checkpoint-root-mismatch", "entry-not-covered"}
    assert report.covered == 0


@pytest.mark.parametrize("signatures", list(Signatures))
def test_a_stored_checkpoint_of_another_log_signed_by_the_same_key_is_no_checkpoint_of_this_one(signatures):
    log = SOUND.copy()
    size = log.checkpoints[-1][0]
    true_root = root(row[2] for row in log.rows)
    log.checkpoints[-1] = (size, Checkpoint("elsewhere", size, true_root).signed(SIGNER))
    assert {"checkpoint-malformed", "entry-not-covered"} <= logs.kinds(log.verify(KEY, signatures=signatures))


def test_rows_out_of_order_are_named_once_though_a_batch_ends_among_them():
    log = logs.log(BATCH_ROWS + 50, Random(4), SIGNER, 300)
    log.rows.insert(BATCH_ROWS - 1, log.rows.pop(5))
    found = [(fault.kind, fault.seq) for fault in log.verify(KEY).faults if fault.kind in SEQUENCE]
    assert found == [(FaultKind.SEQ_GAP, 5), (FaultKind.ORDER, 5)]


def test_a_row_without_a_number_is_one_damaged_row_and_no_gap():
    log = SOUND.copy()
    log.rows[9] = (None, *log.rows[9][1:])
    faults = log.verify(KEY).faults
    assert (faults[0].kind, faults[0].evidence["position"]) == (FaultKind.ROW_MALFORMED, 9)
    assert not SEQUENCE & {fault.kind for fault in faults}


def test_beyond_the_limit_faults_are_counted_and_the_ledger_is_not_sound():
    log = logs.Log([(seq, b"x", b"") for seq in range(500)], [])
    report = log.verify(KEY, limit=10)
    assert (len(report.faults), report.unlisted) == (10, 991)
    assert not report.is_sound
    report = log.verify(KEY, limit=0)
    assert (report.faults, report.unlisted) == ([], 1001)
    assert not report.is_sound


def test_a_planted_giant_is_not_kept_as_evidence():
    log = SOUND.copy()
    log.checkpoints[0] = (log.checkpoints[0][0], "x" * 5_000_000)
    [fault] = log.verify(KEY).faults
    assert len(fault.evidence["note"]) < 10_000


def test_octets_as_some_database_drivers_give_them_are_read():
    rows = [(seq, memoryview(octets), memoryview(stored)) for seq, octets, stored in SOUND.rows]
    assert verify(rows, SOUND.checkpoints, KEY).is_sound


def test_several_processes_find_what_one_finds():
    random = Random(8)
    size = 5 * BATCH_ROWS + 3
    log = logs.log(size, random, SIGNER, 300)
    alone, together = log.verify(KEY), log.verify(KEY, processes=2)
    assert alone.is_sound
    assert alone == together
    for place in (3, BATCH_ROWS, 3 * BATCH_ROWS - 1, size - 1):
        log.rows[place] = (place, log.rows[place][1], bytes(32))
    del log.rows[2 * BATCH_ROWS - 1 : 2 * BATCH_ROWS + 1]
    alone, together = log.verify(KEY), log.verify(KEY, processes=2)
    assert alone == together
    assert {"leaf-hash-mismatch", "seq-gap"} <= logs.kinds(alone)


def test_progress_is_told():
    told = []
    SOUND.verify(KEY, on_progress=told.append)
    assert told == [200]


def test_rows_and_checkpoints_are_read_as_streams():
    """Never more than one batch of rows ahead: a ledger of any length is verified in flat memory."""
    ahead = []

    def rows():
        for row in log.rows:
            ahead.append(row[0] - len(done) * BATCH_ROWS)
            yield row

    log, done = logs.log(4 * BATCH_ROWS, Random(2), SIGNER, 100), []
    report = verify(rows(), iter(log.checkpoints), KEY, on_progress=done.append)
    assert report.is_sound
    assert max(ahead) == BATCH_ROWS - 1


def test_every_kind_has_a_sentence():
    assert set(MESSAGES) == set(FaultKind)
