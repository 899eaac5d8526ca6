"""A duty with all there can be on it: a meal, a recorder that failed and its successor, a hole, a clock that is fast."""

from datetime import datetime, timedelta
from uuid import uuid4

from aigaq.journal.models import JournalRow
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger.services import MACHINE
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import Kind
from aigaq.unloading.recorders.clocks import Measured, Way
from tests.support.duty import spare_of
from tests.support.viewing import Room, picture

FAST = timedelta(minutes=3, seconds=20)
"""The first recorder's clock; the other's was never compared."""
FILMS = ((2, 20), (51, 79), (96, 132), (146, 176))
"""In minutes from the issue; two with each recorder."""


def whole_duty(room: Room, content: bytes) -> JournalRow:
    """From nine to noon on two rows; the first of them. Each film has `content`, and is said to be longer."""
    office, day = room.office, room.duty
    row = day.issue()
    issued = row.issue.occurred_at

    def at(minutes: float) -> datetime:
        return issued + timedelta(minutes=minutes)

    def passes(minutes: float) -> None:
        office.clock.instant = at(minutes)

    passes(20)
    pause = day.pause(row)
    passes(50)
    day.resume(row, pause)
    passes(80)
    failure = day.fail(row)
    passes(95)
    new = day.replace(failure, spare_of(office))
    passes(180)
    day.give_back(row)
    day.give_back(new, seal_number_found="Қ-0777")
    passes(190)
    for each in (row, new):
        record_unloading(
            office.ledger,
            MACHINE,
            row=each,
            unload_id=uuid4(),
            files=2,
            octets=len(content),
            occurred_at=at(190),
        )
    measured = Measured(Way.TIME_FILE, at(190) + FAST, at(190), timedelta(seconds=1), "TIME.TXT")
    record_clock(
        office.ledger,
        MACHINE,
        measured,
        recorder=row.recorder,
        card=row.card,
        row=row,
        unload=uuid4(),
        allowed=timedelta(minutes=1),
    )
    for number, (begins, ends) in enumerate(FILMS):
        is_first = number < 2
        room.enter(
            content,
            row=row if is_first else new,
            recorder=row.recorder if is_first else new.recorder,
            duration=60.0 * (ends - begins),
            recorded_at=at(begins) + (FAST if is_first else timedelta()),
            path=f"DCIM/100AIGAQ/{begins:04}.MP4",
        )
    room.enter(
        picture(side=480),
        kind=Kind.PHOTO,
        container="jpeg",
        duration=None,
        row=new,
        recorder=new.recorder,
        recorded_at=at(110),
        path="DCIM/100AIGAQ/0110.JPG",
        still=picture(side=320),
    )
    passes(200)
    return row
