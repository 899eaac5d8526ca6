"""A program one of whose threads has ended does not live on as if nothing was: it is to be started anew."""

import json
import threading

import pytest

from aigaq.core.threads import ThreadEndedError, wait
from aigaq.errors import EXIT_FAILED
from tests.support.command import Shell

PLANTED = """
import sys, django
django.setup()
import aigaq.cli.serve, aigaq.minding, aigaq.tasks
from aigaq.cli.listening import Server
from aigaq.cli.main import main

def ends(*_args, **_kwargs):
    raise ValueError("of a defect")

def leaves(*_args, **_kwargs):
    sys.exit()

def one_leaves(chore, _ledger, stop):
    leaves() if chore.name == "tallies" else stop.wait()

{plant}
main()
"""


@pytest.fixture
def shell(tmp_path, database_url):
    shell = Shell(tmp_path / "office", database_url)
    shell.installed()
    return shell


@pytest.mark.parametrize(
    ("thread", "plant"),
    [
        ("web", "Server.serve = ends"),
        ("docks", "aigaq.cli.serve.watch = leaves"),
        ("jobs", "aigaq.tasks.Taker.run = ends"),
        ("tallies", "aigaq.minding.mind = one_leaves"),
    ],
)
def test_the_office_ends_with_a_word_and_a_status_that_starts_it_again(shell, thread, plant):
    program = ("-c", PLANTED.format(plant=plant))
    ran = shell.run("serve", "--json", "--bind", "127.0.0.1:0", program=program)
    assert ran.status == EXIT_FAILED
    assert json.loads(ran.out)["error"]["code"] == "program.thread-ended"
    assert f"({thread})" in ran.err


def test_who_waits_returns_when_it_is_over_and_not_because_of_that():
    over = threading.Event()
    threads = [threading.Thread(target=over.wait, name=name) for name in ("one", "another")]
    for thread in threads:
        thread.start()
    over.set()
    wait(over, threads)
    for thread in threads:
        thread.join()
    with pytest.raises(ThreadEndedError, match=r"\(one\)"):
        wait(threading.Event(), threads)
