"""A duty is judged once its cards are in; what nobody announced is an incident, and a later finding stands beside."""

from datetime import timedelta
from uuid import uuid4

import pytest

from aigaq.incidents import services as incidents
from aigaq.incidents.models import Incident, Kind
from aigaq.ledger import comparison
from aigaq.ledger.services import MACHINE
from aigaq.recordings import checks, judging
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import CoverageJudgement
from aigaq.unloading.recorders.clocks import Measured, Way
from tests.support.duty import entries, spare_of
from tests.support.filmed import Film, unload_films

pytestmark = pytest.mark.django_db


def minutes(number):
    return timedelta(minutes=number)


def follow(office):
    judging.catch_up(office.ledger)
    judging.judge_abandoned(office.ledger)
    incidents.catch_up(office.ledger)


def judged():
    return list(CoverageJudgement.objects.order_by("seq"))


def opened():
    return list(Incident.objects.filter(kind=Kind.NOT_RECORDED).order_by("seq"))


def a_gap_of_an_hour(office, duty, row, line, folder):
    """On duty for three hours, the middle one not recorded."""
    began = office.clock.now()
    duty.passes(hours=3)
    duty.give_back(row)
    unload_films(line, folder, Film(began, minutes(60)), Film(began + minutes(120), minutes(60)))
    return began


def test_a_gap_that_nobody_announced_is_an_incident_with_its_evidence(office, duty, row, line, tmp_path):
    began = a_gap_of_an_hour(office, duty, row, line, tmp_path / "card")
    follow(office)

    (judgement,) = judged()
    hour = 3_600_000
    assert (judgement.row, judgement.number, judgement.totals["unexplained"]) == (row, 1, hour)
    assert sum(judgement.totals.values()) == 3 * hour
    assert judgement.days == {"2026-11-20": {"recorded": 2 * hour, "unexplained": hour}}
    (incident,) = opened()
    assert (incident.row, incident.occurred_at) == (row, began + minutes(60))
    assert (incident.facts["total_ms"], incident.facts["known"]) == (hour, "unknown")
    assert {row.issue.seq, row.returned.seq, judgement.seq} <= set(incident.evidence)
    assert list(comparison.compare([checks.STATEMENT])) == []


def test_nothing_is_judged_while_a_card_is_awaited(office, duty, row, line, tmp_path):
    spare, began = spare_of(office), office.clock.now()
    duty.passes(hours=1)
    other = duty.replace(duty.fail(row), spare)
    duty.passes(hours=1)
    duty.give_back(row)
    duty.give_back(other, seal_number_found="Қ-0777")
    unload_films(line, tmp_path / "one", Film(began, minutes(60)))
    follow(office)
    assert judged() == []

    unload_films(
        line,
        tmp_path / "other",
        Film(began + minutes(60), minutes(60), recorder=spare.recorder.inventory_number),
    )
    follow(office)

    (judgement,) = judged()
    assert (judgement.row, judgement.gaps) == (row, [])
    assert opened() == []


def test_a_card_that_never_comes_is_judged_after_three_days(office, duty, row):
    duty.passes(hours=3)
    duty.give_back(row)
    follow(office)
    duty.passes(hours=72)
    follow(office)
    assert judged() == []

    duty.passes(minutes=1)
    follow(office)

    (judgement,) = judged()
    assert judgement.because is None
    (incident,) = opened()
    assert incident.facts["not_unloaded"] is True


def test_following_again_adds_nothing(office, duty, row, line, tmp_path):
    a_gap_of_an_hour(office, duty, row, line, tmp_path / "card")
    for _ in range(3):
        follow(office)
    assert (len(judged()), len(opened()), len(entries("coverage."))) == (1, 1, 1)


def test_what_comes_later_is_judged_beside_and_withdraws_nothing(office, duty, row, line, tmp_path):
    began = a_gap_of_an_hour(office, duty, row, line, tmp_path / "card")
    follow(office)
    unload_films(line, tmp_path / "again", Film(began + minutes(60), minutes(60)))
    follow(office)

    first, second = judged()
    assert (len(first.gaps), second.gaps, second.number) == (1, [], 2)
    assert len(opened()) == 1


def test_a_pause_told_after_the_return_explains_it_beside(office, duty, row, line, tmp_path):
    began = a_gap_of_an_hour(office, duty, row, line, tmp_path / "card")
    follow(office)
    pause = duty.pause(row, occurred_at=began + minutes(60))
    duty.resume(row, pause, occurred_at=began + minutes(120))
    follow(office)
    assert [len(each.gaps) for each in judged()] == [1, 0]


def test_a_clock_read_later_that_shows_another_gap_opens_another_incident(office, duty, row, line, tmp_path):
    a_gap_of_an_hour(office, duty, row, line, tmp_path / "card")
    follow(office)
    now = office.clock.now()
    record_clock(
        office.ledger,
        MACHINE,
        Measured(Way.TIME_FILE, now + minutes(30), now, timedelta(seconds=1), "now.txt"),
        recorder=row.recorder,
        card=row.card,
        row=row,
        unload=uuid4(),
        allowed=minutes(1),
    )
    follow(office)

    first, second = judged()
    assert [offset["known"] for offset in first.offsets] == ["unknown"]
    assert [offset["known"] for offset in second.offsets] == ["exact"]
    assert [incident.facts["number_of_judgement"] for incident in opened()] == [1, 2]
    # What the first one found is not opened again: 30 minutes before it, and the last 20 before the grace.
    assert opened()[1].facts["total_ms"] == (30 + 20) * 60_000
    assert second.offsets[0]["reading"] in opened()[1].evidence
