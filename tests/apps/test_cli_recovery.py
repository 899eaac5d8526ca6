"""An office that loses things, at its command line: each is a program of its own, in a folder of its own."""

import shutil

import pytest

from tests.support.cards import fill, takes
from tests.support.command import Shell

HEADS_LINE = "head"


@pytest.fixture
def shell(tmp_path, database_url):
    shell = Shell(tmp_path / "data", database_url)
    assert shell.init().status == 0
    return shell


def unloaded(shell, name="card", content=None):
    card = fill(shell.data.parent / name, content or takes(2))
    done = shell.run("unload", card, "--json")
    assert done.status == 0, done.err
    return done.json


def elsewhere(shell, name="new", database_url=""):
    """A new computer with the mirror of the vault, and nothing else."""
    other = Shell(shell.data.parent / name, database_url)
    shutil.copytree(shell.data / "vault", other.data / "vault")
    return other


def test_a_lost_server_comes_back_from_the_vault_and_the_heads_password(shell):
    unloaded(shell)
    entries = shell.run("ledger", "verify", "--json").json["entries"]
    other = elsewhere(shell)
    done = other.run("vault", "rebuild", "--vault-password-file", shell.password_file(), "--json")
    assert done.status == 0, done.err
    assert (done.json["recordings"], done.json["missing"], done.json["unentered"]) == (2, 0, 0)
    assert done.json["entries"] == entries
    assert list(done.json["sign_in_passwords"]) == ["head"]
    verified = other.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])
    # The same ledger goes on under the same key, and the next card is taken in.
    assert unloaded(other, "card-2", takes(3, size=1100))["stored"] == 3
    assert other.problems() == shell.problems()


def test_a_backup_comes_back_and_the_newest_hour_comes_from_the_vault(shell):
    unloaded(shell)
    made = shell.run("backup", shell.data.parent / "backup", "--json")
    assert made.status == 0, made.err
    assert (
        shell.run("backup", shell.data.parent / "backup", "--json").json["error"]["code"]
        == "recovery.not-empty"
    )
    # The hour that no backup has.
    unloaded(shell, "card-2", takes(3, size=1100))
    entries = shell.run("ledger", "verify", "--json").json["entries"]
    drilled = shell.run(
        "restore",
        shell.data.parent / "backup",
        "--drill",
        "--vault-password-file",
        shell.password_file(),
        "--json",
    )
    assert (drilled.status, drilled.json["opened"], drilled.json["damaged"]) == (0, 5, []), drilled.err
    other = elsewhere(shell)
    done = other.run(
        "restore", shell.data.parent / "backup", "--vault-password-file", shell.password_file(), "--json"
    )
    assert done.status == 0, done.err
    assert done.json["in_backup"] < entries < done.json["entries"]
    assert (done.json["recordings"], done.json["missing"]) == (5, 0)
    assert done.json["sign_in_passwords"] == {}
    verified = other.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])
