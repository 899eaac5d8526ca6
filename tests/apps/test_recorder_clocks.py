"""Clocks that are wrong: nothing is refused or lost, the offset is kept, and an excursion is one incident."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq.core.clock import KAZAKHSTAN
from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import catch_up
from aigaq.ingest.desk import OfficeDesk
from aigaq.ingest.services import unload
from aigaq.ledger import comparison
from aigaq.recordings import checks
from aigaq.recordings.clocks import time_of
from aigaq.recordings.models import ClockReading, Recording
from aigaq.unloading.recorders.clocks import Doubt
from tests.support.cards import DCIM, fill, in_vault, left_on, octets, pipeline
from tests.support.duty import entries, on_duty
from tests.support.recorders import own_profiles, profile_text

pytestmark = pytest.mark.django_db

CLOCK = '[clock]\npath = "now.txt"\nline = "{year}-{month}-{day} {hour}:{minute}:{second}"'
DRIFT = timedelta(seconds=60)


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
def with_clock(line, tmp_path):
    """A recorder that writes down its own time when it is plugged in."""
    library = own_profiles(tmp_path / "own", own=profile_text(CLOCK))
    return replace(line, tools=replace(line.tools, recorders=lambda: library))


def named(at, number=1):
    return f"{DCIM}/БТ-0001_{at:%Y%m%d_%H%M%S}_{number:04}.DAT"


def here(office):
    return office.clock.now().astimezone(KAZAKHSTAN)


def shown(office, line, folder, off, number=1):
    """A card whose recorder's clock is `off`, unloaded now."""
    told = here(office) + off
    name = named(here(office), number)
    return unload(line, fill(folder, {"now.txt": f"{told:%Y-%m-%d %H:%M:%S}".encode(), name: octets(number)}))


def incidents(office, kind=Kind.CLOCK_WRONG):
    catch_up(office.ledger)
    return list(Incident.objects.filter(kind=kind))


@pytest.mark.parametrize("year", [1970, 1980, 2107])
def test_a_clock_that_lost_its_date(office, row, line, tmp_path, year):
    card = fill(tmp_path / "card", {f"{DCIM}/БТ-0001_{year}0101_000000_0001.DAT": octets(1)})
    outcome = unload(line, card)
    recording = Recording.objects.get()
    assert (outcome.unload.state, recording.recorded_at.astimezone(KAZAKHSTAN).year) == ("ready", year)
    assert left_on(card) == {}
    assert in_vault(line.vault, octets(1))
    assert Doubt.CLOCK_AT_START in time_of(recording, allowed=DRIFT).doubts
    assert len(incidents(office)) == (1 if year == 2107 else 0), (
        "before the first is empty nothing proves the past"
    )


def test_a_file_in_the_future_proves_that_the_clock_is_ahead_and_is_an_incident(office, row, line, tmp_path):
    unload(line, fill(tmp_path / "card", {named(here(office) + timedelta(hours=1)): octets(1)}))
    reading = ClockReading.objects.get()
    assert (reading.way, reading.offset_ms, reading.is_exact) == ("future-file", 3_600_000, False)
    (incident,) = incidents(office)
    assert (incident.row, incident.facts["offset_ms"]) == (row, 3_600_000)
    assert reading.seq in incident.evidence
    assert time_of(Recording.objects.get(), allowed=DRIFT).doubts == (Doubt.AFTER_TAKEN_IN, Doubt.WHOLE_HOURS)


def test_a_file_from_before_the_card_was_empty_proves_that_the_clock_is_behind(
    office, row, duty, line, tmp_path
):
    card = fill(tmp_path / "card", {named(here(office)): octets(1)})
    unload(line, card)
    emptied = office.clock.now()
    duty.passes(hours=3)
    unload(line, fill(card, {named(here(office) - timedelta(hours=4), 2): octets(2)}))
    reading = ClockReading.objects.get()
    assert (reading.way, reading.server_at, reading.offset_ms) == ("past-file", emptied, -3_600_000)
    assert len(incidents(office)) == 1


def test_a_right_clock_is_kept_and_is_no_incident(office, row, with_clock, tmp_path):
    shown(office, with_clock, tmp_path / "card", timedelta(seconds=3))
    reading = ClockReading.objects.get()
    assert (reading.way, 2_000 <= reading.offset_ms <= 3_000, reading.excursion) == ("time-file", True, 0)
    assert incidents(office) == []
    assert time_of(Recording.objects.first(), allowed=DRIFT).reading == reading


