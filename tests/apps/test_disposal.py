"""What has come to its day goes by a signed plan, and only that; what remains says what was there."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from aigaq.copies.models import Finding
from aigaq.core.digests import ContentDigest
from aigaq.incidents.models import Incident
from aigaq.ingest.services import unload
from aigaq.journal import evidence
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Blob, Recording, RecordingFile
from aigaq.retention import errors, plans
from aigaq.retention.disposal_rules import MOST_OBJECTS
from aigaq.retention.models import DestroyedBlob, Disposed, Disposing, RetentionTerm
from aigaq.retention.planning import drop
from aigaq.retention.plans import coming, survey
from aigaq.retention.services import place_hold, release_hold
from aigaq.tlog.entry import Entry
from aigaq.vault.errors import VaultWriteError
from aigaq.vault.scrub import scrub
from tests.support.cards import fill, octets, pipeline, take, takes
from tests.support.copies import Shelf
from tests.support.disposals import DUE, PROFILE, Keeper, every_recording
from tests.support.duty import on_duty
from tests.support.reviews import Reviewer
from tests.support.vaults import blobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(office, tmp_path):
    """Two recordings of one duty, in a vault."""
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    return line


@pytest.fixture
def keeper(office, line):
    return Keeper(office, line.vault)


def held(office, recordings, reason="Іс қозғалды"):
    return place_hold(
        office.ledger,
        office.by(office.head),
        division=office.division,
        recordings=recordings,
        head=office.head,
        reason=reason,
    )


def segments(recording, count):
    """So many more of its take, known to the catalogue alone."""
    made = Blob.objects.bulk_create(
        Blob(
            content_digest=f"{number:064x}", stored_digest=f"{number:064x}", size=10**9, stored_size=10**9,
            name=f"blobs/{number}", ingested_at=recording.ingested_at, seq=10**6,
        )
        for number in range(count)
    )  # fmt: skip
    RecordingFile.objects.bulk_create(
        RecordingFile(
            recording=recording, blob=each, path=each.name, source="x", source_key=each.content_digest
        )
        for each in made
    )


def known():
    return [
        (ContentDigest.parse(content), None)
        for content in Blob.objects.filter(destroyed=None).values_list("content_digest", flat=True)
    ]


def test_each_recording_has_its_term_in_the_ledger_once_it_is_taken_in(office, keeper):
    keeper.follows()
    terms = RetentionTerm.objects.all()
    assert {term.kept_until for term in terms} == {date(2029, 11, 20)}
    assert {reason["why"] for term in terms for reason in term.reasons} == {"control"}
    assert LedgerEntry.objects.filter(kind="retention.term-set").count() == 1, "one entry for both"
    keeper.follows()
    assert terms.count() == 2
    assert keeper.faults() == []


def test_a_segment_that_comes_later_lengthens_and_a_clock_that_goes_back_shortens_nothing(
    office, keeper, line, tmp_path
):
    keeper.follows()
    high, office.clock.instant = office.clock.instant, office.clock.instant - timedelta(days=400)
    unload(line, fill(tmp_path / "second", {take(9, second=9): octets(9)}))
    keeper.follows()
    late = RetentionTerm.objects.order_by("seq").last()
    assert late.taken_in >= high
    assert late.kept_until == date(2029, 11, 20)


def test_a_mark_of_an_offence_is_a_reason_of_its_own(office, keeper):
    keeper.follows()
    Reviewer(office).marks(RecordingFile.objects.first(), note="Есік жабық")
    keeper.follows()
    keeper.waits(confirms=False)
    told = survey(office.division, office.clock.now(), PROFILE).due
    assert {reason.why.value for reason in told[0].keep.reasons} | {
        reason.why.value for reason in told[1].keep.reasons
    } == {"control", "offence", "earlier-rule"}


def test_nothing_is_due_on_the_last_day_and_everything_on_the_next(office, keeper):
    keeper.waits(DUE - timedelta(days=1), confirms=False)
    found = survey(office.division, office.clock.now(), PROFILE)
    assert (len(found.due), len(found.kept), found.kept_total) == (0, 2, 2)
    office.clock.instant = DUE
    found = survey(office.division, DUE, PROFILE)
    assert (len(found.due), found.due_total, found.kept) == (2, 2, ())
    assert coming(office.division, DUE)[0] == (date(2029, 11, 1), 2)


def test_what_is_held_stays_with_its_reason_whatever_its_day(office, keeper):
    one, other = every_recording()
    keeper.follows()
    hold = held(office, [one])
    keeper.waits()
    found = survey(office.division, DUE, PROFILE)
    assert [told.recording.pk for told in found.due] == [other]
    assert "Іс қозғалды" in str(found.kept[0].keep.held[0])
    with pytest.raises(errors.NotDueError) as refused:
        keeper.proposes()
    assert refused.value.paragraph == "13"
    release_hold(office.ledger, office.by(office.head), hold, head=office.head, reason="Бітті")
    assert len(survey(office.division, DUE, PROFILE).due) == 2


def test_a_thousand_that_are_held_hide_none_behind_them(office, keeper):
    keeper.follows()
    of = {"division": office.division, "unload": uuid4()}
    early = office.clock.now() - timedelta(days=1)
    old = [Recording(**of, ingested_at=early, listed_at=early) for _ in range(1_100)]
    Recording.objects.bulk_create(old)
    RetentionTerm.objects.bulk_create(
        RetentionTerm(
            recording=each, number=1, taken_in=early, kept_until=date(2029, 11, 19), profile=PROFILE.key,
            reasons=[], set_at=early, seq=0,
        )
        for each in old
    )  # fmt: skip
    held(office, [each.pk for each in old[:1_000]])
    held(office, [each.pk for each in old[1_000:]])
    keeper.waits()
    found = survey(office.division, DUE, PROFILE)
    assert (len(found.due), found.due_total) == (2, 2)
    assert (len(found.kept), found.kept_total) == (200, 1_100)


def test_one_with_more_objects_than_a_plan_has_keeps_no_other_from_going(office, keeper, monkeypatch):
    monkeypatch.setattr(plans, "MOST_OBJECTS", 2)
    first, other = Recording.objects.order_by("listed_at", "pk")
    segments(first, 2)
    keeper.waits()
    assert [told.recording for told in survey(office.division, DUE, PROFILE).due] == [other]


def test_a_day_in_segments_of_a_minute_goes_too(office, keeper, line):
    first = Recording.objects.order_by("listed_at", "pk")[0]
    segments(first, MOST_OBJECTS - 1)
    keeper.waits()
    due = [told.recording.pk for told in survey(office.division, DUE, PROFILE).due]
    assert due == [first.pk]
    plan = keeper.proposes(due)
    keeper.approves(plan)
    office.clock.instant += timedelta(days=1)
    assert keeper.disposes(plan, is_sound=lambda: True).objects == MOST_OBJECTS
    assert not [fault for fault in keeper.faults() if "retention" in str(fault)]
    assert len(blobs(line.vault.backend.directory)) == 1, "that of the other"


def test_the_whole_way_from_the_plan_to_the_tombstone(office, keeper, line):
    files = blobs(line.vault.backend.directory)
    plan = keeper.approved()
    entry = Entry.parse(LedgerEntry.objects.get(seq=plan.approval.seq).entry.encode())
    assert evidence.check_entry(entry) == []
    result = keeper.disposes(plan)
    assert (result.recordings, result.objects, result.spared) == (2, 2, [])
    assert not any(path.exists() for path in files)
    assert blobs(line.vault.backend.directory) == []
    # What remains: the catalogue, the proof, and that it went.
    assert Recording.objects.count() == Disposed.objects.count() == 2
    done = Entry.parse(LedgerEntry.objects.get(seq=result.seq).entry.encode())
    assert {each[0] for each in done.body["objects"]} == set(
        Blob.objects.values_list("content_digest", flat=True)
    )
    assert Disposed.objects.first().act == f"Ө-{result.seq}"
    assert keeper.faults() == []
    assert scrub(line.vault, known()).findings == ()
    with pytest.raises(errors.PlanClosedError):
        keeper.disposes(plan)
    with pytest.raises(errors.HeldTooLateError) as refused:
        held(office, every_recording())
    assert f"Ө-{result.seq}" in str(refused.value)


def test_a_hold_placed_after_the_approval_spares_its_recording(office, keeper, line):
    plan, spared = keeper.approved(), every_recording()[0]
    held(office, [spared])
    result = keeper.disposes(plan)
    assert (result.recordings, result.spared) == (1, [[str(spared), "held-order"]])
    content = RecordingFile.objects.get(recording=spared).blob.content_digest
    line.vault.verify(ContentDigest.parse(content))
    assert not Disposed.objects.filter(recording=spared).exists()


def test_what_another_recording_has_too_stays(office, keeper, line, tmp_path):
    """The same octets on another card, taken in a year later."""
    keeper.follows()
    office.clock.instant += timedelta(days=365)
    unload(line, fill(tmp_path / "other", {take(7, recorder="БТ-0009"): octets(1)}))
    mine = [pk for pk in every_recording() if Recording.objects.get(pk=pk).ingested_at.year == 2026]
    keeper.waits()
    plan = keeper.proposes(mine)
    keeper.approves(plan)
    office.clock.instant += timedelta(days=1)
    assert (keeper.disposes(plan).recordings, DestroyedBlob.objects.count()) == (2, 1)
    theirs = RecordingFile.objects.exclude(recording__in=mine).get()
    line.vault.verify(ContentDigest.parse(theirs.blob.content_digest))
    assert keeper.faults() == []


@pytest.mark.parametrize("cut", [0, 1])
def test_cut_off_anywhere_it_goes_on_and_nothing_else_goes(office, keeper, line, cut, monkeypatch):
    from aigaq.retention import disposing

    plan, removed = keeper.approved(), []

    def cutting(backend, content, real=disposing.remove):
        if len(removed) == cut:
            raise VaultWriteError(reason="power cut")
        removed.append(content)
        return real(backend, content)

    with monkeypatch.context() as patch:
        patch.setattr(disposing, "remove", cutting)
        with pytest.raises(VaultWriteError):
            keeper.disposes(plan)
    assert Disposing.objects.count() == 1
    assert not Disposed.objects.exists()
    assert len(blobs(line.vault.backend.directory)) == 2 - cut
    with pytest.raises(errors.BeingDestroyedError) as refused:
        held(office, every_recording())
    assert "plan 1" in str(refused.value)
    assert keeper.disposes(plan).objects == 2
    assert blobs(line.vault.backend.directory) == []
    assert keeper.faults() == []


def test_a_plan_waits_a_day_and_for_unloading_and_is_dropped_with_a_reason(office, keeper):
    keeper.waits()
    plan = keeper.proposes()
    with pytest.raises(errors.NotApprovedError):
        keeper.disposes(plan)
    with pytest.raises(errors.AlreadyPlannedError):
        keeper.proposes()
    keeper.approves(plan)
    with pytest.raises(errors.TooSoonError):
        keeper.disposes(plan)
    office.clock.instant += timedelta(days=1)
    with pytest.raises(errors.UnloadingError):
        keeper.disposes(plan, is_unloading=lambda: True)


def test_a_dropped_plan_frees_its_recordings_for_another(office, keeper):
    keeper.waits()
    plan, by = keeper.proposes(), office.by(office.head)
    drop(office.ledger, by, division=office.division, plan=plan.pk, person=office.head, reason="Ертерек")
    with pytest.raises(errors.PlanClosedError):
        keeper.approves(plan)
    assert keeper.proposes().number == 2


def test_an_incident_that_is_not_decided_keeps_its_duty(office, keeper):
    keeper.waits()
    plan = keeper.proposes()
    keeper.approves(plan)
    office.clock.instant += timedelta(days=1)
    row = Recording.objects.first().placement.row
    Incident.objects.create(
        kind="damage",
        division=office.division,
        row=row,
        key="test",
        facts={},
        evidence=[],
        occurred_at=office.clock.now(),
        opened_at=office.clock.now(),
        seq=10_000,
    )
    with pytest.raises(errors.NothingLeftError):
        keeper.disposes(plan, is_sound=lambda: True)


def test_copies_go_too_and_what_stands_still_is_told(office, keeper, line):
    class Locked:
        place = "s3"
        exclusive = line.vault.backend.exclusive

    plan = keeper.approved()
    assert keeper.disposes(plan, copies={"second": Locked()}).standing == {"second": None}


@pytest.mark.parametrize("reached", [True, False])
def test_what_was_disposed_of_is_missed_nowhere_and_no_copy_brings_it_back(office, tmp_path, reached):
    """`reached`: whether the copy is there while it goes, or comes back with all it had."""
    shelf = Shelf(office, tmp_path)
    shelf.unload(2)
    assert shelf.copies() == 2
    keeper = Keeper(office, shelf.vault)
    plan = keeper.approved()
    keeper.disposes(plan, copies=shelf.places.copies if reached else {})
    assert (shelf.files(), bool(shelf.files("disk"))) == ({}, not reached)
    shelf.copies()
    shelf.scrubs()
    shelf.heals()
    assert not Finding.objects.exists()
    assert shelf.files() == {}
    assert keeper.faults() == []
