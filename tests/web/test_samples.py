"""The monthly sample on the screen and on paper: how far it is, by whom, what the head says of it."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from aigaq.ledger.models import LedgerEntry
from aigaq.regulation.profile import SampleRule
from aigaq.review import samples
from aigaq.review.models import Review, Sample
from tests.support.paper import Pdf, needs_poppler
from tests.support.viewing import open_room
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def row(room):
    row = room.duty.issue()
    room.enter(b"1", row=row, path="DCIM/A.MP4")
    room.duty.give_back(row)
    return row


@pytest.fixture
def sample(room, row):
    room.office.clock.instant = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
    room.duty.issue()
    samples.draw_due(room.office.ledger, SampleRule(percent=10, least=5, days=15))
    return Sample.objects.get()


def test_before_the_first_one_the_page_says_when_it_comes(room):
    page = text_of(room.browser(room.office.head).get(reverse("review:samples")))
    assert "No sample is drawn yet" in page


def test_a_duty_is_looked_through_and_its_result_counts(room, row, sample):
    custodian = room.browser(room.office.custodian, unlocked=True)
    assert "0 of 1" in text_of(custodian.get(reverse("review:samples")))
    page = custodian.get(reverse("review:sample", args=[sample.pk]))
    assert "not looked through yet" in text_of(page)
    duty = reverse("review:duty", args=[row.pk])
    assert duty in page.content.decode()
    content = custodian.get(duty).content.decode()
    assert reverse("recordings:recording", args=[Recorded.file(row).pk]) in content
    assert custodian.post(duty, {"result": "violation", "note": ""}).status_code == 422
    assert custodian.post(duty, {"result": "violation", "note": "Есік жабық"}).url == duty
    page = text_of(custodian.get(reverse("review:sample", args=[sample.pk])))
    assert "1 of 1 done" in page
    assert "Есік жабық" in page


class Recorded:
    @staticmethod
    def file(row):
        from aigaq.recordings.models import RecordingFile

        return RecordingFile.objects.get(recording__placement__row=row)


def test_locked_nobody_says_what_a_review_came_to(room, row):
    custodian = room.browser(room.office.custodian)
    duty = reverse("review:duty", args=[row.pk])
    assert "Unlock the recordings first" in text_of(custodian.get(duty))
    assert "The vault is locked" in text_of(custodian.post(duty, {"result": "nothing", "note": ""}))
    assert not Review.objects.exists()


def test_time_runs_out_in_words(room, sample):
    room.office.clock.instant = datetime(2026, 12, 17, 4, 0, tzinfo=UTC)
    assert "overdue" in text_of(room.browser(room.office.head).get(reverse("review:samples")))


def test_the_head_writes_a_note_and_the_custodian_does_not(room, sample):
    address = reverse("review:sample", args=[sample.pk])
    custodian = room.browser(room.office.custodian)
    assert "Your note as the head" not in text_of(custodian.get(address))
    assert "Only the head of" in text_of(custodian.post(address, {"text": "Жақсы"}))
    head = room.browser(room.office.head)
    assert head.post(address, {"text": "Талдау жүргізілді"}).status_code == 302
    assert "Талдау жүргізілді" in text_of(head.get(address))


@needs_poppler
def test_the_report_is_a_paper_in_kazakh_and_entered_before_it_is_given(room, row, sample):
    samples.note(
        room.office.ledger,
        room.office.by(room.office.head),
        sample,
        head=room.office.head,
        text="Талдау өтті",
    )
    response = room.browser(room.office.head).get(reverse("review:report", args=[sample.pk]))
    assert response["Content-Type"] == "application/pdf"
    text = Pdf(response.content).told()
    for said in (
        "Жазбаларды іріктеп қарау туралы есеп",
        "2026 жылғы қараша",
        "Қаралмаған",
        "Талдау өтті",
        "Өтегенов",
        sample.seed[:20],
    ):
        assert said in text, said
    assert LedgerEntry.objects.filter(kind="review.report-printed").count() == 1
