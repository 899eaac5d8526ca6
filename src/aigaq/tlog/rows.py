"""The judgement of stored rows, batch by batch; nothing in a row is believed but its octets.

A batch is judged from the batch and from the number before it alone, so batches can be judged in
several processes.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import NamedTuple, TypeAlias

from aigaq.tlog.faults import Fault, FaultKind
from aigaq.tlog.merkle import leaf_hash
from aigaq.tlog.reading import Envelope, Flaw, read_all

RawRow: TypeAlias = tuple[object, object, object]
"""``(seq, octets, leaf_hash)`` as a database gives it, with whatever type somebody has put there."""

BATCH_ROWS = 1024
BATCH_OCTETS = 4 * 1024 * 1024
"""What ends a batch; with the largest entries it is the octets that keep memory flat."""


class Row(NamedTuple):
    seq: int
    octets: bytes
    leaf_hash: bytes


class Batch(NamedTuple):
    position: int
    """How many rows come before."""
    highest: int
    """The highest number among them; -1 where there are none."""
    rows: list[Row]
    faults: list[Fault]
    """Found while reading the rows."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged batch: the recomputed leaf hashes in their order, and what was found."""

    leaves: list[bytes]
    faults: list[Fault]
    times: list[tuple[int, str]]
    """Number and time of the first and last readable entry, and of any that step back and the one before."""


def batches(rows: Iterable[RawRow]) -> Iterator[Batch]:
    position, highest, octets = 0, -1, 0
    batch = Batch(position, highest, [], [])
    for raw in rows:
        row = _row(raw, position, highest, batch.faults)
        batch.rows.append(row)
        position, highest, octets = position + 1, max(highest, row.seq), octets + len(row.octets)
        if len(batch.rows) >= BATCH_ROWS or octets >= BATCH_OCTETS:
            yield batch
            batch, octets = Batch(position, highest, [], []), 0
    if batch.rows:
        yield batch


def judged(rows: Iterable[RawRow], processes: int) -> Iterator[Judged]:
    """Every batch judged, in order, in this process or in `processes` others."""
    if processes <= 1:
        yield from map(judge, batches(rows))
        return
    # Started afresh, not forked: a fork would take over threads' locks and the database connection.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Judged]] = deque()
        for batch in batches(rows):
            waiting.append(pool.submit(judge, batch))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def judge(batch: Batch) -> Judged:
    leaves = [leaf_hash(row.octets) for row in batch.rows]
    found = read_all([row.octets for row in batch.rows])
    faults = list(batch.faults)
    if not _is_sound(batch, leaves, found):
        faults += _sequence_faults(batch)
        for row, leaf, envelope in zip(batch.rows, leaves, found, strict=True):
            faults += _entry_faults(row, leaf, envelope)
    return Judged(leaves, faults, _times(found))


def available_processes() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _row(raw: RawRow, position: int, highest: int, faults: list[Fault]) -> Row:
    seq, octets, stored = raw
    octets = bytes(octets) if isinstance(octets, memoryview) else octets
    stored = bytes(stored) if isinstance(stored, memoryview) else stored
    if type(seq) is int and type(octets) is bytes and type(stored) is bytes:
        return Row(seq, octets, stored)
    kinds = ", ".join(type(value).__name__ for value in raw)
    evidence: dict[str, str | int] = {"position": position, "reason": f"it holds {kinds}"}
    faults.append(Fault(FaultKind.ROW_MALFORMED, position, evidence))
    # It keeps its place in the tree, as an entry without octets: no log has ever signed one.
    return Row(seq if type(seq) is int else highest + 1, b"", leaf_hash(b""))


def _is_sound(batch: Batch, leaves: list[bytes], found: list[Envelope | Flaw]) -> bool:
    numbers = [row.seq for row in batch.rows]
    return (
        numbers == list(range(batch.highest + 1, batch.highest + 1 + len(numbers)))
        and leaves == [row.leaf_hash for row in batch.rows]
        and numbers == [None if isinstance(envelope, Flaw) else envelope[0] for envelope in found]
    )


def _sequence_faults(batch: Batch) -> Iterator[Fault]:
    highest = batch.highest
    for row in batch.rows:
        if row.seq > highest + 1:
            yield Fault(FaultKind.SEQ_GAP, highest + 1, {"first": highest + 1, "last": row.seq - 1})
        elif row.seq == highest:
            yield Fault(FaultKind.SEQ_DUPLICATE, row.seq, {"seq": row.seq})
        elif row.seq < highest:
            yield Fault(FaultKind.ORDER, row.seq, {"seq": row.seq, "after": highest})
        highest = max(highest, row.seq)


def _entry_faults(row: Row, leaf: bytes, found: Envelope | Flaw) -> Iterator[Fault]:
    if isinstance(found, Flaw):
        yield Fault(FaultKind.ENTRY_MALFORMED, row.seq, {"seq": row.seq, "reason": found.reason})
    elif found[0] != row.seq:
        yield Fault(FaultKind.ENTRY_SEQ_MISMATCH, row.seq, {"seq": row.seq, "stated": found[0]})
    if leaf != row.leaf_hash:
        evidence: dict[str, str | int] = {
            "seq": row.seq,
            "stored": f"sha256:{row.leaf_hash.hex()}",
            "recomputed": f"sha256:{leaf.hex()}",
        }
        yield Fault(FaultKind.LEAF_HASH_MISMATCH, row.seq, evidence)


def _times(found: list[Envelope | Flaw]) -> list[tuple[int, str]]:
    stamps = [envelope for envelope in found if not isinstance(envelope, Flaw)]
    times = [stamp[1] for stamp in stamps]
    if times == sorted(times):
        return [stamps[0], stamps[-1]] if stamps else []
    return stamps
