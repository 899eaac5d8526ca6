"""Profiles: read strictly, the mistake named with what to write; and which one a card is of."""

import re
from pathlib import Path

import pytest

from aigaq.unloading.recorders.errors import BrokenProfileError
from aigaq.unloading.recorders.library import Library, built_in
from aigaq.unloading.recorders.profile_file import parse
from tests.support.recorders import BUILT_IN, kind, listed, own_profiles, profile, profile_text

EXAMPLES = {
    "aigaq": "DCIM/100AIGAQ/БТ-0001_20261120_091200_0001.MP4",
    "date-serial": "Video/Normal/2017_0101_060101_001A.MP4",
    "dcam": "DCAM_CAM001_000001_20260804_100000_IMP.mp4",
    "dcf": "DCIM/100PHOTO/SAM_0042.JPG",
    "gopro": "DCIM/100GOPRO/GH020128.MP4",
    "motorola": "BryanMerritt_202511292256_BWL7137497-0.mp4",
}


def test_every_built_in_profile_has_an_example_and_says_where_its_naming_is_described():
    assert {each.name for each in built_in()} == set(EXAMPLES)
    assert all(each.source and each.title and each.built_in for each in built_in())


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_card_is_known_by_its_names(name):
    assert BUILT_IN.of_card([listed(EXAMPLES[name])]).name == name


def test_a_card_whose_names_say_nothing_has_no_profile():
    assert BUILT_IN.of_card([listed("notes.txt"), listed("a/b/c")]) is None
    assert BUILT_IN.of_card([]) is None


def test_the_profile_that_explains_the_most_names_is_taken_whatever_their_order():
    files = [listed(f"БТ-1_20261120_0912{n:02}_{n:04}.MP4") for n in range(5)] + [
        listed(f"2017_0101_06010{n}_001A.MP4") for n in range(4)
    ]
    assert {BUILT_IN.of_card(order).name for order in (files, files[::-1])} == {"aigaq"}


def test_of_two_that_explain_as_much_the_surer_is_taken_then_the_user_s_own(tmp_path):
    chapters = [listed("DCIM/100GOPRO/GX010001.MP4"), listed("DCIM/100GOPRO/GX010002.MP4")]
    assert BUILT_IN.of_card(chapters).name == "gopro", "four signs and four digits fit as well, but say less"
    own = own_profiles(tmp_path / "r", own=profile_text())
    assert own.of_card([listed("БТ-1_20261120_091200_0001.MP4")]).name == "own"


def test_a_large_card_is_judged_by_names_from_all_over_it():
    files = [listed(f"x{n}") for n in range(100)] + [
        listed(f"БТ-1_20261120_091200_{n:04}.MP4") for n in range(9000)
    ]
    assert BUILT_IN.of_card(files).name == "aigaq"


def test_one_of_the_user_s_replaces_the_built_in_of_its_name(tmp_path):
    found = own_profiles(tmp_path / "r", mine=profile_text('time = "utc"', called="aigaq"))
    assert [each.built_in for each in found.profiles if each.name == "aigaq"] == [False]
    assert len(found.profiles) == len(built_in())


def test_a_broken_profile_is_left_out_and_named_and_the_others_work(tmp_path):
    found = own_profiles(
        tmp_path / "r",
        a=profile_text(),
        b="name = 1",
        c=profile_text(),
        d=profile_text('colour = "red"', called="d"),
    )
    assert [each.name for each in found.profiles if not each.built_in] == ["own"]
    assert [error.details["file"].rpartition("/")[2] for error in found.broken] == [
        "b.toml",
        "c.toml",
        "d.toml",
    ]
    assert "another file here has the name “own” already" in str(found.broken[1])
    assert "colour: there is no such key" in str(found.broken[2])


def test_no_folder_of_profiles_is_no_mistake(tmp_path):
    assert Library.with_own(tmp_path / "none").profiles == built_in()


def test_a_folder_of_profiles_that_can_not_be_looked_into_is_told_and_no_card_is_refused_for_it(tmp_path):
    folder = tmp_path / "recorders"
    folder.symlink_to(folder)
    library = Library.with_own(folder)
    assert library.profiles == built_in()
    (error,) = library.broken
    assert (error.details["file"], error.details["key"]) == (str(folder), "–")


