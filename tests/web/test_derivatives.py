"""The page of a recording that no browser plays: asked for, made, watched as what it is, never taken for the original."""

import json

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.ledger.models import LedgerEntry
from aigaq.media.judge import Judge
from aigaq.recordings import makings
from aigaq.recordings.derivatives import choice_of
from aigaq.recordings.models import Derivative, Product
from aigaq.recordings.workshop import Workshop
from aigaq.web.recordings.places import coordinates
from aigaq.web.recordings.shown import ShownFile
from tests.support.counting import counting
from tests.support.films import film, heic
from tests.support.making import content_of, entered
from tests.support.viewing import blob_of, open_room, streamed, unlock
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db

TS = counting("mpegts", "libx264", "aac")


class Standing(Workshop):
    """Makes nothing until the test says so."""

    def start(self):
        pass


@pytest.fixture(scope="module")
def judge():
    with Judge() as one:
        yield one


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    room = open_room(clock, tmp_path, monkeypatch, settings)
    workshop = Standing(room.office.ledger, lambda: room.vault, tmp_path / "spool")
    monkeypatch.setattr(wiring, "workshop", lambda: workshop)
    return room


@pytest.fixture
def enter(room, judge):
    return lambda octets, path="DCIM/A.TS": entered(room.office, room.vault, octets, path, judge)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian, unlocked=True)


def at(name, file):
    return reverse(f"recordings:{name}", args=[file.pk])


def test_a_recording_is_made_playable_and_watched_as_a_copy(client, room, enter):
    file = enter(TS)
    page = client.get(at("recording", file))
    assert "No browser shows this recording as it is" in text_of(page)
    assert "<video" not in page.content.decode()
    assert client.get(at("media", file)).status_code == 404

    answer = client.post(at("make", file), {"product": "proxy"})
    assert (answer.status_code, answer.url) == (302, at("recording", file))
    waiting = client.get(at("recording", file))
    assert "A playable copy is being made" in text_of(waiting)
    assert "Waits for its turn" in text_of(waiting)
    assert wiring.workshop().run_waiting() == 1

    page = client.get(at("recording", file))
    text = text_of(page)
    assert "<video" in page.content.decode()
    assert "You are watching a copy, not the original" in text
    assert "Each place in it is the same place in the original." in text
    derivative = Derivative.objects.get()
    for digest in (derivative.blob.content_digest, derivative.source):
        assert digest in text
    assert reverse("ledger:entry", args=[derivative.seq]) in page.content.decode()

    given = client.get(at("media", file))
    assert given["Content-Type"] == "video/mp4"
    assert streamed(given) == content_of(room.vault, derivative.blob)
    assert given["ETag"] == f'"{derivative.blob.content_digest}"'
    copy = client.get(at("download", file))
    assert streamed(copy) == TS, "what is taken away is the original"
    assert "A.TS" in copy["Content-Disposition"]


def test_the_ledger_says_that_a_copy_was_watched(client, room, enter):
    file = enter(TS)
    client.post(at("make", file), {"product": "proxy"})
    wiring.workshop().run_waiting()
    streamed(client.get(at("media", file), headers={"range": "bytes=0-99"}))
    (played,) = LedgerEntry.objects.filter(kind="access.played")
    body = json.loads(played.entry)["body"]
    assert body["content_digest"] == f"sha256:{file.blob.content_digest}"
    assert body["sent_digest"] == f"sha256:{choice_of(file).blob.content_digest}"
    assert body["product"] == "proxy"
    derived = LedgerEntry.objects.get(kind="recording.derived")
    assert derived.seq < played.seq, "entered before it is shown"


def test_an_open_page_asks_how_far_it_is(client, enter):
    file = enter(TS)
    hx = {"HX-Request": "true"}
    begun = client.post(at("make", file), {"product": "proxy"}, headers=hx)
    assert 'hx-trigger="load delay:500ms"' in begun.content.decode()
    attempt = file.makings.get().holder
    makings.begin(wiring.clock(), attempt)
    makings.advance(attempt, 470)
    asked = client.get(at("making", file), {"product": "proxy"}, headers=hx)
    assert "47 %" in text_of(asked)
    wiring.workshop().run_waiting()
    done = client.get(at("making", file), {"product": "proxy"}, headers=hx)
    assert (done.content, done["HX-Refresh"]) == (b"", "true")


def test_what_is_cancelled_can_be_asked_for_again(client, enter):
    file = enter(TS)
    client.post(at("make", file), {"product": "proxy"})
    client.post(at("cancel", file), {"product": "proxy"})
    text = text_of(client.get(at("recording", file)))
    assert "It was cancelled." in text
    assert "Try again" in text
    assert wiring.workshop().run_waiting() == 0


def test_why_nothing_could_be_made_is_said(client, enter):
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)))
    file = enter(whole[: whole.index(b"moov") - 4], "DCIM/A.MP4")
    client.post(at("make", file), {"product": "proxy"})
    wiring.workshop().run_waiting()
    assert "An undamaged recording of the same recorder" in text_of(client.get(at("recording", file)))


def test_a_locked_vault_makes_nothing(room, enter):
    file = enter(TS)
    client = room.browser(room.office.custodian)
    assert "Make it playable" not in text_of(client.get(at("recording", file)))
    answer = client.post(at("make", file), {"product": "proxy"})
    assert answer.url.startswith(reverse("vault:unlock"))
    assert client.post(at("make", file), {}, headers={"HX-Request": "true"}).status_code == 403
    assert not file.makings.exists()


