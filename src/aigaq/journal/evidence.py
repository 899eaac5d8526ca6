"""Checking the signatures of the journal from the ledger's entries alone (`docs/formats/signature.md`).

Knows no Django and no table: the entry carries the document, and the digest is computed anew. That the
entry itself is the one that was written then is what `aigaq.tlog.verify` proves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from aigaq.errors import N_
from aigaq.journal.signed import CARD, FORMATS, RECEIVED, digest_of
from aigaq.passkeys.assertion import Assertion, PublicKey, verify
from aigaq.passkeys.errors import NotSignedByPasskeyError
from aigaq.tlog.entry import ActorKind, Entry

OWN_PASSWORD: Final = "own-password"  # noqa: S105 - the name of a way
PASSKEY: Final = "passkey"


class _Act(NamedTuple):
    """How an act is signed: what its document says it is, and which of its people signs, which acts."""

    act: str
    signer: str
    actor: str


_SIGNED: Final = {
    "journal.issued": _Act("issue", "inspector", "custodian"),
    "journal.returned": _Act("return", "handed_back_by", "custodian"),
    "journal.corrected": _Act("correction", "custodian", "custodian"),
    "journal.inscribed": _Act("inscription", "head", "head"),
    "incidents.decided": _Act("decision", "head", "head"),
    "disclosure.approved": _Act("approval", "head", "head"),
    "retention.disposal-approved": _Act("disposal", "head", "head"),
}
"""By the kind of entry."""
_ENROLLERS: Final = frozenset({"custodian", "head"})
_SIGNATURE_NAMES: Final = {
    OWN_PASSWORD: frozenset({"signer", "way", "signed_digest", "at"}),
    PASSKEY: frozenset({"signer", "way", "signed_digest", "at", "assertion"}),
}


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
    PASSKEY = "passkey-does-not-hold"
    NO_PASSKEY = "passkey-not-enrolled"
    ENROLLED_AGAIN = "passkey-enrolled-again"
    ENROLLED_ALONE = "passkey-enrolled-without-right"
    ROW = "not-the-next-row"
    REPEATED = "signed-before"


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
    FaultKind.PASSKEY: N_("The passkey's signature in entry {seq} does not hold: {found}."),
    FaultKind.NO_PASSKEY: N_(
        "Entry {seq} is signed with the passkey {found}, which was not enrolled for {stated} at that time."
    ),
    FaultKind.ENROLLED_AGAIN: N_("Entry {seq} enrols the passkey {found}, which was enrolled before."),
    FaultKind.ENROLLED_ALONE: N_(
        "Entry {seq} enrols the passkey {found} without a head or custodian who was face to face with "
        "its owner: by {stated}."
    ),
    FaultKind.ROW: N_("Entry {seq} writes row {found}, and the next row of this book is {stated}."),
    FaultKind.REPEATED: N_("What entry {seq} carries was signed in an entry before it: {found}."),
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
    """Every fault in the signatures of one entry by itself; a passkey needs the ledger before it."""
    return Reader().signatures(entry)


def check_entries(entries: Iterable[Entry]) -> list[Fault]:
    """Every fault of the signatures in a ledger, its entries given in its order from the first."""
    reader = Reader()
    return [fault for entry in entries for fault in reader.check(entry)]


class Enrolled:
    """Which login is whose and which passkeys may sign, as the entries read so far say it.

    What came first stands: a later entry neither gives a login to a second person nor a credential a second
    key. An entry that can't be read so teaches nothing, and what rests on it does not hold.
    """

    def __init__(self) -> None:
        self._logins: dict[str, str] = {}
        """Of each person, by their ids."""
        self._people: dict[str, str] = {}
        """The other way round."""
        self._keys: dict[str, tuple[str, PublicKey] | None] = {}
        """By credential id: the login it is enrolled for, and the key; None once it is revoked."""

    def key_of(self, person: str, credential_id: str) -> PublicKey | None:
        """The key, if that person may sign with it by now."""
        login, key = self._keys.get(credential_id) or (None, None)
        return key if login is not None and login == self._logins.get(person) else None

    def learn(self, entry: Entry) -> list[Fault]:
        """Take in the next entry; what is wrong about an enrolment."""
        body: Any = entry.body
        try:
            match entry.kind:
                case "registry.person-added" if body["user"] and body["user"] not in self._people:
                    self._logins.setdefault(body["person"], body["user"])
                    self._people[body["user"]] = body["person"]
                case "account.passkey-enrolled":
                    return list(self._enrol(entry, body))
                case "account.passkey-revoked" if body["credential_id"] in self._keys:
                    self._keys[body["credential_id"]] = None
        except (KeyError, TypeError):
            pass
        return []

    def _enrol(self, entry: Entry, body: Mapping[str, Any]) -> Iterator[Fault]:
        key = PublicKey(body["credential_id"], body["public_key"], body["rp_id"])
        if key.credential_id in self._keys:
            yield Fault(FaultKind.ENROLLED_AGAIN, entry.seq, str(key.credential_id))
            return
        self._keys[key.credential_id] = (body["user"], key)
        right: Any = entry.right or {}
        is_face_to_face = entry.actor.id != self._people.get(body["user"]) and right.get("role") in _ENROLLERS
        if entry.actor.kind is not ActorKind.PERSON or not is_face_to_face:
            yield Fault(FaultKind.ENROLLED_ALONE, entry.seq, key.credential_id, entry.actor.name)


class Reader:
    """Reads a ledger from its beginning, entry by entry.

    Remembers of it only what is out, how far each book is written, what else was signed (little), which
    login is whose, and which passkeys may sign.
    """

    def __init__(self) -> None:
        self._out: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, int] = {}
        """The last row of each book."""
        self._signed: set[str] = set()
        self._enrolled = Enrolled()

    def check(self, entry: Entry) -> list[Fault]:
        """Every fault of the next entry."""
        return [*self._enrolled.learn(entry), *self.signatures(entry), *self._in_order(entry)]

    def signatures(self, entry: Entry) -> list[Fault]:
        """Those of its signatures. What needs no signature has none."""
        if entry.kind not in _SIGNED:
            return []
        act = _SIGNED[entry.kind]
        document: Any = entry.body.get("document")
        signatures = entry.body.get("signatures")
        if not _is_document(document, act):
            return [Fault(FaultKind.NO_DOCUMENT, entry.seq)]
        if not isinstance(signatures, list) or not signatures:
            return [Fault(FaultKind.NOT_SIGNED, entry.seq)]
        found = list(_of_actor(entry, document, act))
        for signature in signatures:
            found += self._of_signature(entry.seq, document, document[act.signer], signature)
        return found

    def _of_signature(
        self,
        seq: int,
        document: Mapping[str, Any],
        person: Mapping[str, Any],
        signature: Any,  # noqa: ANN401 - any JSON
    ) -> Iterator[Fault]:
        if not isinstance(signature, dict) or not isinstance(signature.get("way"), str):
            yield Fault(FaultKind.MALFORMED_SIGNATURE, seq)
            return
        way = signature["way"]
        if way not in _SIGNATURE_NAMES:
            yield Fault(FaultKind.WAY, seq, way)
            return
        if signature.keys() != _SIGNATURE_NAMES[way] or not _has_id(signature["signer"]):
            yield Fault(FaultKind.MALFORMED_SIGNATURE, seq)
            return
        digest = digest_of(document)
        if signature["signed_digest"] != str(digest):
            yield Fault(FaultKind.DIGEST, seq, str(digest), str(signature["signed_digest"]))
        if signature["signer"] != person:
            yield Fault(FaultKind.SIGNER, seq, signature["signer"]["id"], person["id"])
        if signature["at"] != document["occurred_at"]:
            yield Fault(FaultKind.TIME, seq, str(signature["at"]), document["occurred_at"])
        if way == PASSKEY:
            yield from self._of_passkey(seq, digest.value, person, signature["assertion"])

    def _of_passkey(
        self, seq: int, challenge: bytes, person: Mapping[str, Any], document: object
    ) -> Iterator[Fault]:
        """The same check as at the desk, from what the ledger alone says (`docs/formats/signature.md`)."""
        try:
            assertion = Assertion.from_document(document)
            key = self._enrolled.key_of(person["id"], assertion.credential_id)
            if key is None:
                stated = str(person.get("full_name", person["id"]))
                yield Fault(FaultKind.NO_PASSKEY, seq, assertion.credential_id, stated)
                return
            verify(assertion, key, challenge)
        except NotSignedByPasskeyError as error:
            yield Fault(FaultKind.PASSKEY, seq, str(error.details["reason"]))

    def _in_order(self, entry: Entry) -> Iterator[Fault]:
        """Rows follow one another; each return takes back an issue before it; nothing is signed twice."""
        document: Any = entry.body.get("document")
        if entry.kind not in _SIGNED or not _is_document(document, _SIGNED[entry.kind]):
            return
        digest = str(digest_of(document))
        if entry.kind == "journal.issued":
            yield from self._of_row(entry.seq, document)
            self._out[document["row"]["id"]] = {"seq": entry.seq, "signed_digest": digest}
        elif entry.kind == "journal.returned":
            issued = self._out.pop(document["row"]["id"], None)
            if issued is None or document.get("issued") != issued:
                yield Fault(FaultKind.ISSUE, entry.seq)
        elif digest in self._signed:
            yield Fault(FaultKind.REPEATED, entry.seq, digest)
        else:
            self._signed.add(digest)

    def _of_row(self, seq: int, document: Mapping[str, Any]) -> Iterator[Fault]:
        book, number = document["book"]["id"], document["row"]["number"]
        expected = self._rows.get(book, 0) + 1
        if number != expected:
            yield Fault(FaultKind.ROW, seq, str(number), str(expected))
        self._rows[book] = number


def _is_document(document: Any, act: _Act) -> bool:  # noqa: ANN401 - any JSON, and this judges it
    return (
        isinstance(document, dict)
        and document.get("format") in FORMATS
        and document.get("act") == act.act
        and isinstance(document.get("occurred_at"), str)
        and all(_has_id(document.get(name)) for name in ("division", act.actor, act.signer))
        and (act.actor != "custodian" or _has_id(document.get("row")))
        and (act.act != "issue" or _is_of_a_book(document))
        and (act.act != "correction" or _says_who_received(document))
    )


def _says_who_received(document: Mapping[str, Any]) -> bool:
    """A correction of columns 2 and 3 has all that the row stood for and stands for; another has nothing."""
    cell, received = document.get("cell"), document.get("received")
    if cell not in RECEIVED:
        return received is None
    if not isinstance(received, dict) or received.keys() != {"was", "now"}:
        return False
    was, now = received["was"], received["now"]
    return (
        all(_is_receipt(each) for each in (was, now))
        and was[cell] != now[cell]
        and all(was[other] == now[other] for other in RECEIVED if other != cell)
    )


def _is_receipt(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return (
        isinstance(value, dict)
        and value.keys() == set(RECEIVED)
        and all(_has_id(value[name]) or (name == CARD and value[name] is None) for name in RECEIVED)
    )


def _is_of_a_book(document: Mapping[str, Any]) -> bool:
    number = document["row"].get("number")
    return _has_id(document.get("book")) and isinstance(number, int) and not isinstance(number, bool)


def _has_id(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def _of_actor(entry: Entry, document: Mapping[str, Any], act: _Act) -> Iterator[Fault]:
    for found, stated in (
        (entry.actor.id, document[act.actor]["id"]),
        (entry.division or "", document["division"]["id"]),
    ):
        if found != stated:
            yield Fault(FaultKind.ACTOR, entry.seq, found, stated)
