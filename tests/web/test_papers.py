"""Acts and labels from the pages: whom they are for, that they come as files, and that acts are noted."""

import pytest
from django.urls import reverse

from aigaq.journal.models import ThingFound
from aigaq.journal.rules import Found
from aigaq.ledger.models import LedgerEntry
from tests.support.duty import on_duty
from tests.support.paper import Pdf, needs_poppler
from tests.support.visitors import text_of

BROKEN = Found(ThingFound.DAMAGED, "Экраны сынған")
GONE = Found(ThingFound.MISSING, "Жоғалды")


@pytest.fixture
def row(office):
    duty = on_duty(office)
    row = duty.issue()
    duty.give_back(row, recorder=BROKEN, card=GONE)
    return row


def printed():
    return LedgerEntry.objects.filter(kind="journal.act-printed").count()


@needs_poppler
@pytest.mark.parametrize("who", ["custodian", "head"])
def test_the_page_of_the_row_offers_its_acts(office, visit, row, who):
    browser = visit(getattr(office, who))
    seq = row.damages.first().seq
    text = text_of(browser.get(reverse("journal:row", args=[row.pk])))
    assert f"Act of damage No. Б-{seq}" in text
    assert f"Act of loss No. Ж-{seq}" in text
    answer = browser.submit(reverse("journal:act", args=[row.pk]), {"number": f"Б-{seq}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Экраны сынған" in Pdf(answer.content).told()
    assert printed() == 1


def test_a_row_on_which_nothing_happened_offers_none(office, visit):
    row = on_duty(office).issue()
    assert "Acts for paper" not in text_of(visit(office.custodian).get(reverse("journal:row", args=[row.pk])))


@pytest.mark.parametrize("number", ["", "x", "Б-1", "Қ-1", "Б-99999999"])
def test_an_act_that_is_not_there_is_not_printed(office, visit, row, number):
    answer = visit(office.custodian).submit(reverse("journal:act", args=[row.pk]), {"number": number})
    assert answer.status_code in {404, 422}
    assert printed() == 0


def test_the_next_division_prints_nothing_of_this_one(office, visit, row):
    browser = visit(office.sister_custodian)
    number = f"Б-{row.damages.first().seq}"
    assert browser.submit(reverse("journal:act", args=[row.pk]), {"number": number}).status_code == 404
    appointment = office.custodian.appointments.get()
    assert browser.submit(reverse("journal:hand-over-act", args=[appointment.pk])).status_code == 404
    assert browser.get(reverse("registry:person-label", args=[office.inspector.pk])).status_code == 404
    assert printed() == 0


@needs_poppler
def test_the_page_of_a_custodian_offers_the_act_of_hand_over(office, visit, row):
    browser = visit(office.head)
    appointment = office.custodian.appointments.get()
    text = text_of(browser.get(reverse("registry:person", args=[office.custodian.pk])))
    assert "Receives, order 12-102" in text
    assert "Gives back" not in text
    answer = browser.submit(reverse("journal:hand-over-act", args=[appointment.pk]))
    assert answer.status_code == 200
    assert "Қабылдау-тапсыру актісі" in Pdf(answer.content).told()
    assert printed() == 1
    assert "Receives" not in text_of(browser.get(reverse("registry:person", args=[office.inspector.pk])))


def test_what_hands_nothing_over_is_said(office, visit, row):
    browser = visit(office.head)
    inspectors = office.inspector.appointments.get()
    answer = browser.submit(reverse("journal:hand-over-act", args=[inspectors.pk]))
    assert answer.status_code == 422
    assert "Nothing is handed over" in text_of(answer)


@needs_poppler
def test_labels_of_people_are_of_this_division_alone(office, visit):
    browser = visit(office.custodian)
    text = text_of(browser.get(reverse("registry:people")))
    assert "Labels for badges, A4" in text
    pdf = Pdf(browser.get(reverse("registry:people-labels"), {"paper": "a4"}).content)
    assert sorted(pdf.codes(1)) == [f"AIGAQ-PERSON {number}" for number in range(101, 106)]
    roll = Pdf(browser.get(reverse("registry:people-labels"), {"paper": "roll"}).content)
    assert roll.pages == 5
    one = browser.get(reverse("registry:person-label", args=[office.inspector.pk]), {"paper": "roll"})
    assert Pdf(one.content).codes(1) == ["AIGAQ-PERSON 103"]


def test_there_is_no_other_paper(office, visit):
    browser = visit(office.custodian)
    assert browser.get(reverse("registry:people-labels"), {"paper": "a5"}).status_code == 404
