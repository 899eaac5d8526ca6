"""What goes into a segment: entries, and what they do not carry, as one moment of the database has it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.ingest.models import Sighting, Unload, UnloadState
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import Ledger
from aigaq.ledger.tables import Table
from aigaq.recovery.segments import Row, Segment
from aigaq.recovery.statements import CARRIED, KEPT, SIGHTINGS, WHOLE
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer

MOST_ENTRIES: Final = 5_000
MOST_OCTETS: Final = 16 << 20
"""Of the entries of one segment."""
RUNNING_FOR: Final = timedelta(hours=2)
"""Unloads that gave a sign of life so short before the first entry of a segment, and began before the first
of the next, are in it: they change without an entry."""
LEDGER_KEY: Final = "ledger_key"
_READERS: Final = "access.reader-"


def gather(ledger: Ledger, vault: str, start: int) -> Segment | None:
    """The segment from entry `start` on; None where there is none. Not to be called inside a transaction."""
    with transaction.atomic(durable=True):
        # Nobody appends meanwhile, so rows and entries are of one moment.
        ledger.take_turn("recovery.copied")
        entries = _entries(start)
        if not entries:
            return None
        parsed: list[dict[str, Any]] = [json.loads(octets) for octets in entries]
        stop = start + len(entries)
        next_at = LedgerEntry.objects.filter(seq=stop).values_list("at", flat=True).first()
        rows, whole = _rows(parsed, next_at, is_first=start == 0)
        return Segment(
            start=start,
            vault=vault,
            ledger_key=str(VerifierKey.of(ledger.signer)),
            entries=entries,
            checkpoints=list(
                Checkpoint.objects.filter(size__gt=start, size__lte=stop)
                .order_by("size")
                .values_list("size", "note")
            ),
            facts=list(_facts(start, stop)),
            rows=rows,
            whole=whole,
            secrets=_secrets(ledger) if start == 0 else {},
        )


def _entries(start: int) -> list[bytes]:
    found: list[bytes] = []
    size = 0
    ahead = LedgerEntry.objects.filter(seq__gte=start).order_by("seq").values_list("entry", flat=True)
    for text in ahead[:MOST_ENTRIES].iterator():
        octets = text.encode()
        size += len(octets)
        if found and size > MOST_OCTETS:
            break
        found.append(octets)
    return found


def _facts(start: int, stop: int) -> Iterator[Json]:
    """Each JSON value of which the entries of this stretch state the digest."""
    for table in CARRIED.values():
        if table.digested:
            names = [table.field(column).attname for column in sorted(table.digested)]
            of_these = table.model._default_manager.filter(seq__gte=start, seq__lt=stop)  # noqa: SLF001 - Django's public way
            for values in of_these.order_by("seq").values_list(*names).iterator():
                yield from values


def _rows(
    entries: Sequence[dict[str, Any]], next_at: datetime | None, *, is_first: bool
) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    unloads: set[str] = set()
    for kept in KEPT:
        keys = {
            key
            for entry in entries
            if entry["kind"].startswith(kept.kinds) and isinstance(key := entry["body"].get(kept.named), str)
        }
        if kept.table.model is Unload:
            unloads = keys = keys | _alive(entries, next_at)
        rows += _of(kept.table, keys)
    rows += _of(SIGHTINGS, unloads)
    whole = []
    for table in WHOLE:
        if table.key == "name" or is_first or any(entry["kind"].startswith(_READERS) for entry in entries):
            whole.append(table.label)
            rows += [Row(table.label, found.values) for found in table.everything()]
    return rows, whole


def _of(table: Table, keys: set[str]) -> list[Row]:
    return [Row(table.label, found.values) for found in table.with_keys(keys)]


def _alive(entries: Sequence[dict[str, Any]], next_at: datetime | None) -> set[str]:
    """Those that may have changed without an entry, and those that they stand for now.

    Of what began after `next_at`, the time of the first entry behind these, later segments tell.
    """
    since = min(parse_rfc3339(entry["at"]) for entry in entries) - RUNNING_FOR
    alive = Unload.objects.filter(beat_at__gte=since)
    if next_at is not None:
        alive = alive.filter(started_at__lte=next_at)
    seen = Sighting.objects.filter(unload__in=alive).values("file")
    taken_up = Unload.objects.filter(state=UnloadState.TAKEN_UP, sightings__file__in=seen)
    return {str(pk) for found in (alive, taken_up) for pk in found.values_list("pk", flat=True)}


def _secrets(ledger: Ledger) -> dict[str, str]:
    """What signs the ledger, where it is a key that can be copied at all."""
    signer = ledger.signer
    return {LEDGER_KEY: signer.pem().decode("ascii")} if isinstance(signer, Ed25519Signer) else {}
