"""What was read of a recorder's clock, kept; what there is to say of a recording's time (R6.1, R17.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import returned_of
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import ClockReading, Recording
from aigaq.registry.models import Card, Recorder
from aigaq.unloading.recorders.clocks import Doubt, Measured, doubts

_MILLISECOND = timedelta(milliseconds=1)
_CLOCK_SET = "recorder.clock-set"
DRIFT = timedelta(seconds=60)
"""How far a clock may be off where nobody has said otherwise."""
NEAR = timedelta(days=1)
"""A reading tells of the recordings that were taken in within so long of it."""


@dataclass(frozen=True, slots=True)
class TimeOf:
    """What there is to say of the time of a recording."""

    doubts: tuple[Doubt, ...]
    reading: ClockReading | None
    """The reading of its recorder's clock that is nearest to its being taken in."""


def record_clock(
    ledger: Ledger,
    by: By,
    measured: Measured,
    *,
    recorder: Recorder,
    card: Card | None,
    row: JournalRow | None,
    unload: UUID,
    allowed: timedelta,
) -> ClockReading | None:
    """Keep a reading, with its entry; None if the same was kept before: a run that was cut off reads again.

    A clock that is off by more than `allowed` begins an excursion; one that was read exactly, and is within,
    ends it. Of one excursion all readings have the same number.
    """
    with transaction.atomic():
        ledger.take_turn("recorder.clock-read")
        known = ClockReading.objects.filter(recorder=recorder)
        if known.filter(way=measured.way, device_at=measured.device_at, path=measured.path).exists():
            return None
        reading = ClockReading(
            recorder=recorder,
            card=card,
            way=measured.way.value,
            device_at=measured.device_at,
            server_at=measured.server_at,
            offset_ms=measured.offset // _MILLISECOND,
            precision_ms=measured.precision // _MILLISECOND,
            path=measured.path,
            allowed_ms=allowed // _MILLISECOND,
            unload=unload,
            read_at=ledger.clock.now(),
        )
        reading.excursion = _excursion(reading)
        reading.seq = ledger.append("recorder.clock-read", by, _about(reading, row)).seq
        reading.save(force_insert=True)
    return reading


def clock_was_set(
    ledger: Ledger,
    by: By,
    *,
    recorder: Recorder | None,
    card: Card | None,
    unload: UUID,
    path: str,
    text: str,
) -> None:
    """Enter that a recorder was left the time: what was written is all that is known of it.

    Once for each unloading: a dock whose answer was lost tells it again.
    """
    about: dict[str, Json] = {
        "recorder": recorder.inventory_number if recorder else None,
        "recorder_id": str(recorder.pk) if recorder else None,
        "card": card.inventory_number if card else None,
        "card_id": str(card.pk) if card else None,
        "unload": str(unload),
        "path": path,
        "text": text,
        "at": rfc3339(ledger.clock.now()),
    }
    with transaction.atomic():
        ledger.take_turn(_CLOCK_SET)
        lately = LedgerEntry.objects.filter(kind=_CLOCK_SET, at__gt=ledger.clock.now() - NEAR)
        if not lately.filter(entry__contains=f'"unload":"{unload}"').exists():
            ledger.append(_CLOCK_SET, by, about)


def readings_of(recorder: Recorder, *, limit: int) -> Sequence[ClockReading]:
    """The newest, the oldest of them first."""
    found = ClockReading.objects.filter(recorder=recorder).select_related("card").order_by("-seq")[:limit]
    return list(found)[::-1]


def time_of(recording: Recording, *, allowed: timedelta) -> TimeOf:
    """What is doubtful in the time of a recording, by its recorder's clock and by its row."""
    reading = _nearest(recording)
    placement = getattr(recording, "placement", None)
    row = placement.row if placement else None
    returned = returned_of(row) if row else None
    found = doubts(
        recording.recorded_at,
        ingested_at=recording.ingested_at,
        issued_at=row.issue.occurred_at if row else None,
        returned_at=returned.occurred_at if returned else None,
        offset=reading.offset_ms * _MILLISECOND if reading else None,
        allowed=allowed,
    )
    return TimeOf(tuple(found), reading)


def _nearest(recording: Recording) -> ClockReading | None:
    """Of the same unloading if there is one, else the nearest in time; an exact one before a mere bound."""
    placement = getattr(recording, "placement", None)
    recorder = placement.row.recorder.pk if placement else recording.recorder_id
    if recorder is None:
        return None
    at = recording.ingested_at
    found = ClockReading.objects.filter(recorder=recorder, read_at__gte=at - NEAR, read_at__lte=at + NEAR)
    return min(
        found,
        key=lambda each: (
            each.unload != recording.unload,
            not each.is_exact,
            abs(each.read_at - at),
            each.seq,
        ),
        default=None,
    )


def _excursion(reading: ClockReading) -> int:
    before = ClockReading.objects.filter(recorder=reading.recorder)
    # A bound that is within says nothing, so it ends no excursion: the last that says something counts.
    last = next((each for each in before.order_by("-seq")[:100] if each.excursion or each.is_exact), None)
    if abs(reading.offset_ms) <= reading.allowed_ms:
        # It is off by that much at least, and may be by more.
        return last.excursion if last is not None and not reading.is_exact else 0
    if last is not None and last.excursion:
        return last.excursion
    highest = before.order_by("-excursion").values_list("excursion", flat=True).first()
    return (highest or 0) + 1


def _about(reading: ClockReading, row: JournalRow | None) -> dict[str, Json]:
    return {
        "row": {"id": str(row.pk), "number": row.number} if row else None,
        "recorder": reading.recorder.inventory_number,
        "recorder_id": str(reading.recorder_id),
        "card": reading.card.inventory_number if reading.card else None,
        "card_id": str(reading.card_id) if reading.card_id else None,
        "way": reading.way,
        "device_at": rfc3339(reading.device_at),
        "server_at": rfc3339(reading.server_at),
        "offset_ms": reading.offset_ms,
        "precision_ms": reading.precision_ms,
        "path": reading.path,
        "allowed_ms": reading.allowed_ms,
        "excursion": reading.excursion,
        "unload": str(reading.unload),
        "read_at": rfc3339(reading.read_at),
    }
