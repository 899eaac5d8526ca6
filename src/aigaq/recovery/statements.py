"""Every table of the office, and how it comes back: carried by entries, kept as it stood, or not at all.

A test holds this list against the models: whoever adds a table says here which it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Model

from aigaq.access import checks as access_checks
from aigaq.access.models import KeyWrap
from aigaq.accounts.models import FailedAttempt, Passkey, Press, User
from aigaq.copies import checks as copies_checks
from aigaq.copies.models import KeptSum, PlaceState, Round
from aigaq.disclosure import checks as disclosure_checks
from aigaq.disclosure.models import FileDigest
from aigaq.docks import checks as docks_checks
from aigaq.docks.models import DockSession, DockState, EnrolmentCode, Upload
from aigaq.incidents import checks as incidents_checks
from aigaq.incidents.models import Undecided
from aigaq.ingest.models import Port, Sighting, Unload, WallScreen
from aigaq.jobs.models import Trouble
from aigaq.journal import checks as journal_checks
from aigaq.ledger.comparison import Statement
from aigaq.ledger.models import Checkpoint, Follower, LedgerEntry
from aigaq.ledger.tables import Table
from aigaq.notices.models import Letter, Notice
from aigaq.prints.models import Print
from aigaq.recordings import checks as recordings_checks
from aigaq.recordings.models import Making, Unentered
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder
from aigaq.retention import checks as retention_checks
from aigaq.retention.models import MirroredHold
from aigaq.review import checks as review_checks
from aigaq.review.models import Indexed, Posting, SampleFinished, SearchTerm
from aigaq.tallies.models import Tally

STATEMENTS: Final[tuple[Statement, ...]] = (
    journal_checks.STATEMENT,
    recordings_checks.STATEMENT,
    incidents_checks.STATEMENT,
    review_checks.STATEMENT,
    retention_checks.STATEMENT,
    disclosure_checks.STATEMENT,
    docks_checks.STATEMENT,
    access_checks.STATEMENT,
    copies_checks.STATEMENT,
)
"""What entries carry: `aigaq ledger verify` compares the rows, `aigaq vault rebuild` makes them anew."""

CARRIED: Final[Mapping[str, Table]] = {
    table.label: table for statement in STATEMENTS for table in statement.tables
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows change: a segment has each row that its entries name, as it stands by then."""

    table: Table
    kinds: tuple[str, ...] = ()
    """How the kinds of the entries begin that tell of a row."""
    named: str = ""
    """The name in their bodies that has its key."""


_NUMBERED: Final = {"id": "The database's own number of the row: no other row and no page refers to it."}
_OUT: Final = {"out_on": "The open row of the journal tells what is out: it follows from what entries carry."}

KEPT: Final[tuple[Kept, ...]] = (
    # In this order: what one points at stands before it.
    Kept(
        Table(
            User,
            derived={
                "password": "No digest of a password leaves the database: the head sets a new one.",
                "last_login": "Nobody asks for it: the ledger has every sign-in.",
            },
            key="id",
        ),
        ("account.",),
        "user",
    ),
    Kept(Table(Passkey, key="id"), ("account.passkey-",), "passkey"),
    Kept(Table(Division, key="id"), ("registry.division-",), "division"),
    Kept(Table(Person, key="id"), ("registry.person-", "registry.email-"), "person"),
    Kept(Table(Appointment, key="id"), ("registry.appointed", "registry.relieved"), "appointment"),
    Kept(Table(Recorder, derived=_OUT, key="id"), ("registry.recorder-", "registry.state-"), "thing"),
    Kept(Table(Card, derived=_OUT, key="id"), ("registry.card-", "registry.state-"), "thing"),
    Kept(Table(Card, derived=_OUT, key="inventory_number"), ("card.identified",), "card"),
    Kept(Table(DockState, key="dock_id"), ("dock.",), "dock"),
    Kept(Table(WallScreen, key="id"), ("screen.",), "screen"),
    Kept(
        Table(Unload, key="id"), ("recording.", "journal.unloaded", "unload.", "recorder.", "card."), "unload"
    ),
)

SIGHTINGS: Final = Table(Sighting, derived=_NUMBERED, key="unload_id")
"""Those of the unloads that a segment has."""

WHOLE: Final[tuple[Table, ...]] = (
    Table(KeyWrap, derived=_NUMBERED, key="reader_id"),
    Table(Follower, key="name", is_carried=False),
)
"""Small tables, of which a segment has every row."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {SIGHTINGS.label: ("unload_id", "file_id")}
"""Columns that tell a row from another, where that is not the primary key, nor the table's `key`."""

NOT_KEPT: Final[Mapping[type[Model], str]] = {
    LedgerEntry: "It is what is copied.",
    Checkpoint: "A segment has each of its stretch, and the sums in between are computed.",
    FailedAttempt: "Wrong passwords count for a day; in a new database nobody has tried any.",
    Press: "What was sent twice is known for an hour; in a new database nobody has sent anything.",
    Notice: "Nobody is told again of what was told; the entries that it followed from are all there.",
    Letter: "Whether a letter went out is no evidence, and none goes out twice.",
    Making: "No evidence: what was not made is asked for again.",
    Unentered: "What stands in the vault though no entry tells of it, a rebuilding names.",
    Print: "No evidence: who printed is entered, and what was not taken is asked for again.",
    Trouble: "What goes wrong is seen anew.",
    FileDigest: "No evidence: it follows from the octets, and is reckoned anew.",
    PlaceState: "How a copy of the vault does is seen anew.",
    Round: "Reading everything through begins anew.",
    MirroredHold: "What a bucket holds is set there anew, and read back.",
    KeptSum: "What there is is counted anew.",
    Undecided: "It follows from incidents and decisions.",
    SampleFinished: "It follows from draws and reviews.",
    Port: "What is plugged in is found anew.",
    EnrolmentCode: "A code is good for minutes; a new one is made.",
    DockSession: "A dock proves anew who it is.",
    Upload: "What a dock had not handed over whole it hands over again.",
    SearchTerm: "The index of searches is made from the ledger.",
    Posting: "The index of searches is made from the ledger.",
    Indexed: "The index of searches is made from the ledger.",
    Tally: "Figures for monitoring are added up anew from the ledger.",
}
