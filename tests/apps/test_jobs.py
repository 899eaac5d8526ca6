"""Jobs: at least once, at most a few times, by one at a time; and chores that one process does."""

import threading

import pytest
from django.db import connection, connections, transaction
from django_q.conf import Conf
from django_q.models import OrmQ, Task

from aigaq.jobs import taking, troubles
from aigaq.jobs.alone import alone
from aigaq.jobs.broker import Leased, in_, waiting_since
from aigaq.jobs.models import Trouble
from aigaq.jobs.taking import ATTEMPTS, Job, Taker, ask, given_up
from aigaq.minding import Chore, mind
from tests.support import databases

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """A job that a test steers: what each attempt does."""

    def __init__(self, *attempts):
        self.attempts, self.done, self.given_up = list(attempts), [], []
        self.taker = Taker({"work": Job(self._act, lambda *given: self.given_up.append(given))})

    def _act(self, *given):
        happens = self.attempts.pop(0) if self.attempts else None
        if happens is not None:
            raise happens
        self.done.append(given)


@pytest.fixture(autouse=True)
def _again_at_once(monkeypatch):
    monkeypatch.setattr(taking, "_AGAIN_AFTER", 0)


class KilledError(BaseException):
    """Nothing of the process goes on after it."""


def lease_is_over():
    OrmQ.objects.update(lock=in_(-1))


def test_a_job_is_done_and_gone():
    work = Work()
    ask("work", "a")
    ask("work", "b")
    assert work.taker.run_waiting() == 2
    assert work.done == [("a",), ("b",)]
    assert not OrmQ.objects.exists()
    assert not Task.objects.exists()


def test_what_is_asked_for_in_an_act_that_fails_is_never_begun():
    work = Work()
    with transaction.atomic():
        ask("work")
        transaction.set_rollback(True)
    assert work.taker.run_waiting() == 0


def test_who_was_killed_in_the_middle_holds_it_until_the_lease_is_over():
    work = Work(KilledError())
    ask("work")
    with pytest.raises(KilledError):
        work.taker.take_one()
    assert work.taker.run_waiting() == 0, "for all that anybody knows, it is being done"
    lease_is_over()
    assert work.taker.run_waiting() == 1
    assert work.done == [()]


def test_what_fails_is_tried_again_and_then_given_up_and_told():
    work = Work(*[ValueError("no")] * ATTEMPTS)
    ask("work", "a")
    assert work.taker.run_waiting() == ATTEMPTS + 1
    assert (work.done, work.given_up) == ([], [("a",)])
    assert not OrmQ.objects.exists()
    (failed,) = given_up()
    assert (failed.name, failed.result) == ("work", "ValueError: no")


def test_a_job_that_kills_whoever_tries_it_is_given_up_too():
    work = Work(*[KilledError() for _ in range(ATTEMPTS)])
    ask("work", "a")
    for _ in range(ATTEMPTS):
        lease_is_over()
        with pytest.raises(KilledError):
            work.taker.take_one()
    lease_is_over()
    assert work.taker.run_waiting() == 1
    assert work.given_up == [("a",)]
    assert given_up()[0].result == "cut off"


def test_one_that_failed_once_and_went_well_is_not_told_of():
    work = Work(ValueError("no"))
    ask("work")
    work.taker.run_waiting()
    assert (len(work.done), given_up()) == (1, [])


def test_what_somebody_put_into_the_queue_without_the_key_is_thrown_away(caplog):
    work = Work()
    OrmQ.objects.create(key="aigaq", payload="gASVAAAA:1abc:forged", lock=in_(-1))
    ask("work")
    assert work.taker.run_waiting() == 2
    assert (len(work.done), OrmQ.objects.count()) == (1, 0)
    assert "none of ours" in caplog.text


def test_a_job_of_another_version_is_left_to_whoever_knows_it():
    older, newer = Taker({}), Work()
    ask("work")
    assert older.run_waiting() == 0
    lease_is_over()
    assert newer.taker.run_waiting() == 1


def test_one_job_is_given_to_one_of_two_who_ask():
    ask("work")
    brokers = [Leased("aigaq"), Leased("aigaq")]
    assert sorted(len(broker.dequeue()) for broker in brokers) == [0, 1]


def test_a_lease_can_be_prolonged_while_it_lasts():
    ask("work")
    broker = Leased("aigaq")
    ((number, _payload),) = broker.dequeue()
    assert broker.prolong(number)
    lease_is_over()
    assert not broker.prolong(number)


def test_a_lease_is_prolonged_again_after_the_connection_was_cut(monkeypatch):
    monkeypatch.setattr(Conf, "RETRY", 0.3)
    went = threading.Event()

    class Cut(Leased):
        """The first time its connection is as a restart of the database leaves it."""

        is_cut = False

        def prolong(self, job):
            if not self.is_cut:
                self.is_cut = True
                connections["default"].ensure_connection()
                connections["default"].connection.close()
            super().prolong(job)
            went.set()
            return True

    ask("work")
    waited = []
    job = Job(lambda: waited.append(went.wait(20)), lambda: None)
    assert Taker({"work": job}, Cut("aigaq")).take_one()
    assert waited == [True]


def test_that_nobody_takes_jobs_can_be_seen():
    assert waiting_since() is None
    ask("work")
    assert waiting_since() is not None
    Leased("aigaq").dequeue()
    assert waiting_since() is None


# ── Chores ──


@pytest.mark.skipif(databases.ENGINE != "postgresql", reason="with SQLite one process serves")
def test_a_chore_is_done_by_one_at_a_time_and_by_the_next_when_that_one_is_gone():
    seen = []

    def other(name):
        def look():
            with alone(name) as is_ours:
                seen.append(is_ours)
            connections.close_all()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return seen.pop()

    with alone("scrubbing") as is_ours:
        assert is_ours
        assert not other("scrubbing")
        assert other("copies"), "another chore is another matter"
    assert other("scrubbing")
    with alone("scrubbing"):
        # As when its process is killed: all that is left of it is a connection that ends.
        connection.connection.close()
        assert other("scrubbing")
        connection.close()


def test_that_a_chore_fails_is_known_until_it_goes_on(ledger):
    stop, now = threading.Event(), ledger.clock.now()
    rounds = [OSError("the disk is full"), OSError("the disk is full"), None]

    def act(_ledger, _stopped):
        told.append(list(Trouble.objects.values_list("name", "said")))
        happens = rounds.pop(0)
        if not rounds:
            stop.set()
        if happens is not None:
            raise happens

    told = []
    mind(Chore("trial", 0.0, act), ledger, stop)
    assert told == [[], [("trial", "OSError: the disk is full")], [("trial", "OSError: the disk is full")]]
    assert troubles.open_troubles(now) == []


def test_of_a_host_that_is_gone_nothing_is_told_after_a_while(ledger):
    troubles.tell("trial", "no", ledger.clock.now())
    ledger.clock.instant += troubles.FORGOTTEN
    assert troubles.open_troubles(ledger.clock.now()) == []
