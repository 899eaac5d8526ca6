"""Which holds each entry carries: `aigaq ledger verify` holds the tables against them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.retention.models import HeldRecording, Hold, HoldRelease
from aigaq.retention.services import PLACED, RELEASED
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(Hold),
    Table(HeldRecording, derived=_NUMBERED),
    Table(HoldRelease, derived=_NUMBERED),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry, entry.body) if says else ()


def _placed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["hold"],
        "division_id": body["division"]["id"],
        "cause": body["cause"],
        "because": body["because"],
        "reason": body["reason"],
        "by_id": entry.actor.id,
        "placed_at": body["placed_at"],
    }
    yield Carried("retention.hold", values)
    for recording in body["recordings"]:
        yield Carried("retention.heldrecording", {"hold_id": body["hold"], "recording_id": recording})


def _released(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "hold_id": body["hold"],
        "reason": body["reason"],
        "by_id": entry.actor.id,
        "released_at": body["released_at"],
    }
    yield Carried("retention.holdrelease", values)


_SAYS: Final = {PLACED: _placed, RELEASED: _released}

STATEMENT: Final = Statement(TABLES, carried_by)
