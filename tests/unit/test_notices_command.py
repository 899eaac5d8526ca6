"""A program of the office's own: what it is given, and what its end means."""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigaq.notices.errors import NotSentError, RefusedForGoodError, UnreachableError, WrongSettingError
from aigaq.notices.ways.base import Outgoing
from aigaq.notices.ways.command import ENVIRONMENT, CommandWay

LETTER = Outgoing(
    id="7d9f",
    at=datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    address="daniyar@example.kz",
    subject="Айғақ",
    text="Бірінші жол\nекінші; $(touch /tmp/никогда) `id`\n",
)


def python(code: str, *arguments: str, **changes) -> CommandWay:
    return CommandWay((sys.executable, "-c", code, *arguments), **changes)


def test_the_letter_comes_as_json_on_the_standard_input(tmp_path):
    path = tmp_path / "given"
    python("import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())", str(path)).send(LETTER)
    assert json.loads(path.read_text("utf-8")) == {
        "id": "7d9f",
        "at": "2026-11-20T04:00:00.000000Z",
        "address": LETTER.address,
        "subject": LETTER.subject,
        "text": LETTER.text,
    }


def test_it_is_told_nothing_of_our_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("AIGAQ_SMTP_URL", "smtps://user:s3cret@mail.example.kz")
    path = tmp_path / "environment"
    code = "import json, os, sys; json.dump([dict(os.environ), os.getcwd()], open(sys.argv[1], 'w'))"
    python(code, str(path)).send(LETTER)
    environment, folder = json.loads(path.read_text())
    assert {name for name in environment if not name.startswith("LC_")} == set(ENVIRONMENT)
    assert folder == "/"


def test_no_shell_reads_the_command():
    way = CommandWay.of("/usr/bin/sms --to 'a b' '; rm -rf /' $HOME")
    assert way.arguments == ("/usr/bin/sms", "--to", "a b", "; rm -rf /", "$HOME")


@pytest.mark.parametrize("command", ["", "sms", "./sms", "/usr/bin/sms 'open"])
def test_a_command_that_can_not_be_one_is_refused(command):
    with pytest.raises(WrongSettingError):
        CommandWay.of(command)


def test_what_it_says_is_why(tmp_path):
    with pytest.raises(NotSentError) as failed:
        python("import sys; sys.exit('no credit\\nleft on the SIM')").send(LETTER)
    assert failed.value.reason == "no credit left on the SIM"
    assert not failed.value.is_final


def test_that_there_is_no_such_address_is_final():
    with pytest.raises(RefusedForGoodError) as refused:
        python("raise SystemExit(67)").send(LETTER)
    assert refused.value.reason == "exit status 67"


def test_a_program_that_does_not_read_is_well():
    python("pass").send(LETTER)


def test_one_that_does_not_stop_talking_is_heard_out():
    with pytest.raises(NotSentError) as failed:
        python("import sys; sys.stderr.write('x' * 10**7); sys.stdout.write('y' * 10**7); sys.exit(1)").send(
            LETTER
        )
    assert len(failed.value.reason) == 300


def test_one_that_does_not_end_is_ended_with_all_it_started(tmp_path):
    path = tmp_path / "child"
    code = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        " open(sys.argv[1], 'w').write(str(child.pid)); time.sleep(60)"
    )
    began = time.monotonic()
    with pytest.raises(NotSentError):
        python(code, str(path), timeout=3).send(LETTER)
    assert time.monotonic() - began < 20
    assert is_gone(int(path.read_text()))


def is_gone(pid: int) -> bool:
    """Killed; a zombie waits for nobody but its parent."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        os.sched_yield()
        signal.sigtimedwait([], 0.02)
    return False


def test_a_program_that_is_not_there_can_not_be_reached():
    way = CommandWay(("/no/such/program",))
    for asked in (way.reach, lambda: way.send(LETTER)):
        with pytest.raises(UnreachableError) as error:
            asked()
        assert "/no/such/program" in error.value.reason
    CommandWay((sys.executable,)).reach()
