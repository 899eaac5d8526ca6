"""Which rows of the book each entry carries: `aigaq ledger verify` holds the book against the ledger."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.core.clock import rfc3339
from aigaq.journal.models import (
    BookEnd,
    Correction,
    Damage,
    Failure,
    Inscription,
    Issue,
    JournalBook,
    JournalRow,
    Loss,
    NextBook,
    Pause,
    Remark,
    Repair,
    Replacement,
    Resume,
    Return,
    Signature,
    ThingFound,
    Unloading,
)
from aigaq.journal.signed import RECEIVED
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table, spelt_json
from aigaq.tlog.entry import ActorKind, Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(JournalBook),
    Table(BookEnd, derived=_NUMBERED),
    Table(JournalRow),
    Table(Issue, derived=_NUMBERED),
    Table(Return, derived=_NUMBERED),
    Table(Unloading, derived=_NUMBERED),
    Table(Remark, derived=_NUMBERED),
    Table(Signature, derived=_NUMBERED),
    Table(Correction, derived=_NUMBERED),
    Table(Damage, derived=_NUMBERED),
    Table(Replacement, derived=_NUMBERED),
    Table(NextBook, derived=_NUMBERED),
    Table(Inscription, derived=_NUMBERED),
    Table(Pause),
    Table(Resume),
    Table(Failure),
    Table(Repair, derived=_NUMBERED),
    Table(Loss, derived=_NUMBERED),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry, entry.body) if says else ()


def _book_opened(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["book"],
        "division_id": body["division"],
        "registration_number": body["registration_number"],
        "started_on": body["started_on"],
        "sheets": str(body["sheets"]),
        "rows_per_sheet": str(body["rows_per_sheet"]),
        "entered_at": rfc3339(entry.at),
        "by_id": _writer(entry),
    }
    yield Carried("journal.journalbook", values)


def _book_closed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "book_id": body["book"],
        "ended_on": body["ended_on"],
        "entered_at": rfc3339(entry.at),
        "by_id": _writer(entry),
    }
    yield Carried("journal.bookend", values)


def _issued(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    row = {
        "id": document["row"]["id"],
        "book_id": document["book"]["id"],
        "number": str(document["row"]["number"]),
        "division_id": document["division"]["id"],
        "recorder_id": document["recorder"]["id"],
        "card_id": document["card"]["id"] if document["card"] is not None else None,
        "inspector_id": document["inspector"]["id"],
        "entered_at": document["occurred_at"],
    }
    issue = {
        **_written(document),
        "control": document["purpose"]["control"],
        "subject": document["purpose"]["subject"],
        "object": document["purpose"]["object"],
        "act_number": document["purpose"]["act_number"],
        "seal_number": document["seal_number"],
        "checks": spelt_json(document["checks"]),
    }
    yield Carried("journal.journalrow", row)
    yield Carried("journal.issue", issue)
    yield from _remarks(document)
    if document.get("replaces"):
        yield from _replaced(document)
    yield from _signatures(body)


def _replaced(document: Mapping[str, Any]) -> Iterator[Carried]:
    replaces, new_row = document["replaces"], document["row"]["id"]
    written = {name: value for name, value in _written(document).items() if name != "row_id"}
    yield Carried(
        "journal.replacement", {**written, "failure_id": replaces["failure"], "new_row_id": new_row}
    )
    yield Carried("journal.remark", {**written, "row_id": replaces["row"]["id"], "text": replaces["remark"]})


def _returned(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    values = {
        **_written(document),
        "handed_back_by_id": document["handed_back_by"]["id"],
        "seal_found": document["seal"]["found"],
        "seal_number_found": document["seal"]["number_found"],
        "condition": document["condition"],
    }
    yield Carried("journal.return", values)
    for thing, found in document.get("things", {}).items():
        if found["found"] != ThingFound.WHOLE:
            yield Carried("journal.damage", {**_written(document), "thing": thing, **found})
    yield from _remarks(document)
    yield from _signatures(body)


def _unloaded(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "row_id": body["row"]["id"],
        "occurred_at": body["occurred_at"],
        "entered_at": rfc3339(entry.at),
        "by_id": _writer(entry),
        "unload": body["unload"],
        "files": str(body["files"]),
        "octets": body["octets"],
    }
    yield Carried("journal.unloading", values)


def _remarked(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "row_id": body["row"]["id"],
        "occurred_at": body["occurred_at"],
        "entered_at": body["occurred_at"],
        "by_id": body["author"]["id"],
        "text": body["text"],
    }
    yield Carried("journal.remark", values)


def _written(document: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "row_id": document["row"]["id"],
        "occurred_at": document["occurred_at"],
        "entered_at": document["occurred_at"],
        "by_id": document["custodian"]["id"],
    }


def _remarks(document: Mapping[str, Any]) -> Iterator[Carried]:
    for text in document["remarks"]:
        yield Carried("journal.remark", {**_written(document), "text": text})


def _signatures(body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    for signature in body["signatures"]:
        values = {
            "row_id": document["row"]["id"],
            "act": document["act"],
            "signer_id": signature["signer"]["id"],
            **signed_columns(signature),
            "signed_at": signature["at"],
        }
        yield Carried("journal.signature", values)


def signed_columns(signature: Mapping[str, Any]) -> dict[str, str | None]:
    """Those of `SignedAct`, of whichever table."""
    return {
        "way": signature["way"],
        "signed_digest": signature["signed_digest"],
        "assertion": spelt_json(signature["assertion"]) if "assertion" in signature else None,
    }


def _writer(entry: Entry) -> str | None:
    return entry.actor.id if entry.actor.kind is ActorKind.PERSON else None


def _corrected(_entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    (signature,) = body["signatures"]
    now = document["received"]["now"] if "received" in document else {}
    values = {
        **_written(document),
        **{f"{name}_id": now[name]["id"] if now.get(name) else None for name in RECEIVED},
        "cell": document["cell"],
        "number": str(document["number"]),
        "old": document["old"],
        "new": document["new"],
        "reason": document["reason"],
        **signed_columns(signature),
    }
    yield Carried("journal.correction", values)
    yield from _remarks(document)


def _book_registered(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "division_id": body["division"],
        "registration_number": body["registration_number"],
        "sheets": str(body["sheets"]),
        "rows_per_sheet": str(body["rows_per_sheet"]),
        "entered_at": rfc3339(entry.at),
        "by_id": _writer(entry),
    }
    yield Carried("journal.nextbook", values)


def _inscribed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    document = body["document"]
    (signature,) = body["signatures"]
    values = {
        "book_id": document["book"]["id"],
        "sheets": str(document["sheets"]),
        "by_id": document["head"]["id"],
        **signed_columns(signature),
        "entered_at": rfc3339(entry.at),
    }
    yield Carried("journal.inscription", values)


def _told(entry: Entry, body: Mapping[str, Any]) -> dict[str, str | None]:
    """What an act on duty has in common with the others: told at one time, entered at another."""
    return {
        "occurred_at": body["occurred_at"],
        "entered_at": rfc3339(entry.at),
        "by_id": _writer(entry),
    }


def _remarks_beside(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    """Column 7, composed by the act."""
    for text in body["remarks"]:
        yield Carried("journal.remark", {**_told(entry, body), "row_id": body["row"]["id"], "text": text})


def _paused(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["pause"],
        "row_id": body["row"]["id"],
        "reason": body["reason"],
        "told": body["told"],
    }
    yield Carried("journal.pause", {**_told(entry, body), **values})
    yield from _remarks_beside(entry, body)


def _resumed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {"id": body["resume"], "pause_id": body["pause"], "told": body["told"]}
    yield Carried("journal.resume", {**_told(entry, body), **values})
    yield from _remarks_beside(entry, body)


def _failed(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["failure"],
        "row_id": body["row"]["id"],
        "cause": body["cause"],
        "words": body["words"],
        "told": body["told"],
    }
    yield Carried("journal.failure", {**_told(entry, body), **values})
    yield from _remarks_beside(entry, body)


def _repaired(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {"failure_id": body["failure"], "words": body["words"]}
    yield Carried("journal.repair", {**_told(entry, body), **values})
    yield from _remarks_beside(entry, body)


def _lost(entry: Entry, body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {"row_id": body["row"]["id"], "thing": body["thing"], "words": body["words"]}
    yield Carried("journal.loss", {**_told(entry, body), **values})
    yield from _remarks_beside(entry, body)


_SAYS: Final = {
    "journal.book-opened": _book_opened,
    "journal.book-closed": _book_closed,
    "journal.issued": _issued,
    "journal.returned": _returned,
    "journal.unloaded": _unloaded,
    "journal.remarked": _remarked,
    "journal.corrected": _corrected,
    "journal.book-registered": _book_registered,
    "journal.inscribed": _inscribed,
    "journal.paused": _paused,
    "journal.resumed": _resumed,
    "journal.failure-reported": _failed,
    "journal.repaired": _repaired,
    "journal.loss-reported": _lost,
}

STATEMENT: Final = Statement(TABLES, carried_by)
