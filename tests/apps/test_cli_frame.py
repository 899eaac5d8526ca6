"""The frame of the command line: help at once, one sentence, one JSON object, the right exit status."""

import os
import subprocess
import sys

import click
import pytest

from aigaq.cli.main import program
from aigaq.cli.options import Common
from aigaq.cli.output import Console, choose_language, octets
from aigaq.errors import RefusedError
from tests.support.command import Shell


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path / "data")


HELP_AND_WHAT_IT_LOADED = """
import atexit, sys
atexit.register(lambda: print("django" in sys.modules, file=sys.stderr))
from aigaq.cli.main import main
main()
"""


def test_the_help_lists_every_command_and_loads_no_django(shell):
    ran = shell.run("--help", program=("-c", HELP_AND_WHAT_IT_LOADED))
    assert ran.status == 0
    assert ran.err == "False\n"
    for command in ("init", "serve", "demo", "card", "unload", "vault", "ledger", "check"):
        assert f"\n  {command} " in ran.out


def commands(group, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_every_command_takes_data_and_json():
    found = dict(commands(program))
    assert {"init", "vault scrub", "vault cat", "vault recovery-key", "ledger verify", "check"} <= set(found)
    for path, command in found.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--data", "-d", "--json"} <= options, path
        assert command.help, path


@pytest.mark.parametrize("command", ["vault scrub", "ledger verify", "ledger checkpoint", "check"])
def test_without_an_installation_one_sentence_says_what_to_do(shell, command):
    ran = shell.run(*command.split(), "--json")
    sentence = f"There is no installation in {shell.data}. Create one with “aigaq init --data {shell.data}”."
    assert (ran.status, ran.err) == (1, f"{sentence}\n")
    assert ran.json == {"error": {"code": "ledger.no-installation", "message": sentence}}
    assert not shell.data.exists()


def test_data_on_the_command_line_wins_over_the_environment(shell, tmp_path):
    for arguments in (("-d", tmp_path / "b"), (f"--data={tmp_path}/b",), (f"-d{tmp_path}/b",)):
        assert f"in {tmp_path}/b." in shell.run("ledger", "verify", *arguments).err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # A password with “/”, “#”, “?” or “[” in it as it is: the rest of it is no host and no port.
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq:aGk/bHM=@db.example.kz/aigaq"),
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq:aGk#bHM=@db.example.kz/aigaq"),
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq:12?bHM=@db.example.kz/aigaq"),
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq:12/bHM=@db.example.kz/aigaq"),
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq:aGk[bHM=@db.example.kz/aigaq"),
        # Not heard, it would be a line that nobody proves.
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq@db.example.kz/aigaq?sslmode=verify-full"),
        ("AIGAQ_DATABASE_URL", "sqlite:///aigaq"),
        ("AIGAQ_DATABASE_URL", "postgresql://aigaq@db.example.kz/"),
        ("AIGAQ_SCRUB_RATE", "20 MiB"),
        ("AIGAQ_SCRUB_RATE", "-1"),
        # Every job would be everybody's, at once.
        ("AIGAQ_JOB_LEASE", "0"),
        ("AIGAQ_WORKING_DAY_ENDS", "25:00"),
        ("AIGAQ_PUBLIC_URL", "aigaq.example.kz"),
    ],
)
def test_a_setting_that_is_written_wrongly_is_named_and_nothing_of_it_shown(shell, monkeypatch, name, value):
    own = shell.environment()
    monkeypatch.setattr(Shell, "environment", lambda _shell: {**own, name: value})
    ran = shell.run("check", "--json")
    assert (ran.status, ran.json["error"]["code"]) == (2, "settings.wrong"), ran.err
    assert ran.err.startswith(f"{name} can't be read.")
    assert len(ran.err.splitlines()) == 1
    assert "aGk" not in ran.err
    assert "bHM" not in ran.err


@pytest.mark.parametrize("arguments", [["nosuch"], ["ledger", "verify", "--nosuch"], ["vault", "cat"]])
def test_bad_usage_is_exit_2_and_a_sentence(shell, arguments):
    ran = shell.run(*arguments, "--json")
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert ran.json["error"]["code"] == "cli.usage"


def test_a_group_alone_shows_its_help(shell):
    ran = shell.run("ledger")
    assert ran.status == 2
    assert "verify" in ran.out


def test_a_closed_pipe_ends_quietly(shell):
    shell.installed()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "aigaq", "ledger", "checkpoint"],
        env=shell.environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_database_that_is_none_is_a_sentence(shell):
    shell.data.mkdir()
    ran = Shell(shell.data, "postgresql://nobody@127.0.0.1:9/nowhere").init("--json")
    assert ran.status == 1
    assert ran.json["error"]["code"] == "cli.database"
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["ledger", "verify"], Common(None, as_json=False)),
        (["x", "-d", "a", "--json"], Common("a", as_json=True)),
        (["x", "--data", "a", "--data=b"], Common("b", as_json=False)),
        (["x", "-da"], Common("a", as_json=False)),
        (["x", "--", "-d", "a", "--json"], Common(None, as_json=False)),
        (["x", "--data"], Common(None, as_json=False)),
    ],
)
def test_the_common_options_are_found_before_the_command(arguments, found):
    assert Common.found_in(arguments) == found


@pytest.mark.parametrize(
    ("asked", "system", "language"),
    [
        ("", "", "kk"),
        ("", "C.UTF-8", "kk"),
        ("", "ru_RU.UTF-8", "ru"),
        ("en", "ru_RU.UTF-8", "en"),
        ("", "en_GB.UTF-8", "en"),
        ("de", "", "kk"),
    ],
)
def test_kazakh_unless_another_language_is_asked_for(monkeypatch, asked, system, language):
    monkeypatch.setenv("AIGAQ_LANG", asked)
    monkeypatch.setenv("LANG", system)
    monkeypatch.setenv("LANGUAGE", "")
    assert choose_language() == language


class _IssuedError(RefusedError):
    code = "test.issued"
    message = "The recorder {number} is out."
    paragraph = "8"


@pytest.mark.parametrize(("language", "label"), [("kk", "8-тармақ"), ("en", "paragraph 8")])
def test_a_refusal_names_the_paragraph(capsys, language, label):
    assert Console(as_json=False, language=language).fail(_IssuedError(number="БТ-1")) == 4
    assert label in capsys.readouterr().err


def test_progress_is_silent_where_stderr_is_no_terminal(capsys):
    with Console().progress("Reading", 10) as progress:
        progress._next = 0
        progress.to(5)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_200_000_000, "3.2 GB"), (5 * 10**15, "5000.0 TB")],
)
def test_sizes_as_people_read_them(number, text):
    assert octets(number) == text
