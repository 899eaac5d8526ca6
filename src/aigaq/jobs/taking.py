"""Taking jobs: one at a time, at least once, at most `ATTEMPTS` times, whoever is killed in between.

The queue, the form of a job and the table of what failed are django-q2's; the loop is ours. Its cluster forks
four processes, gives a job no more time than is fixed beforehand, hands jobs to a process that is busy, and
stands still for ever once a waiting worker of it is killed (it held the lock of their common pipe).
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import connections
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Task
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task

from aigaq.core.logs import Word
from aigaq.jobs import beat
from aigaq.jobs.broker import Leased

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
_AGAIN_AFTER: Final = 10.0
"""Seconds, times the number of attempts, until what failed is tried again."""
_STRANGE_FOR: Final = 60.0
"""Seconds until a job that nobody here knows is looked at again."""
KEPT: Final = timedelta(days=7)
"""So long `aigaq check` tells of what was given up."""
LOOKED_EVERY: Final = 0.5
"""Seconds between two looks whether there is something to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """Both take the arguments that `ask` was given, and may be called twice for the same."""

    act: Callable[..., object]
    give_up: Callable[..., object]
    """It was tried often enough; whoever waits for it has to be told."""


def ask(name: str, *arguments: str) -> None:
    """Have the job `name` done. Within the transaction of what it is about."""
    async_task(name, *arguments, task_name=name)


class Taker:
    """Does jobs by their names; what is in the queue and has no name of these is left alone."""

    def __init__(self, jobs: Mapping[str, Job], broker: Leased | None = None) -> None:
        self._jobs = jobs
        self._broker: Leased = broker or get_broker()

    def run(self, stop: threading.Event) -> None:
        """One after another until `stop`."""
        told = ""
        while not stop.is_set():
            found, failed = False, ""
            try:
                found = self.take_one()
            except Exception as error:
                # The edge of a daemon: the database will be there again, and leases end by themselves.
                failed = f"{type(error).__name__}: {error}"
                if failed != told:
                    log.exception("no job can be done")
            told = failed
            if found or failed:
                connections.close_all()
            if not found:
                stop.wait(LOOKED_EVERY)
        connections.close_all()

    def run_waiting(self) -> int:
        """All that wait, in this thread; how many these were."""
        count = 0
        while self.take_one():
            count += 1
        return count

    def take_one(self) -> bool:
        """Whether there was one that could be done, or had to be thrown away."""
        for number, payload in self._broker.dequeue():
            try:
                package: dict[str, Any] = SignedPackage.loads(payload)
            except BadSignature:
                # It is signed with the key of this installation, or it is none of ours.
                log.exception("a job that is none of ours was thrown away")
                self._broker.acknowledge(number)
                return True
            if package["func"] not in self._jobs:
                log.warning("a job of another version is left to whoever knows it")
                self._broker.put_back(number, _STRANGE_FOR)
                return False
            self._do(number, package)
            return True
        return False

    def _do(self, number: int, package: dict[str, Any]) -> None:
        name: str = package["func"]
        job, attempts = self._jobs[name], _count(package)
        if attempts > ATTEMPTS:
            job.give_up(*package["args"])
            self._broker.acknowledge(number)
            return
        try:
            with beat.every(Conf.RETRY / 3, partial(self._prolong, number), name="lease"):
                job.act(*package["args"])
        except Exception as error:
            # The edge of a daemon: a job that fails must not keep the others from being done.
            # One of our own names: `take_one` has looked.
            log.exception("%s: attempt %s of %s failed", Word(name), attempts, ATTEMPTS)
            Task.objects.filter(pk=package["id"]).update(
                result=f"{type(error).__name__}: {error}", stopped=timezone.now()
            )
            # After the last attempt it comes once more, to be given up.
            self._broker.put_back(number, _AGAIN_AFTER * attempts if attempts < ATTEMPTS else 0)
        else:
            Task.objects.filter(pk=package["id"]).delete()
            self._broker.acknowledge(number)

    def _prolong(self, number: int) -> None:
        if not self._broker.prolong(number):
            log.warning("a lease was over before the job was: another may have begun it too")


def _count(package: dict[str, Any]) -> int:
    """Which attempt this is. Written down beforehand, so that one who is killed by a job is counted too."""
    facts = {
        "name": package["name"],
        "func": package["func"],
        "args": package["args"],
        "kwargs": {},
        "started": package["started"],
        "stopped": timezone.now(),
        "result": "cut off",
        "success": False,
    }
    task, is_new = Task.objects.get_or_create(pk=package["id"], defaults={**facts, "attempt_count": 1})
    if not is_new:
        task.attempt_count += 1
        Task.objects.filter(pk=task.pk).update(attempt_count=task.attempt_count)
    return int(task.attempt_count)


def forget_old(now: datetime) -> None:
    """What was given up long ago."""
    old = Task.objects.filter(success=False, stopped__lt=now - KEPT)
    if old.exists():
        old.delete()


def given_up() -> list[Task]:
    """Jobs that were tried often enough, the newest first; what is tried yet is none of them."""
    return list(Task.objects.filter(success=False, attempt_count__gt=ATTEMPTS).order_by("-started"))
