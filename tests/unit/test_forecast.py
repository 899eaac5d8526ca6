"""How long the room in the vault lasts, and that each threshold is told of once."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from aigaq.ingest.forecast import FURTHEST, forecast, level, to_tell
from aigaq.web.unloads.room import headline

TODAY = date(2026, 11, 20)
GB = 10**9


def came(*daily):
    """Octets of the days before today, the nearest first."""
    return {TODAY - timedelta(days=back): octets for back, octets in enumerate(daily, 1)}


def test_an_even_pace_lasts_as_long_as_it_divides():
    found = forecast(300 * GB, came(*[10 * GB] * 30), TODAY)
    assert (found.days, found.per_day, found.by_week, found.days_seen) == (30, 10 * GB, False, 30)


def test_a_busier_week_is_believed_before_the_month():
    found = forecast(300 * GB, came(*[20 * GB] * 7, *[10 * GB] * 23), TODAY)
    assert (found.days, found.by_week) == (15, True)


def test_a_quiet_week_is_no_relief():
    assert forecast(300 * GB, came(*[0] * 7, *[10 * GB] * 23), TODAY).days == 39


def test_a_young_office_is_reckoned_by_the_days_it_has():
    assert forecast(100 * GB, came(10 * GB, 10 * GB), TODAY).days == 10
    assert forecast(100 * GB, {TODAY: 50 * GB}, TODAY).days == 2


@pytest.mark.parametrize("intake", [came(70 * GB), {TODAY: 70 * GB}])
def test_an_old_office_that_was_quiet_for_a_month_is_not_reckoned_by_its_one_card(intake):
    found = forecast(400 * GB, intake, TODAY, since=TODAY - timedelta(days=400))
    assert (found.days, found.per_day, found.days_seen) == (40, 10 * GB, 30)


def test_today_is_not_over_and_makes_no_slower_pace():
    assert forecast(300 * GB, came(*[10 * GB] * 30) | {TODAY: 0}, TODAY).days == 30


def test_nothing_taken_in_foretells_nothing_and_no_room_lasts_no_day():
    assert forecast(300 * GB, {}, TODAY).days is None
    assert forecast(-5, came(GB), TODAY).days == 0


def test_what_lasts_for_more_than_ten_years_is_not_told_apart():
    found = forecast(4_000 * GB, came(*[GB] * 30), TODAY)
    assert (found.days, found.is_beyond) == (FURTHEST, True)
    with translation.override("en"):
        assert headline(found).endswith("free: lasts more than ten years")
    nearer = forecast((FURTHEST - 1) * GB, came(*[GB] * 30), TODAY)
    assert (nearer.days, nearer.is_beyond) == (FURTHEST - 1, False)


@pytest.mark.parametrize(
    ("days", "reached"), [(None, 0), (31, 0), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (0, 7)]
)
def test_which_threshold_is_reached(days, reached):
    assert level(days) == reached


def test_each_crossing_is_told_once_and_swaying_about_it_is_none():
    told, said = 0, []
    for days in (40, 31, 30, 29, 31, 30, 28, 14, 15, 14, 16, 13, 7, 6, 8, 7, 5, 40, 40, 30):
        new = to_tell(told, days)
        if new is not None:
            said.append(new)
            told = new
    assert said == [30, 14, 7, 0, 30]


def test_space_added_that_does_not_reach_far_is_told_of_again_when_it_is_gone():
    assert to_tell(7, 20) == 30
    assert to_tell(30, 14) == 14
