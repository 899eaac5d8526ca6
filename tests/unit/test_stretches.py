"""Stretches of a file that an entry grants: whatever is asked for, in whatever order, no octet without one."""

from hypothesis import given
from hypothesis import strategies as st

from aigaq.access.stretches import MOST, Scale, Stretch, reach

HOUR = Scale(size=1_800_000_000, seconds=3600)
"""4 Mbit/s."""

SCALES = st.builds(
    Scale,
    size=st.integers(1, 5_000_000_000),
    seconds=st.none() | st.floats(0, 1e9, allow_nan=False),
)


@given(SCALES, st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=30))
def test_every_octet_asked_for_is_granted_once_and_only_once(scale, places):
    granted: list[Stretch] = []
    for place in places:
        offset = int(scale.size * place)
        if reach(granted, offset) is None:
            new = scale.grant(granted, offset)
            assert 0 <= new.first <= offset <= new.last < scale.size
            assert all(new.last < each.first or each.last < new.first for each in granted)
            assert new.last - new.first < MOST * scale.block
            granted.append(new)
        end = reach(granted, offset)
        assert end is not None
        assert end == scale.size - 1 or reach(granted, end + 1) is None


def watched(scale, offset=0):
    """Straight on to the end: what is entered."""
    granted: list[Stretch] = []
    while offset < scale.size:
        end = reach(granted, offset)
        if end is None:
            granted.append(scale.grant(granted, offset))
        else:
            offset = end + 1
    return granted


def test_an_hour_watched_on_and_on_is_a_few_entries_short_ones_first():
    granted = watched(HOUR)
    assert len(granted) == 16
    assert HOUR.milliseconds(granted[0]) == (0, 30_000)
    assert HOUR.milliseconds(granted[-1])[1] == 3_600_000


def test_a_look_in_somewhere_is_told_to_the_half_minute():
    (seen,) = [HOUR.grant([], HOUR.size // 2)]
    begun, ended = HOUR.milliseconds(seen)
    assert ended - begun <= 30_001
    assert begun <= 1_800_000 < ended


@given(SCALES)
def test_single_octets_all_over_are_no_more_entries_than_blocks(scale):
    granted: list[Stretch] = []
    for number in range(200):
        offset = number * 7919 * 65537 % scale.size
        if reach(granted, offset) is None:
            granted.append(scale.grant(granted, offset))
    assert len(granted) <= 1001


def test_whoever_watches_on_after_a_jump_back_is_not_told_twice():
    granted = [Stretch(0, HOUR.block * 3 - 1)]
    assert reach(granted, HOUR.block) == HOUR.block * 3 - 1
    after = HOUR.grant(granted, HOUR.block * 3)
    assert after == Stretch(HOUR.block * 3, HOUR.block * 6 - 1), "as long as what was watched before it"


def test_a_stretch_ends_where_one_begins_that_is_entered_already():
    granted = [Stretch(HOUR.block * 4, HOUR.block * 5 - 1), Stretch(0, HOUR.block * 3 - 1)]
    assert HOUR.grant(granted, HOUR.block * 3) == Stretch(HOUR.block * 3, HOUR.block * 4 - 1)


def test_of_a_file_without_a_length_no_seconds_are_claimed():
    scale = Scale(size=10_000_000)
    stretch = scale.grant([], 5_000_000)
    assert stretch == Stretch(4 * 1024**2, 8 * 1024**2 - 1)
    assert scale.milliseconds(stretch) is None
