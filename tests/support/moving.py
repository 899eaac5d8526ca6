"""An office on SQLite that has written in every insert-only table, and a real PostgreSQL for it to move to."""

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase, override_settings
from django_q.models import Task

from aigaq.accounts.models import FailedAttempt
from aigaq.core.clock import FixedClock
from aigaq.moving import engines, marks
from aigaq.moving.services import Moved, move
from aigaq.regulation import profile
from aigaq.review import indexing
from aigaq.settings import database_of
from tests.apps import test_ledger_rows
from tests.support import databases
from tests.support.hashing import QUICKLY
from tests.support.office import Office, open_office

_names = itertools.count()
BEGUN = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Filled:
    """A file that nobody changes: `again` copies it."""

    file: Path
    office: Office

    def again(self, folder: Path) -> Path:
        return Path(shutil.copy(self.file, folder / f"office-{next(_names)}.sqlite3"))

    def move(self, file: Path, url: str) -> Moved:
        with opened(file, url) as (source, target):
            return move(source, target, self.office.ledger, lambda *_told: None)


def fill(folder: Path) -> Filled:
    """One of everything, in the tests' own database, which is then as it was before."""
    office = open_office(FixedClock(BEGUN))
    rule = profile.load().sample
    with pytest.MonkeyPatch.context() as patch, override_settings(PASSWORD_HASHERS=QUICKLY):
        patch.setattr(test_ledger_rows, "RULE", rule)
        _row, office.clock.instant = test_ledger_rows.told_by(office, folder, patch)
    indexing.catch_up(office.ledger)
    Session.objects.create(
        session_key="ж" * 8, session_data="Қ", expire_date=office.clock.now() + timedelta(microseconds=1)
    )
    at = {"started": office.clock.now(), "stopped": office.clock.now()}
    Task.objects.create(
        id="ж" * 32, name="k", func="a.b", args=("ұ", 1), result={"a": [1.5]}, success=True, **at
    )
    for _ in range(3):
        last = FailedAttempt.objects.create(subject="a" * 64, purpose="login", attempted_at=BEGUN)
    last.delete()
    file = folder / "filled.sqlite3"
    with sqlite3.connect(file) as copy:
        connection.connection.backup(copy)
    copy.close()
    TransactionTestCase._fixture_teardown(None)
    connection.close()
    return Filled(file, office)


@contextmanager
def opened(file: Path, url: str) -> Iterator[tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]]:
    with (
        engines.target(database_of(url)) as target,
        engines.source({**database_of(""), "NAME": file}) as source,
    ):
        yield source, target


@contextmanager
def at(url: str) -> Iterator[BaseDatabaseWrapper]:
    """The office works with that database."""
    with engines.target(database_of(url)) as target, engines.speaking_to(target):
        yield target


def empty() -> str:
    return databases.postgres().create(f"moved_{next(_names)}")


def another(url: str) -> str:
    """A copy of that database."""
    return databases.postgres().create(f"moved_{next(_names)}", url.rpartition("/")[2])


class CutOffError(Exception):
    pass


def barred(filled: Filled, folder: Path) -> str:
    """Where a move was cut off just before the old database would have been closed."""

    def cut_off(*_given: object) -> None:
        raise CutOffError

    url = empty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks, "close", cut_off)
        with pytest.raises(CutOffError):
            filled.move(filled.again(folder), url)
    return url


def lives(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether the office could be started on it."""
    if not wrapper.introspection.table_names():
        return False
    return marks.closing_of(wrapper) is None and marks.bar_of(wrapper) is None
