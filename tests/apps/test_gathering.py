"""What a package is made of: all that the ledger has of its recordings up to the approval, and nothing later."""

from datetime import timedelta

import pytest

from aigaq.access.looks import look
from aigaq.core import canonical
from aigaq.disclosure.errors import NotInLedgerError
from aigaq.disclosure.gathering import gather
from aigaq.incidents import services as incidents
from aigaq.ingest.services import unload
from aigaq.journal.services.remark import remark
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings import judging
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.retention.selectors import holds_in
from aigaq.retention.services import release_hold
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.tlog.entry import Entry
from aigaq.tlog.merkle import leaf_hash, verify_inclusion
from tests.apps.test_takes import segments
from tests.support.cards import fill, pipeline, take, takes
from tests.support.disclosure import Registrar, every_recording
from tests.support.duty import Duty, on_duty
from tests.support.forgery import unguarded
from tests.support.reviews import Reviewer
from tests.support.snapshots import once

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def row(office, tmp_path):
    """A duty with a pause and a correction, unloaded, looked at and marked; and a second one beside it."""
    row, office.clock.instant = once("gathering", lambda: played(office, tmp_path))
    return row


def played(office, tmp_path):
    """The row, and when it is at the end. The vault is not opened for gathering."""
    duty, line = on_duty(office), pipeline(office, tmp_path / "story")
    row = duty.issue()
    duty.passes(minutes=20)
    duty.resume(row, duty.pause(row))
    duty.passes(minutes=10)
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    duty.correct(row, "subject", "«Жаңа Құрылыс» ЖШС")
    judging.catch_up(office.ledger)
    incidents.attend(office.ledger)
    looked_at(office, first())
    Reviewer(office).marks(RecordingFile.objects.get(recording=first()), note="Эвакуация жолы жабық")
    duty.passes(hours=1)
    other = duty.issue(inspector=office.second_inspector)
    unload(line, fill(tmp_path / "other", {take(7, second=7): b"other" * 99}))
    duty.give_back(other, handed_back_by=office.second_inspector)
    return row, office.clock.instant


def first():
    return Recording.objects.earliest("listed_at", "pk")


def looked_at(office, recording, kind="viewed"):
    file = recording.files.get()
    about = {
        "recording": str(recording.pk),
        "file": str(file.pk),
        "content_digest": f"sha256:{file.blob.content_digest}",
    }
    look(office.ledger, office.by(office.head), kind, about)


def approved(office, *chosen):
    registrar = Registrar(office)
    return registrar.approves(registrar.registers(*(chosen or every_recording()[:2])))


def gathered(office, approval):
    return gather(approval, key_of(office))


def key_of(office):
    return VerifierKey.of(office.ledger.signer)


def octets(found):
    """All of it, but what opens the vault."""
    return canonical.encode(
        {
            "division": found.division,
            "demand": found.demand,
            "approval": found.approval,
            "checkpoint": found.checkpoint,
            "files": [
                [str(each.file.pk), each.sha256, each.recorded_at, str(each.row)] for each in found.files
            ],
            "clocks_of_files": {str(pk): dict(clock) for pk, clock in found.clocks_of_files.items()},
            "entries": [
                [each.seq, each.octets.decode(), [one.hex() for one in each.path]] for each in found.entries
            ],
            "keys": [key.decode() for key in found.keys],
            "extract": found.extract,
            "clocks": found.clocks,
            "custody": [[dict(step) for step in steps] for steps in found.custody],
            "made_at": str(found.made_at),
        }
    )


def test_every_entry_is_proven_under_the_first_checkpoint_that_covers_the_approval(office, row):
    approval = approved(office)
    found = gathered(office, approval)
    checkpoint = open_checkpoint(found.checkpoint, key_of(office))
    assert checkpoint.size == approval.seq + 1
    assert [each.seq for each in found.entries] == sorted({each.seq for each in found.entries})
    for each in found.entries:
        verify_inclusion(leaf_hash(each.octets), each.seq, checkpoint.size, each.path, checkpoint.root)


def test_it_has_what_the_format_asks_for_and_nothing_of_another_duty(office, row):
    found = gathered(office, approved(office))
    kinds = {entry.kind for entry in entries(found)}
    assert {
        "recording.ingested",
        "access.viewed",
        "review.marked",
        "journal.issued",
        "journal.returned",
        "journal.unloaded",
        "journal.paused",
        "journal.resumed",
        "journal.corrected",
        "coverage.judged",
        "registry.person-added",
        "registry.appointed",
        "disclosure.demand-registered",
        "disclosure.approved",
    } <= kinds
    assert office.second_inspector.full_name not in b"".join(each.octets for each in found.entries).decode()


