"""Whoever owns the database *and* the ledger's signing key can write a history that agrees with itself.

The forger here does it well: entries, rows, digests, numbers and signed checkpoints are all made anew, and
`aigaq ledger verify` alone finds nothing. An older checkpoint kept elsewhere, or one printed sheet, finds it.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection

from aigaq.core import canonical
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.incidents import checks as incidents_checks
from aigaq.journal import checks as journal_checks
from aigaq.journal import evidence, printing
from aigaq.journal.models import Issue, Remark, Return, Signature
from aigaq.journal.paper_check import check_printed
from aigaq.journal.printing import Part, sheets
from aigaq.journal.services.remark import remark
from aigaq.journal.services.unload import record_unloading
from aigaq.journal.signed import digest_of
from aigaq.ledger import checks, comparison, selectors
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.sheet import SheetCode
from aigaq.recordings import checks as recordings_checks
from aigaq.registry import services as registry
from aigaq.tlog.checkpoint import Checkpoint as SignedRoot
from aigaq.tlog.checkpoint import Note, VerifierKey
from aigaq.tlog.merkle import Frontier, leaf_hash
from tests.support import amount
from tests.support.duty import Duty, on_duty
from tests.support.forgery import undone, unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

RUNS = amount.times(1000, 12)
CLEAN = amount.times(1000, 6)
BOOK = "01-12/4"
STATEMENTS = (journal_checks.STATEMENT, recordings_checks.STATEMENT, incidents_checks.STATEMENT)
SUBJECTS = ("«Алтын Арка» ЖШС", "«Жаңа Құрылыс» ЖШС", "«Көктем» АҚ")


@dataclass(frozen=True)
class Witness:
    """What somebody else keeps: a checkpoint, and the codes of the sheets printed under it."""

    note: str
    codes: tuple[SheetCode, ...]

    @property
    def size(self) -> int:
        return SignedRoot.parse(Note.parse(self.note).text).size


@pytest.fixture
def duty(office) -> Duty:
    return on_duty(office, rows_per_sheet=3)


@pytest.fixture
def witness(duty) -> Witness:
    """Five days of duty; then the sheets are printed; then life goes on for a while."""
    for day in range(5):
        a_day(duty, day)
    note = selectors.newest_checkpoint()
    book = printing.book_with(BOOK)
    size = SignedRoot.parse(Note.parse(note).text).size
    printed = tuple(
        SheetCode(BOOK, sheet.number, sheet.digest, note) for sheet in sheets(book, size, Part(1, 2))
    )
    a_day(duty, 5)
    return Witness(note, printed)


def a_day(duty: Duty, number: int):
    office = duty.office
    row = duty.issue()
    duty.passes(hours=9)
    duty.give_back(row)
    record_unloading(
        office.ledger,
        MACHINE,
        row=row,
        unload_id=uuid4(),
        files=12,
        octets=3_200_000 + number,
        occurred_at=office.clock.now(),
    )
    for said in ("Түскі үзіліс", "Байқау жүргізілді"):
        remark(
            office.ledger,
            office.by(office.custodian),
            row=row,
            text=f"{said} {number}",
            author=office.custodian,
        )
    duty.passes(hours=15)
    return row


# The forger: works on the entries as JSON, and carries each change over to the tables.


class Forger:
    def __init__(self, duty: Duty, random: Random) -> None:
        self.signer = duty.office.ledger.signer
        self.random = random
        self.entries = [json.loads(row.entry) for row in LedgerEntry.objects.order_by("seq")]

    def any(self, kind: str, below: int) -> dict:
        """An entry that the witness covers."""
        return self.random.choice([e for e in self.entries if e["kind"] == kind and e["seq"] < below])

    def sign_anew(self, entry: dict) -> None:
        """The digest of the changed document, wherever it is repeated."""
        document, (signature,) = entry["body"]["document"], entry["body"]["signatures"]
        old, new = signature["signed_digest"], str(digest_of(document))
        signature["signed_digest"], signature["at"] = new, document["occurred_at"]
        Signature.objects.filter(seq=entry["seq"]).update(
            signed_digest=new, signed_at=parse_rfc3339(document["occurred_at"])
        )
        for other in self.entries:
            if other["kind"] == "journal.returned" and other["body"]["document"]["issued"] == {
                "seq": entry["seq"],
                "signed_digest": old,
            }:
                other["body"]["document"]["issued"]["signed_digest"] = new
                self.sign_anew(other)

    def write_the_ledger_anew(self) -> None:
        """Every entry, digest and checkpoint, as an honest program would have written them."""
        for model in (LedgerEntry, Checkpoint):
            model.objects.all().delete()
        frontier, rows, notes = Frontier(), [], []
        for entry in self.entries:
            octets = canonical.encode(entry)
            leaf = leaf_hash(octets)
            frontier.append(leaf)
            rows.append(
                LedgerEntry(
                    seq=entry["seq"],
                    entry=octets.decode(),
                    leaf_hash=leaf.hex(),
                    kind=entry["kind"],
                    at=parse_rfc3339(entry["at"]),
                )
            )
            root = SignedRoot(self.signer.name, frontier.size, frontier.root())
            notes.append(Checkpoint(size=frontier.size, note=root.signed(self.signer), frontier="-"))
        LedgerEntry.objects.bulk_create(rows)
        Checkpoint.objects.bulk_create(notes)


def another_subject(forger: Forger, size: int) -> None:
    entry = forger.any("journal.issued", size)
    purpose = entry["body"]["document"]["purpose"]
    purpose["subject"] = forger.random.choice(SUBJECTS)
    Issue.objects.filter(seq=entry["seq"]).update(subject=purpose["subject"])
    forger.sign_anew(entry)


def another_remark(forger: Forger, size: int) -> None:
    entry = forger.any("journal.remarked", size)
    entry["body"]["text"] += " жоқ"
    Remark.objects.filter(seq=entry["seq"]).update(text=entry["body"]["text"])


def another_time(forger: Forger, size: int) -> None:
    """Handed back some minutes earlier than it was."""
    entry = forger.any("journal.returned", size)
    document = entry["body"]["document"]
    at = parse_rfc3339(document["occurred_at"]) - timedelta(minutes=forger.random.randint(1, 90))
    document["occurred_at"] = entry["at"] = rfc3339(at)
    Return.objects.filter(seq=entry["seq"]).update(occurred_at=at, entered_at=at)
    forger.sign_anew(entry)


def a_remark_deleted(forger: Forger, size: int) -> None:
    gone = forger.any("journal.remarked", size)["seq"]
    Remark.objects.filter(seq=gone).delete()
    renumber(forger, {e["seq"]: e["seq"] - (e["seq"] > gone) for e in forger.entries if e["seq"] != gone})


def two_remarks_swapped(forger: Forger, size: int) -> None:
    """The second was said first."""
    first = forger.any("journal.remarked", size - 1)["seq"]
    if forger.entries[first + 1]["kind"] != "journal.remarked":
        first -= 1
    swapped = {first: first + 1, first + 1: first}
    renumber(forger, {e["seq"]: swapped.get(e["seq"], e["seq"]) for e in forger.entries})
    at = sorted(forger.entries[seq]["at"] for seq in (first, first + 1))
    assert at[0] == at[1], "a day's two remarks are of the same instant, so their order alone tells"


def rolled_back(forger: Forger, size: int) -> None:
    """The database of some time before the sheets were printed, put in place of today's."""
    opened = next(entry["seq"] for entry in forger.entries if entry["kind"] == "journal.book-opened")
    keep = forger.random.randint(opened + 1, size - 1)
    drop_rows_from(keep)
    del forger.entries[keep:]


