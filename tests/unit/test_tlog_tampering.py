"""Whoever has the database but not the key is found out; whoever has both, by an older note."""

from functools import cache
from random import Random

import pytest

from aigaq.tlog.checkpoint import Checkpoint
from aigaq.tlog.faults import FaultKind
from aigaq.tlog.merkle import EMPTY_ROOT, leaf_hash, root
from aigaq.tlog.verify import Signatures
from tests.support import amount, logs

SIGNER = logs.signer()
KEY = SIGNER.verifier
THIEF = logs.signer(octet=9)
SOUND = logs.log(200, Random(1), SIGNER, largest_batch=30)
RUNS = amount.times(300, 60)


def recomputed(row, **changes):
    """The row with other octets, and the digest beside them made to agree."""
    octets = changes.get("octets", row[1])
    return (changes.get("seq", row[0]), octets, leaf_hash(octets))


def other_entry(seq, random):
    return _other_entry(seq, random.randrange(4))


@cache
def _other_entry(seq, variant):
    return logs.entry(seq, Random(f"{seq} {variant}")).octets


# What somebody does who can write to the database and has no key.


def change_an_octet(log, random):
    place = random.randrange(len(log.rows))
    seq, octets, stored = log.rows[place]
    at = random.randrange(len(octets))
    changed = octets[:at] + bytes([octets[at] ^ 1 << random.randrange(8)]) + octets[at + 1 :]
    log.rows[place] = (seq, changed, random.choice((stored, leaf_hash(changed))))


def put_another_entry_in_its_place(log, random):
    place = random.randrange(len(log.rows))
    log.rows[place] = recomputed(log.rows[place], octets=other_entry(place, random))


def change_the_stored_digest(log, random):
    place = random.randrange(len(log.rows))
    seq, octets, _ = log.rows[place]
    log.rows[place] = (seq, octets, random.randbytes(32))


def delete_a_row(log, random):
    del log.rows[random.randrange(len(log.rows))]


def delete_a_row_and_close_the_gap(log, random):
    delete_a_row(log, random)
    log.rows = [recomputed(row, seq=place) for place, row in enumerate(log.rows)]


def delete_a_row_and_number_the_entries_anew(log, random):
    place = random.randrange(len(log.rows))
    kept = [row[1] for row in log.rows[:place] + log.rows[place + 1 :]]
    again = [octets if seq < place else other_entry(seq, random) for seq, octets in enumerate(kept)]
    log.rows = [(seq, octets, leaf_hash(octets)) for seq, octets in enumerate(again)]


def swap_two_rows(log, random):
    one, other = random.sample(range(len(log.rows)), 2)
    log.rows[one], log.rows[other] = log.rows[other], log.rows[one]


def swap_what_two_rows_hold(log, random):
    one, other = random.sample(range(len(log.rows)), 2)
    first, second = log.rows[one], log.rows[other]
    log.rows[one], log.rows[other] = recomputed(first, octets=second[1]), recomputed(second, octets=first[1])


def store_a_row_twice(log, random):
    place = random.randrange(len(log.rows))
    log.rows.insert(random.choice((place, len(log.rows))), log.rows[place])


def change_a_number(log, random):
    place = random.randrange(len(log.rows))
    number = random.choice([place - 1, place + 1, -1, 2**40, -(2**63)])
    log.rows[place] = recomputed(log.rows[place], seq=number)


def append_without_a_checkpoint(log, random):
    for seq in range(len(log.rows), len(log.rows) + random.randint(1, 5)):
        log.rows.append(recomputed((seq, b"", b""), octets=other_entry(seq, random)))


def append_with_a_checkpoint_of_ones_own(log, random):
    append_without_a_checkpoint(log, random)
    log.checkpoints.append(
        (len(log.rows), logs.checkpoint(log.rows, random.choice((THIEF, logs.signer("x", 9)))))
    )


def append_with_a_borrowed_signature(log, random):
    append_without_a_checkpoint(log, random)
    own = logs.checkpoint(log.rows, THIEF).partition("\n\n")[0]
    borrowed = random.choice(log.checkpoints)[1].partition("\n\n")[2]
    log.checkpoints.append((len(log.rows), f"{own}\n\n{borrowed}"))


