"""How long a recording is kept: calendar years, the longest wins, no rule shortens, no date beats a hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aigaq.core.clock import KAZAKHSTAN
from aigaq.regulation import profile as regulation
from aigaq.regulation.keeping import is_over, kept_until, locked_until, taken_in_before
from aigaq.regulation.profile import MalformedProfileError
from aigaq.retention.clock_rules import Clock, obstacle, refusal_to_confirm
from aigaq.retention.keep_rules import Applied, Facts, InForce, Why, keep

PROFILE = regulation.load()
TAKEN_IN = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LAST = date(2029, 11, 20)
TERM = (Applied(LAST, date(2026, 11, 20)),)


def years(**of):
    """The profile with other terms, as a later order might have them."""
    controls = tuple(
        replace(each, retention_years=of.get(each.key.replace("-", "_"), 3)) for each in PROFILE.controls
    )
    return replace(PROFILE, controls=controls)


def kept(profile=PROFILE, **facts):
    return keep(Facts(**({"taken_in": TAKEN_IN, "applied": TERM} | facts)), profile)


def test_three_calendar_years_of_kazakhstan_and_never_1095_days():
    assert kept_until(TAKEN_IN, 3) == LAST
    late_in_the_evening = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
    assert kept_until(late_in_the_evening, 3) == date(2030, 1, 1)
    assert kept_until(datetime(2027, 3, 1, 4, 0, tzinfo=UTC), 3) - date(2027, 3, 1) == timedelta(days=1096)


def test_whatever_ends_before_a_day_was_taken_in_before_an_instant_that_is_told():
    noon = datetime(2026, 1, 1, 7, 0, tzinfo=UTC)
    for number in range(3 * 366):
        day = (noon + timedelta(days=number)).astimezone(KAZAKHSTAN).date()
        first = taken_in_before(day)
        assert kept_until(first, 3) >= day
        # What was taken in on a 29th of February is kept a day longer than it might be by this.
        assert kept_until(first - timedelta(seconds=1), 3) <= day


def test_the_29th_of_february_ends_with_the_1st_of_march():
    assert kept_until(datetime(2028, 2, 29, 4, 0, tzinfo=UTC), 3) == date(2031, 3, 1)
    assert kept_until(datetime(2028, 2, 29, 4, 0, tzinfo=UTC), 4) == date(2032, 2, 29)


def test_no_day_of_sixteen_years_is_let_go_early():
    day = datetime(2024, 1, 1, 0, 0, tzinfo=KAZAKHSTAN)
    while day.year < 2040:
        for hour in (0, 23):
            taken_in = day.replace(hour=hour, minute=59 if hour else 0)
            last = kept_until(taken_in, 3)
            same = (last.year - 3, last.month, last.day) == (taken_in.year, taken_in.month, taken_in.day)
            assert same or ((taken_in.month, taken_in.day), (last.month, last.day)) == ((2, 29), (3, 1))
            assert last - taken_in.date() >= timedelta(days=1095)
        day += timedelta(days=1)


def test_the_last_day_is_kept_to_its_end_and_the_lock_of_a_store_never_ends_before_it():
    ends = datetime(2029, 11, 21, 0, 0, tzinfo=KAZAKHSTAN)
    assert not is_over(LAST, ends - timedelta(microseconds=1))
    assert is_over(LAST, ends)
    assert locked_until(TAKEN_IN, 3, timedelta(0)) == ends
    assert locked_until(TAKEN_IN, 3) > ends
    with pytest.raises(ValueError):
        locked_until(TAKEN_IN.replace(tzinfo=None), 3)


def test_each_reason_is_told_with_its_day():
    found = kept(controls=["preventive-visit"], marks=["violation"])
    assert found.until == LAST
    assert {each.why for each in found.reasons} == {Why.CONTROL, Why.OFFENCE, Why.EARLIER_RULE}
    assert all(each.until == LAST for each in found.reasons)
    assert "3 years" in str(found.reasons[0])


def test_of_several_kinds_the_longest_wins_and_what_is_of_none_is_kept_longest():
    profile = years(administrative_offence=5, permit_compliance=4)
    assert kept(profile, controls=["preventive-visit"]).until == LAST
    assert kept(profile, controls=["preventive-visit", "permit-compliance"]).until == date(2030, 11, 20)
    assert kept(profile).until == date(2031, 11, 20)
    assert kept(profile, controls=["no-such-kind"]).until == date(2031, 11, 20)
    assert kept(profile, controls=["preventive-visit"], marks=["offence"]).until == date(2031, 11, 20)
    assert kept(profile, controls=["preventive-visit"], marks=["pause"]).until == LAST


def test_a_change_of_rule_lengthens_but_never_shortens():
    applied = (Applied(date(2031, 11, 20), date(2026, 11, 20)), Applied(LAST, date(2027, 1, 1)))
    found = kept(controls=["preventive-visit"], applied=applied)
    assert found.until == date(2031, 11, 20)
    assert found.reasons[0].why is Why.EARLIER_RULE
    assert kept(years(preventive_visit=6), controls=["preventive-visit"]).until == date(2032, 11, 20)


def test_a_profile_of_one_year_keeps_three_and_is_refused_when_it_is_read():
    found = kept(years(preventive_visit=1), controls=["preventive-visit"], applied=())
    assert found.until == LAST
    text = regulation.resources.files("aigaq.regulation").joinpath("order_236.toml").read_text("utf-8")
    with pytest.raises(MalformedProfileError):
        regulation.parse("order-236", text.replace("retention_years = 3", "retention_years = 1", 1))


@pytest.mark.parametrize("cause", ["demand", "incident", "order"])
def test_a_hold_wins_over_every_date(cause):
    found = kept(controls=["preventive-visit"], holds=[InForce(cause, "Сот", date(2027, 1, 1))])
    assert not found.is_due(datetime(2099, 1, 1, tzinfo=UTC))
    assert "Сот" in str(found.held[0])


def test_nothing_is_due_without_a_term_in_the_ledger_or_with_an_open_incident():
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert kept(controls=["preventive-visit"]).is_due(late)
    for facts in ({"applied": ()}, {"has_open_incident": True}):
        assert not kept(controls=["preventive-visit"], **facts).is_due(late)


LAST_ENTRY = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def clock(now, **changes):
    return Clock(**({"now": now, "reached": LAST_ENTRY, "newest": LAST_ENTRY} | changes))


def test_a_clock_that_ran_ahead_or_back_is_doubted_until_the_head_confirms_the_day():
    in_2035 = datetime(2035, 6, 1, 4, 0, tzinfo=UTC)
    assert obstacle(clock(LAST_ENTRY + timedelta(days=13)), 14) is None
    assert obstacle(clock(LAST_ENTRY + timedelta(days=15)), 14).code == "retention.clock-ahead"
    assert obstacle(clock(in_2035), 14).code == "retention.clock-ahead"
    assert obstacle(clock(LAST_ENTRY - timedelta(minutes=2)), 14).code == "retention.clock-behind"
    assert refusal_to_confirm(clock(in_2035), 14, date(2035, 6, 1)) is None
    assert refusal_to_confirm(clock(in_2035), 14, date(2026, 11, 20)).code == "retention.other-day"
    assert refusal_to_confirm(clock(LAST_ENTRY), 14, date(2026, 11, 20)).code == "retention.clock-trusted"


def test_what_was_written_while_the_clock_was_wrong_does_not_make_it_right():
    in_2035 = datetime(2035, 6, 1, 4, 0, tzinfo=UTC)
    found = clock(in_2035 + timedelta(days=1), newest=in_2035)
    assert obstacle(found, 14).code == "retention.clock-ahead"
