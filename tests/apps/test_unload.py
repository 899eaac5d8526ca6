"""A card is plugged in, and all that the order asks for has happened."""

import errno
import json
import os
import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from aigaq.core.files import lock_at_once
from aigaq.ingest import desk
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import Sighting, Unload, UnloadState
from aigaq.ingest.selectors import problems, why
from aigaq.ingest.services import Pipeline, unload
from aigaq.journal.models import Unloading
from aigaq.recordings.models import Blob, Judgement, Placement, Recording, RecordingFile
from aigaq.tlog.checkpoint import Note, VerifierKey
from aigaq.unloading import errors, room
from aigaq.unloading.desk import SeenFile
from aigaq.unloading.run import Tools
from aigaq.unloading.sources import listing
from aigaq.unloading.sources.listing import open_card
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.errors import VaultFullError
from tests.support.cards import fill, in_vault, left_on, nothing_is_lost, pipeline, take, takes
from tests.support.duty import entries, on_duty
from tests.support.films import film, photo
from tests.support.vaults import blobs, flip


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


def test_a_card_of_an_issued_recorder_is_stored_placed_and_cleared(row, line, card):
    content = takes(3)
    fill(card, content)

    outcome = unload(line, card, port="port-1")

    assert outcome.unload.state == UnloadState.READY
    assert [file.path for file in outcome.files] == sorted(content)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert left_on(card) == {}
    assert Placement.objects.filter(row=row).count() == 3
    assert (Unload.objects.get().stored, Unload.objects.get().cleared) == (3, 3)
    (column6,) = Unloading.objects.filter(row=row)
    assert (column6.files, column6.octets) == (3, 3000)
    assert [entry.kind for entry in entries("recording.")] == ["recording.ingested"] * 3
    assert len(entries("card.cleared")) == 1


def test_what_is_entered_can_be_built_again_from_its_entry(row, line, card):
    fill(card, takes(1))
    (file,) = unload(line, card).files
    (entry,) = entries("recording.ingested")
    expected = {
        "unload": str(file.recording.unload),
        "recording": str(file.recording.pk),
        "file": str(file.pk),
        "source": "recorder:БТ-0001",
        "path": take(1, second=1),
        "kind": "other",
        "card": None,
        "recorder": "БТ-0001",
        "row": str(row.pk),
        "recorded_at": "2026-11-20T04:12:01.000000Z",
        "modified_at": entry.body["modified_at"],
        "ingested_at": "2026-11-20T04:00:00.000000Z",
        "content_digest": f"sha256:{file.blob.content_digest}",
        "stored_digest": f"sha256:{file.blob.stored_digest}",
        "size": 1000,
        "stored_size": file.blob.stored_size,
        "blob": file.blob.name,
    }
    assert {name: entry.body[name] for name in expected} == expected
    assert entry.body["judgement"]["verdict"] == "not-media"
    assert entry.division == str(row.division_id)
    assert entry.actor.kind == "system"


def test_a_second_run_over_the_same_card_stores_nothing_and_writes_no_line_in_the_book(row, line, card):
    fill(card, takes(3))
    unload(line, card, keep=True)
    before = (Recording.objects.count(), Blob.objects.count(), len(entries("recording.")))

    outcome = unload(line, card, keep=True)

    assert (outcome.unload.stored, outcome.unload.already_stored) == (0, 3)
    assert (Recording.objects.count(), Blob.objects.count(), len(entries("recording."))) == before
    assert Unloading.objects.count() == 1
    assert len(outcome.files) == 3


def test_a_card_that_was_kept_is_cleared_by_the_next_run(row, line, card):
    fill(card, takes(3))
    kept = unload(line, card, keep=True)
    assert kept.unload.state == UnloadState.KEPT
    assert len(left_on(card)) == 3
    assert unload(line, card).unload.cleared == 3
    assert left_on(card) == {}


def test_the_note_on_the_card_says_what_was_cleared_and_is_signed(row, line, card):
    fill(card, takes(2))
    outcome = unload(line, card)
    note = (card / "AIGAQ" / "cleared.txt").read_text(encoding="utf-8")
    Note.parse(note).require(VerifierKey.of(line.ledger.signer))
    assert f"unload {outcome.unload.pk}\n" in note
    for file in outcome.files:
        assert f"\nsha256:{file.blob.content_digest} 1000 {file.path}\n" in note


def test_an_empty_card_leaves_no_trace(row, line, card):
    assert unload(line, card).unload.state == UnloadState.READY
    assert Unload.objects.count() == 0
    assert not (card / "AIGAQ").exists()


