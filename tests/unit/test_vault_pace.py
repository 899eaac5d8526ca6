"""How fast the vault is read while nobody waits for it, and until when a store is told to keep."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.clock import KAZAKHSTAN
from aigaq.regulation.keeping import locked_until
from aigaq.vault.pace import CutOffError, Pace


class Watch:
    """A clock that goes on only by waiting."""

    def __init__(self):
        self.now, self.is_over = 0.0, False

    def wait(self, seconds):
        self.now += seconds
        return self.is_over

    def pace(self, rate):
        return Pace(rate, self.wait, lambda: self.now)


def test_so_many_octets_a_second_and_no_more():
    watch = Watch()
    pace = watch.pace(1000)
    for _ in range(50):
        pace.spend(100)
    assert watch.now == pytest.approx(5.0)


def test_a_rest_is_not_made_up_for():
    watch = Watch()
    pace = watch.pace(1000)
    watch.now += 3600
    pace.spend(1000)
    pace.spend(1000)
    assert watch.now == pytest.approx(3602.0)


def test_without_a_rate_nothing_is_waited_for_but_the_end_is_heard():
    watch = Watch()
    pace = watch.pace(0)
    pace.spend(10**12)
    assert watch.now == 0
    watch.is_over = True
    with pytest.raises(CutOffError):
        pace.spend(1)


@pytest.mark.parametrize(
    ("taken_in", "until"),
    [
        # Nine in the morning of the 20th in Kazakhstan: to the end of the 20th three years later.
        (datetime(2026, 11, 20, 4, tzinfo=UTC), datetime(2029, 11, 20, 19, tzinfo=UTC)),
        # It is the 21st there already.
        (datetime(2026, 11, 20, 19, tzinfo=UTC), datetime(2029, 11, 21, 19, tzinfo=UTC)),
        (datetime(2028, 2, 29, 4, tzinfo=UTC), datetime(2031, 3, 1, 19, tzinfo=UTC)),
    ],
)
def test_years_are_those_of_the_calendar(taken_in, until):
    assert locked_until(taken_in, 3, timedelta(0)) == until
    assert locked_until(taken_in, 3) == until + timedelta(days=31)


@given(st.datetimes(datetime(2024, 3, 2), datetime(2090, 1, 1)), st.integers(1, 75))
def test_a_lock_is_never_shorter_than_the_years(at, years):
    taken_in = at.replace(tzinfo=UTC)
    until = locked_until(taken_in, years, timedelta(0))
    local = taken_in.astimezone(KAZAKHSTAN)
    assert until.astimezone(KAZAKHSTAN).year in {local.year + years, local.year + years + 1}
    assert until - taken_in > timedelta(days=365 * years)


def test_no_lock_is_made_of_nonsense():
    for wrong in (
        lambda: locked_until(datetime(2026, 1, 1), 3),
        lambda: locked_until(datetime(2026, 1, 1, tzinfo=UTC), 0),
        lambda: locked_until(datetime(2026, 1, 1, tzinfo=UTC), 3, timedelta(days=-1)),
    ):
        with pytest.raises(ValueError, match=r"no (lock|term)"):
            wrong()
