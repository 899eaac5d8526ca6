"""Backup, restore and rebuild, killed at any moment: whole or not there; and the next run comes to the end."""

import random
import shutil
import subprocess
import sys
import time

import pytest

from aigaq.recovery.backup import opened
from tests.support import amount
from tests.support.cards import takes
from tests.support.recovery import elsewhere, installed, unloaded

pytestmark = pytest.mark.faults

KILLS = 25 if amount.FULL else 1


@pytest.fixture
def shell(tmp_path, database_url):
    return installed(tmp_path, database_url)


def killed_after(shell, seconds, *arguments):
    """Whether it was still at work then."""
    program = subprocess.Popen(
        [sys.executable, "-m", "aigaq", *map(str, arguments)],
        env=shell.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        program.kill()
    return program.wait() < 0


def lasting(shell, *arguments):
    begun = time.monotonic()
    done = shell.run(*arguments)
    assert done.status == 0, done.err
    return time.monotonic() - begun


def test_a_killed_backup_is_whole_or_not_there(shell, tmp_path):
    chance = random.Random(26)
    takes_so_long = lasting(shell, "backup", tmp_path / "first")
    for number in range(KILLS):
        folder = tmp_path / f"backup-{number}"
        killed_after(shell, chance.uniform(0.3, 1.0) * takes_so_long, "backup", folder)
        if folder.exists():
            opened(folder)
        else:
            assert shell.run("backup", folder).status == 0
        assert shell.run("ledger", "verify").status == 0
    assert not list(tmp_path.glob(".backup-*"))


@pytest.mark.parametrize("from_backup", [True, False] if amount.FULL else [False])
def test_a_killed_restore_or_rebuild_goes_on(shell, tmp_path, from_backup):
    chance = random.Random(11)
    unloaded(shell)
    assert shell.run("backup", tmp_path / "backup").status == 0
    unloaded(shell, "card-2", takes(3, size=1100))
    begin = ("restore", tmp_path / "backup") if from_backup else ("vault", "rebuild")
    command = (*begin, "--vault-password-file", shell.password_file())
    first = elsewhere(shell)
    takes_so_long = lasting(first, *command)
    shutil.rmtree(first.data)
    for _ in range(KILLS):
        other = elsewhere(shell)
        for _again in range(2 if amount.FULL else 1):
            killed_after(other, chance.uniform(0.3, 1.0) * takes_so_long, *command)
        done = other.run(*command, "--json")
        # It may have come to its end before it was killed: then there is nothing more to do.
        assert done.status == 0 or done.json["error"]["code"] == "ledger.installation-exists", done.err
        verified = other.run("ledger", "verify", "--json")
        assert (verified.status, verified.json["faults"]) == (0, [])
        assert other.run("vault", "scrub").status == 0
        shutil.rmtree(other.data)