def test_a_file_of_no_octets_is_evidence_too(row, line, card):
    fill(card, {take(1): b""})
    (file,) = unload(line, card).files
    assert file.blob.size == 0
    assert in_vault(line.vault, b"")
    assert left_on(card) == {}


def test_video_photo_and_sound_are_judged_and_have_their_still(row, line, card):
    fill(
        card,
        {take(1, ending="MP4"): film(), take(2, ending="JPG"): photo(), take(3, ending="TXT"): b"a text"},
    )
    outcome = unload(line, card)
    kinds = {file.path[-3:]: file.kind for file in outcome.files}
    assert kinds == {"MP4": "video", "JPG": "photo", "TXT": "other"}
    assert outcome.unload.foreign == 1
    for judgement in Judgement.objects.exclude(verdict="not-media").select_related("still"):
        assert judgement.verdict == "playable"
        assert judgement.still is not None
        assert (line.vault.backend.directory / judgement.still.name).exists()


def test_a_broken_video_is_stored_said_to_be_damaged_and_cleared(row, line, card):
    fill(card, {take(1, ending="MP4"): film()[:-2000], take(2, ending="MP4"): os.urandom(5000)})
    outcome = unload(line, card)
    assert outcome.unload.damaged == 2
    assert outcome.unload.state == UnloadState.READY
    assert left_on(card) == {}


def test_the_recorder_s_clock_is_kept_as_found_and_where_there_is_none_the_office_s_orders_the_list(
    row, line, card
):
    fill(card, {take(1): b"x", "DCIM/VID_1.DAT": b"y"})
    unload(line, card)
    named = Recording.objects.get(recorded_at__isnull=False)
    other = Recording.objects.get(recorded_at__isnull=True)
    assert named.recorded_at == named.listed_at == datetime(2026, 11, 20, 4, 12, 0, tzinfo=UTC)
    assert other.listed_at == other.ingested_at == line.ledger.clock.now()


@pytest.mark.parametrize("year", [1970, 1980, 2107])
def test_a_recorder_whose_clock_is_wrong_by_decades_is_believed_as_found(row, line, card, year):
    fill(card, {f"DCIM/БТ-0001_{year}0102_000000_0001.DAT": b"x"})
    unload(line, card)
    assert Recording.objects.get().recorded_at.year in (year, year - 1)


@pytest.mark.parametrize("seconds", [0, -1, 2**33, 2**34])
def test_no_modification_time_of_a_file_stops_the_unloading(row, line, card, seconds):
    fill(card, takes(1))
    os.utime(card / take(1, second=1), (seconds, seconds))
    assert unload(line, card).unload.state == UnloadState.READY


def test_the_same_octets_on_two_cards_are_two_recordings_and_one_blob(duty, line, tmp_path):
    duty.issue()
    one = fill(tmp_path / "one", {take(1): b"same"})
    two = fill(tmp_path / "two", {take(2): b"same"})
    unload(line, one)
    unload(line, two)
    assert (Recording.objects.count(), RecordingFile.objects.count(), Blob.objects.count()) == (2, 2, 1)
    assert len(blobs(line.vault.backend.directory)) == 1


def test_a_counter_that_wrapped_gives_two_recordings_of_one_name(row, line, card):
    fill(card, {take(1): b"morning"})
    unload(line, card)
    fill(card, {take(1): b"evening"})
    unload(line, card)
    assert Recording.objects.count() == 2
    assert in_vault(line.vault, b"morning")
    assert in_vault(line.vault, b"evening")


def test_after_the_recorder_came_back_its_last_row_is_meant(duty, line, card):
    row = duty.issue()
    duty.passes(hours=6)
    duty.give_back(row)
    duty.passes(hours=1)
    fill(card, takes(1))
    assert unload(line, card).unload.row == row


def test_the_next_duty_s_recordings_are_of_the_next_row(duty, line, card):
    first = duty.issue()
    fill(card, takes(1))
    unload(line, card)
    duty.give_back(first)
    duty.passes(hours=20)
    second = duty.issue()
    fill(card, {take(9): b"second day"})
    unload(line, card)
    assert Placement.objects.get(recording__files__path=take(9)).row == second
    assert Unloading.objects.filter(row=second).count() == 1


def unload_while_recording(line, card, victim):
    class Growing(LocalBackend):
        """A vault during whose reading of the card the recorder goes on."""

        def draft(self):
            with victim.open("ab") as file:
                file.write(b"more")
            return super().draft()

    line.vault._backend = Growing(line.vault.backend.directory, immutable=False)
    return unload(Pipeline(line.ledger, Tools(line.vault, threads=1)), card)


