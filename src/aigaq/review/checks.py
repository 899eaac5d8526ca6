"""Which rows of marks and reviews each entry carries: `aigaq ledger verify` holds the tables against them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.review.models import Mark, MarkChange, Review, Sample, SampleItem, SampleNote
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(Mark),
    Table(MarkChange, derived=_NUMBERED),
    Table(Review),
    Table(Sample),
    Table(SampleItem, derived=_NUMBERED),
    Table(SampleNote, derived=_NUMBERED),
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


def _drawn(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["sample"],
        "division_id": body["division"],
        "month": f"{body['month']}-01",
        "size": str(body["size"]),
        "root": body["root"],
        "seed": body["seed"],
        "percent": str(body["percent"]),
        "least": str(body["least"]),
        "days": str(body["days"]),
        "population": str(body["population"]),
        "population_digest": body["population_digest"],
        "due_on": body["due_on"],
        "drawn_at": body["at"],
    }
    yield Carried("review.sample", values)
    for ordinal, (row, inspector) in enumerate(body["items"], 1):
        item = {
            "sample_id": body["sample"],
            "ordinal": str(ordinal),
            "row_id": row,
            "inspector_id": inspector,
        }
        yield Carried("review.sampleitem", item)


def _noted(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "sample_id": body["sample"],
        "text": body["text"],
        "by_id": body["head"]["id"],
        "entered_at": body["at"],
    }
    yield Carried("review.samplenote", values)


def _truth(value: object) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "true" if value else "false"


_SAYS: Final = {
    "review.marked": _marked,
    "review.mark-amended": lambda body: _changed("amended", body),
    "review.mark-withdrawn": lambda body: _changed("withdrawn", body),
    "review.reviewed": _reviewed,
    "review.sample-drawn": _drawn,
    "review.sample-noted": _noted,
}

STATEMENT: Final = Statement(TABLES, carried_by)
