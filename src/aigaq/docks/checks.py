"""Which docks, revocations, blobs each entry carries: `aigaq ledger verify` holds the tables against it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.core.digests import Digest
from aigaq.docks.models import Dock, Received, Revocation
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(Dock),
    Table(Revocation, derived=_NUMBERED),
    Table(Received, derived=_NUMBERED),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry.body) if says else ()


def _enrolled(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["dock"],
        "name": body["name"],
        "division_id": body["division"],
        "public_key": body["public_key"],
        "enrolled_by_id": body["enrolled_by"],
        "enrolled_at": body["enrolled_at"],
    }
    yield Carried("docks.dock", values)


def _revoked(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "dock_id": body["dock"],
        "reason": body["reason"],
        "revoked_by_id": body["revoked_by"],
        "revoked_at": body["revoked_at"],
    }
    yield Carried("docks.revocation", values)


def _received(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "dock_id": body["dock"],
        "content_digest": Digest.parse(body["content_digest"]).hex,
        "stored_digest": Digest.parse(body["stored_digest"]).hex,
        "stored_size": str(body["stored_size"]),
        "received_at": body["received_at"],
    }
    yield Carried("docks.received", values)


_SAYS: Final = {"dock.enrolled": _enrolled, "dock.revoked": _revoked, "dock.received": _received}

STATEMENT: Final = Statement(TABLES, carried_by)