def test_a_file_that_is_written_to_meanwhile_stays_and_the_others_go(office, row, line, card):
    write_identity(
        office.ledger, office.by(office.custodian), card, card=office.card, installation=line.vault.id
    )
    fill(card, takes(3, size=4 << 20))
    outcome = unload_while_recording(line, card, card / take(2, second=2))
    assert (outcome.unload.state, outcome.unload.reason) == (UnloadState.KEPT, "file.changed")
    assert list(left_on(card)) == [take(2, second=2)]
    line.vault._backend = LocalBackend(line.vault.backend.directory, immutable=False)
    assert unload(line, card).unload.state == UnloadState.READY


def test_a_card_that_only_its_names_tell_is_cleared_whole_or_not_at_all(row, line, card):
    # Else what is left on it would have nobody's name.
    fill(card, {**takes(2), "DCIM/MOV_1.DAT": b"x" * (4 << 20)})
    outcome = unload_while_recording(line, card, card / "DCIM/MOV_1.DAT")
    assert (outcome.unload.state, outcome.unload.stored) == (UnloadState.KEPT, 2)
    assert len(left_on(card)) == 3
    line.vault._backend = LocalBackend(line.vault.backend.directory, immutable=False)
    assert unload(line, card).unload.state == UnloadState.READY
    assert Placement.objects.count() == 3


def test_a_full_disk_refuses_the_card_before_anything_is_read(row, line, card, monkeypatch):
    fill(card, takes(1))
    monkeypatch.setattr(room, "RESERVE", 1 << 60)
    with pytest.raises(errors.NoRoomError):
        unload(line, card)
    stopped = Unload.objects.get()
    assert (stopped.state, stopped.reason) == (UnloadState.FAILED, "card.no-room")
    assert "bytes free" in str(why(stopped))
    assert len(left_on(card)) == 1
    assert blobs(line.vault.backend.directory) == []


class Nearly:
    """A vault's disk with so much room."""

    def __init__(self, free):
        self._free = free

    def free(self):
        return self._free


@pytest.mark.parametrize(("at_once", "written"), [(1, 8), (2, 8 + 6), (3, 8 + 6)])
def test_room_is_asked_for_what_is_written_again_to_be_compared_beside_what_is_new(at_once, written):
    gib = 1 << 30
    files = [SeenFile("new", gib, 0), SeenFile("stored", 8 * gib, 0), SeenFile("too", 6 * gib, 0)]
    known = {("stored", 8 * gib): True, ("too", 6 * gib): False}
    needed = (1 + written) * gib
    with pytest.raises(errors.NoRoomError):
        room.require_room(Nearly(needed), files, known, at_once=at_once)
    room.require_room(Nearly(needed + (1 << 27)), files, known, at_once=at_once)


def test_a_vault_that_fills_up_stops_the_run_and_keeps_the_card(row, line, card):
    content = takes(10)
    fill(card, content)

    class Filling(LocalBackend):
        drafts = 0

        def draft(self):
            Filling.drafts += 1
            if Filling.drafts > 4:
                raise VaultFullError(reason="no space")
            return super().draft()

    directory = line.vault.backend.directory
    line.vault._backend = Filling(directory, immutable=False)
    with pytest.raises(VaultFullError):
        unload(line, card)
    assert Unload.objects.get().reason == "vault.full"
    assert left_on(card) == content

    line.vault._backend = LocalBackend(directory, immutable=False)
    outcome = unload(line, card)
    assert outcome.unload.state == UnloadState.READY
    assert Recording.objects.count() == 10
    assert sum(line.files for line in Unloading.objects.all()) == 10


def test_a_database_that_takes_no_more_stops_the_run_and_keeps_the_card(row, line, card, monkeypatch):
    content = takes(5)
    fill(card, content)

    def full(*_):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(desk, "enter_files", full)
        with pytest.raises(errors.DatabaseStoppedError):
            unload(line, card)
    assert Unload.objects.get().reason == "unload.database"
    assert left_on(card) == content
    assert unload(line, card).unload.state == UnloadState.READY
    assert len(blobs(line.vault.backend.directory)) == 5


def test_a_stopped_run_is_gone_on_with(row, line, card):
    fill(card, takes(5))
    stop = threading.Event()
    stop.set()
    with pytest.raises(errors.UnloadStoppedError):
        unload(line, card, stop=stop)
    assert len(left_on(card)) == 5
    assert unload(line, card).unload.state == UnloadState.READY


