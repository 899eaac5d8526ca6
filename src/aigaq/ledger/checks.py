"""Is the ledger what it was? Rebuilt from the tables' entries; nothing stored beside them is believed."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aigaq.core.clock import parse_rfc3339
from aigaq.errors import N_
from aigaq.ledger import selectors
from aigaq.ledger.selectors import Filed, octets_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.rows import available_processes
from aigaq.tlog.verify import Report, Signatures
from aigaq.tlog.verify import verify as verify_log

_WORTH_PROCESSES = 100_000
"""Entries. Below, starting other processes costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Misfiled:
    """An entry that a search would not find, or would find as something else: its row was changed.

    The entry itself is judged by `verify`; here only the columns that repeat its kind and time are.
    """

    seq: int | None
    column: str
    stored: str
    stated: str

    kind = "column-mismatch"
    message = N_("Row {seq} says “{stored}” in the column {column}, its entry says “{stated}”.")

    @property
    def evidence(self) -> dict[str, str | int]:
        return {
            "seq": "–" if self.seq is None else self.seq,
            "column": self.column,
            "stored": self.stored,
            "stated": self.stated,
        }


def verify(
    key: VerifierKey,
    *,
    since: Sequence[str] = (),
    signatures: Signatures = Signatures.EVERY,
    on_progress: Callable[[int], None] | None = None,
) -> Report:
    """Verify the whole ledger with the key's public half; `since` are checkpoints kept elsewhere.

    Entries appended while it runs are left to the next time. Never raises for what the tables hold.
    """
    until = selectors.extent()
    is_long = isinstance(until.last_seq, int) and until.last_seq > _WORTH_PROCESSES
    return verify_log(
        selectors.rows(until),
        selectors.checkpoints(until),
        key,
        since=since,
        signatures=signatures,
        processes=available_processes() if is_long else 1,
        on_progress=on_progress,
    )


def misfiled() -> Iterator[Misfiled]:
    """Every row whose `kind` or `at` is not its entry's; entries that can't be read are left to `verify`."""
    for row in selectors.filed(selectors.extent()):
        stated = _stated(row)
        if stated is None:
            continue
        seq = row.seq if isinstance(row.seq, int) else None
        for column, stored, said in (("kind", row.kind, stated[0]), ("at", row.at, stated[1])):
            if stored != said:
                yield Misfiled(seq, column, _shown(stored), _shown(said))


def _stated(row: Filed) -> tuple[object, object] | None:
    """What the two columns hold if nobody changed them, as the database gives it unconverted."""
    if not isinstance(row.entry, bytes):
        return None
    try:
        entry: Any = json.loads(row.entry)
        kind, at = str(entry["kind"]), parse_rfc3339(entry["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if connection.vendor == "sqlite":
        return octets_of(kind), octets_of(connection.ops.adapt_datetimefield_value(at))
    return octets_of(kind), at


def _shown(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
