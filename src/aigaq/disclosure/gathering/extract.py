"""`journal/extract.json`: what the journal has of the rows, from their entries alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.disclosure.gathering.rows import RowThen
from aigaq.journal.signed import CARD, INSPECTOR, RECEIVED, RECORDER
from aigaq.tlog.entry import ActorKind, Entry

FORMAT: Final = "aigaq-extract/1"
_PURPOSE: Final = ("control", "subject", "object", "act_number")
_SIGNED: Final = ("journal.issued", "journal.returned", "journal.corrected")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row stands for, as corrected."""

    received: Mapping[str, Any]
    """`recorder`, `card`, `inspector`, as in the document of the issue."""
    purpose: Mapping[str, str]
    seal_number: str


def extracted(rows: Sequence[RowThen], keys: Mapping[str, str]) -> dict[str, Json]:
    """`keys`: by credential id the path of its public key in the package."""
    ordered = sorted(rows, key=lambda each: (_book(each), _row(each)["number"]))
    return {"format": FORMAT, "rows": [_extracted(each, keys) for each in ordered]}


def standing_of(row: RowThen) -> Standing:
    document: Any = row.issued.body["document"]
    received = {name: document[name] for name in RECEIVED}
    cells = {**document["purpose"], "seal_number": document["seal_number"]}
    for entry in row.entries:
        if entry.kind != "journal.corrected":
            continue
        said: Any = entry.body["document"]
        if said["cell"] in RECEIVED:
            received = said["received"]["now"]
        elif said["cell"] in cells:
            cells[said["cell"]] = said["new"]
    return Standing(received, {name: cells[name] for name in _PURPOSE}, cells["seal_number"])


def _extracted(row: RowThen, keys: Mapping[str, str]) -> dict[str, Json]:
    stands = standing_of(row)
    card, document = stands.received[CARD], row.issued.body["document"]
    assert isinstance(document, dict)
    return {
        "row": str(row.id),
        "book": _book(row),
        "sheet": _row(row)["sheet"],
        "number": _row(row)["number"],
        "division": _text(document["division"], "name"),
        "recorder": stands.received[RECORDER]["inventory_number"],
        "card": None if card is None else card["inventory_number"],
        "inspector": stands.received[INSPECTOR]["full_name"],
        "purpose": dict(stands.purpose),
        "seal_number": stands.seal_number,
        "issued": _at(row.issued),
        "returned": next((_at(each) for each in row.entries if each.kind == "journal.returned"), None),
        "unloaded": [
            {**_at(each), "files": each.body["files"]}
            for each in row.entries
            if each.kind == "journal.unloaded"
        ],
        "remarks": [told for each in row.entries for told in _remarks(each, str(row.id))],
        "corrections": [_correction(each) for each in row.entries if each.kind == "journal.corrected"],
        "pauses": list(_pauses(row.entries)),
        "coverage": row.coverage.seq if row.coverage else None,
        "signatures": [
            told for each in row.entries if _is_of(each, str(row.id)) for told in _signatures(each, keys)
        ],
    }


def _remarks(entry: Entry, row: str) -> Iterator[dict[str, Json]]:
    """What an entry writes into column 7 of that row."""
    about = _about(entry)
    replaces = about.get("replaces")
    if not _is_of(entry, row):
        # The issue in whose place this recorder failed: column 7 there tells of it.
        if replaces and replaces["row"]["id"] == row:
            yield {**_at(entry), "author": author_of(entry), "text": replaces["remark"]}
        return
    texts = [about["text"]] if entry.kind == "journal.remarked" else about.get("remarks", [])
    for text in texts:
        yield {**_at(entry), "author": author_of(entry), "text": text}


def author_of(entry: Entry) -> str:
    """Empty for the machine."""
    return entry.actor.name if entry.actor.kind is ActorKind.PERSON else ""


def _correction(entry: Entry) -> dict[str, Json]:
    said = _about(entry)
    return {**_at(entry), **{name: said[name] for name in ("cell", "old", "new", "reason")}}


def _pauses(entries: Sequence[Entry]) -> Iterator[dict[str, Json]]:
    ends = {each.body["pause"]: each for each in entries if each.kind == "journal.resumed"}
    for each in entries:
        if each.kind == "journal.paused":
            end = ends.get(each.body["pause"])
            yield {
                "from_seq": each.seq,
                "from_at": each.body["occurred_at"],
                "until_seq": end.seq if end else None,
                "until_at": end.body["occurred_at"] if end else None,
                "reason": each.body["reason"],
            }


def _signatures(entry: Entry, keys: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    if entry.kind not in _SIGNED:
        return
    signatures: Any = entry.body["signatures"]
    for each in signatures:
        credential = each.get("assertion", {}).get("credential_id")
        yield {
            "seq": entry.seq,
            "act": _about(entry)["act"],
            "signer": each["signer"]["full_name"],
            "way": each["way"],
            "at": each["at"],
            "signed_digest": each["signed_digest"],
            "key": keys.get(credential) if credential else None,
        }


def _at(entry: Entry) -> dict[str, Json]:
    """When it happened, as the entry tells: an act may be told of later."""
    return {"seq": entry.seq, "at": _about(entry)["occurred_at"]}


def _about(entry: Entry) -> Mapping[str, Any]:
    """Where the entry says it: in what was signed, if anything was."""
    found: Any = entry.body.get("document", entry.body)
    assert isinstance(found, dict)
    return found


def _is_of(entry: Entry, row: str) -> bool:
    return bool(_about(entry)["row"]["id"] == row)


def _book(row: RowThen) -> str:
    return _text(_about(row.issued)["book"], "registration_number")


def _row(row: RowThen) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _about(row.issued)["row"]
    return found


def _text(about: Any, name: str) -> str:  # noqa: ANN401 - any JSON
    return str(about[name])
