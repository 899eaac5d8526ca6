"""Takes: every file in exactly one, the same ones whatever the order; what is a segment and what stands beside."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigaq.unloading.recorders.library import built_in
from aigaq.unloading.recorders.takes import Role, takes
from tests.support.recorders import kind, listed, local, profile

START = local("2026-11-20 09:00:00")
MINUTES = '[takes]\njoin = "next"\ntolerance = 2'


def segment(number, begins, lasts, *, ending="MP4", device="БТ-1"):
    """One of a take: it begins so many seconds after nine, and was written last when it ended."""
    at = START + timedelta(seconds=begins)
    return listed(
        f"DCIM/{device}_{at:%Y%m%d_%H%M%S}_{number:04}.{ending}", written=at + timedelta(seconds=lasts)
    )


def grouped(files, of):
    return [
        [member.file.path.rpartition("/")[2][-8:] for member in take.members] for take in takes(files, of)
    ]


def test_files_that_follow_each_other_are_one_take():
    files = [segment(1, 0, 60), segment(2, 60, 60), segment(3, 121, 60), segment(4, 190, 10)]
    assert grouped(files, profile(MINUTES)) == [["0001.MP4", "0002.MP4", "0003.MP4"], ["0004.MP4"]]


def test_the_recording_begins_when_its_first_segment_does():
    first, second = segment(2, 60, 60), segment(1, 0, 60)
    (take,) = takes([first, second], profile(MINUTES))
    assert take.at == START


def test_a_name_that_tells_the_day_alone_does_not_say_that_it_began_at_midnight():
    of_day = profile(name="{device}_{date}_{sequence:4}")
    assert [take.at for take in takes([listed("БТ-1_20261120_0001.MP4")], of_day)] == [None]
    of_minute = profile(name="{device}_{date}{hour}{minute}_{sequence:4}")
    assert [take.at for take in takes([listed("БТ-1_202611200900_0001.MP4")], of_minute)] == [START]


def test_a_fixed_length_tells_the_end_where_the_time_of_writing_does_not():
    files = [segment(n, 300 * n, 0) for n in range(3)]
    assert len(takes(files, profile(MINUTES))) == 3
    assert len(takes(files, profile(MINUTES + "\nlength = 300"))) == 1


def test_a_time_of_writing_that_is_off_by_the_zone_tells_the_end_too():
    shifted = [segment(1, 0, 60 + 5 * 3600), segment(2, 60, 60 + 5 * 3600)]
    assert len(takes(shifted, profile(MINUTES))) == 1


def test_photos_that_follow_quickly_are_no_segments():
    files = [segment(n, 2 * n, 1, ending="JPG") for n in range(5)]
    assert len(takes(files, profile(MINUTES))) == 5


def test_two_recorders_at_one_time_are_two_takes():
    files = [segment(1, 0, 60), segment(2, 60, 60, device="БТ-2")]
    assert len(takes(files, profile(MINUTES))) == 2


def test_two_lenses_at_one_time_are_two_takes():
    files = [
        listed(f"2026_1120_0900{s:02}_{n:03}{lens}.MP4", written=START + timedelta(seconds=s + 10))
        for n, s in ((1, 0), (2, 10))
        for lens in "AB"
    ]
    assert [len(take.members) for take in takes(files, kind("date-serial"))] == [2, 2]


def test_chapters_are_one_take_and_a_missing_one_ends_it():
    files = [listed(f"DCIM/100GOPRO/GX{part:02}0119.MP4") for part in (1, 2, 4, 5)]
    assert grouped(files, kind("gopro")) == [["0119.MP4"[-8:]] * 2] * 2
    assert [len(take.members) for take in takes(files, kind("gopro"))] == [2, 2]


def test_a_part_that_is_there_twice_joins_nothing():
    own = profile('[takes]\njoin = "part"', name="{device}-{part}")
    assert [
        len(take.members) for take in takes([listed("a-1.MP4"), listed("a-01.MP4"), listed("a-2.MP4")], own)
    ] == [1] * 3


def test_sidecars_stay_with_the_recording_of_their_name():
    files = [
        segment(1, 0, 60),
        segment(2, 60, 60),
        segment(2, 60, 60, ending="GPS"),
        segment(9, 0, 1, ending="srt"),
    ]
    own = profile(MINUTES + '\n[sidecars]\nendings = ["gps", "srt"]')
    found = takes(files, own)
    assert [[(member.role, member.file.path[-8:]) for member in take.members] for take in found] == [
        [(Role.MAIN, "0001.MP4"), (Role.MAIN, "0002.MP4"), (Role.SIDECAR, "0002.GPS")],
        [(Role.MAIN, "0009.srt")],
    ]


def test_a_sidecar_named_otherwise_stays_with_the_recording_that_says_the_same():
    files = [
        listed("DCIM/100GOPRO/GH010128.MP4"),
        listed("DCIM/100GOPRO/GL010128.LRV"),
        listed("DCIM/100GOPRO/GH010128.THM"),
    ]
    (take,) = takes(files, kind("gopro"))
    assert [member.role for member in take.members] == [Role.MAIN, Role.SIDECAR, Role.SIDECAR]


def test_a_time_that_no_clock_runs_in_is_no_time_and_one_wrong_by_decades_is_kept():
    own = profile()
    years = {
        year: takes([listed(f"БТ-1_{year}0101_120000_0001.MP4")], own)[0].at
        for year in (1969, 1970, 1980, 2107, 2108)
    }
    assert [year for year, at in years.items() if at] == [1970, 1980, 2107]


def test_without_a_profile_every_file_is_a_take():
    assert [len(take.members) for take in takes([segment(1, 0, 60), segment(2, 60, 60)], None)] == [1, 1]


names = st.one_of(
    st.binary(min_size=1, max_size=60).filter(lambda each: b"/" not in each and b"\0" not in each),
    st.builds(
        lambda device, second, number, ending: (
            f"{device}_20261120_0900{second:02}_{number:04}.{ending}".encode()
        ),
        st.sampled_from(["БТ-1", "БТ_2", "x"]),
        st.integers(0, 59),
        st.integers(0, 12),
        st.sampled_from(["MP4", "mp4", "GPS", "THM", "JPG", "WAV"]),
    ),
    st.builds(
        lambda codec, part, number, ending: f"G{codec}{part:02}{number:04}.{ending}".encode(),
        st.sampled_from("HXL"),
        st.integers(0, 4),
        st.integers(1, 3),
        st.sampled_from(["MP4", "LRV", "THM"]),
    ),
)
cards = st.lists(
    st.tuples(st.sampled_from([b"", b"DCIM/", b"DCIM/100GOPRO/"]), names, st.integers(0, 90)),
    max_size=30,
    unique_by=lambda each: each[0] + each[1],
)


@settings(deadline=None)
@given(cards, st.sampled_from(built_in()), st.randoms())
def test_every_file_is_in_exactly_one_take_whatever_the_order(card, of, chance):
    files = [listed(folder + name, written=START + timedelta(seconds=s)) for folder, name, s in card]
    found = takes(files, of)
    assert sorted(member.file.parts for take in found for member in take.members) == sorted(
        f.parts for f in files
    )
    assert all(take.members[0].role is Role.MAIN for take in found)
    shuffled = list(files)
    chance.shuffle(shuffled)
    assert takes(shuffled, of) == found


@pytest.mark.parametrize("modified", [-(2**62), 2**62, 0])
def test_no_time_of_writing_makes_it_fall_over(modified):
    files = [segment(1, 0, 60), segment(2, 60, 60)]
    files = [file.__class__(file.parts, file.stamp._replace(modified_ns=modified)) for file in files]
    assert len(takes(files, profile(MINUTES))) == 2
