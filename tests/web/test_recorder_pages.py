"""What pages say of takes and clocks: a recording of several files, doubts in its time, the picture of a clock."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.ingest.services import Pipeline, unload
from aigaq.ledger.services import MACHINE
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import Recording
from aigaq.unloading.recorders.clocks import Measured, Way
from aigaq.unloading.run import Tools
from tests.apps.test_takes import segments
from tests.support.viewing import RECORDED_AT, open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian)


@pytest.fixture
def taken(room, tmp_path):
    """One recording of three parts, with positions beside the second."""
    room.duty.issue()
    room.duty.passes(hours=5)
    card = segments(segments(tmp_path / "card", 1, 2, 3), 2, ending="GPS")
    unload(Pipeline(room.office.ledger, Tools(room.vault, clock=room.office.clock)), card)
    return Recording.objects.get()


def read(room, off, *, way=Way.TIME_FILE):
    now = room.office.clock.now()
    measured = Measured(way, now + off, now, timedelta(seconds=1), "now.txt")
    return record_clock(
        room.office.ledger,
        MACHINE,
        measured,
        recorder=room.office.recorder,
        card=None,
        row=None,
        unload=room.office.recorder.pk,
        allowed=timedelta(seconds=60),
    )


def page(client, file):
    return client.get(reverse("recordings:recording", args=[file.pk]))


def of_recorder(client, room):
    return client.get(reverse("registry:recorder", args=[room.office.recorder.pk]))


def test_a_list_has_a_recording_of_several_files_once(client, taken):
    answer = client.get(reverse("recordings:list"))
    text = text_of(answer)
    assert answer.content.decode().count('class="still') == 1
    assert "3 parts" in text
    assert "0001.MP4" in text
    assert "0002.MP4" not in text


def test_the_page_of_a_part_names_the_whole_recording_and_what_stands_beside(client, taken):
    second = taken.files.get(ordinal=2)
    text = text_of(page(client, second))
    assert "The whole recording" in text
    for file in taken.files.all():
        assert file.name in text
    assert "Written beside it" in text
    markup = page(client, second).content.decode()
    assert re.findall('<b class="mono" aria-current="true">([^<]*)', markup) == [second.name]


def test_the_next_one_is_the_next_part_and_no_sidecar(client, taken):
    first = taken.files.get(ordinal=1)
    markup = page(client, first).content.decode()
    assert reverse("recordings:recording", args=[taken.files.get(ordinal=2).pk]) in markup
    last = text_of(page(client, taken.files.get(ordinal=3)))
    assert "After" not in last.split("Facts")[0].split("Exactly as it lay")[1]


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(days=400), "it begins after it was taken in"),
        (-timedelta(days=365 * 46), "Clocks that have lost their power, and their date with it, begin in"),
        (-timedelta(hours=9), "before the recorder was issued"),
    ],
)
def test_a_doubtful_time_is_said_and_kept(client, room, off, said):
    row = room.duty.issue()
    at = RECORDED_AT + off
    if off < -timedelta(days=1):
        at = at.replace(year=1980)
    text = text_of(page(client, room.enter(b"1", row=row, recorded_at=at)))
    assert "The time of this recording is doubtful" in text
    assert said in text


def test_a_recording_without_a_time_is_doubtful_too(client, room):
    text = text_of(page(client, room.enter(b"1", recorded_at=None)))
    assert "Nothing in it says when it was made" in text


def test_a_right_time_is_not_doubted_and_its_clock_is_told(client, room):
    row = room.duty.issue()
    room.duty.passes(hours=8)
    read(room, timedelta(seconds=7))
    file = room.enter(b"1", row=row, recorded_at=room.office.clock.now() - timedelta(hours=1))
    text = text_of(page(client, file))
    assert "doubtful" not in text
    assert "7 s ahead" in text


def test_an_hour_off_is_named_as_a_zone(client, room):
    row = room.duty.issue()
    room.duty.passes(hours=8)
    read(room, -timedelta(hours=1))
    file = room.enter(b"1", row=row, recorded_at=room.office.clock.now() - timedelta(hours=2))
    assert "whole hours" in text_of(page(client, file))


def test_a_recorder_of_whose_clock_nothing_is_known_says_so(client, room):
    assert "Nothing is known of it yet" in text_of(of_recorder(client, room))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_clock_is_drawn_and_stands_in_a_table_as_well(room, language):
    for off, way in (
        (5, Way.TIME_FILE),
        (3700, Way.FUTURE_FILE),
        (-(10**9), Way.PAST_FILE),
        (-90, Way.TIME_FILE),
    ):
        read(room, timedelta(seconds=off), way=way)
        room.duty.passes(days=3)
    client = room.browser(room.office.custodian)
    client.cookies["django_language"] = language
    markup = of_recorder(client, room).content.decode()
    picture = markup[markup.index("<svg viewBox") : markup.index("</svg>", markup.index("<svg viewBox"))]
    assert picture.count("<circle") == 2
    assert picture.count("<polygon") == 2
    assert 'role="img"' in picture
    assert "style=" not in picture
    numbers = re.findall(r' (?:x|y|cx|cy|x1|x2|y1|y2|height|width)="([^"]*)"', picture)
    assert all(0 <= float(number) <= 720 for number in numbers), "a comma of a language is no number"
    table = markup[markup.index("<table", markup.index("</svg>")) :]
    assert table[: table.index("</table>")].count("<tr>") == 5


def test_nobody_of_another_division_sees_it(room):
    stranger = room.browser(room.office.sister_custodian)
    assert of_recorder(stranger, room).status_code in (403, 404)