def test_a_profile_that_can_not_be_read_is_named(tmp_path):
    (tmp_path / "x.toml").mkdir()
    (error,) = Library.with_own(tmp_path).broken
    assert "x.toml" in str(error)
    assert "can't be read" in str(error)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[[", "–", "no TOML"),
        ("", "format", "missing"),
        ('format = "aigaq-recorder/9"', "format", "aigaq-recorder/1"),
        (profile_text().replace('"own"', '"Own"'), "name", "small Latin letters"),
        (profile_text('time = "mars"'), "time", "“local”"),
        (profile_text(name="{colour}"), "files[1].name", "no field"),
        (profile_text(name="{text}"), "files[1].name", "says nothing"),
        (profile_text(name="a/{sequence}"), "files[1].name", "“folder”"),
        (profile_text('[sidecars]\nendings = ["a/b"]'), "sidecars.endings", "no ending"),
        (profile_text('[takes]\njoin = "maybe"'), "takes.join", "“never”, “part”, “next”"),
        (profile_text('[takes]\njoin = "part"'), "takes.join", "{part}"),
        (profile_text('[takes]\njoin = "next"', name="{sequence}"), "takes.join", "seconds"),
        (profile_text("[takes]\ntolerance = -1"), "takes.tolerance", "whole number"),
        (profile_text("[takes]\nlength = 0"), "takes.length", "from 1 on"),
        (profile_text("[takes]\nlengths = 5"), "takes.lengths", "no such key"),
        (profile_text('[sequence]\ncounts = "day"', name="{sequence}"), "sequence.counts", "need a date"),
        (profile_text("[sequence]\nfirst = true"), "sequence.first", "whole number"),
        (profile_text('[identity]\npath = "../x"\nline = "{device}"'), "identity.path", "from the card's root"),
        (profile_text('[identity]\npath = "x"\nline = "{user}"'), "identity.line", "{device}"),
        (profile_text('[clock]\npath = "x"\nline = "{device}"'), "clock.line", "{date}"),
        (profile_text('[clock]\npath = "x"\nline = "{date}"'), "clock.line", "{minute}"),
        (profile_text('[time-file]\npath = "x"\ntext = "now"'), "time-file.text", "%Y-%m-%d"),
        (profile_text('[time-file]\npath = "x"\ntext = "%c"'), "time-file.text", "%Y-%m-%d"),
        (profile_text('[time-file]\npath = "x"\ntext = "%Y%m%d\\n%Y"'), "time-file.text", "once"),
        (profile_text('[time-file]\npath = "AIGAQ/x"\ntext = "%Y"'), "time-file.path", "Aigaq's own"),
        (profile_text("takes = 3"), "takes", "[takes]"),
        ('x = "' + "y" * 70_000 + '"', "–", "octets"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_its_key_and_what_to_write(text, key, reason):
    with pytest.raises(BrokenProfileError, match=re.escape(reason)) as caught:
        parse(text.encode(), file="x.toml")
    assert caught.value.details["file"] == "x.toml"
    assert caught.value.details["key"] == key


def test_folders_tell_what_names_do_not():
    found = profile(name="{time}_{sequence:4}".replace("{time}", "{device}")).files[0]
    assert found.folder == ()
    own = parse(
        profile_text(name="{sequence:4}")
        .replace('name = "{sequence:4}"', 'name = "{sequence:4}"\nfolder = "{user}/{date}"')
        .encode(),
        file="x",
    )
    fields, _ = own.read(("DCIM", "000123", "20261120"), "0042.MP4")
    assert (fields.user, fields.sequence, fields.at.day) == ("000123", 42, 20)
    assert own.read(("20261120",), "0042.MP4") is None
    assert own.read(("a", "20261199"), "0042.MP4") is None


def test_local_and_universal_time_are_five_hours_apart():
    at = {}
    for time in ("local", "utc"):
        own = profile(f'time = "{time}"')
        at[time] = own.instant(own.read((), "БТ-1_20261120_091200_0001.MP4")[0].at)
    assert (at["utc"] - at["local"]).total_seconds() == 5 * 3600


def test_the_letters_of_an_ending_may_be_large_or_small():
    assert kind("gopro").read((), "gh010001.mp4") is not None
    assert kind("gopro").read((), "GH010001.EXE") is None


def test_the_example_of_the_document_is_a_profile_and_reads_what_it_says_it_reads():
    text = Path("docs/formats/recorder-profile.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    own = parse(example.encode(), file="example.toml")
    fields, _ = own.read(("VIDEO", "20261120"), "000123@0004567_20261120091500_0042.MP4")
    assert (fields.user, fields.device, fields.sequence) == ("000123", "0004567", 42)
    assert own.read(("0004567", "20261120"), "PHOTO0043.JPG") is not None
    assert own.time_file is not None


def test_the_document_names_every_built_in_profile_with_a_name_that_it_reads():
    text = Path("docs/formats/recorder-profile.md").read_text(encoding="utf-8")
    for each in built_in():
        (names,) = re.findall(rf"^\| `{each.name}` \| (.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", names):
            *folders, last = name.split("/")
            assert each.read(tuple(folders), last) is not None, name
