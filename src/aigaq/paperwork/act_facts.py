"""The facts of an act, and their canonical document (`docs/formats/act.md`).

They are those of the ledger's entries alone, so an act that is printed again is the same act.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN, rfc3339
from aigaq.paperwork.act_code import ActDigest, ActNumber

FORMAT: Final = "aigaq-act/1"
"""Changes when a name of a document or its meaning does."""


@dataclass(frozen=True, slots=True)
class Harmed:
    """A recorder or a card that was damaged or lost."""

    kind: str
    inventory_number: str
    model: str
    serial_number: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    """What every act begins with."""

    number: ActNumber
    division: str

    @property
    def head(self) -> dict[str, Json]:
        return {"format": FORMAT, "act": str(self.number), "division": self.division}


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm(_Numbered):
    """What one entry of the ledger says was damaged, or lost, on one row of the book."""

    book: str
    sheet: int
    row: int
    inspector: str
    custodian: str
    """Who wrote it down."""
    handed_back_by: str
    """Empty where nothing was handed back."""
    control: str
    """Key of the kind of control."""
    subject: str
    object: str
    act_number: str
    issued_at: datetime
    occurred_at: datetime
    """When it was found, or told."""
    seal_set: str
    seal_found: str
    """A key such as ``broken``; empty where nothing was handed back."""
    seal_number_found: str
    things: tuple[Harmed, ...]
    remarks: tuple[str, ...]
    """What column 7 says of it."""

    @property
    def on(self) -> date:
        return self.occurred_at.astimezone(KAZAKHSTAN).date()

    def document(self) -> dict[str, Json]:
        return {
            **self.head,
            "book": self.book,
            "sheet": self.sheet,
            "row": self.row,
            "inspector": self.inspector,
            "custodian": self.custodian,
            "handed_back_by": self.handed_back_by,
            "purpose": {
                "control": self.control,
                "subject": self.subject,
                "object": self.object,
                "act_number": self.act_number,
            },
            "issued_at": rfc3339(self.issued_at),
            "occurred_at": rfc3339(self.occurred_at),
            "seal": {"set": self.seal_set, "found": self.seal_found, "number_found": self.seal_number_found},
            "things": [
                {
                    "kind": each.kind,
                    "inventory_number": each.inventory_number,
                    "model": each.model,
                    "serial_number": each.serial_number,
                    "words": each.words,
                }
                for each in self.things
            ],
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True, slots=True)
class Appointed:
    """Who hands over or receives, and by which order."""

    full_name: str
    order_number: str
    from_on: date
    is_deputy: bool

    def document(self) -> dict[str, Json]:
        return {
            "full_name": self.full_name,
            "order": self.order_number,
            "from_on": self.from_on.isoformat(),
            "is_deputy": self.is_deputy,
        }


@dataclass(frozen=True, slots=True)
class Held:
    """A recorder or a card of the division. `holder`, `row` and `since` only while it is out."""

    kind: str
    inventory_number: str
    about: tuple[str, str]
    """A recorder's model and serial number; a card's size and the recorder it usually sits in."""
    state: str
    holder: str = ""
    row: int | None = None
    since: datetime | None = None

    def document(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "inventory_number": self.inventory_number,
            "about": list(self.about),
            "state": self.state,
            "holder": self.holder,
            "row": self.row,
            "since": rfc3339(self.since) if self.since else None,
        }


@dataclass(frozen=True, slots=True)
class HeldBook:
    registration_number: str
    started_on: date
    ended_on: date | None
    sheets: int
    rows: int
    """Written so far."""

    def document(self) -> dict[str, Json]:
        return {
            "registration_number": self.registration_number,
            "started_on": self.started_on.isoformat(),
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
            "sheets": self.sheets,
            "rows": self.rows,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(_Numbered):
    """Everything that the custodian of a division answers for, passing from one to another."""

    giver: Appointed | None
    """None before the first custodian: then the line stays free."""
    receiver: Appointed | None
    at: datetime
    """As it stood then."""
    recorders: tuple[Held, ...]
    cards: tuple[Held, ...]
    books: tuple[HeldBook, ...]

    @property
    def on(self) -> date:
        return self.at.astimezone(KAZAKHSTAN).date()

    def document(self) -> dict[str, Json]:
        return {
            **self.head,
            "giver": self.giver.document() if self.giver else None,
            "receiver": self.receiver.document() if self.receiver else None,
            "at": rfc3339(self.at),
            "recorders": [each.document() for each in self.recorders],
            "cards": [each.document() for each in self.cards],
            "books": [each.document() for each in self.books],
        }


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A file of a recording that is there no more."""

    path: str
    taken_in: datetime
    kept_until: date
    size: int
    """Octets."""
    content: str
    """64 digits: SHA-256 of the recording."""

    def document(self) -> dict[str, Json]:
        return {
            "path": self.path,
            "taken_in": rfc3339(self.taken_in),
            "kept_until": self.kept_until.isoformat(),
            "size": self.size,
            "content": self.content,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction(_Numbered):
    """What one entry of the ledger says was destroyed, by which plan, and who had a hand in it."""

    plan: int
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime
    carried_out_by: str
    at: datetime
    recordings: int
    files: tuple[Destroyed, ...]
    standing: tuple[str, ...]
    """Copies that were not removed yet."""
    standing_until: Mapping[str, datetime] = field(default_factory=dict)
    """Of those that have a lock of their own, when it ends."""

    @property
    def on(self) -> date:
        return self.at.astimezone(KAZAKHSTAN).date()

    def document(self) -> dict[str, Json]:
        return {
            **self.head,
            "plan": self.plan,
            "proposed": {"by": self.proposed_by, "at": rfc3339(self.proposed_at)},
            "approved": {"by": self.approved_by, "at": rfc3339(self.approved_at)},
            "carried_out": {"by": self.carried_out_by, "at": rfc3339(self.at)},
            "recordings": self.recordings,
            "files": [each.document() for each in self.files],
            "standing": list(self.standing),
            **self._locked,
        }

    @property
    def _locked(self) -> dict[str, Json]:
        """Not there where nothing is locked, so that acts of before have the digest that they had."""
        until: dict[str, Json] = {name: rfc3339(at) for name, at in self.standing_until.items()}
        return {"standing_until": until} if until else {}


Act = Harm | HandOver | Destruction


def digest_of(act: Act) -> ActDigest:
    return ActDigest(sha256(canonical.encode(act.document())).digest())
