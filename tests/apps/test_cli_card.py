"""`aigaq card` and `aigaq unload`, as somebody at a terminal has them."""

import json
import os
import subprocess

import pytest

from tests.support import databases
from tests.support.cards import fill, left_on, takes
from tests.support.command import Shell

AT_ONE_SECOND = """
from datetime import UTC, datetime
from aigaq.cli.options import set_up
from aigaq.core.clock import FixedClock
set_up("en", None)
from aigaq import wiring
wiring._CLOCK = FixedClock(datetime(2026, 11, 20, tzinfo=UTC))
from aigaq.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """One installation for all of these."""
    url = databases.server.create("made_for_cards") if databases.server else ""
    shell = Shell(tmp_path_factory.mktemp("cards") / "data", url)
    shell.installed()
    return shell


@pytest.fixture
def bare(tmp_path):
    return Shell(tmp_path / "none")


def test_a_card_is_simulated_without_any_installation(bare, tmp_path):
    ran = bare.run("card", "simulate", str(tmp_path / "card"), "--files", "4", "--seconds", "1", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["files"] == 4
    written = sorted(left_on(tmp_path / "card"))
    assert written == sorted(ran.json["names"])
    assert [name[-3:] for name in written] == ["MP4", "MP4", "JPG", "WAV"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card"]


def test_a_simulated_card_never_writes_over_what_is_there(bare, tmp_path):
    arguments = ("card", "simulate", str(tmp_path / "card"), "--files", "1", "--seconds", "1")
    program = ("-c", AT_ONE_SECOND)
    assert bare.run(*arguments, program=program).status == 0
    before = left_on(tmp_path / "card")
    ran = bare.run(*arguments, program=program)
    assert ran.status == 2
    assert "not written over" in ran.err
    assert left_on(tmp_path / "card") == before


def test_unloading_answers_with_the_fields_that_scripts_rely_on(shell, tmp_path):
    card = fill(tmp_path / "card", takes(2, recorder="X"))
    ran = shell.run("unload", str(card), "--json")
    assert ran.status == 0, ran.err
    told = ran.json
    assert (told["files"], told["stored"], told["already_stored"], told["bytes"]) == (2, 2, 0, 2000)
    assert (told["damaged"], told["foreign"], told["cleared"], told["row"]) == (0, 2, 0, None)
    assert (told["state"], told["reason"]) == ("tray", "card.unknown")
    for recording in told["recordings"]:
        blob = shell.data / recording["blob"]
        assert recording["blob"].startswith("vault/blobs/")
        assert recording["content_digest"].startswith("sha256:")
        assert recording["content_digest"][7:] in blob.name
        stored = subprocess.run(["sha256sum", blob], capture_output=True, check=True, text=True).stdout
        assert stored.split()[0] in blob.name
    assert len(left_on(card)) == 2


def test_people_are_told_in_sentences(shell, tmp_path):
    card = fill(tmp_path / "card", takes(1, recorder="X"))
    (card / "link").symlink_to("/etc/shadow")
    ran = shell.run("unload", str(card))
    assert ran.status == 0
    assert "“link” is no file but a link" in ran.out
    assert "waits in the tray" in ran.out
    assert ran.err == ""


def test_a_missing_card_is_bad_usage_in_one_sentence(shell):
    ran = shell.run("unload", "/nowhere/at/all", "--json")
    assert ran.status == 2
    assert ran.json["error"]["code"] == "card.none"
    assert ran.err.count("\n") == 1


def test_an_empty_card_is_said_to_be(shell, tmp_path):
    (tmp_path / "card").mkdir()
    ran = shell.run("unload", str(tmp_path / "card"))
    assert (ran.status, ran.out) == (0, "There is nothing on the card.\n")


def test_unloading_without_an_installation_says_how_to_make_one(bare, tmp_path):
    (tmp_path / "card").mkdir()
    ran = bare.run("unload", str(tmp_path / "card"))
    assert ran.status == 1
    assert "aigaq init" in ran.err


def test_a_card_is_registered_with_its_identity_and_known_by_it(shell, tmp_path):
    card = fill(tmp_path / "card", {"MOV_1.DAT": b"x"})
    ran = shell.run("card", "register", str(card), "--inventory", "ЖК-0042", "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["card"], ran.json["recorder"], ran.json["new"]) == ("ЖК-0042", None, True)
    identity = json.loads((card / "AIGAQ" / "identity.json").read_bytes())
    assert identity["body"]["card"] == "ЖК-0042"
    assert shell.run("card", "register", str(card), "--inventory", "ЖК-0042", "--json").json["new"] is False
    assert shell.run("unload", str(card), "--json").json["reason"] == "card.no-row"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--inventory", "ЖК-9", "--recorder", "none"), "registry.unknown-thing"),
        (("--inventory", "ЖК-9", "--as", "nobody"), "card.who"),
        (("--inventory", ""), "registry.no-inventory-number"),
    ],
)
def test_a_card_that_cannot_be_registered_says_why_and_gets_no_identity(shell, tmp_path, arguments, code):
    (tmp_path / "card").mkdir()
    ran = shell.run("card", "register", str(tmp_path / "card"), *arguments, "--json")
    assert ran.status in (2, 4)
    assert ran.json["error"]["code"] == code
    assert os.listdir(tmp_path / "card") == []
