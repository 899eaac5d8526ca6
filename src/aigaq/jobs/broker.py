"""django-q2's queue in the database, with leases by the database's clock that can be prolonged.

Its own broker gives a job away for a fixed time, by the clock of the host that asks. So a job that takes
longer would be begun twice, and a long lease makes everybody wait for what a killed process had. Here a lease
is short and whoever works prolongs it (`jobs.taking`).
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

QUEUE: Final = "aigaq"


_LOOKED_AT: Final = 10
"""Of those that are free: whoever is quicker takes the first one, and then there is a next."""


def in_(seconds: float) -> CombinedExpression | Now:
    """So many seconds from now, by the database's clock: those of hosts differ."""
    # SQLite writes a sum with more digits: nothing added would be later than now within its millisecond.
    return Now() + timedelta(seconds=seconds) if seconds else Now()


class Leased(ORM):  # type: ignore[misc]
    """As `django_q.brokers.orm.ORM`, which `Q_CLUSTER` names it in the place of."""

    @staticmethod
    def get_connection(list_key: str | None = None) -> object:  # noqa: ARG004 - the library's signature
        # Its own closes this thread's connection, in the middle of a request.
        return OrmQ.objects.all()

    def enqueue(self, task: str) -> int:
        """Within the transaction of whoever asks, so that there is a job if and only if they are heard."""
        return int(OrmQ.objects.create(key=self.list_key or QUEUE, payload=task, lock=Now()).pk)

    def dequeue(self) -> list[tuple[int, str]]:
        """The oldest that nobody has, leased; empty where there is none. Never waits."""
        free = OrmQ.objects.filter(key=self.list_key, lock__lte=Now())
        for job in free.order_by("pk")[:_LOOKED_AT]:
            if OrmQ.objects.filter(pk=job.pk, lock__lte=Now()).update(lock=in_(Conf.RETRY)):
                return [(job.pk, job.payload)]
        return []

    def prolong(self, job: int) -> bool:
        """False if it is gone, or its lease was over before: then somebody else may have it."""
        return bool(OrmQ.objects.filter(pk=job, lock__gt=Now()).update(lock=in_(Conf.RETRY)))

    def put_back(self, job: int, seconds: float) -> None:
        """To be tried again, by anybody, after so long."""
        OrmQ.objects.filter(pk=job).update(lock=in_(seconds))


def waiting_since() -> datetime | None:
    """Since when there is a job that anybody could have taken; None if there is none."""
    free = OrmQ.objects.filter(key=QUEUE, lock__lte=Now()).order_by("lock")
    since: datetime | None = free.values_list("lock", flat=True).first()
    return since
