"""What the fault runs share: an installation to copy, and a count of where programs were killed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aigaq.core.clock import SystemClock
from aigaq.ledger.services import Ledger
from tests.support.installation import install_office

KILLED = pytest.StashKey[list[int]]()


@pytest.fixture(scope="session")
def _installed(tmp_path_factory, django_db_blocker) -> tuple[Path, Ledger]:
    data = tmp_path_factory.mktemp("installed") / "data"
    with django_db_blocker.unblock():
        office = install_office(data, SystemClock())
    return data, Ledger(office.ledger.signer, SystemClock())


@pytest.fixture
def installed(_installed) -> Callable[[Path], Ledger]:
    """`installed(folder)` makes that folder the office's data folder; the ledger is its."""

    def copy(folder: Path) -> Ledger:
        data, ledger = _installed
        shutil.copytree(data, folder)
        return ledger

    return copy


@pytest.fixture
def killed(pytestconfig) -> Callable[[int], None]:
    """`killed(points)`: so many points at which a program was killed, for the sum at the end."""
    return pytestconfig.stash.setdefault(KILLED, []).append


def pytest_terminal_summary(terminalreporter, config):
    points = config.stash.get(KILLED, [])
    if points:
        terminalreporter.write_line(f"kill points in all: {sum(points)}")


@pytest.fixture
def say(capsys) -> Callable[[str], None]:
    """Beside the name of the test: "all K of K" says more than a dot."""

    def say_it(text: str) -> None:
        with capsys.disabled():
            print(f" {text} ", end="", flush=True)

    return say_it
