"""The judgement of stored rows, batch by batch; nothing in a row is believed but its octets.

A batch is judged from the batch and from the number before it alone, so batches can be judged in
several processes.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeAlias

from aigaq.tlog.faults import Evidence, Fault, FaultKind
from aigaq.tlog.merkle import DIGEST_SIZE, leaf_hash
from aigaq.tlog.reading import Envelope, Flaw, read_all

RawRow: TypeAlias = tuple[object, object, object]
"""``(seq, octets, leaf_hash)`` as a database gives it, with whatever type somebody has put there."""

BATCH_ROWS = 256
"""Rows judged at once: enough to be quick, few enough to be small with the largest entries allowed."""


class Batch(NamedTuple):
    """Consecutive rows by column, as three lists of one length."""

    highest: int
    """The highest number in the rows before; -1 where there are none."""
    numbers: list[int]
    entries: list[bytes]
    stored: list[bytes]
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
    position, highest, stream = 0, -1, iter(rows)
    while raw := list(islice(stream, BATCH_ROWS)):
        batch = _batch(raw, position, highest)
        yield batch
        position, highest = position + len(raw), max(highest, *batch.numbers)


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
    leaves = [leaf_hash(octets) for octets in batch.entries]
    found = read_all(batch.entries)
    faults = list(batch.faults)
    if not _is_sound(batch, leaves, found):
        faults += _sequence_faults(batch)
        for number, leaf, stored, envelope in zip(batch.numbers, leaves, batch.stored, found, strict=True):
            faults += _entry_faults(number, leaf, stored, envelope)
    return Judged(leaves, faults, _times(found))


def available_processes() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batch(raw: list[RawRow], position: int, highest: int) -> Batch:
    numbers, entries, stored = (list(map(_plain, column)) for column in zip(*raw, strict=True))
    if _all_of(int, numbers) and _all_of(bytes, entries) and _all_of(bytes, stored):
        return Batch(highest, numbers, entries, stored, [])
    batch = Batch(highest, [], [], [], [])
    for row in zip(numbers, entries, stored, strict=True):
        _add(batch, position + len(batch.numbers), row)
    return batch


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a database holds
    return bytes(value) if type(value) is memoryview else value


def _all_of(kind: type, values: list[Any]) -> bool:
    return set(map(type, values)) == {kind}


def _add(batch: Batch, position: int, row: tuple[Any, Any, Any]) -> None:
    number, octets, leaf = row
    if type(number) is int and type(octets) is bytes and type(leaf) is bytes:
        batch.numbers.append(number)
        batch.entries.append(octets)
        batch.stored.append(leaf)
        return
    kinds = ", ".join(type(value).__name__ for value in row)
    evidence: Evidence = {"position": position, "reason": f"it holds {kinds}, not int, bytes, bytes"}
    batch.faults.append(Fault(FaultKind.ROW_MALFORMED, position, evidence))
    # It keeps its place in the tree, as an entry without octets: no log has ever signed one.
    batch.numbers.append(number if type(number) is int else max([batch.highest, *batch.numbers]) + 1)
    batch.entries.append(b"")
    batch.stored.append(leaf_hash(b""))


def _is_sound(batch: Batch, leaves: list[bytes], found: list[Envelope | Flaw]) -> bool:
    first = batch.highest + 1
    return (
        batch.numbers == list(range(first, first + len(batch.numbers)))
        and leaves == batch.stored
        and batch.numbers == [None if isinstance(envelope, Flaw) else envelope[0] for envelope in found]
    )


def _sequence_faults(batch: Batch) -> Iterator[Fault]:
    highest = batch.highest
    for number in batch.numbers:
        if number > highest + 1:
            yield Fault(FaultKind.SEQ_GAP, highest + 1, {"first": highest + 1, "last": number - 1})
        elif number == highest:
            yield Fault(FaultKind.SEQ_DUPLICATE, number, {"seq": number})
        elif number < highest:
            yield Fault(FaultKind.ORDER, number, {"seq": number, "after": highest})
        highest = max(highest, number)


def _entry_faults(number: int, leaf: bytes, stored: bytes, found: Envelope | Flaw) -> Iterator[Fault]:
    if isinstance(found, Flaw):
        yield Fault(FaultKind.ENTRY_MALFORMED, number, {"seq": number, "reason": found.reason})
    elif found[0] != number:
        yield Fault(FaultKind.ENTRY_SEQ_MISMATCH, number, {"seq": number, "stated": found[0]})
    if leaf != stored:
        evidence: Evidence = {
            "seq": number,
            "stored": f"sha256:{stored[:DIGEST_SIZE].hex()}",
            "recomputed": f"sha256:{leaf.hex()}",
        }
        yield Fault(FaultKind.LEAF_HASH_MISMATCH, number, evidence)


def _times(found: list[Envelope | Flaw]) -> list[tuple[int, str]]:
    stamps = [envelope for envelope in found if not isinstance(envelope, Flaw)]
    times = [stamp[1] for stamp in stamps]
    if times == sorted(times):
        return [stamps[0], stamps[-1]] if stamps else []
    return stamps