def delete_the_newest_checkpoints(log, random):
    del log.checkpoints[-random.randint(1, len(log.checkpoints)) :]


def delete_the_last_rows(log, random):
    del log.rows[-random.randint(1, len(log.rows)) :]


def spoil_a_checkpoint(log, random):
    place = random.randrange(len(log.checkpoints))
    size, note = log.checkpoints[place]
    at = random.randrange(len(note))
    log.checkpoints[place] = (
        size,
        note[:at] + chr(ord(note[at]) ^ 1 << random.randrange(7)) + note[at + 1 :],
    )


def put_an_older_checkpoint_in_its_place(log, random):
    place = random.randrange(1, len(log.checkpoints))
    size, _ = log.checkpoints[place]
    log.checkpoints[place] = (size, log.checkpoints[random.randrange(place)][1])


def swap_two_checkpoints(log, random):
    one, other = random.sample(range(len(log.checkpoints)), 2)
    log.checkpoints[one], log.checkpoints[other] = log.checkpoints[other], log.checkpoints[one]


def sign_everything_anew_with_another_key(log, random):
    put_another_entry_in_its_place(log, random)
    log.checkpoints = [(size, logs.checkpoint(log.rows[:size], THIEF)) for size, _ in log.checkpoints]


def put_the_wrong_type(log, random):
    place, column = random.randrange(len(log.rows)), random.randrange(3)
    row = list(log.rows[place])
    row[column] = random.choice([None, "text", 1.5, True, [], -1 if column else b"x"])
    log.rows[place] = tuple(row)


def put_the_wrong_type_into_a_checkpoint(log, random):
    place = random.randrange(len(log.checkpoints))
    size, note = log.checkpoints[place]
    log.checkpoints[place] = random.choice(
        [
            (None, note),
            (str(size), note),
            (float(size), note),
            (size, None),
            (size, b"x"),
            (size, note.encode()),
        ]
    )


TAMPERINGS = [
    change_an_octet,
    put_another_entry_in_its_place,
    change_the_stored_digest,
    delete_a_row,
    delete_a_row_and_close_the_gap,
    delete_a_row_and_number_the_entries_anew,
    swap_two_rows,
    swap_what_two_rows_hold,
    store_a_row_twice,
    change_a_number,
    append_without_a_checkpoint,
    append_with_a_checkpoint_of_ones_own,
    append_with_a_borrowed_signature,
    delete_the_newest_checkpoints,
    delete_the_last_rows,
    spoil_a_checkpoint,
    put_an_older_checkpoint_in_its_place,
    swap_two_checkpoints,
    sign_everything_anew_with_another_key,
    put_the_wrong_type,
    put_the_wrong_type_into_a_checkpoint,
]


def test_all_tamperings_without_the_key_are_found():
    for run in range(RUNS):
        tamper, random = TAMPERINGS[run % len(TAMPERINGS)], Random(run)
        log = SOUND.copy()
        tamper(log, random)
        assert repr(log) != repr(SOUND), (run, tamper)
        report = log.verify(KEY)
        assert not report.is_sound, (run, tamper)
        assert all(fault.sentence for fault in report.faults)


def test_changes_of_the_entries_are_found_too_where_only_the_newest_signature_is_verified():
    spoiling = {spoil_a_checkpoint, append_with_a_borrowed_signature}
    for run in range(RUNS):
        tamper, random = TAMPERINGS[run % len(TAMPERINGS)], Random(run)
        log = SOUND.copy()
        tamper(log, random)
        report = log.verify(KEY, signatures=Signatures.NEWEST)
        if [row[1] for row in log.rows] != [row[1] for row in SOUND.rows] or tamper not in spoiling:
            assert not report.is_sound, (run, tamper)


def test_untouched_ledgers_raise_no_alarm():
    for run in range(RUNS):
        random = Random(run)
        log = logs.log(random.randint(1, 60), random, SIGNER, random.randint(1, 60))
        since = random.sample([note for _, note in log.checkpoints], min(3, len(log.checkpoints)))
        report = log.verify(KEY, since=since, signatures=random.choice(list(Signatures)))
        assert report.is_sound, (run, report.faults)
        assert report.remarks == []
        assert (report.entries, report.covered) == (len(log.rows), len(log.rows))
        assert report.checkpoints == len(log.checkpoints)
        assert report.root == root(row[2] for row in log.rows)


