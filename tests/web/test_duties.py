"""The page of a duty: every second with its reason, drawn and in words; and who has looked at it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aigaq.access.models import EnteredLook
from aigaq.core.clock import milliseconds, wall
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import RecordingFile
from tests.support.disposals import Keeper
from tests.support.forgery import make_ledger_unwritable
from tests.support.reviews import Reviewer
from tests.support.viewing import open_room, streamed
from tests.support.visitors import text_of
from tests.support.whole_duty import FAST, whole_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def duty(room):
    return whole_duty(room, b"what the lens saw" * 20_000)


def address(row):
    return reverse("duties:duty", args=[row.pk])


def watch(browser, path="0002"):
    file = RecordingFile.objects.get(path__contains=f"/{path}.MP4")
    return streamed(browser.get(reverse("recordings:media", args=[file.pk])))


def test_every_second_of_the_duty_has_its_reason_across_the_replaced_recorder(room, duty):
    page = room.browser(room.office.custodian).get(address(duty))
    assert re.findall(r'id="at-\d+">([^<]*)<', page.content.decode()) == [
        "09:00:00–09:02:00",
        "09:02:00–09:20:00",
        "09:20:00–09:50:00",
        "09:50:00–09:51:00",
        "09:51:00–10:19:00",
        "10:19:00–10:20:00",
        "10:20:00–10:35:00",
        "10:35:00–10:36:00",
        "10:36:00–11:12:00",
        "11:12:00–11:26:00",
        "11:26:00–11:56:00",
        "11:56:00–12:00:00",
    ]
    said = text_of(page)
    for sentence in (
        "88.8 % recorded",
        "Meal, told 09:20, from the inspector's phone.",
        "Replaced by БТ-0002 at 10:35, row 2.",
        "Neither recorded nor announced. Longer than 2 min: an incident follows from it.",
        "The clock was compared, was 3 min 20 s ahead, and that was corrected.",
        "The clock was never compared: its times are taken as they stand.",
    ):
        assert sentence in said


def test_what_was_destroyed_is_neither_played_nor_made_playable(room):
    row = room.duty.issue()
    room.enter(b"film", row=row)
    room.enter(b"stream", row=row, container="mpegts")
    room.duty.give_back(row)
    keeper = Keeper(room.office, room.vault)
    keeper.disposes(keeper.approved())
    page = room.browser(room.office.custodian, unlocked=True).get(address(row))
    said = text_of(page)
    assert said.count("destroyed on") == 2
    for offered in ("Make 1 file playable", "Not made playable yet", "A browser can't play it"):
        assert offered not in said
    for address_of in ("recordings:media", "recordings:still"):
        files = RecordingFile.objects.all()
        assert all(reverse(address_of, args=[file.pk]) not in page.content.decode() for file in files)


def test_the_picture_is_drawn_in_shares_and_breaks_no_policy(room, duty):
    text = room.browser(room.office.custodian).get(address(duty)).content.decode()
    drawn = text[text.index('<svg class="duty-picture"') :]
    drawn = drawn[: drawn.index('<p class="legend')]
    parts = re.findall(r'class="ground" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', drawn)
    assert len(parts) == 12
    assert sum(float(width) for _x, width in parts) == pytest.approx(100, abs=0.1)
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=", text)


def test_files_tell_the_player_where_they_lie_and_are_offered_only_when_the_vault_is_open(room, duty):
    locked = room.browser(room.office.custodian).get(address(duty)).content.decode()
    assert "data-src" not in locked
    assert "<video" not in locked
    open_ = room.browser(room.office.custodian, unlocked=True).get(address(duty)).content.decode()
    (begins, camera, length) = re.search(
        r'data-begins="(\d+)" data-camera="(\d+)" data-length="(\d+)"', open_
    ).groups()
    issued = milliseconds(duty.issue.occurred_at)
    assert int(begins) == wall(issued + 2 * 60_000)
    assert int(camera) - int(begins) == FAST.total_seconds() * 1000
    assert int(length) == 18 * 60_000
    assert open_.count("data-src=") == 4
    assert open_.count("<noscript><video controls") == 4
    assert room.office.custodian.full_name in open_[open_.index("data-watermark") :]


def test_the_page_is_the_same_from_any_row_of_the_duty_and_is_entered_before_it_is_shown(room, duty):
    browser = room.browser(room.office.head)
    new = duty.failures.get().replaced.new_row
    one, other = (browser.get(address(row)).content.decode() for row in (duty, new))
    assert one.count("<tr id=") == other.count("<tr id=") == 12
    assert [entry.row for entry in EnteredLook.objects.filter(kind="duty-viewed").order_by("seq")] == [
        duty.pk,
        new.pk,
    ]
    make_ledger_unwritable()
    refused = browser.get(address(duty))
    assert refused.status_code >= 400
    assert "09:02:00" not in refused.content.decode()


def test_a_duty_on_which_nothing_is_recorded_yet_has_its_page(room):
    row = room.duty.issue()
    page = room.browser(room.office.custodian).get(address(row))
    assert page.status_code == 200
    assert "Nothing has been recorded on this duty" in text_of(page)


def test_it_is_there_for_the_readers_of_its_division_alone(room, duty):
    office = room.office
    for person, status in (
        (office.head, 200),
        (office.custodian, 200),
        (office.sister_custodian, 404),
        (office.inspector, 403),
        (office.administrator, 403),
    ):
        assert room.browser(person).get(address(duty)).status_code == status


def test_the_head_sees_who_watched_and_the_custodian_what_they_watched_themselves(room, duty):
    office = room.office
    head, custodian = (room.browser(each, unlocked=True) for each in (office.head, office.custodian))
    watch(head)
    watch(custodian, "0051")
    for asked in (address(duty), f"{reverse('looks:list')}?row={duty.pk}", reverse("looks:list")):
        seen, own = (text_of(browser.get(asked)) for browser in (head, custodian))
        assert f"{office.head.full_name} watched 0002.MP4 : 18 min 0:00–18:00" in seen
        assert f"{office.custodian.full_name} watched 0051.MP4" in seen
        assert f"{office.custodian.full_name} watched 0051.MP4" in own
        assert office.head.full_name not in own
    assert 'class="watched"' in head.get(address(duty)).content.decode()


def test_looks_are_found_by_who_which_file_and_which_day_and_nothing_of_another_division(room, duty):
    office = room.office
    head, custodian = (room.browser(each, unlocked=True) for each in (office.head, office.custodian))
    watch(head)
    watch(custodian, "0051")
    looks = reverse("looks:list")
    file = RecordingFile.objects.get(path__contains="/0051.MP4")

    def found(**asked):
        page = head.get(looks, {name: str(value) for name, value in asked.items()})
        return page.status_code, set(re.findall(r"\d{4}\.MP4", page.content.decode().split("<table")[-1]))

    assert found() == (200, {"0002.MP4", "0051.MP4"})
    assert found(person=office.head.pk) == (200, {"0002.MP4"})
    assert found(file=file.pk) == (200, {"0051.MP4"})
    assert found(day="2026-11-20") == (200, {"0002.MP4", "0051.MP4"})
    assert found(day="2026-11-19")[1] == set()
    assert found(row="00000000-0000-4000-8000-000000000000")[0] == 404
    assert found(file="../etc")[0] == 404
    stranger = room.browser(office.sister_custodian)
    assert stranger.get(looks, {"row": str(duty.pk)}).status_code == 404
    assert "MP4" not in stranger.get(looks).content.decode()


def test_looks_are_paged_along_their_order_and_none_is_shown_twice(room, duty, monkeypatch):
    monkeypatch.setattr("aigaq.web.looks.views.PAGE", 3)
    head = room.browser(room.office.head, unlocked=True)
    for path in ("0002", "0051", "0096", "0146"):
        watch(head, path)
    page, seen = head.get(reverse("looks:list")), []
    for _ in range(10):
        text = page.content.decode()
        seen += re.findall(r'href="/ledger/(\d+)/"', text)
        onward = re.search(r'href="(\?before=[^"]*)" rel="next"', text)
        if onward is None:
            break
        page = head.get(reverse("looks:list") + onward.group(1).replace("&amp;", "&"))
    entries = LedgerEntry.objects.filter(kind__in=("access.unlocked", "access.played"))
    assert sorted(map(int, seen)) == sorted(entries.values_list("seq", flat=True))


def test_the_page_costs_no_more_queries_for_more_files(room, duty):
    browser = room.browser(room.office.head, unlocked=True)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address(duty)).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(8):
        room.enter(b"%d" % number, row=duty, recorder=duty.recorder)
    assert queries() <= before


def test_marks_that_stand_are_drawn_at_their_true_time_and_lead_to_their_place(room, duty):
    file = RecordingFile.objects.get(path__contains="/0051.MP4")
    reviewer = Reviewer(room.office)
    stands = reviewer.marks(file, position_ms=60_000, until_ms=90_000, note="Эвакуация жолы жабық")
    reviewer.withdraws(reviewer.marks(file, position_ms=120_000, note="Қате белгі"))
    text = room.browser(room.office.head).get(address(duty)).content.decode()
    assert "20.11.2026 09:52:00</time>–09:52:30" in text
    assert "Эвакуация жолы жабық" in text
    assert "Қате белгі" not in text
    assert f"/recordings/{stands.file_id}/?at=60000#marks" in text


def test_the_legend_of_the_picture_names_a_mark_and_does_not_ask_for_one(room, duty):
    file = RecordingFile.objects.get(path__contains="/0051.MP4")
    Reviewer(room.office).marks(file, is_evidence=False)
    browser = room.browser(room.office.head)
    for language, word in (("kk", "Белгі"), ("ru", "Отметка"), ("en", "Mark")):
        browser.cookies["django_language"] = language
        assert f"</svg> {word}</span>" in browser.get(address(duty)).content.decode()