def test_a_run_that_is_stopped_finishes_and_enters_what_it_reads_and_begins_nothing_more(row, line, card):
    content = takes(20)
    fill(card, content)
    stop = threading.Event()

    class Stopping(LocalBackend):
        drafts = 0

        def draft(self):
            Stopping.drafts += 1
            if Stopping.drafts == 3:
                stop.set()
            return super().draft()

    line.vault._backend = Stopping(line.vault.backend.directory, immutable=False)
    with pytest.raises(errors.UnloadStoppedError):
        unload(Pipeline(line.ledger, Tools(line.vault, threads=1)), card, stop=stop)
    (stopped,) = Unload.objects.all()
    assert stopped.reason == "unload.stopped"
    assert stopped.stored == 3
    assert RecordingFile.objects.count() == stopped.stored == len(blobs(line.vault.backend.directory))
    assert left_on(card) == content


def test_a_run_that_was_killed_is_said_to_be_when_the_next_begins(row, line, card):
    fill(card, takes(1))
    now = line.ledger.clock.now()
    dead = Unload.objects.create(
        port="port-1", source="x", division=row.division, started_at=now, beat_at=now
    )
    unload(line, card, port="port-1")
    dead.refresh_from_db()
    assert (dead.state, dead.reason) == (UnloadState.FAILED, "unload.interrupted")


def test_one_card_is_unloaded_by_one_at_a_time(row, line, card):
    fill(card, takes(1))
    root = open_card(card)
    try:
        assert lock_at_once(root)
        with pytest.raises(errors.CardBusyError):
            unload(line, card)
    finally:
        os.close(root)
    assert unload(line, card).unload.state == UnloadState.READY


def test_a_damaged_blob_is_healed_by_the_card_and_the_catalogue_knows_both(row, line, card):
    content = takes(1)
    fill(card, content)
    unload(line, card, keep=True)
    (blob,) = blobs(line.vault.backend.directory)
    flip(blob, 300)
    unload(line, card)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert Blob.objects.count() == 2
    assert Recording.objects.count() == 1
    assert len(entries("recording.stored-again")) == 1
    assert left_on(card) == {}


def test_a_run_cut_off_between_clearing_and_saying_so_is_finished_by_the_next(row, line, card):
    content = takes(3)
    fill(card, content)
    unload(line, card, keep=True)
    # As a kill leaves it: the intention noted, two of three files gone, no note and no entry.
    Sighting.objects.update(clearing_at=line.ledger.clock.now())
    for path in list(content)[:2]:
        (card / path).unlink()

    outcome = unload(line, card)

    assert outcome.unload.state == UnloadState.READY
    assert outcome.unload.cleared == 1
    assert not Sighting.objects.filter(cleared_seq=None, clearing_at__isnull=False).exists()
    assert len([file for entry in entries("card.cleared") for file in entry.body["files"]]) == 3
    assert "files 3\n" in (card / "AIGAQ" / "cleared.txt").read_text()


def test_what_can_not_be_seen_is_not_said_to_be_cleared(row, line, card, monkeypatch):
    content = {**takes(2), "DCIM/101AIGAQ/БТ-0001_20261120_091203_0003.DAT": b"behind a bad block"}
    fill(card, content)
    unload(line, card, keep=True)
    # As a kill leaves it, and then a folder that can't be read.
    Sighting.objects.update(clearing_at=line.ledger.clock.now())
    (card / take(1, second=1)).unlink()
    real = listing.open_directory

    def failing(name, directory):
        if name == b"101AIGAQ":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(name, directory)

    with monkeypatch.context() as patch:
        patch.setattr(listing, "open_directory", failing)
        outcome = unload(line, card)
    assert [problem.code for problem in outcome.problems] == ["file.unreadable-directory"]
    assert entries("card.cleared") == []
    assert set(left_on(card)) == {*content} - {take(1, second=1)}
    unload(line, card)
    assert left_on(card) == {}
    assert len([file for entry in entries("card.cleared") for file in entry.body["files"]]) == 3


def test_a_run_cut_off_after_the_last_file_was_cleared_is_finished_though_the_card_is_empty(row, line, card):
    content = takes(2)
    fill(card, content)
    unload(line, card, keep=True)
    Sighting.objects.update(clearing_at=line.ledger.clock.now())
    for path in content:
        (card / path).unlink()
    unload(line, card)
    assert len(entries("card.cleared")) == 1
    assert (card / "AIGAQ" / "cleared.txt").exists()
    unload(line, card)
    assert len(entries("card.cleared")) == 1