FORGERIES = (
    another_subject,
    another_remark,
    another_time,
    a_remark_deleted,
    two_remarks_swapped,
    rolled_back,
)


def renumber(forger: Forger, places: dict[int, int]) -> None:
    """Entries at other places: in the entries, in what they say of each other, and in every table."""
    forger.entries = sorted(
        ({**e, "seq": places[e["seq"]]} for e in forger.entries if e["seq"] in places),
        key=lambda e: e["seq"],
    )
    far = 10**6
    for table in tables_with_seq():
        for old, new in places.items():
            if old != new:
                table.objects.filter(seq=old).update(seq=far + new)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table._meta.db_table} SET seq = seq - {far} WHERE seq >= {far}")
    for entry in forger.entries:
        if entry["kind"] == "journal.returned":
            issued = entry["body"]["document"]["issued"]
            if places[issued["seq"]] != issued["seq"]:
                issued["seq"] = places[issued["seq"]]
                forger.sign_anew(entry)


def tables_with_seq():
    return [table.model for statement in STATEMENTS for table in statement.tables if table.has_seq]


def drop_rows_from(seq: int) -> None:
    # What hangs on a row goes before the row itself.
    tables = sorted(tables_with_seq(), key=lambda model: model._meta.label_lower == "journal.journalrow")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table._meta.db_table} WHERE seq >= %s", [seq])


