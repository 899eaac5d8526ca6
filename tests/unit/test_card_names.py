from datetime import UTC, datetime

import pytest

from aigaq.unloading.sources.names import path_text, take_of


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((b"DCIM", b"A.MP4"), "DCIM/A.MP4"),
        (("Бейне".encode(), "өрт.mp4".encode()), "Бейне/өрт.mp4"),
        ((b"\xff\xfe.mp4",), r"\xff\xfe.mp4"),
        ((rb"\xff.mp4",), r"\x5cxff.mp4"),
        ((b"a\nb",), "a\nb"),
        ((b"\xed\xa0\x80",), r"\xed\xa0\x80"),
    ],
)
def test_a_path_is_spelt_as_the_format_says(parts, text):
    assert path_text(parts) == text


def test_two_paths_are_never_spelt_alike():
    names = [b"\xff", rb"\xff", rb"\x5cxff", b"\\", rb"\x5c", b"\xc3", "Ã".encode()]
    assert len({path_text((name,)) for name in names}) == len(names)


def test_the_recorder_s_clock_is_in_its_name_in_kazakhstan_s_time():
    take = take_of("БТ-0001_20261120_091203_0001.MP4")
    assert take is not None
    assert take.maker == "БТ-0001"
    assert take.recorded_at == datetime(2026, 11, 20, 4, 12, 3, tzinfo=UTC)


def test_before_march_2024_almaty_was_six_hours_ahead():
    take = take_of("X_20240115_120000.MP4")
    assert take is not None
    assert take.recorded_at == datetime(2024, 1, 15, 6, 0, 0, tzinfo=UTC)


def test_a_maker_may_have_an_underscore_in_it():
    take = take_of("SN_77_20261120_091203_0001.MP4")
    assert take is not None
    assert take.maker == "SN_77"


@pytest.mark.parametrize(
    "name",
    [
        "MOV_0001.MP4",
        "X_20261320_091203.MP4",
        "X_20261120_256100.MP4",
        "_20261120_091203.MP4",
        "X_20261120_091203Z.MP4",
        "",
    ],
)
def test_what_has_another_form_says_nothing(name):
    assert take_of(name) is None
