"""Showing the time code of a row: who put it on a screen, when, and what the screen shows each second."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.journal.rules import refusal_to_write
from aigaq.journal.selectors import returned_of, row_with
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.errors import NoSuchShowingError, RowReturnedError
from aigaq.recordings.models import Pace, Purpose, TimeCodeShowing
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.timecode import code, film
from aigaq.timecode.code import Code, key_of, name_of
from aigaq.timecode.showing import Showing
from aigaq.tlog.checkpoint import Signer, VerifierKey

KIND: Final = "recorder.time-shown"
SECONDS: Final = 300
"""Of one showing. Who needs longer shows it anew, and that is entered anew."""
AHEAD: Final = timedelta(seconds=4)
"""So early a page gets codes, to have each when its second comes. Nobody gets any earlier."""
_PACES: Final = {Pace.STEADY: film.STEADY, Pace.LOADED_ANEW: film.LOADED_ANEW}


def show(
    ledger: Ledger, by: By, *, row: JournalRow, purpose: Purpose, custodian: Person, pace: Pace
) -> TimeCodeShowing:
    """Enter that the time code of `row` is put on a screen, from the next second on, before anybody sees it.

    Raises `UnknownRowError`, `NotCustodianError` or `RowReturnedError`.
    """
    row = row_with(row.pk)
    with transaction.atomic():
        # The number and the root are known only once nobody else can take the number.
        ledger.take_turn(KIND)
        now = ledger.clock.now()
        require(refusal_to_write(by, standing_of(custodian, now), row.division))
        if returned_of(row) is not None:
            raise RowReturnedError(row=row.number)
        last = TimeCodeShowing.objects.aggregate(last=Max("number"))["last"] or 0
        showing = TimeCodeShowing(
            number=last + 1,
            row=row,
            purpose=purpose,
            began_at=now.replace(microsecond=0) + timedelta(seconds=1),
            seconds=SECONDS,
            pace=pace,
            by=custodian,
        )
        showing.root = as_value(ledger.signer, showing).root(key_of(ledger.signer)).hex()
        showing.seq = ledger.append(KIND, by, _about(showing)).seq
        showing.save(force_insert=True)
    return showing


def showing_for(number: int, division: Division) -> TimeCodeShowing:
    """The showing with that number, of a row of that division. Raises `NoSuchShowingError`."""
    found = TimeCodeShowing.objects.select_related("row__book", "row__division", "by")
    try:
        return found.get(number=number, row__division=division)
    except TimeCodeShowing.DoesNotExist as error:
        raise NoSuchShowingError from error


def codes_at(ledger: Ledger, showing: TimeCodeShowing, now: datetime, ahead: timedelta = AHEAD) -> list[Code]:
    """The code of this second and of the few that come: none before, none after the showing."""
    value, key = as_value(ledger.signer, showing), key_of(ledger.signer)
    first = (now - showing.began_at) // timedelta(seconds=1)
    last = (now + ahead - showing.began_at) // timedelta(seconds=1)
    return [value.code(key, index) for index in range(max(0, first), min(last + 1, showing.seconds))]


def pace_of(ledger: Ledger, showing: TimeCodeShowing | None, code: Code) -> film.Pace | None:
    """How the page kept the second that showed exactly this code; None if none of ours did."""
    if showing is None or not as_value(ledger.signer, showing).is_ours(key_of(ledger.signer), code):
        return None
    return _PACES[Pace(showing.pace)]


def proof_of(ledger: Ledger, showing: TimeCodeShowing, code: Code) -> dict[str, Json]:
    """What anybody needs who holds the text of a code against the root that was entered before it."""
    value = as_value(ledger.signer, showing)
    index = value.index_of(code.at)
    if index is None:
        raise NoSuchShowingError
    return {"index": index, "path": [each.hex() for each in value.proof(key_of(ledger.signer), index)]}


def as_value(signer: Signer, showing: TimeCodeShowing) -> Showing:
    return Showing(
        ledger=name_of(VerifierKey.of(signer)),
        number=showing.number,
        purpose=code.Purpose(showing.purpose),
        row=showing.row.number,
        began_at=showing.began_at,
        seconds=showing.seconds,
    )


def _about(showing: TimeCodeShowing) -> dict[str, Json]:
    recorder = showing.row.recorder
    return {
        "showing": showing.number,
        "row": {"id": str(showing.row_id), "number": showing.row.number},
        "recorder": recorder.inventory_number,
        "recorder_id": str(recorder.pk),
        "purpose": str(showing.purpose),
        "from": rfc3339(showing.began_at),
        "until": rfc3339(showing.began_at + timedelta(seconds=showing.seconds)),
        "seconds": showing.seconds,
        "root": showing.root,
        "pace": str(showing.pace),
        "custodian": str(showing.by_id),
    }