def faults(duty: Duty, *notes: str) -> list[str]:
    """What `aigaq ledger verify` says, `notes` being given with --since."""
    report = checks.verify(VerifierKey.of(duty.office.ledger.signer), since=notes)
    rows = comparison.compare(STATEMENTS, also=[evidence.Reader().check])
    return [str(fault.kind) for fault in (*report.faults, *checks.misfiled(), *rows)]


def misprints(witness: Witness) -> list[str]:
    return [fault.kind for code in witness.codes for fault in check_printed(code)]


def test_a_perfect_forgery_is_exposed_by_an_older_checkpoint_and_by_a_sheet(duty, witness):
    """Each run another forgery of the whole office; none is found by the ledger alone, all by a witness."""
    exposed_by_sheet = 0
    with unguarded():
        for run in range(RUNS):
            forge = FORGERIES[run % len(FORGERIES)]
            with undone():
                forger = Forger(duty, Random(run))
                forge(forger, witness.size)
                forger.write_the_ledger_anew()
                assert faults(duty) == [], f"run {run}, {forge.__name__}: the forger left a trace"
                assert faults(duty, witness.note), f"run {run}, {forge.__name__} was not found"
                exposed_by_sheet += bool(misprints(witness))
            assert faults(duty, witness.note) == misprints(witness) == [] or run % 50, (
                "the run left something"
            )
    # A subject stands on no sheet; all else that was forged does.
    assert exposed_by_sheet >= RUNS * 4 // 6 - len(FORGERIES)


def test_an_honest_office_raises_no_alarm(duty, witness):
    """Whatever is honestly done after the printing, the old checkpoint and the sheets still hold."""
    random, office = Random(236), duty.office
    for run in range(CLEAN):
        match random.randrange(5):
            case 0:
                a_day(duty, run + 10)
            case 1:
                row = duty.issue()
                duty.passes(minutes=5)
                duty.give_back(row, condition="Сызат бар")
            case 2:
                row = random.choice(list(duty.book.rows.order_by("number")))
                duty.correct(row, "subject", f"«Дұрысы {run}» ЖШС")
            case 3:
                row = random.choice(list(duty.book.rows.order_by("number")))
                remark(
                    office.ledger,
                    office.by(office.custodian),
                    row=row,
                    text=f"Кейін {run}",
                    author=office.custodian,
                )
            case _:
                registry.add_recorder(
                    office.ledger, MACHINE, inventory_number=f"БТ-9{run}", division=office.division
                )
        assert faults(duty, witness.note) == [], f"run {run}"
        assert misprints(witness) == [], f"run {run}"
