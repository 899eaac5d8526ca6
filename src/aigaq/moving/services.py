"""The move itself: at no moment two databases with which the office could go on.

1. The old database is held: no other program has it open, nothing changes in it.
2. In one transaction the new one gets its schema, all rows, the proof that they are equal, and a bar.
3. The old one is closed for ever. This decides.
4. In one transaction the bar is lifted and `installation.moved` entered, the first thing that only the new
   one has.

Killed before 2 ends, the new database is empty. Between 2 and 3 the old one lives, the new one is barred; the
next run proves it once more and goes on. Between 3 and 4 neither lives; the next run does the rest at once.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from aigaq.core.canonical import Json
from aigaq.ledger import checks, selectors
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.moving import marks, proof, transfer
from aigaq.moving.engines import SOURCE, TARGET, name_of, speaking_to
from aigaq.moving.errors import (
    MovedAwayError,
    MovedWithFaultsError,
    TargetEncodingError,
    TargetNotEmptyError,
    TargetStaleError,
)
from aigaq.moving.marks import Bar, Closed, Sum
from aigaq.recovery.reviving import faults_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.verify import Report

MOVED: Final = "installation.moved"
_TOLD: Final = 5
"""Tables that are named where some are in the way."""


class Stage(Enum):
    VERIFYING = "verifying"
    COPYING = "copying"
    COMPARING = "comparing"


Progress = Callable[[Stage, int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    entries: int
    """Of the ledger, in both databases; the new one has one more."""
    root: str
    """Over these."""
    tables: Mapping[str, Sum]
    seq: int
    """Of the entry `installation.moved`."""
    went_on: bool
    """An earlier run had been cut off."""


def move(
    source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, ledger: Ledger, on_progress: Progress
) -> Moved:
    """Everything from `source` to `target`, both of `moving.engines`.

    Called again after it was cut off anywhere it goes on. Raises a `moving.errors` error; the old database
    then counts as before.
    """
    closed, bar = marks.closing_of(source), marks.bar_of(target)
    went_on = bar is not None
    if closed is not None and (bar is None or bar.move != closed.move):
        raise MovedAwayError(path=source.settings_dict["NAME"], at=closed.at, target=closed.target)
    if closed is None:
        work = _Work(source, target, VerifierKey.of(ledger.signer), on_progress)
        with transaction.atomic(using=SOURCE):
            bar = work.made() if bar is None else work.proven_again(bar)
            marks.close(source, Closed(bar.move, ledger.clock.now(), name_of(target)))
    assert bar is not None
    return Moved(bar.entries, bar.root, bar.tables, _begin_there(target, ledger, bar), went_on)


class _Work:
    """From the old database, which nobody changes meanwhile, to the new one, proven and barred."""

    def __init__(
        self,
        source: BaseDatabaseWrapper,
        target: BaseDatabaseWrapper,
        key: VerifierKey,
        on_progress: Progress,
    ) -> None:
        self._source = source
        self._target = target
        self._key = key
        self._on_progress = on_progress

    def made(self) -> Bar:
        """In an empty database. Raises what `move` raises; the new database is then empty again."""
        _require_empty(self._target)
        transfer.require_whole(self._source)
        report = self._verified()
        with transaction.atomic(using=TARGET):
            _settle(self._target)
            with speaking_to(self._target):
                transfer.build(self._target)
            transfer.fill(self._target, lambda done, of: self._on_progress(Stage.COPYING, done, of))
            transfer.go_on_counting(self._source, self._target)
            bar = self._proven(secrets.token_hex(16), report)
            marks.bar(self._target, bar)
        return bar

    def proven_again(self, bar: Bar) -> Bar:
        """What an earlier run had made. Raises `TargetStaleError` where the office went on since."""
        report = self._verified()
        if (report.entries, _spelt(report.root)) != (bar.entries, bar.root):
            raise TargetStaleError(target=name_of(self._target))
        with transaction.atomic(using=TARGET):
            if self._proven(bar.move, report) != bar:
                raise TargetStaleError(target=name_of(self._target))
        return bar

    def _verified(self) -> Report:
        """The old ledger, rebuilt from its entries. Raises `MovedWithFaultsError`."""
        with speaking_to(self._source):
            report = checks.verify(self._key, on_progress=self._told(Stage.VERIFYING, 0))
        if report.faults:
            first = report.faults[0].message.format(**report.faults[0].evidence)
            raise MovedWithFaultsError(number=len(report.faults) + report.unlisted, first=first)
        return report

    def _proven(self, move: str, report: Report) -> Bar:
        """Equal in every row, the same root under the same checkpoint, and no fault in the new one."""
        rows = sum(transfer.count(model) for model in transfer.models())
        sums = proof.compared(self._source, self._target, self._told(Stage.COMPARING, rows))
        proof.require_counting(self._source, self._target)
        proof.require_guarded(self._target)
        with speaking_to(self._source):
            note = selectors.newest_checkpoint()
        with speaking_to(self._target):
            told = self._told(Stage.VERIFYING, report.entries)
            faults, number = faults_of(self._key, [note] if note else [], told)
            root = selectors.root_at(report.entries)
        if faults or root != report.root:
            first = faults[0].message.format(**faults[0].evidence) if faults else _spelt(root)
            raise MovedWithFaultsError(number=number, first=first)
        return Bar(move, report.entries, _spelt(report.root), sums)

    def _told(self, stage: Stage, total: int) -> Callable[[int], None]:
        return lambda done: self._on_progress(stage, done, total)


def _begin_there(target: BaseDatabaseWrapper, ledger: Ledger, bar: Bar) -> int:
    """The office goes on in the new database, and says so first."""
    about: dict[str, Json] = {
        "from": "sqlite",
        "to": "postgresql",
        "entries": bar.entries,
        "root": bar.root,
        "tables": marks.spelt(bar.tables),
    }
    with speaking_to(target), transaction.atomic(using=TARGET):
        _settle(target)
        marks.lift(target)
        return int(ledger.append(MOVED, MACHINE, about).seq)


def _settle(target: BaseDatabaseWrapper) -> None:
    """For this transaction: it may last, and what is committed is on the server's disk."""
    with target.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('statement_timeout',"
            " 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')"
        )
        cursor.execute(
            "SELECT set_config(name, 'on', true) FROM pg_settings"
            " WHERE name = 'synchronous_commit' AND setting = 'off'"
        )


def _spelt(root: bytes) -> str:
    return f"sha256:{root.hex()}"


def _require_empty(target: BaseDatabaseWrapper) -> None:
    tables = target.introspection.table_names()
    if tables:
        named = ", ".join(sorted(tables)[:_TOLD]) + (" …" if len(tables) > _TOLD else "")
        raise TargetNotEmptyError(target=name_of(target), tables=named)
    with target.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise TargetEncodingError(target=name_of(target), encoding=encoding)
