"""Only what still is what was stored goes from a card."""

import hashlib
import os

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.unloading.sources.clearing import Proven, clear
from aigaq.unloading.sources.listing import list_card, open_card
from tests.support.cards import fill, left_on


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return fill(tmp_path / "card", {"DCIM/100/a": b"first", "DCIM/100/b": b"second", "DCIM/101/c": b"third"})


@pytest.fixture
def root(card):
    fd = open_card(card)
    yield fd
    os.close(fd)


def proven(root):
    contents = {"DCIM/100/a": b"first", "DCIM/100/b": b"second", "DCIM/101/c": b"third"}
    return [
        Proven(file, ContentDigest(hashlib.sha256(contents[file.path]).digest()))
        for file in list_card(root).files
    ]


def test_what_is_proven_goes_with_the_folders_it_emptied(root, card):
    outcome = clear(root, proven(root))
    assert (len(outcome.cleared), outcome.problems) == (3, [])
    assert [path.name for path in card.rglob("*")] == ["DCIM"]


def test_a_file_beside_it_keeps_its_folder(root, card):
    files = proven(root)
    fill(card, {"DCIM/100/new": b"just recorded"})
    clear(root, files)
    assert left_on(card) == {"DCIM/100/new": b"just recorded"}


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"FIRST"),
        lambda path: path.write_bytes(b"first and more"),
        lambda path: (path.unlink(), path.write_bytes(b"other")),
        lambda path: (path.unlink(), path.symlink_to("b")),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_what_is_not_what_was_stored_stays(root, card, change):
    files = proven(root)
    facts = (card / "DCIM/100/a").stat()
    change(card / "DCIM/100/a")
    if (card / "DCIM/100/a").is_file() and not (card / "DCIM/100/a").is_symlink():
        os.utime(card / "DCIM/100/a", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    outcome = clear(root, files)
    assert len(outcome.cleared) == 2
    assert [problem.code for problem in outcome.problems] == ["file.changed"]
    assert os.path.lexists(card / "DCIM/100/a")


def test_the_same_octets_under_another_inode_are_what_was_stored(root, card):
    # FAT and FUSE number their files anew.
    files = proven(root)
    (card / "DCIM/100/a").rename(card / "elsewhere")
    (card / "DCIM/100/a").write_bytes(b"first")
    assert len(clear(root, files).cleared) == 3


def test_what_somebody_took_meanwhile_is_told_and_not_counted(root, card):
    files = proven(root)
    (card / "DCIM/100/a").unlink()
    outcome = clear(root, files)
    assert len(outcome.cleared) == 2
    assert [problem.code for problem in outcome.problems] == ["file.not-cleared"]


def test_a_folder_turned_into_a_link_is_not_followed(root, card, tmp_path):
    files = proven(root)
    outside = fill(tmp_path / "outside", {"a": b"first", "b": b"second"})
    (card / "DCIM/100").rename(card / "DCIM/moved")
    (card / "DCIM/100").symlink_to(outside)
    outcome = clear(root, files)
    assert len(outcome.cleared) == 1
    assert sorted(left_on(outside)) == ["a", "b"]
