"""Files of one take become one recording, however often an unloading is cut off; each file keeps its entry."""

import os
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq.ingest.services import assign, unload
from aigaq.ledger import comparison
from aigaq.recordings import checks
from aigaq.recordings.models import Placement, Recording, RecordingFile, Role
from aigaq.unloading.errors import UnloadStoppedError
from tests.support.cards import fill, left_on, octets, pipeline
from tests.support.duty import entries, on_duty
from tests.support.recorders import local, own_profiles, profile_text

pytestmark = pytest.mark.django_db
START = local("2026-11-20 09:00:00")


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


def segments(folder, *numbers, ending="MP4", recorder="БТ-0001", every=60):
    """Films that follow each other without a gap, each written last when the next begins."""
    for number in numbers:
        began = START + timedelta(seconds=every * (number - 1))
        name = f"DCIM/{recorder}_{began:%Y%m%d_%H%M%S}_{number:04}.{ending}"
        fill(folder, {name: octets(number)})
        ended = (began + timedelta(seconds=every)).timestamp()
        os.utime(folder / name, (ended, ended))
    return folder


def grouped():
    return [
        [file.path[-8:] for file in recording.files.order_by("ordinal")]
        for recording in Recording.objects.order_by("listed_at")
    ]


def sound():
    return list(comparison.compare([checks.STATEMENT])) == []


def test_segments_of_one_take_are_one_recording_that_begins_when_the_first_does(row, line, tmp_path):
    outcome = unload(line, segments(tmp_path / "card", 1, 2, 3))
    recording = Recording.objects.get()
    assert grouped() == [["0001.MP4", "0002.MP4", "0003.MP4"]]
    assert recording.recorded_at == START
    assert [file.recorded_at - START for file in recording.files.order_by("ordinal")] == [
        timedelta(minutes=n) for n in range(3)
    ]
    assert (outcome.unload.stored, outcome.unload.cleared, row.unloadings.get().files) == (3, 3, 3)
    assert Placement.objects.count() == 1
    assert [entry.kind for entry in entries("recording.")] == ["recording.ingested"] * 3
    assert sound()


def test_a_gap_between_them_makes_two(row, line, tmp_path):
    unload(line, segments(tmp_path / "card", 1, 2, 4, 5))
    assert grouped() == [["0001.MP4", "0002.MP4"], ["0004.MP4", "0005.MP4"]]
    assert sound()


def test_what_stands_beside_is_in_the_recording_and_is_no_part_of_it(row, line, tmp_path):
    card = segments(tmp_path / "card", 1, 2)
    segments(card, 2, ending="GPS")
    unload(line, card)
    files = Recording.objects.get().files.order_by("ordinal")
    assert [file.role for file in files] == [Role.MAIN, Role.MAIN, Role.SIDECAR]


@pytest.mark.parametrize("before", [1, 2, 3, 4])
def test_a_run_that_was_stopped_is_taken_up_with_the_same_grouping(row, line, tmp_path, before):
    """Any of the files were entered before: a card of which the rest came later is such a one."""
    card = segments(tmp_path / "card", *range(1, before + 1))
    unload(line, card, keep=True)
    (first,) = Recording.objects.values_list("pk", flat=True)
    unload(line, segments(card, 1, 2, 3, 4, 5))
    assert grouped() == [[f"000{n}.MP4" for n in range(1, 6)]]
    assert Recording.objects.get().pk == first
    assert left_on(card) == {}
    assert sound()


def test_a_stop_in_the_middle_of_a_take(row, line, tmp_path):
    card, stop = segments(tmp_path / "card", *range(1, 8)), threading.Event()

    def after_some(progress):
        if progress.files_done >= 2:
            stop.set()

    single = replace(line, tools=replace(line.tools, threads=1))
    try:
        unload(single, card, progress=after_some, stop=stop)
    except UnloadStoppedError:
        assert left_on(card)
    unload(line, card)
    assert grouped() == [[f"000{n}.MP4" for n in range(1, 8)]]
    assert sound()


def test_the_same_card_again_adds_nothing(row, line, tmp_path):
    card = segments(tmp_path / "card", 1, 2, 3)
    unload(line, card, keep=True)
    assert unload(line, card, keep=True).unload.already_stored == 3
    assert (Recording.objects.count(), RecordingFile.objects.count(), Placement.objects.count()) == (1, 3, 1)
    assert sound()


def test_a_name_that_comes_again_on_a_card_is_another_recording(row, line, duty, tmp_path):
    card = tmp_path / "card"
    for day in (1, 2):
        fill(card, {f"DCIM/100GOPRO/GX0{part}0001.MP4": octets(10 * day + part) for part in (1, 2)})
        unload(line, card)
        duty.passes(minutes=5)
    assert [len(files) for files in grouped()] == [2, 2]
    assert sound()


def test_a_recording_in_the_tray_is_assigned_once_with_all_its_files(office, duty, line, tmp_path):
    card = segments(tmp_path / "card", 1, 2, 3, recorder="ХХ-0404")
    waiting = unload(line, card)
    row = duty.issue()
    by = office.by(office.custodian)
    assert assign(office.ledger, by, unload=waiting.unload, row=row, custodian=office.custodian) == 1
    assert row.unloadings.get().files == 3
    unload(line, card)
    assert left_on(card) == {}
    assert sound()


def test_a_file_that_joins_a_recording_in_the_tray_is_placed_with_it(row, line, tmp_path, office):
    card = segments(tmp_path / "card", 1, recorder="SN7-1")
    unload(line, card, keep=True)
    unload(line, segments(card, 2, recorder="SN7-1"))
    assert Placement.objects.count() == 1
    assert grouped() == [["0001.MP4", "0002.MP4"]]


def test_a_profile_of_the_office_s_own_tells_time_device_and_takes(row, line, office, tmp_path):
    text = 'time = "utc"\n[takes]\njoin = "part"\n[identity]\npath = "id.txt"\nline = "No {device}"'
    library = own_profiles(tmp_path / "own", own=profile_text(text, name="Z{date}{time}-{part}"))
    card = fill(
        tmp_path / "card",
        {"id.txt": b"No SN7-1\r\n", "Z20261120040000-1.MP4": b"1", "Z20261120040000-2.MP4": b"2"},
    )
    own = replace(line, tools=replace(line.tools, recorders=lambda: library))
    outcome = unload(own, card)
    assert outcome.unload.recorder == office.recorder
    film = Recording.objects.get(recorded_at__isnull=False)
    assert film.recorded_at == local("2026-11-20 09:00:00")
    assert film.files.count() == 2
    said = entries("recording.ingested")[-1].body
    assert said["profile"] == "own"


def test_an_entry_from_before_there_were_profiles_still_says_its_rows(row, line, tmp_path):
    unload(line, segments(tmp_path / "card", 1))
    (entry,) = entries("recording.ingested")
    new = {"joins", "role", "ordinal", "profile", "number", "file_recorded_at"}
    old = replace(entry, body={name: value for name, value in entry.body.items() if name not in new})
    stated = {row.table: row.values for row in checks.carried_by(old)}
    assert stated["recordings.recordingfile"]["role"] == "main"
    assert stated["recordings.recordingfile"]["ordinal"] == "1"
    assert "recordings.recording" in stated
