"""What a duty's coverage is made of: rows, recordings, notices and readings, as book and catalogue have them."""

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest.services import unload
from aigaq.ledger.services import MACHINE
from aigaq.media.probe import Verdict
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.coverage import Reason
from aigaq.recordings.duty_coverage import coverage_for, duty_coverage
from aigaq.recordings.errors import NotAReaderError
from aigaq.recordings.models import ReadingWay, Recording, RecordingFile
from aigaq.recordings.offsets import Known
from aigaq.registry.selectors import standing_of
from aigaq.unloading.recorders.clocks import Measured, Way
from tests.support.cards import fill
from tests.support.duty import spare_of
from tests.support.filmed import Believer, Film, unload_films

pytestmark = pytest.mark.django_db


def parts(office, row):
    """Each part with the minutes since the issue at which it begins."""
    found = duty_coverage(row, office.clock.now()).coverage
    return [((part.start - found.duty.start) / 60_000, part.reason.value) for part in found.parts]


def minutes(number):
    return timedelta(minutes=number)


def test_a_duty_that_was_recorded_paused_and_unloaded(office, duty, row, line, tmp_path):
    began = office.clock.now()
    duty.passes(minutes=60)
    pause = duty.pause(row)
    duty.passes(minutes=30)
    duty.resume(row, pause)
    duty.passes(minutes=90)
    duty.give_back(row)

    assert parts(office, row) == [(0, "awaited"), (60, "paused"), (90, "awaited")]

    unload_films(
        line, tmp_path / "card", Film(began + minutes(5), minutes(55)), Film(began + minutes(90), minutes(60))
    )

    assert parts(office, row) == [
        (0, "grace"),
        (5, "recorded"),
        (60, "paused"),
        (90, "recorded"),
        (150, "unexplained"),
        (170, "grace"),
    ]
    found = duty_coverage(row, office.clock.now())
    assert [gap.length for gap in found.coverage.gaps] == [20 * 60_000]
    assert {take.offset.known for take in found.coverage.takes} == {Known.UNKNOWN}
    assert {take.file for take in found.coverage.takes} == set(found.files)


def test_an_open_duty_lasts_until_now_and_awaits_what_is_on_the_card(office, duty, row):
    duty.passes(minutes=40)
    assert parts(office, row) == [(0, "awaited")]
    assert duty_coverage(row, office.clock.now()).coverage.duty.is_open


def test_a_card_that_never_came_is_awaited_for_three_days(office, duty, row):
    duty.passes(hours=2)
    duty.give_back(row)
    duty.passes(hours=72)
    assert parts(office, row) == [(0, "awaited")]
    duty.passes(minutes=1)
    assert parts(office, row) == [(0, "grace"), (10, "unexplained"), (110, "grace")]


def test_a_duty_goes_on_with_the_recorder_that_replaced_the_failed_one(office, duty, row, line, tmp_path):
    spare, began = spare_of(office), office.clock.now()
    duty.passes(minutes=60)
    failure = duty.fail(row)
    duty.passes(minutes=20)
    other = duty.replace(failure, spare)
    duty.passes(minutes=60)
    duty.give_back(row)
    duty.give_back(other, seal_number_found="Қ-0777")
    unload_films(line, tmp_path / "one", Film(began, minutes(60)))

    assert parts(office, other) == [(0, "recorded"), (60, "failed"), (80, "awaited")]

    second = Film(began + minutes(80), minutes(60), recorder="БТ-0002")
    unload_films(line, tmp_path / "other", second)

    assert parts(office, row) == [(0, "recorded"), (60, "failed"), (80, "recorded")]
    assert parts(office, row) == parts(office, other)


def test_a_lost_card_is_awaited_no_longer(office, duty, row):
    duty.passes(minutes=60)
    duty.lose(row)
    assert parts(office, row) == [(0, "grace"), (10, "unexplained")]


def test_damage_has_a_reason_of_its_own(office, duty, row, line, tmp_path):
    began = office.clock.now()
    duty.passes(minutes=60)
    duty.give_back(row)
    unload_films(
        line,
        tmp_path / "card",
        Film(began, minutes(30)),
        Film(began + minutes(30), minutes(30), Verdict.DAMAGED),
    )
    assert parts(office, row) == [(0, "recorded"), (30, "damaged")]


