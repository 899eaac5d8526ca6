"""The list and the page of recordings: what is where, in words, locked and open, for their division alone."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Kind, RecordingFile
from aigaq.unloading.recorders.takes import Role, Segment
from aigaq.web.recordings.shown import clock_duration, days
from tests.support.viewing import RECORDED_AT, open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def row(room):
    return room.duty.issue()


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian)


def listing(client, **query):
    return client.get(reverse("recordings:list"), query)


def page(client, file):
    return client.get(reverse("recordings:recording", args=[file.pk]))


def bodies(kind):
    return [
        json.loads(entry.entry)["body"] for entry in LedgerEntry.objects.filter(kind=kind).order_by("seq")
    ]


def test_it_opens_at_the_last_day_with_recordings(client, room, row):
    room.enter(b"1", row=row, path="EARLY.MP4", recorded_at=RECORDED_AT - timedelta(days=3))
    room.enter(b"2", row=row, path="LATE.MP4")
    text = text_of(listing(client))
    assert "20 November 2026" in text
    assert "LATE.MP4" in text
    assert "EARLY.MP4" not in text


def test_a_day_is_one_of_kazakhstans_calendar(client, room):
    midnight = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)
    room.enter(b"1", path="BEFORE.MP4", recorded_at=midnight - timedelta(seconds=1))
    room.enter(b"2", path="AFTER.MP4", recorded_at=midnight)
    text = text_of(listing(client, day="2026-11-20"))
    assert "AFTER.MP4" in text
    assert "BEFORE.MP4" not in text


def test_without_a_day_every_day_is_shown_newest_first(client, room):
    for days_ago in (2, 1, 0):
        room.enter(b"%d" % days_ago, recorded_at=RECORDED_AT - timedelta(days=days_ago))
    text = text_of(listing(client, day=""))
    assert text.index("20 November 2026") < text.index("19 November 2026") < text.index("18 November 2026")


def test_takes_stand_under_their_duty_with_what_there_is_to_say(client, room, row):
    room.enter(b"x" * 1500, row=row, path="DCIM/A.MP4", verdict="damaged", duration=65.2)
    room.enter(b"y", path="DCIM/B.MP4", recorder=None)
    response = listing(client)
    text = text_of(response)
    assert f"Row {row.number} · Өтегенов Ерлан Сәкенұлы · recorder БТ-0001" in text
    assert reverse("journal:row", args=[row.pk]) in response.content.decode()
    assert "Not assigned to a row of the journal yet" in text
    assert "1:06 09:30 · Video A.MP4 1.5 KB Damaged, plays in part" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_filters_by_inspector_and_recorder(client, room, row):
    room.enter(b"1", row=row, path="YERLAN.MP4")
    room.enter(b"2", path="NOBODY.MP4", recorder=None)
    office = room.office
    assert "YERLAN" in text_of(listing(client, day="", inspector=office.inspector.pk))
    assert "NOBODY" not in text_of(listing(client, day="", inspector=office.inspector.pk))
    assert "NOBODY" not in text_of(listing(client, day="", recorder=office.recorder.pk))


@pytest.mark.parametrize(
    "query",
    [
        {"day": "rubbish"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"inspector": "x"},
        {"recorder": "\x00"},
        {"before": "x~y"},
    ],
)
def test_rubbish_in_the_address_is_no_error(client, room, query):
    room.enter(b"1")
    assert listing(client, **query).status_code == 200


def test_an_empty_day_says_so_and_leads_to_the_nearest(client, room):
    room.enter(b"1", recorded_at=RECORDED_AT - timedelta(days=5))
    room.enter(b"2", recorded_at=RECORDED_AT)
    response = listing(client, day="2026-11-17")
    text = text_of(response)
    assert "Nothing was recorded on 17 November 2026" in text
    assert "Before it: 15 November 2026" in text
    assert "After it: 20 November 2026" in text
    assert "?day=2026-11-15" in response.content.decode()


def test_an_office_without_recordings_says_what_to_do(client):
    assert "Plug a card in" in text_of(listing(client))


def test_locked_there_are_no_pictures_and_a_way_to_unlock(client, room):
    room.enter(b"1")
    content = listing(client).content.decode()
    assert "/still/" not in content
    assert "Locked: unlock to watch" in content


def test_open_there_are_pictures_for_what_has_one(room):
    with_still, without = room.enter(b"1"), room.enter(b"2", still=None)
    content = listing(room.browser(room.office.head, unlocked=True)).content.decode()
    assert reverse("recordings:still", args=[with_still.pk]) in content
    assert reverse("recordings:still", args=[without.pk]) not in content


def test_what_was_listed_is_entered_once(client, room):
    files = [room.enter(b"%d" % number) for number in range(3)]
    listing(client, day="2026-11-20")
    (body,) = bodies("access.listed")
    assert body["day"] == "2026-11-20"
    assert set(body["recordings"]) == {str(file.recording_id) for file in files}


def test_pages_follow_each_other_without_a_gap(client, room, row):
    for number in range(53):
        room.enter(
            b"%d" % number,
            row=row,
            path=f"N{number:03}.MP4",
            recorded_at=RECORDED_AT + timedelta(minutes=number),
            still=None,
        )
    first = listing(client, day="")
    onward = re.search(r'href="([^"]+)" rel="next"', first.content.decode())
    second = client.get(reverse("recordings:list") + unescape(onward[1]))
    names = [name for response in (first, second) for name in _names(response)]
    assert names == [f"N{number:03}.MP4" for number in reversed(range(53))]


def _names(response):
    return [word for word in text_of(response).split() if word.endswith(".MP4")]


def test_the_page_has_the_facts(client, room, row):
    file = room.enter(b"evidence", row=row, path="DCIM/100AIGAQ/Қ.MP4")
    text = text_of(page(client, file))
    file = RecordingFile.objects.get(pk=file.pk)
    for fact in (
        "Қ.MP4",
        "DCIM/100AIGAQ/Қ.MP4",
        file.blob.content_digest,
        file.blob.stored_digest,
        file.blob.name,
        "20 November 2026, 09:30",
        "20 November 2026, 09:00",
        "«Нұр-Құрылыс» ЖШС",
        "Сауда үйі",
        "БТ-0001",
        "Өтегенов Ерлан Сәкенұлы",
        str(file.blob.seq),
    ):
        assert fact in text, fact
    assert bodies("access.viewed")[0]["file"] == str(file.pk)


def test_locked_the_page_has_no_player(client, room):
    content = page(client, room.enter(b"1")).content.decode()
    assert "<video" not in content
    assert "/media/" not in content


@pytest.mark.parametrize(
    ("kind", "container", "tag"),
    [(Kind.VIDEO, "mov,mp4", "<video"), (Kind.AUDIO, "wav", "<audio"), (Kind.PHOTO, "jpeg", "<figure"), (Kind.PHOTO, "heic", 'id="making-picture"'), (Kind.OTHER, None, '<div class="empty"')],
)  # fmt: skip
def test_each_kind_is_shown_its_own_way(room, kind, container, tag):
    file = room.enter(b"1", kind=kind, container=container)
    content = page(room.browser(room.office.head, unlocked=True), file).content.decode()
    assert tag in content
    assert sum(other in content for other in ("<video", "<audio", "<figure")) == (
        tag in {"<video", "<audio", "<figure"}
    )


def test_neighbours_are_those_of_the_same_duty(client, room, row):
    before, here, after = (
        room.enter(
            b"%d" % number, row=row, path=f"{number}.MP4", recorded_at=RECORDED_AT + timedelta(minutes=number)
        )
        for number in range(3)
    )
    room.enter(b"between", path="STRANGER.MP4", recorded_at=RECORDED_AT + timedelta(seconds=90))
    content = page(client, here).content.decode()
    assert reverse("recordings:recording", args=[before.pk]) in content
    assert reverse("recordings:recording", args=[after.pk]) in content
    assert "STRANGER" not in content
    assert 'rel="prev"' not in page(client, before).content.decode()
    assert 'rel="next"' not in page(client, after).content.decode()


def test_the_sister_division_sees_an_empty_list(room):
    room.enter(b"1", path="OURS.MP4")
    assert "OURS" not in listing(room.browser(room.office.sister_head), day="").content.decode()


def test_a_hostile_name_stays_text(client, room):
    file = room.enter(b"1", path='DCIM/<img src=x onerror=alert(1)>".MP4')
    for response in (page(client, file), listing(client)):
        assert "<img src=x" not in response.content.decode()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:01"),
        (0.2, "0:01"),
        (7, "0:07"),
        (59.5, "1:00"),
        (65.2, "1:06"),
        (725, "12:05"),
        (3600, "1:00:00"),
        (36000, "10:00:00"),
    ],
)
def test_durations_are_spelt_for_people(seconds, text):
    assert clock_duration(seconds) == text


def test_no_recordings_are_no_days():
    assert days([]) == []


def test_the_list_costs_the_same_for_many(client, room, row, django_assert_max_num_queries):
    for number in range(20):
        room.enter(b"%d" % number, row=row)
    with django_assert_max_num_queries(40):
        listing(client)


def test_a_corrected_subject_is_shown_struck_beside_the_right_one(client, room, row):
    file = room.enter(b"1", row=row)
    room.duty.correct(row, cell="subject", new="«Жаңа Сауда» ЖШС")
    shown = page(client, file).content.decode()
    assert f"{row.issue.subject}</del>" in shown
    assert "<ins>«Жаңа Сауда» ЖШС</ins>" in shown


def test_words_find_recordings_on_all_days_and_what_was_asked_is_entered_first(client, room, row):
    room.enter(b"1", row=row, path="ОСЫ.MP4")
    room.enter(b"2", path="ТРЕЙ.MP4")
    text = text_of(listing(client, text="ҚҰРЫЛЫС жамб"))
    assert "ОСЫ.MP4" in text
    assert "ТРЕЙ.MP4" not in text
    (body,) = bodies("access.searched")
    assert (body["words"], len(body["recordings"])) == ("ҚҰРЫЛЫС жамб", 1)
    assert bodies("access.listed") == []


def test_a_range_of_days_and_everything_else_is_kept_from_page_to_page(client, room, row):
    for number in range(52):
        room.enter(b"%d" % number, row=row, recorded_at=RECORDED_AT + timedelta(minutes=number), still=None)
    query = {"text": "нұр", "day": "2026-11-19", "until": "2026-11-21", "category": "c:preventive-visit"}
    content = listing(client, **query).content.decode()
    onward = unescape(re.search(r'href="([^"]+)" rel="next"', content)[1])
    assert all(f"{name}=" in onward for name in query)
    assert 'value="2026-11-21"' in content
    second = text_of(client.get(reverse("recordings:list") + onward))
    assert second.count("Video") == 2


def test_nothing_found_leads_to_all_days_and_to_a_fresh_search(client, room, row):
    room.enter(b"1", row=row)
    content = listing(client, text="нұр", day="2026-11-10", until="2026-11-12").content.decode()
    assert "No recording fits" in content
    assert "After it: 20 November 2026" in content
    assert "On all days" in content
    assert "This day is before the first one" in text_of(
        listing(client, day="2026-11-12", until="2026-11-10")
    )


@pytest.mark.parametrize("query", [{"category": "i:x"}, {"text": "…!?"}, {"until": "x"}, {"text": "x" * 900}])
def test_a_search_that_makes_no_sense_is_no_error(client, room, query):
    room.enter(b"1")
    assert listing(client, **query).status_code == 200


@pytest.mark.parametrize(("ordinal", "told"), [(1, "20 November 2026, 09:30"), (2, "not known")])
def test_a_later_part_that_tells_no_time_is_not_said_to_begin_when_the_first_does(room, row, ordinal, told):
    part = Segment("1", RECORDED_AT, ordinal, Role.MAIN, recorded_at=None, number=None, profile="motorola")
    file = room.enter(b"film", row=row, recorded_at=None, segment=part)
    response = page(room.browser(room.office.custodian, unlocked=True), file)
    assert text_of(response).partition("Recorded, by the recorder's clock ")[2].startswith(told)
    assert ("data-recorded" in response.content.decode()) == (ordinal == 1)
