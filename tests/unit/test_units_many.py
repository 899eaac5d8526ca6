"""The service files of several processes: what their safety rests on stands in them, and systemd takes them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
WEB, WORKER, SECRET = "aigaq-web@.service", "aigaq-worker@.service", "aigaq-secret.service"
MOST_EXPOSED = 20
"""Tenths of systemd's score; a service without any protection has 96."""


def lines_of(name):
    return [line for line in (UNITS / name).read_text().splitlines() if line and line[0] not in "#["]


def test_the_folder_of_the_secret_belongs_to_a_unit_that_no_web_process_stops():
    assert "RuntimeDirectory=aigaq" in lines_of(SECRET)
    assert "RuntimeDirectoryMode=0700" in lines_of(SECRET)
    assert "RemainAfterExit=yes" in lines_of(SECRET)
    for name in (WEB, WORKER):
        assert not any(line.startswith("RuntimeDirectory") for line in lines_of(name))
    assert {
        "Requires=aigaq-secret.service",
        "PartOf=aigaq-secret.service",
        "ReadWritePaths=/run/aigaq",
    } <= set(lines_of(WEB))


@pytest.mark.parametrize("name", [WEB, WORKER])
def test_no_secret_stands_in_an_environment(name):
    given = re.findall(r"(?m)^Environment=(.*)$", (UNITS / name).read_text())
    names = {pair.partition("=")[0] for line in given for pair in line.split()}
    assert "AIGAQ_DATABASE_URL" not in names
    assert "AIGAQ_DATABASE_URL_FILE" in names


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("name", [WEB, WORKER, SECRET])
def test_systemd_finds_them_well_shut_in(name, tmp_path):
    unit = tmp_path / name.replace("@", "@1")
    text = re.sub(r"(?m)^(ExecStart)=.*$", r"\1=/bin/true", (UNITS / name).read_text())
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
