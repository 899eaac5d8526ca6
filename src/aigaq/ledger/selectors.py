"""The ledger read back: whole, as it is verified, and its newest checkpoint."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import frontier_of
from aigaq.tlog.merkle import Frontier
from aigaq.tlog.rows import RawRow
from aigaq.tlog.verify import RawCheckpoint

_FETCHED = 1000
"""Rows asked of the database at a time."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the ledger ended at one moment, so that entries appended meanwhile disturb no verification.

    Whatever a database can hold is allowed: somebody may have put it there.
    """

    last_seq: object
    last_size: object


@dataclass(frozen=True, slots=True)
class Filed:
    """A row's entry beside the two columns that repeat parts of it, as `octets_of` gives them."""

    seq: object
    entry: object
    kind: object
    at: object


def newest_checkpoint() -> str | None:
    """The signed note over all entries; None while there are none."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()


def root_at(size: int) -> bytes:
    """The root over the first `size` entries, from the last checkpoint at or before them.

    That checkpoint is believed: `aigaq ledger verify` is who does not. Raises ``ValueError`` if there are not
    so many entries.
    """
    near = Checkpoint.objects.filter(size__lte=size).order_by("-size").first()
    frontier = frontier_of(near.frontier) if near else Frontier()
    after = LedgerEntry.objects.filter(seq__gte=frontier.size, seq__lt=size).order_by("seq")
    frontier.extend(bytes.fromhex(each) for each in after.values_list("leaf_hash", flat=True))
    if frontier.size != size:
        raise ValueError(size)
    return frontier.root()


def extent() -> Extent:
    """Both ends in one statement, thus of one moment."""
    with connection.cursor() as cursor:
        last_seq, last_size = _number("max(seq)"), _number("max(size)")
        cursor.execute(
            f"SELECT (SELECT {last_seq} FROM ledger_ledgerentry),"  # noqa: S608 - no value in it
            f" (SELECT {last_size} FROM ledger_checkpoint)"
        )
        return Extent(*cursor.fetchone())


def rows(until: Extent) -> Iterator[RawRow]:
    """``(seq, octets, leaf hash)`` in the order of their numbers, in flat memory."""
    columns = f"{_number('seq')}, {_octets('entry')}, {_octets('leaf_hash')}"
    sql = f"SELECT {columns} FROM ledger_ledgerentry WHERE seq <= %s ORDER BY seq"  # noqa: S608 - no value in it
    for seq, entry, leaf_hash in _stream(sql, until.last_seq):
        yield seq, octets_of(entry), _unhexed(octets_of(leaf_hash))


def checkpoints(until: Extent) -> Iterator[RawCheckpoint]:
    """``(size, note)`` in the order of their sizes, in flat memory."""
    columns = f"{_number('size')}, {_octets('note')}"
    sql = f"SELECT {columns} FROM ledger_checkpoint WHERE size <= %s ORDER BY size"  # noqa: S608 - no value in it
    for size, note in _stream(sql, until.last_size):
        # What is no UTF-8 is no note: the replacement characters make that certain.
        yield size, note.decode(errors="replace") if isinstance(note, bytes) else note


def filed(until: Extent) -> Iterator[Filed]:
    columns = ", ".join([_number("seq"), _octets("entry"), _octets("kind"), _octets("at")])
    sql = f"SELECT {columns} FROM ledger_ledgerentry WHERE seq <= %s ORDER BY seq"  # noqa: S608 - no value in it
    for seq, *values in _stream(sql, until.last_seq):
        yield Filed(seq, *map(octets_of, values))


def octets_of(value: object) -> object:
    """Text as its octets, so that both databases give the same; anything else as it is."""
    return value.encode() if isinstance(value, str) else value


def _octets(column: str) -> str:
    # SQLite refuses to hand out text that is no UTF-8, which somebody may have put there; octets it gives.
    return f"CAST({column} AS BLOB)" if connection.vendor == "sqlite" else column


def _number(column: str) -> str:
    if connection.vendor == "sqlite":
        return f"CASE typeof({column}) WHEN 'integer' THEN {column} ELSE CAST({column} AS BLOB) END"
    return column


def _stream(sql: str, until: Any) -> Iterator[tuple[object, ...]]:  # noqa: ANN401 - what a database holds
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [until])
        while fetched := cursor.fetchmany(_FETCHED):
            yield from fetched


def _unhexed(value: object) -> object:
    try:
        return bytes.fromhex(value.decode("ascii")) if isinstance(value, bytes) else value
    except ValueError:
        return str(value)  # no digest: `verify` takes octets for one
