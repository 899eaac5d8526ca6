"""A card that nobody knows, whose films say by their time codes on which row they were made."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from aigaq.ingest.models import Unload
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import returned_of
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import ClockReading, ReadingWay, Recording, TimeCodeReading, TimeCodeVerdict
from aigaq.recordings.services import place
from aigaq.recordings.time_code_rules import is_of_duty
from aigaq.unloading import errors

_NOBODY_KNOWS = frozenset({errors.CardUnknownError.code, errors.NoRowError.code})


def nobody_knows(unload: Unload) -> bool:
    """Nothing leads from the card to a row. Where its signs contradict each other people have to look."""
    return unload.doubt in _NOBODY_KNOWS


def place_the_rest(ledger: Ledger, by: By, unload: Unload, *, allowed: timedelta) -> JournalRow | None:
    """Tie what shows no code itself to the row that the codes of the others name; give that row.

    Only what began on that duty, once the clock is put right by the codes: older takes may be on the card.
    """
    row = _row_of_codes(unload) if nobody_knows(unload) else None
    if row is None:
        return None
    ended = returned_of(row)
    ended_at = ended.occurred_at if ended else ledger.clock.now()
    readings = list(
        ClockReading.objects.filter(unload=unload.pk, recorder=row.recorder, way=ReadingWay.TIME_CODE)
    )
    fitting = [
        each
        for each in _free(unload, row)
        if readings
        and each.recorded_at is not None
        and is_of_duty(
            put_right(each.recorded_at, readings),
            issued_at=row.issue.occurred_at,
            ended_at=ended_at,
            allowed=allowed,
        )
    ]
    place(ledger, by, fitting, row)
    return row


def put_right(recorded_at: datetime, readings: list[ClockReading]) -> datetime:
    """By the reading that is nearest by the recorder's own clock."""
    nearest = min(readings, key=lambda each: (abs(each.device_at - recorded_at), each.seq))
    return recorded_at - timedelta(milliseconds=nearest.offset_ms)


def _row_of_codes(unload: Unload) -> JournalRow | None:
    told = TimeCodeReading.objects.filter(
        file__sightings__unload=unload,
        verdict__in=(TimeCodeVerdict.LIVE, TimeCodeVerdict.CONTRADICTS),
        file__recording__placement__isnull=False,
    )
    rows = JournalRow.objects.filter(time_code_showings__readings__in=told).select_related("issue")
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def _free(unload: Unload, row: JournalRow) -> QuerySet[Recording]:
    found = Recording.objects.filter(
        files__sightings__unload=unload, placement=None, division=row.division_id
    ).exclude(files__time_codes__verdict=TimeCodeVerdict.OTHER_ROW)
    return found.order_by("pk").distinct()
