"""`aigaq dock` and `aigaq serve` as people run them, over HTTPS: enrolled by a code, plugged in, cleared."""

import json
import os
import signal
import subprocess
import sys

import pytest

from aigaq.errors import EXIT_FAULTS
from tests.support.cards import fill, left_on
from tests.support.command import Shell
from tests.support.serving import CODE, office_at
from tests.support.tls import self_signed
from tests.support.vaults import blobs

pytestmark = pytest.mark.faults

CONTENT = {"DCIM/100AIGAQ/VID_1.DAT": os.urandom(300_000), "DCIM/100AIGAQ/VID_2.DAT": b"two"}


@pytest.fixture
def certificate(tmp_path):
    return self_signed(tmp_path)


@pytest.fixture
def office(tmp_path, database_url, certificate):
    tls = ("--tls-cert", str(certificate.cert), "--tls-key", str(certificate.key))
    with office_at(tmp_path, database_url, *tls) as office:
        yield office


@pytest.fixture
def dock(tmp_path, office, certificate):
    """A computer that holds nothing but a dock."""
    shell = Shell(tmp_path / "dock")
    code = tmp_path / "code"
    code.write_text(office.python(CODE))
    server = f"https://localhost:{office.port}"
    options = ("--ca", certificate.cert, "--name", "Док 1", "--code-file", code)
    done = shell.run("dock", "enrol", server, "--json", *options)
    assert done.status == 0, done.err
    assert done.json["name"] == "Док 1"
    return shell


def test_a_card_goes_to_the_server_and_is_sent_once(tmp_path, office, dock):
    card = fill(tmp_path / "card", CONTENT)
    first = dock.run("dock", "unload", card, "--json")
    assert first.status == 0, first.err
    assert (first.json["state"], first.json["sent"] > 300_000) == ("tray", True)
    assert len(blobs(office.vault)) == len(CONTENT)
    assert left_on(card) == CONTENT, "nobody knows whose it is: it waits for the custodian"
    again = dock.run("dock", "unload", card, "--json")
    assert again.json["sent"] == 0
    assert office.shell.run("ledger", "verify", "--json").json["faults"] == []


def test_what_was_not_taken_is_told_to_a_script_too(tmp_path, dock):
    card = fill(tmp_path / "card", {**CONTENT, "/".join(map(str, range(40))): b"three"})
    done = dock.run("dock", "unload", card, "--json")
    assert [each["code"] for each in done.json["problems"]] == ["file.too-deep"]
    assert done.status == EXIT_FAULTS


def test_a_watched_folder_is_unloaded_by_itself_across_a_kill_of_the_server(tmp_path, office, dock):
    docks = tmp_path / "docks"
    fill(docks / "port-1", CONTENT)
    office.kill()
    agent = subprocess.Popen(
        [sys.executable, "-m", "aigaq", "dock", "--json", "--watch", str(docks)],
        env={**dock.environment(), "AIGAQ_USB": "no"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        heard = []
        for line in agent.stderr:
            heard.append(line)
            if "can't be reached" in line and office.process.poll() is not None:
                office.start()
            if "waits for the custodian" in line:
                break
        assert any("can't be reached" in line for line in heard), "the fault has to fire"
        assert len(blobs(office.vault)) == len(CONTENT)
        agent.send_signal(signal.SIGTERM)
        out, err = agent.communicate(timeout=60)
        assert json.loads(out) == {"stopped": True}, err
    finally:
        agent.kill()
        agent.wait()


def test_what_is_no_dock_says_how_to_become_one(tmp_path):
    done = Shell(tmp_path / "nothing").run("dock")
    assert done.status == 2
    assert "aigaq dock enrol" in done.err


def test_a_server_that_is_not_the_one_of_the_certificate_is_not_talked_to(tmp_path, office):
    code = tmp_path / "code"
    code.write_text(office.python(CODE))
    stranger = Shell(tmp_path / "stranger")
    done = stranger.run("dock", "enrol", f"https://localhost:{office.port}", "--code-file", code)
    assert done.status == 1
    assert "can't be reached" in done.err
