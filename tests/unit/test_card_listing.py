"""Whatever lies on a card is listed or named with a reason, and the walk ends."""

import os
import socket
import stat

import pytest

from aigaq.unloading import errors
from aigaq.unloading.sources.listing import list_card, open_card, our_name
from tests.support.cards import fill


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


def listed(card, **bounds):
    root = open_card(card)
    try:
        return list_card(root, **bounds)
    finally:
        os.close(root)


def codes(listing):
    return sorted(problem.code for problem in listing.problems)


def test_every_regular_file_is_listed_by_path_whatever_its_name(card):
    names = [
        "DCIM/100/b.mp4",
        "DCIM/100/a.wav",
        "note",
        ".hidden",
        "System Volume Information/IndexerVolumeGuid",
    ]
    fill(card, dict.fromkeys(names, b"x"))
    assert [each.path for each in listed(card).files] == sorted(names)


def test_our_own_two_files_are_no_evidence_and_all_else_in_our_folder_is(card):
    fill(
        card,
        {
            f"AIGAQ/{name}": b"x"
            for name in ("identity.json", "cleared.txt", "cleared.txt.part", "hidden.mp4")
        },
    )
    assert [each.path for each in listed(card).files] == ["AIGAQ/hidden.mp4"]


def test_our_names_deeper_down_are_evidence(card):
    fill(card, {"DCIM/AIGAQ/identity.json": b"x", "identity.json": b"x"})
    assert len(listed(card).files) == 2


def test_a_card_that_changes_the_case_of_letters_still_has_our_files(card):
    fill(card, {"aigaq/IDENTITY.JSON": b"x"})
    assert listed(card).files == []
    assert our_name([b"aigaq", b"AIGAQ"], b"AIGAQ") == b"AIGAQ"


def test_a_folder_named_like_ours_beside_ours_is_evidence(card):
    fill(card, {"AIGAQ/identity.json": b"x", "aigaq/identity.json": b"secret"})
    assert [each.path for each in listed(card).files] == ["aigaq/identity.json"]


def test_links_pipes_and_sockets_are_named_and_not_followed(card, tmp_path):
    (tmp_path / "outside").write_bytes(b"not of the card")
    (card / "link.mp4").symlink_to(tmp_path / "outside")
    (card / "folder").symlink_to(tmp_path)
    (card / "dangling").symlink_to("/nowhere")
    os.mkfifo(card / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(card / "socket"))
        found = listed(card)
    assert found.files == []
    assert codes(found) == ["file.not-a-file"] * 5
    assert {problem.details["kind"] for problem in found.problems} == {"link", "pipe", "socket"}
    assert found.sound


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a device node")
def test_a_device_node_is_named_and_not_opened(card):
    os.mknod(card / "video.mp4", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    (problem,) = listed(card).problems
    assert problem.details == {"path": "video.mp4", "kind": "device"}


def test_folders_deeper_than_the_bound_are_named_and_the_card_is_not_to_be_cleared(card):
    fill(card, {"/".join(["d"] * 3 + ["a"]): b"x", "/".join(["d"] * 4 + ["b"]): b"x"})
    found = listed(card, max_depth=3)
    assert [each.path for each in found.files] == ["d/d/d/a"]
    assert codes(found) == ["file.too-deep"]
    assert not found.sound


def test_a_card_of_too_many_names_is_read_to_the_bound_and_said_so_once(card):
    fill(card, {f"{n:02}/{m:02}": b"x" for n in range(10) for m in range(10)})
    found = listed(card, max_entries=30)
    assert 0 < len(found.files) <= 30
    assert codes(found) == ["file.too-many"]
    assert not found.sound


def test_exactly_as_many_names_as_the_bound_are_all_read(card):
    fill(card, {f"{n}": b"x" for n in range(30)})
    found = listed(card, max_entries=30)
    assert (len(found.files), found.problems, found.sound) == (30, [], True)


def test_a_directory_that_contains_itself_is_told_and_its_files_are_listed_once(card):
    # What a damaged FAT shows: the same names, sizes and times at every depth.
    path = card
    for _ in range(12):
        path /= "DCIM"
        fill(path, {"A.MP4": b"first", "B.MP4": b"second"})
    for folder in sorted(card.rglob("*"), reverse=True):
        os.utime(folder, (0, 0))
    found = listed(card)
    assert [each.path for each in found.files] == ["DCIM/A.MP4", "DCIM/B.MP4"]
    assert codes(found) == ["file.directory-loop"]
    assert not found.sound


def test_three_folders_of_one_name_within_one_another_are_no_loop(card):
    fill(card, {"DCIM/DCIM/DCIM/A.MP4": b"x"})
    for folder in sorted(card.rglob("*"), reverse=True):
        os.utime(folder, (0, 0))
    found = listed(card)
    assert ([each.path for each in found.files], found.sound) == (["DCIM/DCIM/DCIM/A.MP4"], True)


@pytest.mark.skipif(os.getuid() != 0, reason="needs to become somebody else to be refused")
def test_an_unreadable_folder_is_a_problem_and_the_rest_is_listed(card):
    fill(card, {"open/a": b"x", "shut/b": b"x"})
    (card / "shut").chmod(0)
    root = open_card(card)
    pid = os.fork()
    if pid == 0:
        os.setgroups([])
        os.setuid(65534)
        found = list_card(root)
        os._exit(
            0
            if [e.path for e in found.files] == ["open/a"] and codes(found) == ["file.unreadable-directory"]
            else 1
        )
    os.close(root)
    assert os.waitpid(pid, 0)[1] == 0


def test_what_is_no_folder_is_no_card(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "none", "a\0b"):
        with pytest.raises(errors.NotACardError):
            open_card(path)


def test_the_fingerprint_tells_a_card_from_itself_later(card):
    fill(card, {"a": b"x"})
    before = listed(card).fingerprint
    assert listed(card).fingerprint == before
    fill(card, {"b": b"x"})
    assert listed(card).fingerprint != before


def test_names_of_255_octets_and_of_no_utf8_are_listed(card):
    names = [b"\xff" * 255, "ә".encode() * 127, b"-rf", b"a\nb", "\u202egpj.exe".encode(), b" "]
    for name in names:
        with open(os.fsencode(card) + b"/" + name, "wb"):
            pass
    assert sorted(each.parts[0] for each in listed(card).files) == sorted(names)
