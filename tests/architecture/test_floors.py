"""The import contracts in pyproject.toml hold, and a planted violation shows that they bite."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    source = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "aigaq", source / "aigaq", ignore=shutil.ignore_patterns("__pycache__"))
    return source


def test_the_house_stands(house):
    result = lint(house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("room", "planted", "contract"),
    [
        ("core/clock.py", "import aigaq.vault", "Imports go downward only"),
        ("vault/__init__.py", "import aigaq.tlog", "Imports go downward only"),
        ("ledger/models.py", "import aigaq.registry.models", "Imports go downward only"),
        ("journal/models.py", "import aigaq.recordings.models", "Imports go downward only"),
        ("ingest/models.py", "import aigaq.wiring", "Imports go downward only"),
        ("vault/__init__.py", "import django", "The lower floors know no Django"),
        ("unloading/run.py", "import aigaq.dock", "Imports go downward only"),
        ("dock/attend.py", "import aigaq.docks.models", "The lower floors know no Django"),
        ("core/digests.py", "import aigaq.settings", "The lower floors know no Django"),
    ],
)
def test_a_planted_violation_is_caught(house, room, planted, contract):
    path = house / "aigaq" / room
    kept = path.read_text(encoding="utf-8")
    path.write_text(f"{kept}\n{planted}\n", encoding="utf-8")
    try:
        result = lint(house)
    finally:
        path.write_text(kept, encoding="utf-8")
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


def test_a_new_room_must_be_given_its_floor(house):
    room = house / "aigaq" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text("")
    try:
        result = lint(house)
    finally:
        shutil.rmtree(room)
    assert result.returncode != 0
    assert "attic" in result.stdout


def test_http_outside_the_web_is_caught_by_the_linter(house):
    path = house / "aigaq" / "journal" / "models.py"
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--config", str(ROOT / "pyproject.toml")]
    command = [*ruff, "--select", "TID251", "--no-cache", str(path)]
    kept = path.read_text(encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path.write_text(f"{kept}\nfrom django.http import HttpResponse\n", encoding="utf-8")
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        path.write_text(kept, encoding="utf-8")
    assert result.returncode != 0
    assert "only the web knows HTTP" in result.stdout
