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
