"""Whether this process can do its work now. Cheap to ask: an answer holds for some seconds, for all."""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from aigaq import wiring
from aigaq.errors import AigaqError
from aigaq.ledger.installation import KEYS, LEDGER_KEY

HOLDS: Final = 5.0
"""Seconds for which an answer is given again."""
LATEST: Final = 30.0
"""Seconds after which an answer is none any more: whoever finds the next one hangs on a disk or a line."""


class Readiness:
    """An answer that is found by one at a time; whoever asks meanwhile is given the last one, not a queue."""

    def __init__(self, find: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._clock = clock
        self._finding = threading.Lock()
        self._answer: tuple[float, bool] | None = None

    def __call__(self) -> bool:
        if self._age() < HOLDS:
            return self._last()
        if not self._finding.acquire(blocking=False):
            return self._age() < LATEST and self._last()
        try:
            self._answer = (self._clock(), self._find())
        finally:
            self._finding.release()
        return self._last()

    def _age(self) -> float:
        answer = self._answer
        return float("inf") if answer is None else self._clock() - answer[0]

    def _last(self) -> bool:
        answer = self._answer
        return answer is not None and answer[1]


def is_ready() -> bool:
    """The database answers and is of this version, the ledger's key is there, and so is the vault."""
    try:
        wiring.signer()
        wiring.backend().description()
        # Read once, the key is in memory; that its file is gone would only show at the next start.
        return (settings.DATA / KEYS / LEDGER_KEY).is_file() and not lacking()
    except (AigaqError, DatabaseError, OSError):
        return False


def lacking() -> set[tuple[str, str]]:
    """Migrations of this version that the database does not have; one query. Raise a ``DatabaseError``."""
    return set(_known()) - set(MigrationRecorder(connection).applied_migrations())


@cache
def _known() -> frozenset[tuple[str, str]]:
    """Those that lie on the disk: they are what they are for as long as this process runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
