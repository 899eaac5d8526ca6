"""Which terms, holds and disposals each entry carries: `aigaq ledger verify` compares the tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.journal.checks import signed_columns
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table, spelt_json
from aigaq.retention.clock import CONFIRMED
from aigaq.retention.disposing import BEGUN, DONE, PART
from aigaq.retention.models import (
    ClockConfirmation,
    DestroyedBlob,
    DisposalApproval,
    DisposalDrop,
    DisposalPlan,
    Disposed,
    Disposing,
    HeldRecording,
    Hold,
    HoldRelease,
    Remainder,
    RemainderRemoved,
    RetentionTerm,
)
from aigaq.retention.planning import APPROVED, DROPPED, PROPOSED
from aigaq.retention.remainders import REMOVED
from aigaq.retention.services import PLACED, RELEASED
from aigaq.retention.terms import TERM_SET
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(Hold),
    Table(HeldRecording, derived=_NUMBERED),
    Table(HoldRelease, derived=_NUMBERED),
    Table(RetentionTerm, derived=_NUMBERED),
    Table(ClockConfirmation, derived=_NUMBERED),
    Table(DisposalPlan),
    Table(DisposalApproval, derived=_NUMBERED),
    Table(DisposalDrop, derived=_NUMBERED),
    Table(Disposing, derived=_NUMBERED),
    Table(Disposed, derived=_NUMBERED),
    Table(Remainder, derived=_NUMBERED),
    Table(RemainderRemoved, derived=_NUMBERED),
    Table(DestroyedBlob, derived=_NUMBERED, through={"blob_id": "stored_digest"}),
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


def _terms(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    for term in body["terms"]:
        values = {
            "recording_id": term["recording"],
            "number": str(term["number"]),
            "taken_in": term["taken_in"],
            "kept_until": term["kept_until"],
            "profile": body["profile"],
            "reasons": spelt_json(term["reasons"]),
            "set_at": body["set_at"],
        }
        yield Carried("retention.retentionterm", values)


def _confirmed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "division_id": body["division"]["id"],
        "day": body["day"],
        "reached": body["reached"],
        "by_id": entry.actor.id,
        "confirmed_at": body["confirmed_at"],
    }
    yield Carried("retention.clockconfirmation", values)


def _proposed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["plan"],
        "division_id": body["division"]["id"],
        "number": str(body["number"]),
        "items": spelt_json(body["items"]),
        "by_id": entry.actor.id,
        "proposed_at": body["proposed_at"],
    }
    yield Carried("retention.disposalplan", values)


def _approved(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    (signature,) = body["signatures"]
    values = {
        "plan_id": document["plan"]["id"],
        "by_id": document["head"]["id"],
        **signed_columns(signature),
        "approved_at": document["occurred_at"],
    }
    yield Carried("retention.disposalapproval", values)


def _dropped(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "plan_id": body["plan"],
        "reason": body["reason"],
        "by_id": entry.actor.id,
        "dropped_at": body["dropped_at"],
    }
    yield Carried("retention.disposaldrop", values)


def _begun(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "plan_id": body["plan"],
        "recordings": spelt_json(body["recordings"]),
        "contents": spelt_json(body["contents"]),
        "spared": spelt_json(body["spared"]),
        "by_id": entry.actor.id,
        "begun_at": body["begun_at"],
    }
    yield Carried("retention.disposing", values)


def _done(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    plan, at = body["plan"], body["disposed_at"]
    for recording in body["recordings"]:
        yield Carried("retention.disposed", {"recording_id": recording, "plan_id": plan, "disposed_at": at})
    yield from _objects(_entry, body)
    for place in body["standing"]:
        until = body.get("standing_until", {}).get(place)
        yield Carried("retention.remainder", {"plan_id": plan, "place": place, "until": until})


def _objects(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    plan, at = body["plan"], body["disposed_at"]
    for _content, stored, *_sizes in body["objects"]:
        yield Carried("retention.destroyedblob", {"blob_id": stored, "plan_id": plan, "destroyed_at": at})


def _removed(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "plan_id": body["plan"],
        "place": body["place"],
        "objects_removed": str(body["objects"]),
        "removed_at": body["removed_at"],
    }
    yield Carried("retention.remainderremoved", values)


_Says = Callable[[Entry, Mapping[str, Any]], Iterator[Carried]]
_SAYS: Final[Mapping[str, _Says]] = {
    PLACED: _placed,
    RELEASED: _released,
    TERM_SET: _terms,
    CONFIRMED: _confirmed,
    PROPOSED: _proposed,
    APPROVED: _approved,
    DROPPED: _dropped,
    BEGUN: _begun,
    PART: _objects,
    DONE: _done,
    REMOVED: _removed,
}

STATEMENT: Final = Statement(TABLES, carried_by)
