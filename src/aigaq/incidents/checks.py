"""Which incidents and decisions each entry carries: `aigaq ledger verify` holds the tables against them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.core.clock import rfc3339
from aigaq.incidents.models import Decision, Incident
from aigaq.journal.checks import signed_columns
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table, spelt_json
from aigaq.tlog.entry import Entry

TABLES: Final = (
    Table(Incident),
    Table(
        Decision,
        derived={"id": "The database's own number of the row: no other row and no page refers to it."},
    ),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry, entry.body) if says else ()


def _opened(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["incident"],
        "kind": body["kind"],
        "division_id": body["division"],
        "row_id": body["row"],
        "key": body["key"],
        "facts": spelt_json(body["facts"]),
        "evidence": spelt_json(body["evidence"]),
        "occurred_at": body["occurred_at"],
        "opened_at": rfc3339(entry.at),
    }
    yield Carried("incidents.incident", values)


def _decided(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    (signature,) = body["signatures"]
    values = {
        "incident_id": document["incident"]["id"],
        "outcome": document["outcome"],
        "reason": document["reason"],
        "by_id": document["head"]["id"],
        **signed_columns(signature),
        "decided_at": document["occurred_at"],
    }
    yield Carried("incidents.decision", values)


_SAYS: Final = {"incidents.opened": _opened, "incidents.decided": _decided}

STATEMENT: Final = Statement(TABLES, carried_by)
