"""What a card proves of its recorder's clock, what is doubtful in a time, and the file that sets it."""

import os
from datetime import timedelta

import pytest

from aigaq.unloading.recorders.clocks import Doubt, Way, bounds, doubts, is_whole_hours
from aigaq.unloading.recorders.device import read_device, rendered, set_time
from aigaq.unloading.recorders.plan import plan
from aigaq.unloading.recorders.takes import read_names
from aigaq.unloading.sources.listing import list_card, open_card
from tests.support.recorders import listed, local, own_profiles, profile, profile_text

NOW = local("2026-11-20 12:00:00")


def names(*times):
    return read_names([listed(f"БТ-1_{time}_{n:04}.MP4") for n, time in enumerate(times, 1)], profile())


def measured(*times, emptied=None):
    found = bounds(names(*times), now=NOW, emptied_at=emptied)
    return [(each.way, each.offset) for each in found]


def test_a_file_that_begins_after_now_proves_that_the_clock_is_ahead():
    assert measured("20261120_130000", "20261120_110000") == [(Way.FUTURE_FILE, timedelta(hours=1))]
    assert measured("20261120_120002") == []


def test_a_file_that_begins_before_the_card_was_empty_proves_that_it_was_behind():
    emptied = local("2026-11-20 09:00:00")
    assert measured("20261120_080000", "20261120_100000", emptied=emptied) == [
        (Way.PAST_FILE, -timedelta(hours=1))
    ]
    assert measured("20261120_090000", emptied=emptied) == []
    assert measured("20261120_080000") == []


@pytest.mark.parametrize(
    ("name", "same", "before", "behind"),
    [
        ("{device}_{date}_{sequence:4}", "20261120", "20261119", timedelta(hours=9)),
        ("{device}_{date}{hour}_{sequence:4}", "2026112009", "2026112007", timedelta(hours=1, minutes=0.5)),
        (
            "{device}_{date}{hour}{minute}_{sequence:4}", "202611200900", "202611200858",
            timedelta(minutes=1.5),
        ),
    ],
)  # fmt: skip
def test_a_name_that_tells_the_day_or_the_minute_says_nothing_of_what_is_within(name, same, before, behind):
    emptied = local("2026-11-20 09:00:30") if "hour" in name else local("2026-11-20 09:00:00")

    def told(time):
        files = read_names([listed(f"БТ-1_{time}_0001.MP4")], profile(name=name))
        return [(each.way, each.offset) for each in bounds(files, now=NOW, emptied_at=emptied)]

    assert told(same) == []
    assert told(before) == [(Way.PAST_FILE, -behind)]


@pytest.mark.parametrize("year", [1970, 1980, 2107])
def test_clocks_that_lost_their_date(year):
    ((way, offset),) = measured(f"{year}0101_120000", emptied=local("2026-11-19 18:00:00"))
    assert way is (Way.FUTURE_FILE if year == 2107 else Way.PAST_FILE)
    assert abs(offset) > timedelta(days=365 * 40)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-20 10:00:00", []),
        ("1970-01-01 00:00:10", [Doubt.CLOCK_AT_START, Doubt.BEFORE_ISSUE]),
        ("1980-01-01 00:00:00", [Doubt.CLOCK_AT_START, Doubt.BEFORE_ISSUE]),
        ("2107-12-31 23:59:58", [Doubt.CLOCK_AT_START, Doubt.AFTER_TAKEN_IN]),
        ("2026-11-20 12:00:05", [Doubt.AFTER_TAKEN_IN]),
        ("2026-11-20 08:00:00", [Doubt.BEFORE_ISSUE]),
        ("2026-11-20 11:30:00", [Doubt.AFTER_RETURN]),
    ],
)
def test_what_is_doubtful_in_a_time(at, found):
    issued, returned = local("2026-11-20 09:00:00"), local("2026-11-20 11:00:00")
    assert doubts(local(at), ingested_at=NOW, issued_at=issued, returned_at=returned) == found


def test_a_clock_that_was_read_beside_it():
    def of(**offset):
        return doubts(local("2026-11-20 10:00:00"), ingested_at=NOW, offset=timedelta(**offset))

    assert of(seconds=60) == []
    assert of(seconds=61) == [Doubt.CLOCK_OFF]
    assert of(hours=-1) == [Doubt.WHOLE_HOURS]
    assert doubts(None, ingested_at=NOW) == [Doubt.NO_TIME]


