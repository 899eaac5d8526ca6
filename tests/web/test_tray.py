"""What waits for the custodian: why, which rows are likely and for which reasons, and the assignment."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.journal import selectors
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Placement
from aigaq.registry.services import add_recorder
from aigaq.unloading.run import Tools
from aigaq.web.tray import views
from aigaq.web.tray.candidates import Traces, ranked
from tests.support.cards import fill, left_on, takes
from tests.support.viewing import open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian)


@pytest.fixture
def pipeline(room):
    return Pipeline(room.office.ledger, Tools(room.vault))


@pytest.fixture
def waiting(room, pipeline, tmp_path):
    """A card that nobody knows, plugged in while Yerlan's recorder is out."""
    row = room.duty.issue()
    room.duty.passes(hours=3)
    card = fill(tmp_path / "card", takes(2, recorder="NAMELESS"))
    outcome = unload(pipeline, card, port="Reader 1", division=room.office.division)
    assert outcome.unload.state == UnloadState.TRAY
    return outcome.unload, row, card


def at(found):
    return reverse("tray:unload", args=[found.pk])


def test_an_empty_tray_says_so(client):
    assert "every recording has its row" in text_of(client.get(reverse("tray:list")))


def test_what_waits_is_told_with_its_reason(client, waiting):
    found, _row, _card = waiting
    text = text_of(client.get(reverse("tray:list")))
    assert "Nothing tells whose card this is" in text
    assert "2 files" in text
    assert at(found) in client.get(reverse("tray:list")).content.decode()


def test_the_page_shows_files_and_likely_rows_with_reasons(client, waiting):
    found, row, _card = waiting
    text = text_of(client.get(at(found)))
    assert "NAMELESS_20261120" in text
    assert f"Row {row.number} · Өтегенов Ерлан Сәкенұлы" in text
    assert "recorded while it was out" in text


def test_a_row_of_long_ago_is_offered_too_and_every_file_is_counted(client, waiting, room, monkeypatch):
    """As behind a thousand newer ones."""
    monkeypatch.setattr(views, "_LOOKED_AT", 1)
    monkeypatch.setattr(views, "_FILES", 1)
    found, row, _card = waiting
    room.duty.give_back(row)
    room.duty.passes(hours=6)
    newer = room.duty.issue()
    page = client.get(at(found))
    assert f'value="{row.pk}"' in page.content.decode()
    assert f'value="{newer.pk}"' in page.content.decode()
    assert "recorded while it was out" in text_of(page)
    assert "1 more file" in text_of(page)
    assert client.post(at(found), {"row": str(row.pk)}).status_code == 302


def test_assigning_ties_them_to_the_row_and_the_next_plugging_in_empties_the_card(
    client, waiting, pipeline, room
):
    found, row, card = waiting
    response = client.post(at(found), {"row": str(row.pk)}, follow=True)
    text = text_of(response)
    assert "2 recordings are tied to the row." in text
    assert "emptied when it is plugged in the next time" in text
    assert Placement.objects.filter(row=row).count() == 2
    assert LedgerEntry.objects.filter(kind="unload.assigned").count() == 1
    assert len(left_on(card)) == 2
    assert (
        unload(pipeline, card, port="Reader 1", division=room.office.division).unload.state
        == UnloadState.READY
    )
    assert left_on(card) == {}


def test_without_a_choice_nothing_is_assigned(client, waiting):
    found, _row, _card = waiting
    response = client.post(at(found), {})
    assert response.status_code == 422
    assert "Choose the row" in text_of(response)
    assert Unload.objects.get(pk=found.pk).state == UnloadState.TRAY


@pytest.mark.parametrize("row", ["rubbish", "00000000-0000-4000-8000-000000000000"])
def test_a_row_that_is_not_offered_can_not_be_chosen(client, waiting, row):
    found, _row, _card = waiting
    assert client.post(at(found), {"row": row}).status_code == 422
    assert not Placement.objects.exists()


def test_a_second_custodian_is_told_that_it_is_done(client, waiting):
    found, row, _card = waiting
    client.post(at(found), {"row": str(row.pk)})
    response = client.post(at(found), {"row": str(row.pk)}, follow=True)
    assert "does not wait in the tray any more" in text_of(response)
    assert Placement.objects.count() == 2


def test_others_neither_see_nor_assign(room, waiting):
    found, row, _card = waiting
    sister = room.browser(room.office.sister_custodian)
    assert sister.get(at(found)).status_code == 404
    assert sister.post(at(found), {"row": str(row.pk)}).status_code == 404
    assert "Nothing tells" not in text_of(sister.get(reverse("tray:list")))
    for person in (room.office.inspector, room.office.administrator):
        other = room.browser(person)
        assert other.get(reverse("tray:list")).status_code == 403
        assert other.post(at(found), {"row": str(row.pk)}).status_code == 403
    assert not Placement.objects.exists()


def test_an_unloading_that_is_not_there_is_404(client):
    assert client.get(reverse("tray:unload", args=[uuid4()])).status_code == 404


def test_recorder_name_and_time_each_speak_for_a_row(room):
    office, duty = room.office, room.duty
    other = add_recorder(
        office.ledger,
        office.by(office.custodian),
        division=office.division,
        inventory_number="БТ-0002",
        model="",
        serial_number="77-X",
    )
    first = duty.issue()
    issued_at = office.clock.now()
    duty.passes(hours=2)
    duty.give_back(first)
    duty.passes(days=1)
    second = duty.issue(recorder=other, card=None, seal_number="", inspector=office.second_inspector)
    now = office.clock.now()
    views = selectors.rows(office.division)

    def order(unload, times=(), names=()):
        found = ranked(Traces(unload, list(times), list(names)), views, now=now)
        return [(each.view.id, each.reasons) for each in found]

    nothing = Unload(division=office.division)
    assert [reasons for _row, reasons in order(nothing)] == [(), ()]
    assert order(nothing, times=[issued_at + timedelta(hours=1)])[0][0] == first.pk
    assert order(nothing, names=["bt_BT-0002.MP4", "бт0002_0001.mp4"])[0][0] == second.pk
    assert order(nothing, names=["77X-0001.AVI"])[0][0] == second.pk
    assert order(Unload(recorder=office.recorder))[0] == (first.pk, ("the same recorder",))
    assert order(Unload(card=office.card))[0] == (first.pk, ("the same card",))
    late = order(nothing, times=[issued_at + timedelta(hours=2, minutes=16)])
    assert [reasons for _row, reasons in late] == [(), ()], "long after it came back"