@pytest.mark.parametrize("who", ["inspector", "sister_custodian"])
def test_others_neither_ask_for_it_nor_see_how_far_it_is(room, enter, who):
    file = enter(TS)
    stranger = room.browser(getattr(room.office, who), unlocked=who == "sister_custodian")
    for name, ask in (("make", stranger.post), ("cancel", stranger.post), ("making", stranger.get)):
        assert ask(at(name, file)).status_code in {403, 404}, name
    assert not file.makings.exists()


def test_sound_has_its_picture(client, room, enter):
    file = enter(film("wav", None, "pcm_s16le"), "DCIM/A.WAV")
    assert "<audio" in client.get(at("recording", file)).content.decode()
    client.post(at("make", file), {"product": "waveform"})
    wiring.workshop().run_waiting()
    page = client.get(at("recording", file)).content.decode()
    assert '<path d="M 0,' in page
    assert "How loud it is" in page
    assert Derivative.objects.get().product == Product.WAVEFORM


def test_the_picture_of_a_sound_comes_into_the_page_of_whoever_listens(client, room, enter):
    """The page is not loaded anew, as it is for a film that nobody could watch until now."""
    file = enter(film("wav", None, "pcm_s16le"), "DCIM/A.WAV")
    asked = (at("making", file), {"product": "waveform"})
    client.post(at("make", file), {"product": "waveform"})
    assert "is being made" in text_of(client.get(*asked, headers={"HX-Request": "true"}))
    wiring.workshop().run_waiting()
    viewed = LedgerEntry.objects.filter(kind="access.viewed").count()
    drawn = client.get(*asked, headers={"HX-Request": "true"})
    assert '<path d="M 0,' in drawn.content.decode()
    assert "HX-Refresh" not in drawn
    assert LedgerEntry.objects.filter(kind="access.viewed").count() == viewed + 1
    locked = room.browser(room.office.custodian).get(*asked, headers={"HX-Request": "true"})
    assert (locked.content, "HX-Refresh" in locked) == (b"", False)
    assert LedgerEntry.objects.filter(kind="access.viewed").count() == viewed + 1


def test_several_are_asked_for_at_once(client, room, enter):
    files = [enter(TS + bytes(188) * number, f"DCIM/{number}.TS") for number in range(2)]
    playable = enter(counting("mp4", "libx264", "aac"), "DCIM/A.MP4")
    several = {"file": [file.pk for file in (*files, playable)], "next": "/journal/"}
    assert client.post(reverse("recordings:make-several"), several).url == "/journal/"
    assert "2 files are being made playable" in text_of(client.get("/journal/"))
    assert wiring.workshop().run_waiting() == 2
    elsewhere = {"file": ["no number"], "next": "https://evil.example/"}
    assert client.post(reverse("recordings:make-several"), elsewhere).status_code == 404
    locked = room.browser(room.office.head)
    assert locked.post(reverse("recordings:make-several"), several).url.startswith(reverse("vault:unlock"))
    stranger = room.browser(room.office.sister_custodian, unlocked=True)
    assert stranger.post(reverse("recordings:make-several"), several).status_code == 404


def test_what_a_locked_vault_kept_from_being_asked_for_is_asked_for_from_the_same_page(room, enter):
    file, head = enter(TS), room.browser(room.office.head)
    pressed = {"csrfmiddlewaretoken": "t" * 64, "file": file.pk, "next": "/journal/"}
    locked = head.post(reverse("recordings:make-several"), pressed)
    assert locked.url.startswith(reverse("vault:unlock"))
    unlock(head, room.office.head)
    assert head.post(reverse("recordings:make-several"), pressed).url == "/journal/"
    assert wiring.workshop().run_waiting() == 1


def test_what_was_left_is_asked_for_once_more_from_the_same_page(client, room, enter):
    file, pressed = enter(TS), {"csrfmiddlewaretoken": "t" * 64}
    for step in ("make", "cancel", "make"):
        client.post(at(step, file), pressed)
    assert wiring.workshop().run_waiting() == 1


def test_one_that_can_not_be_read_keeps_no_other_from_being_asked_for(client, room, enter):
    files = [enter(TS + bytes(188) * number, f"DCIM/{number}.TS") for number in range(2)]
    blob_of(room, files[0]).unlink()
    several = {"file": [file.pk for file in files], "next": "/journal/"}
    client.post(reverse("recordings:make-several"), several)
    assert "1 file is being made playable" in text_of(client.get("/journal/"))
    assert wiring.workshop().run_waiting() == 1


def test_a_heic_is_seen_as_a_jpeg(client, room, enter):
    file = enter(heic(), "DCIM/A.HEIC")
    client.post(at("make", file), {"product": "picture"})
    wiring.workshop().run_waiting()
    page = client.get(at("recording", file))
    assert "You see a copy, not the original" in text_of(page)
    given = client.get(at("media", file))
    assert given["Content-Type"] == "image/jpeg"
    assert streamed(given).startswith(b"\xff\xd8\xff")


def test_a_place_is_shown_as_numbers(enter):
    file = enter(film("mp4"), "DCIM/A.MP4")
    assert coordinates(ShownFile(file)) == ""
    file.judgement.facts["place"] = {"latitude": 43.865, "longitude": -77.0625}
    assert coordinates(ShownFile(file)) == "43.865000, -77.062500"
