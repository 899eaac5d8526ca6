"""Four workers on two hosts, one of which is killed every few seconds under load: each job is done once in effect."""

import json
import os
import time

import pytest

from tests.support import amount, databases
from tests.support.hosts import office_of_many, wait_for

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(databases.ENGINE != "postgresql", reason="several processes need PostgreSQL"),
    pytest.mark.skipif(not amount.FULL, reason="ten minutes"),
]

SECONDS = int(os.environ.get("AIGAQ_FAULTS_SECONDS", "600"))
EVERY = 10.0
HOSTS = ("host-a", "host-b")

PEOPLE = """
from aigaq import wiring
from aigaq.accounts.services import create_user
from aigaq.ledger.services import MACHINE
for number in range(6):
    create_user(wiring.ledger(), MACHINE, username=f"asks{number}", password="four words and a number 236")
"""

ASK = """
import json, sys
from aigaq import wiring
from aigaq.accounts.models import User
from aigaq.errors import AigaqError
from aigaq.journal.models import JournalBook
from aigaq.journal.printing import Part
from aigaq.ledger.services import MACHINE
from aigaq.prints import making, services
book, asked = JournalBook.objects.get(), []
for user in User.objects.filter(username__startswith="asks"):
    try:
        print_ = services.ask(wiring.ledger(), MACHINE, owner=user, division=book.division, title="Журнал",
                              what=making.of_book(book, Part(1, 40)))
    except AigaqError:
        continue
    asked.append(str(print_.pk))
print(json.dumps(asked))
"""

STATES = """
import json
from collections import Counter
from aigaq.ledger.models import LedgerEntry
from aigaq.prints.models import Print
print(json.dumps([Counter(Print.objects.values_list("state", flat=True)),
                  LedgerEntry.objects.filter(kind="journal.printed").count()]))
"""


def test_one_is_killed_every_ten_seconds(tmp_path, database_url):
    with office_of_many(tmp_path, database_url) as (hosts, _told):
        hosts.python(PEOPLE)
        workers = [hosts.begin("worker", host=HOSTS[number % 2]) for number in range(4)]
        ends_at, asked, killed = time.monotonic() + SECONDS, [], 0
        while time.monotonic() < ends_at:
            next_at = time.monotonic() + EVERY
            asked += json.loads(hosts.python(ASK))
            while time.monotonic() < next_at:
                asked += json.loads(hosts.python(ASK))
            workers[killed % 4].kill()
            workers[killed % 4] = hosts.begin("worker", host=HOSTS[killed % 2])
            killed += 1
        # All that is open is done; what was taken off the list by newer ones was done before.
        wait_for(lambda: set(json.loads(hosts.python(STATES))[0]) <= {"ready", "failed"}, "all are done")
        states, printed = json.loads(hosts.python(STATES))
        print(f"\n{len(asked)} jobs, {killed} workers killed, {printed} entries, {states}")
        assert "failed" not in states
        assert printed == len(asked)
        assert hosts.shell.run("ledger", "verify", "--json").json["faults"] == []
