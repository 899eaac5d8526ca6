"""Two threads that would wait for one another have a judge each; no more than the process may have."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aigaq.media import judges
from aigaq.media.judges import Judges
from aigaq.media.probe import Verdict
from tests.support.films import photo


class Reading(io.BytesIO):
    """A file that says when it is first read by the child, and goes on once it may."""

    def __init__(self, octets, begun, may_go_on):
        super().__init__(octets)
        self.begun, self.may_go_on, self.reads = begun, may_go_on, 0

    def readinto(self, buffer):
        self._met()
        return super().readinto(buffer)

    def read(self, size=-1):
        self._met()
        return super().read(size)

    def _met(self):
        self.reads += 1
        if self.reads == 2:  # the first is the parent's own look at the beginning
            self.begun.release()
            assert self.may_go_on.wait(30)


@pytest.fixture
def two():
    """Judges two files in two threads and gives how many were being read at once."""

    def run():
        begun, may_go_on, octets = threading.Semaphore(0), threading.Event(), photo()
        with Judges() as shared, ThreadPoolExecutor(2) as pool:
            files = [Reading(octets, begun, may_go_on) for _ in range(2)]
            told = [pool.submit(shared.judge, each, "a.jpg", len(octets)) for each in files]
            try:
                assert begun.acquire(timeout=30)
                at_once = 1 + begun.acquire(timeout=5 if judges.WORTH == 0 else 0.2)
            finally:
                may_go_on.set()
            assert [each.result(30).verdict for each in told] == [Verdict.PLAYABLE] * 2
        return at_once

    return run


def test_whoever_has_waited_long_enough_has_one_of_their_own(two, monkeypatch):
    monkeypatch.setattr(judges, "WORTH", 0)
    assert two() == 2


def test_a_short_wait_is_no_reason_to_start_another(two):
    assert two() == 1


def test_there_are_no_more_than_the_process_may_have(two, monkeypatch):
    monkeypatch.setattr(judges, "_SPARE", threading.Semaphore(0))
    assert two() == 1


def test_those_that_are_over_are_given_back(two, monkeypatch):
    monkeypatch.setattr(judges, "WORTH", 0)
    monkeypatch.setattr(judges, "_SPARE", threading.BoundedSemaphore(1))
    assert [two(), two()] == [2, 2]
