"""Checking the signatures of the journal from the ledger's entries alone (`docs/formats/signature.md`).

Knows no Django and no table: the entry carries the document, and the digest is computed anew. That the
entry itself is the one that was written then is what `aigaq.tlog.verify` proves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aigaq.errors import N_
from aigaq.journal.signed import FORMAT, digest_of
from aigaq.tlog.entry import Entry

WAYS: Final = frozenset({"own-password"})

_SIGNED: Final = {
    "journal.issued": ("issue", "inspector"),
    "journal.returned": ("return", "handed_back_by"),
    "journal.corrected": ("correction", "custodian"),
}
"""Kind of entry: what its document says it is, and which of its people signs."""
_SIGNATURE_NAMES: Final = frozenset({"signer", "way", "signed_digest", "at"})


class FaultKind(StrEnum):
    """Published codes: they never change."""

    NO_DOCUMENT = "no-document"
    NOT_SIGNED = "not-signed"
    MALFORMED_SIGNATURE = "malformed-signature"
    DIGEST = "digest-mismatch"
    SIGNER = "wrong-signer"
    WAY = "unknown-way"
    TIME = "signed-at-another-time"
    ACTOR = "not-the-actors"
    ISSUE = "not-of-this-issue"


MESSAGES: Final[Mapping[FaultKind, str]] = {
    FaultKind.NO_DOCUMENT: N_("Entry {seq} carries no document of the journal that could be signed."),
    FaultKind.NOT_SIGNED: N_("Entry {seq} is not signed, though this act needs a signature."),
    FaultKind.MALFORMED_SIGNATURE: N_("A signature in entry {seq} can't be read."),
    FaultKind.DIGEST: N_("What stands in entry {seq} is not what was signed: {found}, signed {stated}."),
    FaultKind.SIGNER: N_("Entry {seq} is signed by {found}, not by {stated}."),
    FaultKind.WAY: N_("Entry {seq} is signed in a way that is not known: {found}."),
    FaultKind.TIME: N_("The signature in entry {seq} is of {found}, the act of {stated}."),
    FaultKind.ACTOR: N_("Entry {seq} was made by {found}, its document names {stated}."),
    FaultKind.ISSUE: N_("Entry {seq} takes back what was not issued so, or was taken back before."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry's signature. `found` and `stated` are the evidence, where there is some."""

    kind: FaultKind
    seq: int
    found: str = ""
    stated: str = ""

    def __str__(self) -> str:
        return self.message.format(**self.evidence)

    @property
    def message(self) -> str:
        """In English, and the key of its translations; ``{names}`` are filled from the evidence."""
        return MESSAGES[self.kind]

    @property
    def evidence(self) -> dict[str, str | int]:
        return {"seq": self.seq, "found": self.found, "stated": self.stated}


def check_entry(entry: Entry) -> list[Fault]:
    """Every fault in the signatures of one entry. What needs no signature has none."""
    if entry.kind not in _SIGNED:
        return []
    act, signing = _SIGNED[entry.kind]
    document: Any = entry.body.get("document")
    signatures = entry.body.get("signatures")
    if not _is_document(document, act, signing):
        return [Fault(FaultKind.NO_DOCUMENT, entry.seq)]
    if not isinstance(signatures, list) or not signatures:
        return [Fault(FaultKind.NOT_SIGNED, entry.seq)]
    faults = list(_of_actor(entry, document))
    for signature in signatures:
        faults += _of_signature(entry.seq, document, document[signing], signature)
    return faults


def check_entries(entries: Iterable[Entry]) -> list[Fault]:
    """As `check_entry` for each, in the ledger's order; and each return takes back an issue before it."""
    reader = Reader()
    return [fault for entry in entries for fault in reader.check(entry)]


class Reader:
    """Reads a ledger from its beginning, entry by entry, and remembers of it only what is out."""

    def __init__(self) -> None:
        self._out: dict[str, dict[str, Any]] = {}

    def check(self, entry: Entry) -> list[Fault]:
        """Every fault of the next entry."""
        found = check_entry(entry)
        document: Any = entry.body.get("document")
        if not found and entry.kind == "journal.issued":
            self._out[document["row"]["id"]] = {"seq": entry.seq, "signed_digest": str(digest_of(document))}
        if not found and entry.kind == "journal.returned":
            issued = self._out.pop(document["row"]["id"], None)
            if issued is None or document.get("issued") != issued:
                found = [Fault(FaultKind.ISSUE, entry.seq)]
        return found


def _is_document(document: Any, act: str, signing: str) -> bool:  # noqa: ANN401 - any JSON, and this judges it
    return (
        isinstance(document, dict)
        and document.get("format") == FORMAT
        and document.get("act") == act
        and isinstance(document.get("occurred_at"), str)
        and all(_has_id(document.get(name)) for name in ("row", "division", "custodian", signing))
    )


def _has_id(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def _of_actor(entry: Entry, document: Mapping[str, Any]) -> Iterator[Fault]:
    for found, stated in (
        (entry.actor.id, document["custodian"]["id"]),
        (entry.division or "", document["division"]["id"]),
    ):
        if found != stated:
            yield Fault(FaultKind.ACTOR, entry.seq, found, stated)


def _of_signature(
    seq: int,
    document: Mapping[str, Any],
    person: Mapping[str, Any],
    signature: Any,  # noqa: ANN401 - any JSON
) -> Iterator[Fault]:
    if (
        not isinstance(signature, dict)
        or signature.keys() != _SIGNATURE_NAMES
        or not _has_id(signature["signer"])
    ):
        yield Fault(FaultKind.MALFORMED_SIGNATURE, seq)
        return
    digest = str(digest_of(document))
    if signature["signed_digest"] != digest:
        yield Fault(FaultKind.DIGEST, seq, digest, str(signature["signed_digest"]))
    if signature["signer"] != person:
        yield Fault(FaultKind.SIGNER, seq, signature["signer"]["id"], person["id"])
    if signature["way"] not in WAYS:
        yield Fault(FaultKind.WAY, seq, str(signature["way"]))
    if signature["at"] != document["occurred_at"]:
        yield Fault(FaultKind.TIME, seq, str(signature["at"]), document["occurred_at"])
