"""The scale of a duty's picture: what lies where, and which hours are written under it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.clock import KAZAKHSTAN, milliseconds, wall
from aigaq.web.duties.axis import Axis

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=KAZAKHSTAN)


def axis(hours, begins=NINE):
    start = milliseconds(begins)
    return Axis.over(start, start + int(hours * 3_600_000))


def test_a_working_day_has_its_hours_and_a_phone_every_third():
    ticks = list(axis(9).ticks())
    wide = [tick.label for tick in ticks if tick.level <= 1]
    assert wide == [f"{hour:02}:00" for hour in range(9, 19)]
    assert [tick.label for tick in ticks if tick.level == 0] == ["09:00", "12:00", "15:00", "18:00"]
    assert ticks[0].x == "0.000%"
    assert ticks[-1].x == "100.000%"


def test_hours_are_those_of_the_wall_clock_across_midnight():
    night = axis(6, NINE + timedelta(hours=12, minutes=20))
    assert [tick.label for tick in night.ticks() if tick.level == 0] == ["22:00", "00:00", "02:00"]


@pytest.mark.parametrize("hours", [0, 0.01, 0.5, 3, 8.25, 24, 24 * 40, 24 * 1000])
def test_there_is_room_for_what_is_written_and_more_where_it_is_drawn_larger(hours):
    ticks = list(axis(hours).ticks())
    for level, room in enumerate((4, 11, 40, 150)):
        assert len([tick for tick in ticks if tick.level <= level]) <= room + 1
    assert ticks


@given(st.integers(-(10**6), 10**7), st.integers(0, 10**7))
def test_everything_is_drawn_within_the_picture_and_nothing_is_too_thin_to_see(start, length):
    at = milliseconds(NINE)
    box = axis(1).box(at + start, at + start + length)
    x, width = float(box.x.rstrip("%")), float(box.width.rstrip("%"))
    assert x >= 0
    assert width >= 0.149
    assert x + width <= 100.002


def test_the_wall_clock_is_shifted_by_the_zone_of_that_day():
    assert wall(milliseconds(NINE)) - milliseconds(NINE) == 5 * 3_600_000
    before = datetime(2024, 2, 1, 9, 0, tzinfo=KAZAKHSTAN)
    assert wall(milliseconds(before)) - milliseconds(before) == 6 * 3_600_000
