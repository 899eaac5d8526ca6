"""What follows from entries happens once, in order, whatever is killed in between and whoever else follows."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from aigaq.ledger import following
from aigaq.ledger.following import follow
from aigaq.ledger.models import Follower, LedgerEntry
from aigaq.ledger.services import MACHINE, Act

ROUNDS = 50
KINDS = frozenset({"test.wanted"})


def write(ledger, *kinds):
    with transaction.atomic():
        return [row.seq for row in ledger.append_all([Act(kind, MACHINE, {}) for kind in kinds])]


def answer(ledger, entry):
    """An act that leaves an entry of its own: what it answers to."""
    ledger.append("test.answered", MACHINE, {"to": entry.seq})


def answered():
    from tests.support.duty import entries

    return [entry.body["to"] for entry in entries("test.answered")]


def collecting(into):
    return lambda _ledger, entry: into.append(entry.seq)


@pytest.mark.django_db
def test_every_entry_of_the_kinds_comes_once_in_its_order(ledger):
    wanted = write(ledger, "test.other", "test.wanted", "test.other", "test.wanted")
    seen = []
    assert follow(ledger, "me", KINDS, collecting(seen)) == 2
    assert seen == [wanted[1], wanted[3]]
    assert follow(ledger, "me", KINDS, collecting(seen)) == 0
    (later,) = write(ledger, "test.wanted")
    assert follow(ledger, "me", KINDS, collecting(seen)) == 1
    assert seen == [wanted[1], wanted[3], later]


@pytest.mark.django_db
def test_followers_remember_each_for_themselves(ledger):
    write(ledger, "test.wanted")
    mine, yours = [], []
    follow(ledger, "me", KINDS, collecting(mine))
    follow(ledger, "you", {"test.wanted", "test.other"}, collecting(yours))
    assert mine == yours == [0]


@pytest.mark.django_db
def test_an_empty_ledger_is_followed_without_a_word(ledger):
    assert follow(ledger, "me", KINDS, answer) == 0
    assert not Follower.objects.exists()


@pytest.mark.django_db
def test_a_long_ledger_is_read_batch_by_batch_to_its_end(ledger, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 7)
    wanted = write(ledger, *(["test.wanted", "test.other", "test.other"] * 20))[::3]
    seen = []
    assert follow(ledger, "me", KINDS, collecting(seen)) == 20
    assert seen == wanted


@pytest.mark.django_db
def test_entries_of_other_kinds_are_passed_over_for_good_a_batch_at_a_time(ledger, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 7)
    write(ledger, *(["test.other"] * 30))
    assert follow(ledger, "me", KINDS, answer) == 0
    assert Follower.objects.get().seq == 28, "what is not a full batch waits for its turn"


@pytest.mark.django_db
def test_where_nothing_is_new_nothing_is_written_and_nobody_waits(ledger):
    write(ledger, "test.wanted")
    follow(ledger, "me", KINDS, answer)
    write(ledger, "test.other")
    with CaptureQueriesContext(connection) as captured:
        assert follow(ledger, "me", KINDS, answer) == 0
    asked = [query["sql"] for query in captured]
    assert len(asked) == 2
    assert all(sql.startswith("SELECT") for sql in asked), asked


@pytest.mark.django_db
def test_what_the_act_itself_appends_comes_to_it_in_turn(ledger):
    def count_down(ledger, entry):
        left = entry.body.get("left", 3)
        if left:
            ledger.append("test.wanted", MACHINE, {"left": left - 1})

    write(ledger, "test.wanted")
    assert follow(ledger, "me", KINDS, count_down) == 4


@pytest.mark.django_db
def test_if_the_act_fails_nothing_of_the_batch_has_happened_and_the_next_call_makes_it_up(ledger):
    wanted = write(ledger, "test.wanted", "test.wanted", "test.wanted")

    def fail_at_the_last(ledger, entry):
        answer(ledger, entry)
        if entry.seq == wanted[-1]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        follow(ledger, "me", KINDS, fail_at_the_last)
    assert answered() == []
    assert not Follower.objects.exists()
    assert follow(ledger, "me", KINDS, answer) == 3
    assert answered() == wanted


@pytest.mark.django_db
def test_what_can_not_be_read_is_passed_over_and_holds_up_nothing(ledger):
    first, last = write(ledger, "test.wanted", "test.wanted")
    at = LedgerEntry.objects.get(seq=first).at
    for seq, text in ((2, "{"), (3, LedgerEntry.objects.get(seq=first).entry)):
        LedgerEntry.objects.create(seq=seq, entry=text, leaf_hash="0" * 64, kind="test.wanted", at=at)
    seen = []
    assert follow(ledger, "me", KINDS, collecting(seen)) == 2
    assert seen == [first, last]
    assert Follower.objects.get().seq == 4


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nobody_follows(ledger):
    write(ledger, "test.wanted")
    with pytest.raises(RuntimeError), transaction.atomic():
        follow(ledger, "me", KINDS, answer)
    assert answered() == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_act_upon_each_entry_once_fifty_times(ledger):
    for _ in range(ROUNDS):
        write(ledger, "test.wanted", "test.other", "test.wanted")
        start = threading.Barrier(2)

        def run(start=start):
            try:
                start.wait(timeout=30)
                return follow(ledger, "me", KINDS, answer)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            done = [future.result() for future in [pool.submit(run) for _ in range(2)]]
        assert sum(done) == 2
    wanted = LedgerEntry.objects.filter(kind="test.wanted").order_by("seq").values_list("seq", flat=True)
    assert answered() == list(wanted)


@pytest.mark.django_db(transaction=True)
def test_one_who_writes_while_another_follows_is_not_missed(ledger):
    """Numbers become visible in their order: none is skipped because it was committed late."""
    over = threading.Event()

    def keep_following():
        try:
            while not over.is_set():
                follow(ledger, "me", KINDS, answer)
        finally:
            connection.close()

    def keep_writing():
        try:
            for _ in range(ROUNDS):
                write(ledger, "test.wanted")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        follower = pool.submit(keep_following)
        writers = [pool.submit(keep_writing) for _ in range(2)]
        for writer in writers:
            writer.result()
        over.set()
        follower.result()
    follow(ledger, "me", KINDS, answer)
    wanted = LedgerEntry.objects.filter(kind="test.wanted").order_by("seq").values_list("seq", flat=True)
    assert answered() == list(wanted)
    assert len(answered()) == 2 * ROUNDS


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_follower_killed_in_the_middle_leaves_everything_to_the_next_one(ledger, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 3)
    wanted = write(ledger, *(["test.wanted"] * 8))
    for survived in range(5):
        killed(lambda survived=survived: follow(ledger, "me", KINDS, deadly(survived)))
        assert answered() == wanted[: len(answered())], "in order, and no batch by halves"
        assert len(answered()) % 3 == 0
    follow(ledger, "me", KINDS, answer)
    assert answered() == wanted


def deadly(after):
    """Answers so often, then the process is gone, in the middle of its transaction."""
    left = after

    def act(ledger, entry):
        nonlocal left
        answer(ledger, entry)
        if left == 0:
            os._exit(9)
        left -= 1

    return act


def killed(run):
    """`run` in a process of its own, with a connection of its own, that dies while it runs."""
    pid = os.fork()
    if pid == 0:
        try:
            # Not closed: it is the parent's.
            connections["default"].connection = None
            run()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 9


@pytest.mark.django_db
def test_who_follows_slowly_goes_no_further_than_what_is_old_enough(ledger, clock):
    old = write(ledger, "test.wanted", "test.other")
    clock.instant += timedelta(hours=1)
    (young,) = write(ledger, "test.wanted")
    seen = []
    assert follow(ledger, "slow", KINDS, collecting(seen), until=clock.instant) == 1
    assert follow(ledger, "slow", KINDS, collecting(seen), until=clock.instant) == 0
    assert seen == old[:1]
    clock.instant += timedelta(hours=1)
    assert follow(ledger, "slow", KINDS, collecting(seen), until=clock.instant) == 1
    assert seen == [old[0], young]
