"""Missing numbers: found where a file was taken away, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigaq.unloading.recorders.sequence import MOST_GAPS, missing, numbered
from aigaq.unloading.recorders.takes import read_names
from tests.support.recorders import listed, profile

SHORT = "{device}_{date}_{time}_{sequence:3}"


def own(text="", name="{device}_{date}_{time}_{sequence:4}"):
    return profile(text, name=name)


def on_card(numbers, *, of=None, day="20261120", device="БТ-1", folder="DCIM", width=4):
    files = [
        listed(f"{folder}/{device}_{day}_0900{i % 60:02}_{n:0{width}}.MP4") for i, n in enumerate(numbers)
    ]
    return numbered(read_names(files, of or own()), of or own())


def gaps(numbers, *, ended=None, of=None, elsewhere=None, **how):
    """First and last of each gap, where the last unloading ended with `ended`."""
    of = of or own()
    before = {} if ended is None else {"": ended}
    seen = None if elsewhere is None else {"": elsewhere}
    found = missing(on_card(numbers, of=of, **how), of, ended=before, elsewhere=seen)
    return [(gap.first, gap.last) for gap in found.gaps]


def test_a_number_that_is_skipped_is_missing_with_the_files_beside_it():
    (gap,) = missing(on_card([1, 2, 5, 6]), own(), ended={}).gaps
    assert (gap.first, gap.last, gap.count) == (3, 4, 2)
    assert (gap.before[-8:], gap.after[-8:]) == ("0002.MP4", "0005.MP4")


@pytest.mark.parametrize(
    ("numbers", "ended", "found"),
    [
        ([7, 8, 9], None, []),  # the first card of a recorder may begin anywhere
        ([7, 8, 9], 6, []),
        ([7, 8, 9], 4, [(5, 6)]),  # deleted at the beginning of the card
        ([8], 6, [(7, 7)]),
        ([1, 2, 3], 400, []),  # formatted
        ([1, 2, 4], 400, [(3, 3)]),  # formatted, and then one deleted
        ([3, 4], 400, []),  # set back to somewhere
        ([9998, 9999, 1, 2], 9997, []),  # wrapped on the card
        ([1, 2, 3], 9999, []),  # wrapped between two unloadings
        ([2, 3], 9999, [(1, 1)]),
        ([2, 3], 9998, [(9999, 1)]),  # over the end of the count
        ([9997, 9999, 1, 3], 9996, [(9998, 9998), (2, 2)]),
        ([9998, 9999, 1, 2], None, []),
        ([9990, 9999, 1], None, [(9991, 9998)]),
        ([1, 9999], None, []),  # both ends of the count alone: it wrapped
        ([1, 2, 3], 9990, [(9991, 9999)]),  # so close to its end the count is taken to have gone on
        ([8000, 8001], 10, []),  # more than half the count further: another count
        ([4000], 10, [(11, 3999)]),
        ([5], 5, []),
        ([], 5, []),
    ],
)
def test_missing_after_where_it_ended(numbers, ended, found):
    assert gaps(numbers, ended=ended) == found


def test_a_restart_is_told_as_one():
    runs = {
        ended: missing(on_card([1, 2]), own(), ended={"": ended}).runs[0].restarted
        for ended in (400, 9999, 0)
    }
    assert runs == {400: True, 9999: False, 0: False}


def test_a_count_without_an_end_never_wraps():
    of = own(name="{device}_{date}_{time}_{sequence}")
    assert gaps([9999, 10000, 10002], of=of, ended=9998) == [(10001, 10001)]
    assert gaps([1, 2], of=of, ended=9999) == []


def test_a_short_count_wraps_close_to_its_end_only():
    of = own(name=SHORT)
    assert gaps([1, 2], of=of, ended=998, width=3) == [(999, 999)]
    assert gaps([1, 2], of=of, ended=950, width=3) == []


def test_a_recorder_that_numbers_each_day_from_one_is_asked_for_the_first_of_the_day():
    of = own('[sequence]\ncounts = "day"')
    first = on_card([1, 2], of=of) + on_card([2, 3], of=of, day="20261121")
    found = missing(first, of, ended={})
    assert [(gap.scope, gap.first, gap.last) for gap in found.gaps] == [("2026-11-21", 1, 1)]
    later = missing(on_card([4], of=of, day="20261121"), of, ended=found.ends)
    assert later.gaps == ()
    assert missing(on_card([1], of=of, day="20261122"), of, ended=found.ends).gaps == ()


def test_folders_that_count_for_themselves():
    of = own('[sequence]\ncounts = "folder"')
    files = on_card([1, 2], of=of, folder="100") + on_card([1, 3], of=of, folder="101")
    assert [(gap.scope, gap.first) for gap in missing(files, of, ended={}).gaps] == [("101", 2)]


def test_a_count_that_goes_on_from_folder_to_folder():
    files = on_card([998, 999], folder="100") + on_card([1000, 1001], folder="101")
    assert missing(files, own(), ended={"": 997}).gaps == ()


def test_numbers_that_mean_nothing_are_not_missed():
    of = own('[sequence]\ncounts = "nothing"')
    assert missing(on_card([1, 5], of=of), of, ended={}).runs == ()


def test_what_another_card_of_the_recorder_brought_is_not_missing():
    assert gaps([1, 2, 8, 9], elsewhere=[(3, 7)]) == []
    assert gaps([1, 2, 8, 9], elsewhere=[(4, 5), (100, 200)]) == [(3, 3), (6, 7)]
    assert gaps([2], ended=9997, elsewhere=[(9998, 9999)]) == [(1, 1)]


def test_files_of_another_recorder_are_not_counted_in():
    files = read_names(
        [listed("БТ-1_20261120_090000_0001.MP4"), listed("БТ-2_20261120_090000_0007.MP4")], own()
    )
    assert [each.number for each in numbered(files, own(), lambda device: device == "БТ-1")] == [1]


def test_a_sidecar_does_not_count_and_a_number_there_twice_counts_once():
    of = own('[sidecars]\nendings = ["gps"]')
    files = read_names(
        [
            listed("БТ-1_20261120_090000_0001.MP4"),
            listed("БТ-1_20261120_090000_0009.GPS"),
            listed("БТ-1_20261120_090001_0001.JPG"),
        ],
        of,
    )
    assert missing(numbered(files, of), of, ended={}).gaps == ()


def test_a_card_full_of_holes_names_a_bounded_number_of_them():
    assert len(missing(on_card(range(1, 3000, 2)), own(), ended={}).gaps) == MOST_GAPS


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(1, 300), st.data())
def test_what_was_taken_away_is_what_is_missing_wherever_the_count_stands(start, length, data):
    """A run of numbers over the end of the count, of which some in the middle were deleted."""
    run = [(start - 1 + n) % 9999 + 1 for n in range(length + 2)]
    deleted = set(data.draw(st.sets(st.sampled_from(run[1:-1]), max_size=min(length, 15))))
    before = (start - 2) % 9999 + 1
    left = [n for n in run if n not in deleted]
    found = missing(on_card(left), own(), ended={"": before}).gaps
    told = {n for gap in found for n in _numbers(gap)}
    assert told == deleted
    assert sum(gap.count for gap in found) == len(deleted)


def _numbers(gap):
    if gap.first <= gap.last:
        return range(gap.first, gap.last + 1)
    return [*range(gap.first, 10000), *range(1, gap.last + 1)]


@settings(deadline=None)
@given(st.sets(st.integers(0, 9999), max_size=30), st.none() | st.integers(0, 9999))
def test_nothing_that_is_there_is_ever_called_missing(numbers, ended):
    told = {n for first, last in gaps(sorted(numbers), ended=ended) for n in _span(first, last)}
    assert not told & numbers


def _span(first, last):
    return range(first, last + 1) if first <= last else [*range(first, 10000), *range(1, last + 1)]
