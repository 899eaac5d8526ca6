"""`aigaq init`: an installation is there whole, or not there, or says that it was interrupted."""

import contextlib
import os
import pty
import select
import signal
import stat
import sys

import pytest

from tests.support import amount, databases
from tests.support.command import CUSTODIANS, HEADS, Shell

KILLED = 9
KILL_AT_FSYNC = """
import os, sys
real, left = os.fsync, int(sys.argv.pop(1))
def fsync(fd):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    real(fd)
os.fsync = fsync
from aigaq.cli.main import main
main()
"""


@pytest.fixture
def shell(tmp_path, database_url):
    return Shell(tmp_path / "data", database_url)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One installation for the tests that only look at it."""
    url = databases.server.create("made_by_init") if databases.server else ""
    shell = Shell(tmp_path_factory.mktemp("made") / "data", url)
    return shell, shell.init("--json")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_answers_with_one_json_object(made):
    shell, ran = made
    assert ran.status == 0, ran.err
    assert ran.json["data"] == str(shell.data)
    assert ran.json["vault_recipient"].startswith("age1")
    assert [person["username"] for person in ran.json["people"]] == ["head", "custodian"]
    assert all(len(person["sign_in_password"]) >= 16 for person in ran.json["people"])


def test_what_it_makes_is_private(made):
    shell, _ = made
    assert mode(shell.data) == mode(shell.data / "keys") == 0o700
    assert {mode(path) for path in (shell.data / "keys").iterdir()} == {0o600}
    if not databases.server:
        assert mode(shell.data / "aigaq.sqlite3") == 0o600


def test_neither_password_nor_key_is_kept_in_clear(made):
    shell, ran = made
    key = shell.run("vault", "recovery-key", "--vault-password-file", shell.password_file(), "--json").json[
        "identity"
    ]
    secrets = [HEADS, CUSTODIANS, key, *(person["sign_in_password"] for person in ran.json["people"])]
    for path in shell.data.rglob("*"):
        if path.is_file():
            octets = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in octets], path


def test_head_and_custodian_each_open_the_vault_and_only_the_head_takes_the_key(made, tmp_path):
    shell, ran = made
    file = shell.password_file()
    key = shell.run("vault", "recovery-key", "--as", "head", "--vault-password-file", file, "--json")
    assert key.json["recipient"] == ran.json["vault_recipient"]
    refused = shell.run("vault", "recovery-key", "--as", "custodian", "--vault-password-file", file, "--json")
    assert refused.status == 4
    assert refused.json["error"]["paragraph"] == "paragraph 6"


def test_the_key_given_is_entered_in_the_ledger_and_a_wrong_password_is_too(made, tmp_path):
    shell, _ = made
    before = shell.run("ledger", "verify", "--json").json["entries"]
    wrong = tmp_path / "wrong"
    wrong.write_text("not the vault password\n", encoding="utf-8")
    refused = shell.run("vault", "recovery-key", "--vault-password-file", wrong)
    assert (refused.status, refused.out) == (1, "")
    assert "vault password is wrong" in refused.err
    shell.run("vault", "recovery-key", "--vault-password-file", shell.password_file())
    assert shell.run("ledger", "verify", "--json").json["entries"] == before + 2


def test_a_fresh_installation_is_sound(made):
    shell, _ = made
    verified = shell.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])
    scrubbed = shell.run("vault", "scrub", "--json")
    assert (scrubbed.status, scrubbed.json) == (0, {"checked": 0, "bytes": 0, "findings": []})
    assert shell.problems() == []


def test_a_second_init_is_refused_and_changes_nothing(made):
    shell, _ = made
    before = {path: path.stat().st_mtime_ns for path in (shell.data / "keys").iterdir()}
    again = shell.init("--json")
    assert again.status == 1
    assert again.json["error"]["code"] == "ledger.installation-exists"
    assert {path: path.stat().st_mtime_ns for path in (shell.data / "keys").iterdir()} == before


def test_without_vault_passwords_nobody_is_asked_in_vain(shell):
    ran = shell.run("init", "--non-interactive", "--json")
    assert ran.status == 2
    assert ran.json["error"]["code"] == "init.no-vault-passwords"
    assert not shell.data.exists()


@pytest.mark.parametrize(
    "lines", ["one line only is not enough\n", "\n\n", "", "short\nshorter\n", "a\xff\n"]
)
def test_passwords_that_will_not_do_are_refused_before_anything_is_made(shell, tmp_path, lines):
    file = tmp_path / "passwords"
    file.write_bytes(lines.encode("latin-1"))
    ran = shell.run("init", "--non-interactive", "--vault-password-file", str(file))
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert not shell.data.exists()


def test_a_folder_with_parts_of_an_installation_is_left_alone(shell):
    (shell.data / "keys").mkdir(parents=True)
    (shell.data / "keys" / "ledger.key").write_text("somebody's key")
    ran = shell.init("--json")
    assert ran.status == 1
    assert ran.json["error"]["code"] == "ledger.stray-files"
    assert (shell.data / "keys" / "ledger.key").read_text() == "somebody's key"


LEAST_FSYNCS = 12


@pytest.mark.faults
@pytest.mark.parametrize("fsyncs", range(30) if amount.FULL else [9])
def test_an_init_killed_at_an_fsync_says_so_and_can_be_started_again(shell, fsyncs):
    killed = shell.init(program=("-c", KILL_AT_FSYNC, str(fsyncs)))
    if killed.status == 0:
        assert fsyncs >= LEAST_FSYNCS, "it met no fault so early"
        return
    assert killed.status == KILLED, killed.err
    told = shell.run("ledger", "verify", "--json")
    again = shell.init("--json")
    if told.status == 0:
        assert again.json["error"]["code"] == "ledger.installation-exists"
    else:
        assert told.json["error"]["code"] in ("ledger.unfinished-installation", "ledger.no-installation")
        if again.status:
            # In a database server of its own the commit is there, and can't be moved aside.
            assert shell.database_url
            assert again.json["error"]["code"] == "ledger.database-in-use"
            return
    assert shell.problems() == []


def test_asked_at_a_terminal_it_asks_each_password_twice_and_shows_none(shell):
    shell.data.parent.mkdir(exist_ok=True)
    answers = ["Бөлімше", "Басшы Б.", "sign in of the head", "sign in of the head", HEADS, HEADS]
    answers += ["Жауапты Ж.", "sign in of the custodian", "sign in of the custodian", CUSTODIANS, CUSTODIANS]
    screen, status = at_a_terminal(shell, answers, "init")
    assert status == 0, screen
    assert "Басшы Б." in screen
    for secret in (HEADS, CUSTODIANS, "sign in of the head"):
        assert secret not in screen
    assert shell.problems() == []


def test_interrupted_at_a_question_it_has_made_nothing(shell):
    screen, status = at_a_terminal(shell, ["Бөлімше", INTERRUPT], "init")
    assert status == 130, screen
    assert "Stopped before it was done" in screen
    assert "Traceback" not in screen
    assert not shell.data.exists()


INTERRUPT = "\x03"


def at_a_terminal(shell, answers, *arguments):
    """Type each answer once the program waits for one; all that the screen showed, and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a test run in the background has it ignored
        os.execve(sys.executable, [sys.executable, "-m", "aigaq", *arguments], shell.environment())
    waiting, screen, silences = list(answers), b"", 0
    heard = select.poll()  # unlike select(), it takes any descriptor
    heard.register(terminal, select.POLLIN)
    with contextlib.suppress(OSError):  # the other end is closed: EIO
        while silences < 60:
            if not heard.poll(1000):
                silences += 1
                if screen.endswith(b"^C"):
                    # It came in the instant between the question and the reading of the answer.
                    os.write(terminal, INTERRUPT.encode())
                continue
            screen += os.read(terminal, 4096)
            if waiting and screen.endswith(b": "):
                answer = waiting.pop(0)
                os.write(terminal, answer.encode() + (b"" if answer == INTERRUPT else b"\n"))
    os.close(terminal)
    return screen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
