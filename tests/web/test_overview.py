"""Figures of a division and of those below it: counted rightly, on the page, in the spreadsheet, on paper."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aigaq import wiring
from aigaq.accounts.services import create_user
from aigaq.incidents.services import attend
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import MACHINE
from aigaq.overview.figures import overview
from aigaq.recordings import judging
from aigaq.recordings.coverage import Reason
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.registry.selectors import standing_of
from tests.support.cards import pipeline
from tests.support.duty import entries, on_duty
from tests.support.filmed import Film, unload_films
from tests.support.office import SINCE, open_office
from tests.support.paper import Pdf
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


@pytest.fixture
def clock(clock, monkeypatch):
    monkeypatch.setattr("aigaq.wiring._CLOCK", clock)
    return clock


@pytest.fixture
def office(transactional_db, clock):
    return open_office(clock)


@pytest.fixture
def body(office):
    """Somebody of the authorised body, over both divisions."""
    user = create_user(office.ledger, MACHINE, username="sultan", password="sultan counts what there is")
    person = registry.add_person(
        office.ledger,
        MACHINE,
        full_name="Сұлтанов Қ.",
        post="",
        staff_number="900",
        division=office.region,
        user=user,
    )
    registry.appoint(
        office.ledger,
        MACHINE,
        person=person,
        division=office.region,
        role=Role.AUTHORITY,
        from_on=SINCE,
        until_on=None,
        order_number="1",
    )
    return person


@pytest.fixture
def day(office, tmp_path):
    """A duty of three hours with an hour missing, judged; then the recorder goes out again."""
    duty, began = on_duty(office), office.clock.now()
    row = duty.issue()
    duty.passes(hours=3)
    duty.give_back(row)
    hour = timedelta(hours=1)
    line = pipeline(office, tmp_path / "vault")
    unload_films(line, tmp_path / "card", Film(began, hour), Film(began + 2 * hour, hour))
    judging.catch_up(office.ledger)
    attend(office.ledger)
    duty.passes(minutes=5)
    duty.issue()
    return duty


def figures(office, person, root=None):
    now = office.clock.now()
    return overview(standing_of(person, now), root or office.division, now, wiring.backend())


def test_everything_is_counted_where_it_is(office, day, body):
    found = figures(office, body, office.region)
    assert [(each.depth, each.division) for each in found.divisions] == [
        (0, office.region),
        (1, office.division),
        (1, office.sister),
    ]
    counted = found.divisions[1].figures
    assert (counted.out, counted.overdue, counted.unloaded, counted.open_incidents) == (1, 0, 1, 1)
    assert (counted.duties, counted.with_gaps) == (1, 1)
    assert (counted.due, counted.recorded, counted.unexplained) == (3 * HOUR, 2 * HOUR, HOUR)
    assert counted.share == 666
    friday = counted.days[4]
    assert friday.totals[Reason.RECORDED] == 2 * HOUR
    assert [each.share for each in counted.days] == [None, None, None, None, 666, None, None]
    assert found.total.due == counted.due
    assert found.divisions[2].figures.due == 0
    day.passes(hours=10)
    assert figures(office, body, office.region).total.overdue == 1


def test_the_newest_judgement_of_a_duty_counts_and_no_other(office, day):
    row = JournalRow.objects.get(number=1)
    began = row.issue.occurred_at + timedelta(hours=1)
    pause = day.pause(row, **day.by_voice(occurred_at=began))
    day.resume(row, pause, **day.by_voice(occurred_at=began + timedelta(hours=1)))
    judging.catch_up(office.ledger)
    counted = figures(office, office.custodian).total
    assert (counted.duties, counted.with_gaps, counted.unexplained) == (1, 0, 0)
    assert (counted.due, counted.share) == (2 * HOUR, 1000)
    assert counted.open_incidents == 1, "it is the head who closes it"


def test_a_custodian_and_a_head_see_their_own_division(office, day):
    for person in (office.custodian, office.head):
        assert [each.division for each in figures(office, person).divisions] == [office.division]


def test_the_page_shows_figures_and_one_picture(office, day, visit):
    page = visit(office.head).get(reverse("overview:page"))
    told = text_of(page)
    for part in (
        "Recorders out now 1",
        "Unloaded today 1",
        "Open incidents 1",
        "Recorded this week 66.6 %",
        "16.11.2026 – 22.11.2026",
        "Duties judged: 1, of them with an unexplained gap: 1.",
        "Unexplained: 1 h.",
        "20 November 2026: 66.6 % recorded, 1 h unexplained",
    ):
        assert part in told, part
    assert "Өтегенов" not in told
    assert "The week after" not in told
    before = text_of(visit(office.head).get(reverse("overview:page"), {"week": "2026-11-12"}))
    assert "09.11.2026 – 15.11.2026" in before
    assert "Recorded this week –" in before
    assert "The week after" in before


@pytest.mark.parametrize("week", ["yesterday", "2026-13-45", "9999-12-31", "0001-01-01", ""])
def test_a_week_that_is_none_is_this_week(office, day, visit, week):
    page = visit(office.head).get(reverse("overview:page"), {"week": week})
    assert "16.11.2026 – 22.11.2026" in text_of(page)


def test_the_authorised_body_sees_all_divisions_side_by_side_and_finds_nothing_else(office, day, body, visit):
    browser = visit(body)
    home = browser.get("/", follow=True)
    told = text_of(home)
    assert home.redirect_chain == [(reverse("overview:page"), 302)]
    assert "Қонаев қаласының бөлімшесі" in told
    assert "Талғар ауданының бөлімшесі" in told
    for secret in ("Өтегенов", "БТ-0001", "01-12/4", "/journal/", "/recordings/", "/incidents/"):
        assert secret not in home.content.decode(), secret


def test_the_spreadsheet_has_a_line_for_each_division_and_its_taking_is_an_entry(office, day, body, visit):
    registry.add_division(office.ledger, MACHINE, name="=HYPERLINK(1)", parent=office.region)
    response = visit(body).submit(reverse("overview:csv"), {"week": "2026-11-20"})
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    heads, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    by_name = {line[0]: dict(zip(heads, line, strict=True)) for line in lines}
    assert set(by_name) == {
        "Алматы облысының ТЖД",
        "Қонаев қаласының бөлімшесі",
        "Талғар ауданының бөлімшесі",
        "'=HYPERLINK(1)",
    }
    ours = by_name["Қонаев қаласының бөлімшесі"]
    assert (ours["Recorders out"], ours["Recorded, minutes"], ours["Unexplained, minutes"]) == (
        "1",
        "120",
        "60",
    )
    assert (ours["Recorded on 2026-11-20, thousandths"], ours["Recorded on 2026-11-16, thousandths"]) == (
        "666",
        "",
    )
    (entry,) = entries("overview.")
    assert (entry.actor.name, entry.body["form"], entry.body["divisions"]) == ("Сұлтанов Қ.", "csv", 4)


def test_the_paper_is_in_kazakh_whoever_asks(office, day, body, visit):
    response = visit(body).submit(reverse("overview:pdf"), {"week": "2026-11-20"})
    told = Pdf(response.content).text()
    assert "Қонаев қаласының бөлімшесі" in " ".join(told.split())
    assert "66,6 %" in told
    assert "Өтегенов" not in told
    assert [entry.body["form"] for entry in entries("overview.")] == ["pdf"]


def test_more_divisions_are_no_more_queries(office, body):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            figures(office, body, office.region)
        return len(captured)

    few = queries()
    for number in range(20):
        registry.add_division(office.ledger, MACHINE, name=f"Бөлімше {number}", parent=office.region)
    assert queries() == few
