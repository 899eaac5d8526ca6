"""`aigaq package verify`: needs no installation; lists every fault; says so by its exit status."""

import shutil

import pytest

from tests.support import packages
from tests.support.command import Shell
from tests.support.frozen_package import FOLDER, NAME


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path / "nothing-here")


@pytest.fixture
def changed(tmp_path):
    folder = tmp_path / NAME
    shutil.copytree(FOLDER / NAME, folder)
    (folder / "data/letter.pdf").write_bytes(b"another letter")
    (folder / "data/added").write_bytes(b"")
    return folder


def test_a_sound_package_is_said_to_be_sound(shell):
    ran = shell.run("package", "verify", FOLDER / NAME, "--key", packages.contents().ledger_key)
    assert ran.status == 0, ran.err
    assert "The package is sound: 2 originals, 27 entries of the ledger proven." in ran.out
    assert not shell.data.exists()


def test_every_fault_is_listed_with_its_evidence(shell, changed):
    ran = shell.run("package", "verify", changed, "--json")
    assert ran.status == 3
    kinds = [fault["kind"] for fault in ran.json["faults"]]
    assert kinds == ["file-added", "file-changed", "file-changed", "bag-malformed"]
    assert ran.json["faults"][1]["path"] == "data/letter.pdf"
    assert ran.json["faults"][1]["evidence"].keys() == {"algorithm", "found", "stated"}
    assert ran.json["package_digest"].startswith("sha256:")


@pytest.mark.parametrize("arguments", [("nowhere",), (FOLDER / NAME, "--digest", "short")])
def test_what_can_not_be_checked_is_bad_usage(shell, arguments):
    assert shell.run("package", "verify", *arguments).status == 2