def test_whole_hours_are_a_zone_and_not_a_day():
    assert is_whole_hours(timedelta(hours=5, seconds=7))
    assert not is_whole_hours(timedelta(hours=1, minutes=5))
    assert not is_whole_hours(timedelta(hours=24))
    assert not is_whole_hours(timedelta(seconds=30))


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    root = open_card(tmp_path / "card")
    yield root
    os.close(root)


WITH_FILES = """
[identity]
path = "config/device.ini"
line = "DeviceID={device}"
[clock]
path = "config/now.txt"
line = "{year}-{month}-{day} {hour}:{minute}:{second}"
[time-file]
path = "timeset.txt"
text = "%Y-%m-%d %H:%M:%S"
newline = "crlf"
"""


def write(folder, **files):
    (folder / "CONFIG").mkdir(exist_ok=True)
    for name, octets in files.items():
        (folder / "CONFIG" / name.replace("_", ".")).write_bytes(octets)


def test_who_it_is_and_what_time_it_has_stand_in_files_of_the_card(card, tmp_path):
    write(
        tmp_path / "card",
        device_ini=b"\xef\xbb\xbf[main]\r\nDeviceID=SN7-1\r\n",
        now_txt=b"2026-11-20 12:03:00\r\n",
    )
    (tmp_path / "card" / "БТ-9_20261120_090000_0001.MP4").write_bytes(b"x")
    library = own_profiles(tmp_path / "own", own=profile_text(WITH_FILES))
    found = plan(card, list_card(card), library, NOW)
    assert found.profile.name == "own"
    assert found.devices == ("SN7-1", "БТ-9")
    assert (found.clock.way, found.clock.offset, found.clock.is_exact) == (
        Way.TIME_FILE,
        timedelta(minutes=3),
        True,
    )


@pytest.mark.parametrize("octets", [b"", b"\xff\xfe\x00", b"DeviceID=", b"x" * 200_000, b"\n" * 70_000])
def test_a_device_file_of_another_form_tells_nothing(card, tmp_path, octets):
    write(tmp_path / "card", device_ini=octets)
    assert read_device(card, profile(WITH_FILES).identity) is None


def test_no_link_is_followed_for_it(card, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "device.ini").write_text("DeviceID=SN7-1")
    (tmp_path / "card" / "config").symlink_to(tmp_path / "secret")
    assert read_device(card, profile(WITH_FILES).identity) is None


def test_the_time_is_left_in_the_form_that_the_recorder_reads_and_known_again(card, tmp_path):
    own = profile(WITH_FILES)
    assert set_time(card, own.time_file, own.zone, NOW) == b"2026-11-20 12:00:00\r\n"
    assert (tmp_path / "card" / "timeset.txt").read_bytes() == b"2026-11-20 12:00:00\r\n"
    library = own_profiles(tmp_path / "own", own=profile_text(WITH_FILES))
    listing = list_card(card)
    plan(card, listing, library, NOW)
    assert listing.files == [], "what we left for the recorder is no evidence"
    (tmp_path / "card" / "timeset.txt").write_bytes(b"2026-11-20 12:00:00 and more")
    listing = list_card(card)
    plan(card, listing, library, NOW)
    assert len(listing.files) == 1, "another file of that name is somebody's"


def test_the_time_file_of_several_lines_and_in_universal_time(card, tmp_path):
    # TAG.txt of the 808 #8 camera: tech.akom.net/archives/66.
    text = (
        'time = "utc"\n[time-file]\npath = "TAG/TAG.txt"\ntext = "[date]\\n%Y/%m/%d\\n%H:%M:%S"\nahead = 30'
    )
    own = profile(text)
    assert set_time(card, own.time_file, own.zone, NOW) == b"[date]\r\n2026/11/20\r\n07:00:30\r\n"
    assert (tmp_path / "card" / "TAG" / "TAG.txt").exists()


def test_an_older_one_is_replaced_and_something_else_in_its_place_is_left(card, tmp_path):
    own = profile(WITH_FILES)
    (tmp_path / "card" / "TIMESET.TXT").write_bytes(b"old")
    set_time(card, own.time_file, own.zone, NOW)
    assert (tmp_path / "card" / "TIMESET.TXT").read_bytes() == rendered(
        own.time_file, NOW.astimezone(own.zone)
    )
    (tmp_path / "card" / "TIMESET.TXT").unlink()
    (tmp_path / "card" / "timeset.txt").mkdir()
    with pytest.raises(OSError):
        set_time(card, own.time_file, own.zone, NOW)
