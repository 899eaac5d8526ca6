"""Marking a recording from its page: at a place, by who has it open; struck out when it is withdrawn."""

import pytest
from django.urls import reverse

from aigaq.review.models import Mark, Review
from aigaq.web.review import places
from tests.support.reviews import Reviewer
from tests.support.viewing import open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db

GIVEN = {"place": "0:07.5", "until": "", "category": "violation", "is_evidence": "on", "note": "Есік жабық"}


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def file(room):
    return room.enter(b"1", row=room.duty.issue(), path="DCIM/A.MP4")


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian, unlocked=True)


def page(client, file):
    return client.get(reverse("recordings:recording", args=[file.pk]))


def test_a_place_is_marked_and_shown_with_both_times(client, file):
    response = client.post(reverse("review:mark", args=[file.pk]), GIVEN)
    assert response.url == reverse("recordings:recording", args=[file.pk]) + "?at=7500#marks"
    text = text_of(client.get(response.url))
    for said in (
        "0:00:07.500",
        "A violation being committed",
        "evidence",
        "Есік жабық",
        "09:30:07 by the recorder's clock",
    ):
        assert said in text, said


def test_what_is_wrong_is_said_in_the_form_and_nothing_is_entered(client, file):
    for wrong, sentence in (
        ({"place": "soon"}, "Say at which place"),
        ({"place": "1:00:00"}, "Say at which place"),
        ({"until": "0:03"}, "ends before it begins"),
        ({"category": ""}, "Choose from the list"),
        ({"category": "other", "note": ""}, "Write down what is to be seen"),
    ):
        response = client.post(reverse("review:mark", args=[file.pk]), GIVEN | wrong)
        assert response.status_code == 422
        assert sentence in text_of(response), wrong
    assert not Mark.objects.exists()


def test_nobody_marks_while_the_vault_is_locked(room, file):
    browser = room.browser(room.office.custodian)
    assert "Unlock the recordings to mark" in text_of(page(browser, file))
    marked = Reviewer(room.office).marks(file)
    for name, of, given in (
        ("mark", file, GIVEN),
        ("result", file, {"result": "nothing"}),
        ("amend", marked, GIVEN | {"read": 1, "reason": "x"}),
        ("withdraw", marked, {"read": 1, "reason": "x"}),
    ):
        response = browser.post(reverse(f"review:{name}", args=[of.pk]), given)
        assert response.status_code == 403, name
        assert "The vault is locked" in text_of(response)
    assert (Mark.objects.count(), Review.objects.count(), len(marked.history)) == (1, 0, 0)


def test_amending_and_withdrawing_leave_both_to_be_read(client, file):
    client.post(reverse("review:mark", args=[file.pk]), GIVEN)
    marked = Mark.objects.get()
    amend = reverse("review:amend", args=[marked.pk])
    assert "0:00:07.500" in client.get(amend).content.decode()
    given = {
        "place": "0:08",
        "category": "offence",
        "note": "Есік құлыптаулы",
        "read": 1,
        "reason": "Дәлірек",
    }
    assert client.post(amend, given).status_code == 302
    assert client.post(amend, given).status_code == 422
    withdrawn = client.post(reverse("review:withdraw", args=[marked.pk]), {"read": 2, "reason": "Қате"})
    content = client.get(withdrawn.url).content.decode()
    assert "<del>Есік құлыптаулы</del>" in content
    text = text_of(client.get(withdrawn.url))
    for said in ("withdrawn", "0:00:07.500", "Есік жабық", "Amended: Дәлірек", "Withdrawn: Қате"):
        assert said in text, said
    assert amend not in content


def test_the_result_of_a_review_is_entered_and_shown(client, file):
    address = reverse("review:result", args=[file.pk])
    assert client.post(address, {"result": "unusable", "note": ""}).status_code == 422
    response = client.post(address, {"result": "unusable", "note": "Дыбысы жоқ"})
    assert "Picture or sound can't be used" in text_of(client.get(response.url))
    assert Review.objects.get().recording_id == file.recording_id


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("7", 7_000), ("0:07.5", 7_500), ("1:02:03,250", 3_723_250), (" 12:07 ", 727_000), ("90:00", 5_400_000)],
)
def test_places_are_read_as_people_write_them(text, milliseconds):
    assert places.parse(text) == milliseconds
    assert places.parse(places.spelt(milliseconds)) == milliseconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:2:3:4", "٣", "1.2345"])
def test_what_is_no_place_is_none(text):
    assert places.parse(text) is None


def test_a_photo_is_marked_without_a_place(room, client):
    photo = room.enter(b"2", row=room.duty.issue(), path="DCIM/B.JPG", kind="photo")
    html = page(client, photo).content.decode()
    assert 'name="until"' not in html
    assert '<input type="hidden" name="place" value="0:00:00">' in html
