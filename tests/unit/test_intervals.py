"""Sets of half-open intervals, held against sets of their points."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.intervals import Interval, Intervals

SETS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=6).map(
    lambda drawn: Intervals.of(*((start, start + length) for start, length in drawn))
)


def points(intervals: Intervals) -> set[int]:
    return {point for each in intervals for point in range(each.start, each.end)}


def is_in_its_one_form(intervals: Intervals) -> bool:
    parts = list(intervals)
    return all(part.length for part in parts) and all(one.end < other.start for one, other in pairwise(parts))


@given(SETS, SETS)
def test_sums_differences_and_what_is_common_have_the_points_that_sets_have(one, other):
    for found, expected in (
        (one | other, points(one) | points(other)),
        (one & other, points(one) & points(other)),
        (one - other, points(one) - points(other)),
    ):
        assert points(found) == expected
        assert is_in_its_one_form(found)
        assert found.length == len(expected)
    assert (one <= other) == (points(one) <= points(other))


@given(SETS, st.integers(0, 10))
def test_closing_fills_what_is_no_wider_than_told(intervals, most):
    closed = intervals.closed(most)

    assert intervals <= closed
    filled = closed - intervals
    assert all(each.length <= most for each in filled)
    assert all(later.start - earlier.end > most for earlier, later in pairwise(closed))


def test_an_interval_has_its_beginning_and_not_its_end():
    interval = Interval(3, 5)

    assert [point for point in range(8) if point in interval] == [3, 4]
    assert not interval.overlaps(Interval(5, 9))
    assert interval.overlaps(Interval(4, 9))


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="does not end before it begins"):
        Interval(5, 3)
