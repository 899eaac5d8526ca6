"""Which copies, findings and cures each entry carries: `aigaq ledger verify` compares the tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aigaq.copies.models import BlobCopy, Finding, Healing
from aigaq.core.digests import Digest
from aigaq.ledger.carried import Carried
from aigaq.ledger.comparison import Statement
from aigaq.ledger.tables import Table
from aigaq.tlog.entry import Entry

_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}

TABLES: Final = (
    Table(BlobCopy, derived=_NUMBERED, through={"blob_id": "stored_digest"}),
    Table(Finding, through={"blob_id": "stored_digest"}),
    Table(Healing, derived=_NUMBERED),
)


def carried_by(entry: Entry) -> Iterable[Carried]:
    """The rows that the entry says were written. Raises ``KeyError`` and the like for other bodies."""
    says = _SAYS.get(entry.kind)
    return says(entry.body) if says else ()


def _copied(body: Mapping[str, Any]) -> Iterator[Carried]:
    for each in body["blobs"]:
        values = {
            "blob_id": _hex(each["stored_digest"]),
            "place": body["place"],
            "number": str(each["number"]),
            "proven_at": body["proven_at"],
        }
        yield Carried("copies.blobcopy", values)


def _found(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "id": body["finding"],
        "place": body["place"],
        "kind": body["kind"],
        "path": body["path"],
        "blob_id": None if body["stored_digest"] is None else _hex(body["stored_digest"]),
        "occasion": str(body["occasion"]),
        "found_at": body["found_at"],
    }
    yield Carried("copies.finding", values)


def _healed(body: Mapping[str, Any]) -> Iterator[Carried]:
    values = {
        "finding_id": body["finding"],
        "source": body["source"],
        "number": str(body["number"]),
        "healed_at": body["healed_at"],
    }
    yield Carried("copies.healing", values)


def _hex(digest: str) -> str:
    """As the catalogue writes it."""
    return Digest.parse(digest).hex


_SAYS: Final = {"vault.copied": _copied, "vault.found-bad": _found, "vault.healed": _healed}

STATEMENT: Final = Statement(TABLES, carried_by)