def test_parts_of_one_recording_follow_each_other_though_each_name_has_its_beginning(
    office, duty, row, line, tmp_path
):
    began = office.clock.now()
    duty.passes(minutes=90)
    duty.give_back(row)
    name = f"{began.astimezone(KAZAKHSTAN):Serik_%Y%m%d%H%M}_SN7-1"
    card = {f"DCIM/{name}-{part}.mp4": f"playable\n1800\n{part}".encode() for part in range(3)}
    believing = replace(line, tools=replace(line.tools, judge_factory=Believer))
    outcome = unload(believing, fill(tmp_path / "card", card))
    files = RecordingFile.objects.order_by("ordinal")
    assert [file.recorded_at for file in files] == [began, None, None]
    assert len({file.recording_id for file in files}) == 1
    assert outcome.unload.recorder == office.recorder
    assert parts(office, row) == [(0, "recorded")]


@pytest.mark.parametrize("join", ["part", "next"])
def test_a_file_that_came_better_when_it_was_read_again_covers_its_own_time_once(
    office, duty, row, line, tmp_path, *, join
):
    """Of a card that only names tell all is left, so the better reading joins the recording of the first."""
    began = office.clock.now()
    duty.passes(minutes=60)
    duty.give_back(row)
    begins = [began.astimezone(KAZAKHSTAN) + minutes(10 * part) for part in range(2)]
    names = {
        "part": [f"{began.astimezone(KAZAKHSTAN):Serik_%Y%m%d%H%M}_SN7-1-{part}.mp4" for part in range(2)],
        "next": [f"БТ-0001_{at:%Y%m%d_%H%M%S}_{part:04}.MP4" for part, at in enumerate(begins, start=1)],
    }
    believing = replace(line, tools=replace(line.tools, judge_factory=Believer))
    for reading in "first", "again":
        for name, at in zip(names[join], begins, strict=True):
            fill(tmp_path / "card", {f"DCIM/{name}": f"playable\n600\n{at}{reading:5}".encode()})
            os.utime(tmp_path / "card" / "DCIM" / name, ((at + minutes(10)).timestamp(),) * 2)
        unload(believing, tmp_path / "card", keep=True)
    assert {file.ordinal for file in RecordingFile.objects.all()} == {1, 2}
    assert Recording.objects.count() == 1
    assert parts(office, row) == [(0, "recorded"), (20, "unexplained"), (50, "grace")]


def test_a_clock_that_was_read_is_corrected_for_and_the_data_stay(office, duty, row, line, tmp_path):
    began = office.clock.now()
    duty.passes(minutes=60)
    duty.give_back(row)
    fast = Film(began + minutes(120), minutes(60))
    outcome = unload_films(line, tmp_path / "card", fast)
    assert parts(office, row) == [(0, "grace"), (10, "unexplained"), (50, "grace")]

    now = office.clock.now()
    record_clock(
        office.ledger,
        MACHINE,
        Measured(Way.TIME_FILE, now + minutes(120), now, timedelta(seconds=1), "now.txt"),
        recorder=row.recorder,
        card=row.card,
        row=row,
        unload=uuid4(),
        allowed=minutes(1),
    )

    found = duty_coverage(row, now)
    assert parts(office, row) == [(0, "recorded")]
    (take,) = found.coverage.takes
    assert (take.offset.known, take.offset.ms) == (Known.EXACT, 120 * 60_000)
    assert found.readings[take.offset.reading].way == ReadingWay.TIME_FILE
    assert outcome.files[0].recording.recorded_at == fast.at
    assert found.coverage.totals[Reason.RECORDED] == 60 * 60_000


def test_only_readers_of_its_division_are_shown_it(office, row):
    now = office.clock.now()
    for reader in (office.custodian, office.head):
        assert coverage_for(standing_of(reader, now), row, now).coverage.parts == ()
    for other in (office.inspector, office.administrator, office.sister_head):
        with pytest.raises(NotAReaderError):
            coverage_for(standing_of(other, now), row, now)
