"""Templates of names: what they say, what they refuse, and that a hostile name costs no more than another."""

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigaq.unloading.recorders.template import BadTemplateError, Fields, Template

OWN = "{device}_{date}_{time}_{sequence:4}"


def read(template, name):
    return Template.parse(template).read(name)


@pytest.mark.parametrize(
    ("template", "name", "said"),
    [
        (OWN, "БТ-0001_20261120_091201_0003", Fields("БТ-0001", "", 3, None, datetime(2026, 11, 20, 9, 12, 1))),
        (OWN, "БТ_0001_20261120_091201_0003", Fields("БТ_0001", "", 3, None, datetime(2026, 11, 20, 9, 12, 1))),
        ("{year}_{month}{day}_{time}_{sequence:3}A", "2017_0101_060101_001a", Fields(sequence=1, at=datetime(2017, 1, 1, 6, 1, 1))),
        ("{user}_{date}{hour}{minute}_{device}-{part}", "BryanMerritt_202511292256_BWL7137497-0", Fields("BWL7137497", "BryanMerritt", None, 0, datetime(2025, 11, 29, 22, 56))),
        ("{user:6}@{device:7}_{datetime}", "000123@0004567_20260804100000", Fields("0004567", "000123", None, None, datetime(2026, 8, 4, 10))),
        ("{year:2}{month}{day}{text}", "261120", Fields(at=datetime(2026, 11, 20))),
        ("{year:2}{month}{day}{text}", "261120 and more", Fields(at=datetime(2026, 11, 20))),
        ("REC{sequence}", "rec000000042", Fields(sequence=42)),
        ("GX{part:2}{sequence:4}", "GX020128", Fields(sequence=128, part=2)),
    ],
)  # fmt: skip
def test_a_name_of_that_form_says(template, name, said):
    assert read(template, name) == said


@pytest.mark.parametrize(
    ("template", "name"),
    [
        (OWN, "_20261120_091201_0003"),
        (OWN, "БТ-0001_20260231_091201_0003"),
        (OWN, "БТ-0001_20261320_091201_0003"),
        (OWN, "БТ-0001_20261120_241201_0003"),
        (OWN, "БТ-0001_20261120_091260_0003"),
        (OWN, "БТ-0001_20261120_091201_00003x"),
        (OWN, "БТ-0001_20261120_091201_٠٠٠٣"),
        (OWN, "Б" * 65 + "_20261120_091201_0003"),
        (OWN, ""),
        ("{sequence}", "1234567890"),
        ("{year}{month}{day}", "00000101"),
        ("{text}x", "y" * 2000 + "x"),
    ],
)
def test_another_name_says_nothing(template, name):
    assert read(template, name) is None


def test_fields_are_as_short_as_they_can_be_from_left_to_right():
    assert read("{user}-{device}", "a-b-c") == Fields(device="b-c", user="a")
    assert read("{user}{sequence}", "ab12") == Fields(user="ab", sequence=12)
    assert read("{text}{sequence}", "12") == Fields(sequence=12)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("", "1 to 200"),
        ("x" * 201, "1 to 200"),
        ("{device", "brace"),
        ("device}", "brace"),
        ("{}", "no field"),
        ("{colour}", "no field"),
        ("{sequence:0}", "no field"),
        ("{sequence:10}", "no field"),
        ("{device:65}", "no field"),
        ("{month:2}", "no field"),
        ("{year:3}", "no field"),
        ("{date:8}", "no field"),
        ("{device}{device}", "twice"),
        ("{date}{day}", "twice"),
        ("{time}", "year, month and day"),
        ("{year}{month}", "year, month and day"),
        ("{date}{minute}", "needs hours"),
        ("{date}{hour}{second}", "needs minutes"),
        ("{text}-" * 21, "pieces"),
    ],
)
def test_a_template_that_could_not_be_meant_is_refused_with_what_is_wrong(template, reason):
    with pytest.raises(BadTemplateError, match=reason):
        Template.parse(template)


@settings(deadline=None)
@given(
    device=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64),
    at=st.datetimes(datetime(1970, 1, 1), datetime(2107, 12, 31)).map(lambda each: each.replace(microsecond=0)),
    number=st.integers(0, 9999),
)  # fmt: skip
def test_what_a_recorder_wrote_is_read_back_whatever_its_number_is_called(device, at, number):
    said = read(OWN, f"{device}_{at:%Y%m%d_%H%M%S}_{number:04}")
    assert (said.at, said.sequence) == (at, number)
    assert device.startswith(said.device)


@settings(deadline=None)
@given(
    st.text(max_size=255),
    st.sampled_from([OWN, "{text}{text}{text}{part}{text}{sequence:3}", "{user}{device}{part}"]),
)
def test_any_name_is_read_without_falling_over(name, template):
    said = read(template, name)
    assert said is None or isinstance(said, Fields)


@pytest.mark.parametrize("sign", ["_12345678", "1", "_", "20260101", "\x00", "ß", "٣"])
def test_a_hostile_name_costs_no_more_than_its_length(sign):
    template = Template.parse("{text}{user}{text}{device}{text}_{part}{text}_{date}_{time}{text}_{sequence}")
    name = (sign * 255)[:255]
    began = time.process_time()
    for _ in range(200):
        template.read(name)
    assert time.process_time() - began < 1, (
        "200 names within a second: far more than is needed, far less than 2ⁿ"
    )
