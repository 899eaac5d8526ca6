"""Which demands and what became of them each entry carries: `aigaq ledger verify` compares the tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.core.digests import Digest
from aigaq.disclosure.models import Approval, Building, Built, Demand, HandOver, Refused, Selection
from aigaq.disclosure.services.amend import AMENDED
from aigaq.disclosure.services.approve import APPROVED
from aigaq.disclosure.services.build import BEGUN, BUILT
from aigaq.disclosure.services.hand_over import HANDED_OVER
from aigaq.disclosure.services.refuse import REFUSED
from aigaq.disclosure.services.register import REGISTERED
from aigaq.journal.checks import signed_columns
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table, spelt_json
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: what refers to it is compared by content."}

TABLES: Final = (
    Table(Demand, through={"document_id": "stored_digest"}),
    Table(Selection, derived=_NUMBERED),
    Table(Approval, through={"selection_id": "seq"}),
    Table(Refused, derived=_NUMBERED),
    Table(Building),
    Table(Built, derived=_NUMBERED),
    Table(HandOver),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry, entry.body) if says else ()


def _registered(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    values = {
        "id": body["demand"],
        "division_id": body["division"]["id"],
        "number": str(body["number"]),
        "kind": body["kind"],
        "authority": body["authority"],
        "official": body["official"],
        "their_number": body["their_number"],
        "dated_on": body["dated_on"],
        "received_on": body["received_on"],
        "due_on": body["due_on"],
        "basis": body["basis"],
        "covers": body["covers"],
        "document_id": None if document is None else _hex(document["stored_digest"]),
        "media_type": "" if document is None else document["media_type"],
        "by_id": entry.actor.id,
        "registered_at": body["registered_at"],
    }
    yield Carried("disclosure.demand", values)
    yield _selected(entry, body, reason="", at=body["registered_at"])
    if document is not None:
        yield _blob(document, body["registered_at"])


def _amended(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    yield _selected(entry, body, reason=body["reason"], at=body["amended_at"])


def _selected(entry: Entry, body: Mapping[str, Any], *, reason: str, at: str) -> Carried:
    values = {
        "demand_id": body["demand"],
        "version": str(body["version"]),
        "chosen": spelt_json(body["chosen"]),
        "reason": reason,
        "hold_id": body["hold"],
        "by_id": entry.actor.id,
        "entered_at": at,
    }
    return Carried("disclosure.selection", values)


def _approved(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    (signature,) = body["signatures"]
    values = {
        "id": document["package"],
        "demand_id": document["demand"]["id"],
        "selection_id": str(document["selection"]["seq"]),
        "by_id": document["head"]["id"],
        **signed_columns(signature),
        "approved_at": document["occurred_at"],
    }
    yield Carried("disclosure.approval", values)


def _refused(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "demand_id": body["demand"],
        "reason": body["reason"],
        "by_id": entry.actor.id,
        "refused_at": body["refused_at"],
    }
    yield Carried("disclosure.refused", values)


def _begun(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["building"],
        "approval_id": body["package"],
        "way": body["way"],
        "capacity": body["capacity"],
        "sealing": body["encrypted"],
        "is_image": "true" if body["image"] else "false",
        "by_id": entry.actor.id,
        "begun_at": body["begun_at"],
    }
    yield Carried("disclosure.building", values)


def _built(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "building_id": body["building"],
        "package_digest": body["package_digest"],
        "bags": spelt_json(body["bags"]),
        "built_at": body["built_at"],
    }
    yield Carried("disclosure.built", values)


def _handed_over(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["handover"],
        "approval_id": body["package"],
        "building_id": body["building"],
        "receiver": body["receiver"]["full_name"],
        "position": body["receiver"]["position"],
        "basis": body["basis"],
        "carrier": body["carrier"],
        "way": body["signed"]["way"],
        "signed_name": body["signed"]["name"],
        "by_id": entry.actor.id,
        "handed_over_at": body["handed_over_at"],
    }
    yield Carried("disclosure.handover", values)


def _blob(about: Mapping[str, Any], at: str) -> Carried:
    values = {
        "content_digest": _hex(about["content_digest"]),
        "stored_digest": _hex(about["stored_digest"]),
        "size": str(about["size"]),
        "stored_size": str(about["stored_size"]),
        "name": about["blob"],
        "ingested_at": at,
    }
    return Carried("recordings.blob", values)


def _hex(digest: str) -> str:
    """As the catalogue writes it."""
    return Digest.parse(digest).hex


_Says = Callable[[Entry, Mapping[str, Any]], Iterator[Carried]]
_SAYS: Final[Mapping[str, _Says]] = {
    REGISTERED: _registered,
    AMENDED: _amended,
    APPROVED: _approved,
    REFUSED: _refused,
    BEGUN: _begun,
    BUILT: _built,
    HANDED_OVER: _handed_over,
}

STATEMENT: Final = Statement(TABLES, carried_by)
