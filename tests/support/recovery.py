"""A lost office, as a test has it: an installation with something in it, and a new computer beside it."""

import itertools
import shutil

from tests.support import databases
from tests.support.cards import fill, takes
from tests.support.command import Shell

_numbers = itertools.count()


def installed(folder, database_url) -> Shell:
    shell = Shell(folder / "data", database_url)
    shell.installed()
    return shell


def unloaded(shell, name="card", content=None):
    card = fill(shell.data.parent / name, content or takes(2))
    done = shell.run("unload", card, "--json")
    assert done.status == 0, done.err
    return done.json


def empty_database() -> str:
    """One that may be thrown away; SQLite needs none."""
    return databases.server.create(f"elsewhere_{next(_numbers)}") if databases.server else ""


def elsewhere(shell):
    """A new computer with the mirror of the vault, and nothing else."""
    other = Shell(shell.data.parent / "new", empty_database())
    shutil.copytree(shell.data / "vault", other.data / "vault")
    return other
