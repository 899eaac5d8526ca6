"""`aigaq demo` and `aigaq serve`, run as somebody at a terminal would."""

import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.support.command import Shell

CHAPTERS = [
    "init", "register", "issue", "refuse", "record", "unload", "clear", "again",
    "return", "locked", "unlock", "play", "lock", "scrub", "serve", "demand", "package", "verify",
]  # fmt: skip


@pytest.fixture
def shell(tmp_path, database_url):
    return Shell(tmp_path / "office", database_url)


def test_the_story_of_a_duty_day_plays_to_its_end(shell):
    played = shell.run("demo", "--headless", "--json")

    assert played.status == 0, played.err
    assert [step["name"] for step in played.json["steps"]] == CHAPTERS
    assert all(step["ok"] for step in played.json["steps"])
    verified = shell.run("ledger", "verify", "--json")
    assert verified.status == 0
    assert verified.json["faults"] == []
    acts = {
        "installation.created", "account.created", "registry.appointed", "registry.recorder-added", "card.identified",
        "journal.issued", "recording.ingested", "journal.unloaded", "card.cleared", "journal.returned",
        "access.unlocked", "access.played", "access.locked", "disclosure.approved", "disclosure.package-built",
    }  # fmt: skip
    assert acts <= kinds_in_the_ledger(shell)


def kinds_in_the_ledger(shell) -> set[str]:
    told = shell.run(
        program=(
            "-c",
            (
                "import django; django.setup(); from aigaq.ledger.models import LedgerEntry as E; "
                "print(*E.objects.values_list('kind', flat=True))"
            ),
        )
    )
    return set(told.out.split())


def test_a_folder_that_is_no_demonstration_is_left_alone(shell):
    shell.data.mkdir()
    (shell.data / "thesis.txt").write_text("do not delete")

    refused = shell.run("demo", "--headless", "--json")

    assert refused.status == 2
    assert refused.json["error"]["code"] == "demo.not-a-demonstration"
    assert (shell.data / "thesis.txt").read_text() == "do not delete"


class Serving:
    """`aigaq serve` in a process of its own, once it says where it is."""

    def __init__(self, shell):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aigaq", "serve", "--bind", "127.0.0.1:0"],
            env=shell.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.address = self.process.stdout.readline().split()[3].rstrip(".")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        _out, err = self.process.communicate(timeout=60)
        return self.process.returncode, err


def test_the_server_answers_with_its_guards_up_and_ends_when_it_is_asked_to(shell):
    shell.installed()
    serving = Serving(shell)
    try:
        with urllib.request.urlopen(f"{serving.address}sign-in/", timeout=20) as answer:
            headers, page = answer.headers, answer.read().decode()
    finally:
        status, err = serving.end()

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert 'lang="kk"' in page
    assert status == 0, err
    assert "Traceback" not in err


def test_an_address_that_is_taken_is_told_in_a_sentence(shell):
    shell.installed()
    serving = Serving(shell)
    try:
        second = shell.run("serve", "--bind", serving.address.removeprefix("http://").rstrip("/"), "--json")
    finally:
        serving.end()

    assert second.status == 1
    assert second.json["error"]["code"] == "serve.address"


def test_an_address_that_is_none_is_bad_usage(shell):
    shell.installed()
    for bind in ("8000", "127.0.0.1", "127.0.0.1:http", ":"):
        assert shell.run("serve", "--bind", bind).status == 2, bind


def test_without_an_installation_there_is_nothing_to_serve(shell):
    refused = shell.run("serve", "--json")
    assert refused.status == 1
    assert refused.json["error"]["code"] == "ledger.no-installation"
