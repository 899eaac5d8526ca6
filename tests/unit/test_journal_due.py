"""Until when a recorder is handed back (paragraph 24), hour by hour of a week in Kazakhstan."""

from datetime import UTC, datetime, time, timedelta

import pytest

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal.due import due_at, overdue_since

ENDS = time(18, 30)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026: the 23rd is a Monday. As instants come: in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=KAZAKHSTAN).astimezone(UTC)


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (local(23, 9), local(23, 18, 30)),
        (local(23, 0, 5), local(23, 18, 30)),
        (local(23, 18, 29), local(23, 18, 30)),
        (local(23, 18, 30), local(24, 18, 30)),
        (local(23, 23, 59), local(24, 18, 30)),
        (local(27, 9), local(27, 18, 30)),
        (local(27, 20), local(30, 18, 30)),
        (local(28, 10), local(28, 18, 30)),
        (local(28, 20), local(30, 18, 30)),
        (local(29, 10), local(29, 18, 30)),
        (local(29, 20), local(30, 18, 30)),
    ],
    ids=[
        "on Monday morning",
        "just after midnight, which is still Sunday in London",
        "a minute before the end",
        "at the very end: the next day",
        "late in the evening: the next day",
        "on Friday morning",
        "on Friday evening: Monday",
        "on a working Saturday: the same day",
        "on Saturday evening: Monday",
        "on a working Sunday",
        "on Sunday evening: Monday",
    ],
)
def test_it_is_due_by_the_end_of_the_working_day(issued, due):
    assert due_at(issued, ENDS) == due


def test_it_is_overdue_a_moment_after_and_not_a_moment_before():
    due = local(23, 18, 30)
    assert overdue_since(local(23, 9), due, ENDS) is None
    assert overdue_since(local(23, 9), due + timedelta(microseconds=1), ENDS) == due


def test_an_office_that_works_longer_waits_longer():
    assert due_at(local(23, 19), time(20, 0)) == local(23, 20)