def test_an_excursion_is_one_incident_until_the_clock_was_right_again(
    office, row, duty, with_clock, tmp_path
):
    for number, off in enumerate((5, 90, 300, 10, -3600, 0), 1):
        shown(office, with_clock, tmp_path / "card", timedelta(seconds=off), number)
        duty.passes(hours=1)
    assert list(ClockReading.objects.order_by("seq").values_list("excursion", flat=True)) == [
        0,
        1,
        1,
        0,
        2,
        0,
    ]
    assert [incident.facts["offset_ms"] // 10_000 for incident in incidents(office)] == [9, -360]
    assert list(comparison.compare([checks.STATEMENT])) == []


def test_the_same_reading_is_kept_once_however_often_the_card_is_plugged_in(office, row, line, tmp_path):
    card = fill(tmp_path / "card", {named(here(office) + timedelta(hours=1)): octets(1)})
    for _ in range(3):
        unload(line, card, keep=True)
    assert ClockReading.objects.count() == len(entries("recorder.clock-read")) == 1


def test_the_drift_that_is_allowed_can_be_set(office, row, with_clock, tmp_path):
    lenient = replace(with_clock, drift=timedelta(minutes=10))
    shown(office, lenient, tmp_path / "card", timedelta(minutes=5))
    assert ClockReading.objects.get().excursion == 0
    assert incidents(office) == []


def test_a_card_whose_recorder_nobody_knows_is_no_evidence_against_any(office, row, line, tmp_path):
    name = named(here(office) + timedelta(hours=1)).replace("БТ-0001", "ХХ-0404")
    unload(line, fill(tmp_path / "card", {name: octets(1)}))
    assert not ClockReading.objects.exists()


TIME_FILE = '[time-file]\npath = "timeset.txt"\ntext = "%Y-%m-%d %H:%M:%S"'


@pytest.fixture
def with_time_file(line, tmp_path):
    library = own_profiles(tmp_path / "own", own=profile_text(TIME_FILE))
    return replace(line, tools=replace(line.tools, recorders=lambda: library))


def test_an_empty_card_is_left_the_time_with_an_entry_and_the_next_run_does_not_take_it_for_evidence(
    office, row, with_time_file, tmp_path
):
    card = fill(tmp_path / "card", {named(here(office)): octets(1)})
    unload(with_time_file, card)
    told = f"{here(office):%Y-%m-%d %H:%M:%S}\r\n"
    assert left_on(card) == {"timeset.txt": told.encode()}
    (entry,) = entries("recorder.clock-set")
    assert (entry.body["text"], entry.body["recorder"]) == (told, "БТ-0001")
    again = unload(with_time_file, card)
    assert (again.unload.state, Recording.objects.count()) == ("ready", 1)
    assert len(entries("recorder.clock-set")) == 1


def test_a_time_file_that_the_recorder_leaves_where_it_is_is_no_file_that_appeared(
    office, row, duty, with_time_file, tmp_path
):
    card = fill(tmp_path / "card", {named(here(office)): octets(1)})
    unload(with_time_file, card)
    duty.passes(hours=3)
    outcome = unload(with_time_file, fill(card, {named(here(office), 2): octets(2)}))
    assert (outcome.problems, outcome.unload.state) == ((), "ready")
    assert left_on(card) == {"timeset.txt": f"{here(office):%Y-%m-%d %H:%M:%S}\r\n".encode()}
    assert entries("unload.flawed") == []


def test_a_file_whose_name_differs_from_the_time_file_s_in_a_capital_letter_is_evidence(
    office, row, with_time_file, tmp_path
):
    card = fill(tmp_path / "card", {named(here(office)): octets(1)})
    unload(with_time_file, card)
    unload(with_time_file, fill(card, {"TIMESET.TXT": b"no time", named(here(office), 2): octets(2)}))
    assert in_vault(with_time_file.vault, b"no time")
    assert set(left_on(card)) == {"timeset.txt"}


def test_that_a_recorder_was_left_the_time_is_entered_once_however_often_it_is_told(
    office, row, with_time_file, tmp_path
):
    done = unload(with_time_file, fill(tmp_path / "card", {named(here(office)): octets(1)})).unload
    (entry,) = entries("recorder.clock-set")
    desk = OfficeDesk(with_time_file.office, division=office.division, unload=done)
    desk.say_time_left("timeset.txt", str(entry.body["text"]))
    assert len(entries("recorder.clock-set")) == 1


@pytest.mark.parametrize("octets_of_part", [b"", b"2026-11-20 09:00:00\r\n"])
def test_a_time_file_that_was_not_finished_is_no_evidence_either(
    office, row, with_time_file, tmp_path, octets_of_part
):
    """As a power cut leaves it between its first octet and its name."""
    card = fill(tmp_path / "card", {named(here(office)): octets(1), "timeset.txt.part": octets_of_part})
    outcome = unload(with_time_file, card)
    assert (outcome.unload.state, Recording.objects.count()) == ("ready", 1)
    assert set(left_on(card)) == {"timeset.txt"}


def test_a_card_that_is_kept_is_left_no_time(office, row, with_time_file, tmp_path):
    card = fill(tmp_path / "card", {named(here(office)): octets(1)})
    unload(with_time_file, card, keep=True)
    assert "timeset.txt" not in left_on(card)


def test_a_time_file_that_can_not_be_written_is_a_problem_and_no_loss(office, row, with_time_file, tmp_path):
    card = fill(tmp_path / "card", {named(here(office)): octets(1), "timeset.txt/x": b"x"})
    outcome = unload(with_time_file, card)
    assert in_vault(with_time_file.vault, octets(1))
    assert [problem.code for problem in outcome.problems] in ([], ["recorder.time-not-left"])