def entries(found):
    return [Entry.parse(each.octets) for each in found.entries]


def test_what_comes_later_changes_not_an_octet(office, row):
    duty, approval = Duty(office, row.book), approved(office)
    before = octets(gathered(office, approval))
    duty.passes(hours=2)
    looked_at(office, first(), "downloaded")
    remark(office.ledger, office.by(office.custodian), row=row, text="Кейін жазылды", author=office.custodian)
    duty.correct(row, "object", "Басқа нысан")
    Reviewer(office).marks(RecordingFile.objects.get(recording=first()), note="Кейін")
    approved(office, *every_recording())
    (hold, *_) = holds_in(office.division)
    release_hold(office.ledger, office.by(office.head), hold, head=office.head, reason="Бітті")
    judging.catch_up(office.ledger)
    assert octets(gathered(office, approval)) == before


def test_the_extract_tells_the_row_as_corrected_and_what_stood_there_before(office, row):
    found = gathered(office, approved(office))
    (told,) = found.extract["rows"]
    assert (told["number"], told["purpose"]["subject"]) == (row.number, "«Жаңа Құрылыс» ЖШС")
    (correction,) = told["corrections"]
    assert correction["old"] == "«Нұр-Құрылыс» ЖШС"
    (pause,) = told["pauses"]
    assert pause["until_at"] is not None
    assert [each["act"] for each in told["signatures"]] == ["issue", "return", "correction"]
    assert told["returned"]["seq"] == row.returned.seq
    assert [each["files"] for each in told["unloaded"]] == [2]
    assert told["coverage"] is not None
    assert len(told["remarks"]) >= 2


def test_custody_goes_from_the_card_to_the_approval_in_three_languages(office, row):
    found = gathered(office, approved(office))
    (steps, _other) = found.custody
    kinds = [step["kind"] for step in steps]
    assert (kinds[0], kinds[-1]) == ("recording.ingested", "disclosure.approved")
    assert {"access.viewed", "review.marked"} <= set(kinds)
    assert all(set(step["words"]) == {"kk", "ru", "en"} for step in steps)
    assert steps[-1]["actor"] == office.head.full_name
    assert steps[0]["actor"] == ""


def test_each_part_of_a_recording_has_a_history_of_its_own(office, duty, line, tmp_path):
    """Its place in the journal came with the first part; a look that names no part is at all of them."""
    row = duty.issue()
    unload(line, segments(tmp_path / "card", 1, 2))
    duty.give_back(row)
    (recording,) = every_recording()
    look(office.ledger, office.by(office.head), "viewed", {"recording": str(recording.recording)})
    found = gathered(office, approved(office, recording))
    taken_in = [
        [step["seq"] for step in steps if step["kind"] == "recording.ingested"] for steps in found.custody
    ]
    assert taken_in == [[each.ingested.seq] for each in found.files]
    assert len(taken_in) == 2
    assert all("access.viewed" in [step["kind"] for step in steps] for steps in found.custody)


def test_a_recording_that_was_stored_before_is_found_by_its_own_entry(office, duty, line, tmp_path):
    row = duty.issue()
    same = {take(1): b"the same" * 50, take(2, second=2): b"the same" * 50}
    unload(line, fill(tmp_path / "card", same))
    duty.give_back(row)
    found = gathered(office, approved(office))
    assert len({each.ingested.seq for each in found.files}) == 2
    assert {each.body["path"] for each in found.files} == set(same)


def test_a_file_that_came_later_is_not_of_it(office, row):
    approval = approved(office)
    late = RecordingFile.objects.get(recording=first())
    late.pk, late.source_key, late.path = None, "f" * 64, "DCIM/LATE"
    late.id = Recording.objects.latest("pk").pk
    late.save(force_insert=True)
    assert len(gathered(office, approval).files) == 2


def test_an_entry_that_was_changed_by_hand_stops_it(office, row):
    approval = approved(office)
    issued = LedgerEntry.objects.get(seq=row.seq)
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE ledger_ledgerentry SET entry = %s WHERE seq = %s",
            [issued.entry.replace("Жамбыл", "Басқа"), row.seq],
        )
        with pytest.raises(NotInLedgerError):
            gathered(office, approval)


def test_it_asks_little_of_a_long_ledger(office, row, django_assert_max_num_queries):
    approval = approved(office)
    for _ in range(40):
        looked_at(office, Recording.objects.latest("listed_at", "pk"))
    office.clock.instant += timedelta(days=1)
    with django_assert_max_num_queries(250):
        gathered(office, approval)
