"""How long the next attempt waits, second by second."""

from datetime import UTC, datetime, timedelta

import pytest

from aigaq.accounts.rules import is_login_name, source_of, wait_before_next

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def failed(*seconds_ago):
    return [NOW - timedelta(seconds=ago) for ago in seconds_ago]


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 16), (9, 128), (10, 900), (40, 900)],
)
def test_three_are_free_then_the_wait_doubles_then_it_locks(failures, wait):
    assert wait_before_next(failed(*[0] * failures), NOW) == wait


def test_the_wait_runs_from_the_last_failure():
    assert wait_before_next(failed(1, 60, 60), NOW) == 1
    assert wait_before_next(failed(1.5, 60, 60), NOW) == 1
    assert wait_before_next(failed(2, 60, 60), NOW) == 0


def test_what_failed_a_quarter_of_an_hour_before_the_last_no_longer_counts():
    assert wait_before_next(failed(0, 60, 899), NOW) == 2
    assert wait_before_next(failed(0, 60, 900), NOW) == 0


def test_a_lock_is_not_shortened_by_the_first_failures_growing_old():
    spread = failed(*(100 * n for n in range(10)))
    later = NOW + timedelta(minutes=14)
    assert wait_before_next(spread, NOW) == 128, "the last nine are within a quarter of an hour"
    ten = failed(*(80 * n for n in range(10)))
    assert wait_before_next(ten, NOW) == 900
    assert wait_before_next(ten, later) == 60
    assert wait_before_next(ten, NOW + timedelta(minutes=15)) == 0


def test_a_clock_set_back_does_not_lock_for_longer_than_the_lock():
    assert wait_before_next([NOW + timedelta(minutes=10)] * 12, NOW) == 900


@pytest.mark.parametrize("name", ["aigerim", "әйгерім", "d.zhunisov", "k9", "a-b_c"])
def test_names_that_may_be_login_names(name):
    assert is_login_name(name)


@pytest.mark.parametrize("name", ["", "a", ".a", "-rf", "a b", "a\nb", "a@b", "a" * 65, "a\u202eb"])
def test_names_that_may_not(name):
    assert not is_login_name(name)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.9", "10.0.0.9"),
        ("::ffff:10.0.0.9", "10.0.0.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_network_of_ipv6_are_one_source(address, source):
    assert source_of(address) == source
