"""Any path of a card gives a name that every file system takes, and always the same."""

import pytest

from aigaq.package.names import cut_path, numbered, original_path, playable_path, volume_name
from aigaq.package.verify import is_safe, safe_name
from tests.support.packages import PACKAGE_ID


@pytest.mark.parametrize(
    ("card_path", "name"),
    [
        ("DCIM/100AIGAQ/ПБ-0007_20261120_090000.MP4", "ПБ-0007_20261120_090000.MP4"),
        ("a/b/..", "__"),
        ("..", "__"),
        (".", "_"),
        ("", "_"),
        ("DCIM/", "_"),
        ("a/name. ", "name__"),
        ("a/ends.", "ends_"),
        ('a/<b>:"c"|?*%\\x5c.mp4', "_b___c______x5c.mp4"),
        ("a/line\nbreak\r\x00\x7f\x9f.mp4", "line_break____.mp4"),
        ("a/\u202egpj.exe", "_gpj.exe"),
        ("CON", "_CON"),
        ("con.mp4", "_con.mp4"),
        ("NUL .txt", "_NUL .txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("CONSOLE.mp4", "CONSOLE.mp4"),
        (".hidden", ".hidden"),
        ("е\u0308жик.mp4", "ёжик.mp4"),
        ("a" * 300 + ".mp4", "a" * 120 + ".mp4"),
        ("қ" * 300 + ".mp4", "қ" * 60 + ".mp4"),
        ("қ" + "я" * 59 + "😀.mp4", "қ" + "я" * 59 + ".mp4"),
        ("x." + "a" * 300, "x." + "a" * 118),
        ("a" * 119 + " b", "a" * 119 + "_"),
    ],
)
def test_a_hostile_path_gives_a_name_that_is_safe_everywhere(card_path, name):
    assert safe_name(card_path) == name
    assert is_safe(original_path(1, card_path))


def test_a_name_is_its_own_name():
    for each in ("ПБ-0007.MP4", "__", "_con.mp4", "a" * 120 + ".mp4"):
        assert safe_name(each) == each


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "a//b",
        "a/./b",
        "../a",
        "a/..",
        "a\\..\\b",
        "C:/a",
        "a\nb",
        "a/",
        "a%2f",
        "\ud800",
        "a" * 2000,
    ],
)
def test_a_path_that_could_lead_elsewhere_is_not_safe(path):
    assert not is_safe(path)


def test_numbers_have_three_digits_or_more():
    assert [numbered(each) for each in (1, 999, 1000)] == ["001", "999", "1000"]
    assert (cut_path(7, 2, ".mp4"), playable_path(7, ".mp4")) == ("cuts/007-2.mp4", "playable/007.mp4")


def test_a_volume_says_which_of_how_many_it_is():
    assert volume_name(PACKAGE_ID, 1, 1) == "aigaq-1a2b3c4d"
    assert volume_name(PACKAGE_ID, 2, 3) == "aigaq-1a2b3c4d-2-of-3"