def test_a_note_that_could_not_be_written_is_written_by_the_next_run(row, line, card):
    fill(card, takes(2))
    in_the_way = card / "AIGAQ" / "cleared.txt"
    in_the_way.mkdir(parents=True)
    outcome = unload(line, card)
    assert [problem.code for problem in outcome.problems] == ["card.note-not-written"]
    assert entries("card.cleared")[0].body["note"] is None
    in_the_way.rmdir()
    unload(line, card)
    assert "files 2\n" in (card / "AIGAQ" / "cleared.txt").read_text()
    assert len(entries("card.cleared")) == 1


def test_what_is_left_of_a_card_whose_names_are_cleared_is_not_entered_twice(row, line, card):
    fill(card, {**takes(2), "notes.txt": b"x"})
    unload(line, card, keep=True)
    for path in takes(2):
        (card / path).unlink()
    outcome = unload(line, card)
    assert (outcome.unload.stored, outcome.unload.already_stored) == (0, 1)
    assert (outcome.unload.state, Recording.objects.count()) == (UnloadState.READY, 3)


def test_what_somebody_took_from_a_card_that_was_kept_is_not_said_to_be_cleared(row, line, card):
    content = takes(2)
    fill(card, content)
    unload(line, card, keep=True)
    for path in content:
        (card / path).unlink()
    unload(line, card)
    assert entries("card.cleared") == []


def test_progress_is_told_and_ends_at_all(row, line, card):
    fill(card, takes(5))
    told = []
    unload(line, card, progress=told.append)
    assert (told[-1].files_done, told[-1].files_total) == (5, 5)
    assert told[-1].octets_done == told[-1].octets_total == 5000


def test_progress_counts_once_what_is_read_again_to_be_judged(row, line, card):
    """A name and size that were seen before, with other octets: it is taken for judged until it is entered."""
    fill(card, {take(1): b"morning"})
    unload(line, card, keep=True)
    fill(card, {take(1): b"evening"})
    told = []
    outcome = unload(line, card, progress=told.append)
    assert told[-1].octets_done == told[-1].octets_total == 7
    assert outcome.unload.octets_done == 7


def test_what_was_left_is_kept_with_the_facts_of_its_sentence(row, line, card):
    fill(card, takes(1))
    (card / "link\u202e").symlink_to("/etc/shadow")
    outcome = unload(line, card)
    stored = Unload.objects.get(pk=outcome.unload.pk)
    assert stored.state == UnloadState.KEPT
    assert stored.problem_count == 1
    (problem,) = problems(stored)
    assert (
        str(problem)
        == r"“link\u202e” is no file but a link; it was left on the card. Find out who put it there."
    )
    assert json.dumps(stored.problems)


def test_ten_thousand_links_do_not_swell_the_row(row, line, card):
    fill(card, takes(1))
    for n in range(300):
        (card / f"l{n}").symlink_to("x")
    outcome = unload(line, card)
    assert outcome.unload.problem_count == 300
    assert len(Unload.objects.get().problems) == 200


def test_a_card_whose_file_system_is_damaged_is_stored_and_left_as_it_is(row, line, card):
    path = card
    for _ in range(8):
        path /= "LOOP"
        fill(path, {"A.DAT": b"octets"})
    for folder in sorted(card.rglob("*"), reverse=True):
        os.utime(folder, (0, 0))
    fill(card, takes(1))
    outcome = unload(line, card)
    assert outcome.unload.state == UnloadState.KEPT
    assert outcome.unload.reason == "file.directory-loop"
    assert outcome.unload.stored == 2
    assert (card / take(1, second=1)).exists()


def test_names_are_data_and_reach_nothing_outside_the_vault(row, line, card, tmp_path):
    names = [
        b"-rf", b"$(reboot)", b"a\nb", "\u202egpj.exe".encode(), b"\xff\xfe" * 60, b"\xff" * 255,
        "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі".encode(), b"..mp4", b"...", b"con", rb"..\..\etc", b"'; DROP TABLE--", b"\x01\x1b[31m",
    ]  # fmt: skip
    content = takes(1)
    fill(card, content)
    for number, name in enumerate(names):
        data = b"content %d" % number
        with open(os.fsencode(card) + b"/" + name, "wb") as file:
            file.write(data)
        content[name] = data
    before = {path for path in tmp_path.rglob("*") if "vault" not in path.parts and "card" not in path.parts}

    outcome = unload(line, card)

    assert outcome.unload.state == UnloadState.READY
    assert len(outcome.files) == len(content)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert all(file.shown.isprintable() for file in outcome.files)
    after = {path for path in tmp_path.rglob("*") if "vault" not in path.parts and "card" not in path.parts}
    assert after == before
    nothing_is_lost(card, line.vault, {})
