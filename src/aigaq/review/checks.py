"""Which rows of marks and reviews each entry carries: `aigaq ledger verify` holds the tables against them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.review.models import Mark, MarkChange, Review
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(Mark),
    Table(MarkChange, derived=_NUMBERED),
    Table(Review),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry.body) if says else ()


def _marked(body: Mapping[str, Any]) -> Iterator[Carried]:
    yield Carried(
        "review.mark",
        {"id": body["mark"], "file_id": body["file"], "camera_at": body["camera_at"], **_said(body)},
    )


def _changed(kind: str, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "mark_id": body["mark"],
        "number": str(body["number"]),
        "kind": kind,
        "reason": body["reason"],
        **_said(body),
    }
    yield Carried("review.markchange", values)


def _said(body: Mapping[str, Any]) -> dict[str, str | None]:
    until = body["until_ms"]
    return {
        "position_ms": str(body["position_ms"]),
        "until_ms": None if until is None else str(until),
        "category": body["category"],
        "is_evidence": _truth(body["evidence"]),
        "note": body["note"],
        "by_id": body["reviewer"]["id"],
        "entered_at": body["at"],
    }


def _reviewed(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["review"],
        "recording_id": body["recording"],
        "row_id": body["row"]["id"] if body["row"] else None,
        "result": body["result"],
        "note": body["note"],
        "by_id": body["reviewer"]["id"],
        "entered_at": body["at"],
    }
    yield Carried("review.review", values)


def _truth(value: object) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "true" if value else "false"


_SAYS: Final = {
    "review.marked": _marked,
    "review.mark-amended": lambda body: _changed("amended", body),
    "review.mark-withdrawn": lambda body: _changed("withdrawn", body),
    "review.reviewed": _reviewed,
}

STATEMENT: Final = Statement(TABLES, carried_by)