# What somebody does who has the database and the key.


def rewrite(log, random, since):
    entries = [row[1] for row in log.rows]
    sizes = [size for size, _ in log.checkpoints]
    place = random.randrange(since)
    act = random.choice(["change", "delete", "insert", "swap", "truncate", "fork"])
    if act == "change":
        entries[place] = other_entry(place, random)
    elif act == "delete":
        del entries[place]
    elif act == "insert":
        entries.insert(place, other_entry(place, random))
    elif act == "swap":
        other = random.choice([seq for seq in range(len(entries)) if seq != place])
        entries[place], entries[other] = entries[other], entries[place]
    elif act == "truncate":
        entries = entries[: place or 1]
    else:
        entries = entries[:place] + [other_entry(seq, random) for seq in range(place, len(entries))]
    # They take care that each entry says the number it has now.
    entries = [
        octets if f'"seq":{seq},'.encode() in octets else other_entry(seq, random)
        for seq, octets in enumerate(entries)
    ]
    return logs.resigned(
        entries, sorted({size for size in sizes if size < len(entries)} | {len(entries)}), SIGNER
    )


def test_all_rewritings_with_the_key_are_found_by_an_older_note():
    for run in range(RUNS):
        random = Random(run)
        size, since = random.choice(SOUND.checkpoints)
        log = rewrite(SOUND, random, size)
        assert log.rows[:size] != SOUND.rows[:size]
        # The point of the older note: without it there is nothing to find.
        assert log.verify(KEY).is_sound, run
        faults = log.verify(KEY, since=[since]).faults
        assert [fault.kind for fault in faults] in (
            [FaultKind.SINCE_ROOT_MISMATCH],
            [FaultKind.SINCE_BEYOND_LOG],
        ), (run, faults)
        assert faults[0].evidence["note"] == since


def test_putting_the_database_back_to_yesterday_is_found_by_todays_note():
    size = SOUND.checkpoints[-3][0]
    yesterday = logs.Log(SOUND.rows[:size], SOUND.checkpoints[:-2])
    assert yesterday.verify(KEY).is_sound
    report = yesterday.verify(KEY, since=[SOUND.checkpoints[-1][1]])
    assert [fault.kind for fault in report.faults] == [FaultKind.SINCE_BEYOND_LOG]
    assert report.faults[0].evidence == {"entries": size, "size": 200, "note": SOUND.checkpoints[-1][1]}


def test_an_older_note_of_another_key_another_log_or_of_nothing_proves_nothing():
    empty = Checkpoint(logs.NAME, 0, EMPTY_ROOT).signed(SIGNER)
    elsewhere = Checkpoint("elsewhere", 5, bytes(32)).signed(SIGNER)
    stolen = logs.checkpoint(SOUND.rows[:5], THIEF)
    report = SOUND.verify(KEY, since=[empty, elsewhere, stolen, "", "\ud800"])
    assert [str(fault.kind) for fault in report.faults] == [
        "since-empty",
        "since-malformed",
        "since-signature",
        "since-malformed",
        "since-malformed",
    ]


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_kind_is_found_by_some_test_ledger(kind):
    """No fault is only on paper: each kind comes out of the tamperings above, with a whole sentence."""
    assert kind in ALL_KINDS, kind


def _all_kinds():
    found = {FaultKind.LOG_EMPTY, FaultKind.TIME_GOES_BACK, FaultKind.SINCE_EMPTY}
    for run in range(4 * len(TAMPERINGS)):
        log = SOUND.copy()
        TAMPERINGS[run % len(TAMPERINGS)](log, Random(run))
        notes = [SOUND.checkpoints[-1][1], "x", logs.checkpoint(SOUND.rows[:5], THIEF)]
        found |= {fault.kind for fault in log.verify(KEY, since=notes).faults}
    return found


ALL_KINDS = _all_kinds()
