"""The docks as they run, and the past: states in words, problems with what to do, for the own division alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.unloading import errors
from aigaq.unloading.run import Tools
from aigaq.web.unloads.words import ShownUnload, said
from tests.support.cards import fill, take, takes
from tests.support.viewing import open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian)


def running(room, **changes):
    now = room.office.clock.now()
    usual = {
        "port": "Reader 1",
        "source": "card:ЖК-0001",
        "division": room.office.division,
        "recorder": room.office.recorder,
        "started_at": now - timedelta(seconds=60),
        "beat_at": now,
        "files_total": 10,
        "files_done": 4,
        "octets_total": 4_000_000_000,
        "octets_done": 1_000_000_000,
        "current": "DCIM/100AIGAQ/БТ-0001.MP4",
    }
    return Unload.objects.create(**(usual | changes))


def finished(room, state, **changes):
    return running(room, state=state, finished_at=room.office.clock.now(), **changes)


def live(client):
    return text_of(client.get(reverse("unloads:live"))).replace("\N{NO-BREAK SPACE}", " ")


def test_a_running_card_says_who_how_far_and_how_long(client, room):
    row = room.duty.issue()
    running(room, row=row)
    text = live(client)
    assert "Reader 1" in text
    assert "Unloading: leave the card where it is" in text
    assert "БТ-0001 · Өтегенов Ерлан Сәкенұлы" in text
    assert "4 of 10 files, 1.0 GB of 4.0 GB, about 3 minutes left" in text
    content = client.get(reverse("unloads:live")).content.decode()
    assert '<progress value="1000000000" max="4000000000"' in content
    assert 'data-every="1"' in content


def test_with_nothing_running_the_page_looks_less_often(client, room):
    finished(room, UnloadState.READY)
    content = client.get(reverse("unloads:live")).content.decode()
    assert 'data-every="10"' in content


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (UnloadState.READY, "Ready: the card is empty, you may take it out"),
        (UnloadState.KEPT, "Stored: the card was not emptied"),
        (UnloadState.TRAY, "waits in the tray"),
        (UnloadState.FAILED, "what was not stored is on the card"),
        (UnloadState.TAKEN_UP, "Taken up by a later unloading"),
    ],
)
def test_every_end_is_said_in_words(client, room, state, words):
    finished(room, state)
    assert words in live(client)


def test_a_run_that_died_is_not_shown_as_running(client, room):
    running(room, beat_at=room.office.clock.now() - timedelta(minutes=3))
    text = live(client)
    assert "No sign of life: plug the card in again" in text
    assert "leave the card where it is" not in text


def test_every_port_shows_its_newest_card_alone(client, room):
    finished(room, UnloadState.FAILED, started_at=room.office.clock.now() - timedelta(hours=1))
    finished(room, UnloadState.READY)
    finished(room, UnloadState.READY, port="Reader 2")
    text = live(client)
    assert text.count("Reader 1") == 1
    assert "Stopped" not in text
    assert "Reader 2" in text


def test_yesterdays_card_is_in_the_list_and_not_at_the_dock(room):
    old = finished(room, UnloadState.READY)
    room.duty.passes(days=1)
    client = room.browser(room.office.custodian)
    assert "Nothing is plugged in" in live(client)
    assert reverse("unloads:unload", args=[old.pk]) in client.get(reverse("unloads:list")).content.decode()


def test_problems_are_said_with_what_to_do(client, room):
    problem = errors.FileUnreadableError(path="DCIM/X.MP4", reason="Input/output error")
    kept = finished(
        room,
        UnloadState.KEPT,
        reason=problem.code,
        reason_facts=problem.details,
        problems=[{"code": problem.code, "facts": problem.details}],
        problem_count=7,
    )
    text = text_of(client.get(reverse("unloads:unload", args=[kept.pk])))
    assert "“DCIM/X.MP4” can't be read (Input/output error)" in text
    assert "set the card aside and report a failure" in text
    assert "and 6 more of the kind" in text
    assert "7 files need a look" in live(client)


def test_a_code_of_another_version_is_no_error():
    assert said("card.of-the-future", {}) == "card.of-the-future"
    assert "card.disagrees" in said(errors.CardDisagreesError.code, {"one": "БТ-0001"})


def all_kinds(kind):
    yield kind
    for each in kind.__subclasses__():
        yield from all_kinds(each)


@pytest.mark.parametrize(
    "kind",
    sorted(
        set(all_kinds(errors.CardError)) | set(all_kinds(errors.FileProblemError)), key=lambda kind: kind.code
    ),
)
def test_every_kept_code_finds_its_sentence_again(kind):
    facts = dict.fromkeys(
        (
            "path",
            "reason",
            "needed",
            "free",
            "card",
            "installation",
            "number",
            "one",
            "other",
            "kind",
            "limit",
            "seconds",
            "port",
            "missing",
            "size",
            "holes",
        ),
        "7",
    )
    with translation.override("en"):
        assert said(kind.code, facts) == kind.message.format(**facts)


def test_no_time_is_promised_before_the_speed_is_known(room):
    now = room.office.clock.now()
    assert ShownUnload(running(room, started_at=now - timedelta(seconds=1)), now).time_left == ""
    assert ShownUnload(running(room, octets_done=0), now).time_left == ""
    assert ShownUnload(running(room, octets_done=3_990_000_000), now).time_left == "less than a minute left"


def test_each_file_of_an_unloading_with_verdict_and_digest(client, room, tmp_path):
    room.duty.issue()
    room.duty.passes(hours=3)
    card = fill(tmp_path / "card", takes(3))
    outcome = unload(Pipeline(room.office.ledger, Tools(room.vault)), card, port="Reader 1")
    text = text_of(client.get(reverse("unloads:unload", args=[outcome.unload.pk])))
    for file in outcome.files:
        assert file.blob.content_digest in text
    assert take(1, second=1) in text
    assert "Not a picture, video or sound" in text
    assert text.count("deleted, entry") == 3
    assert "Ready: the card is empty, you may take it out" in live(client)


def test_the_past_is_paged_without_a_gap(client, room):
    made = []
    for _ in range(33):
        room.duty.passes(minutes=1)
        made.append(finished(room, UnloadState.READY))
    first = client.get(reverse("unloads:list"))
    before = first.context["next_before"]
    second = client.get(reverse("unloads:list"), {"before": str(before)})
    shown = [each.unload.pk for response in (first, second) for each in response.context["past"]]
    assert shown == [each.pk for each in reversed(made)]
    assert second.context["next_before"] is None


def test_only_readers_of_the_division_see_its_docks(room):
    mine = running(room)
    sister = room.browser(room.office.sister_custodian)
    assert "Reader 1" not in live(sister)
    assert sister.get(reverse("unloads:unload", args=[mine.pk])).status_code == 404
    assert sister.get(reverse("unloads:unload", args=[uuid4()])).status_code == 404
    for person in (room.office.inspector, room.office.administrator):
        other = room.browser(person)
        for address in (
            reverse("unloads:list"),
            reverse("unloads:live"),
            reverse("unloads:unload", args=[mine.pk]),
        ):
            assert other.get(address).status_code == 403
