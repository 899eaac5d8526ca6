"""What became of a duty, on the pages: the incident with its evidence, and what was found later beside it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import catch_up
from aigaq.recordings import judging
from tests.support.cards import pipeline
from tests.support.duty import on_duty
from tests.support.filmed import Film, unload_films
from tests.support.office import open_office
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(clock, monkeypatch):
    monkeypatch.setattr("aigaq.wiring._CLOCK", clock)
    return clock


@pytest.fixture
def office(transactional_db, clock):
    return open_office(clock)


@pytest.fixture
def duty(office):
    return on_duty(office)


def follow(office):
    judging.catch_up(office.ledger)
    catch_up(office.ledger)


def a_duty_with_a_gap(duty, folder):
    """Nine to twelve; ten to eleven not recorded, half of it announced."""
    office, began, hour = duty.office, duty.office.clock.now(), timedelta(hours=1)
    row = duty.issue()
    duty.passes(hours=1)
    pause = duty.pause(row)
    duty.passes(minutes=30)
    duty.resume(row, pause)
    duty.passes(minutes=90)
    duty.give_back(row)
    line = pipeline(office, folder / "vault")
    unload_films(line, folder / "card", Film(began, hour), Film(began + 2 * hour, hour))
    follow(office)
    return row, line, began


def test_a_gap_is_told_with_its_parts_and_what_is_known_of_the_clock(duty, visit, tmp_path):
    row, line, began = a_duty_with_a_gap(duty, tmp_path)
    incident = Incident.objects.get(kind=Kind.NOT_RECORDED)
    browser = visit(duty.office.head)

    page = text_of(browser.get(reverse("incidents:incident", args=[incident.pk])))
    assert (
        f"Өтегенов Ерлан Сәкенұлы had БТ-0001 on duty, row {row.number}. Neither recorded nor announced: "
        "29 min, 20.11.2026 10:31–11:00. The recorder's clock was never compared" in page
    )
    assert "20.11.2026 10:00–10:30 Announced pause 30 min" in page
    assert "20.11.2026 10:31–11:00 Unexplained 29 min" in page
    assert "Judged again" not in page

    unload_films(line, tmp_path / "later", Film(began + timedelta(minutes=60), timedelta(minutes=60)))
    follow(duty.office)

    page = text_of(browser.get(reverse("incidents:incident", args=[incident.pk])))
    assert "29 min" in page
    assert "No unexplained gap is longer than is allowed." in page
    assert "more being known" in page
