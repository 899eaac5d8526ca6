"""A country on PostgreSQL: 1, 10, 100 and 300 divisions with three years of recordings each.

At each size the same is asked of one division: cards unloaded by the services, searches, the desk, the
overview, what has come to its day; and of the authorised body the overview of all. Everything stands in the
database as it does in life (`nation`), but for the octets in the vault. The ledger is measured in an office
of its own, since nobody wrote entries of what is put in here.
"""

import argparse
import json
import os

from bench.journal import _inside
from bench.measure import scratch
from bench.offices import new_installation

DIVISIONS = (1, 10, 100, 300)
RECORDINGS = 33_340
"""Of a division in three years: three duties a day of ten recordings. 300 have ten million."""
ENTRIES = (1_000, 10_000, 100_000)
CARDS = 40
"""Unloaded at each size."""
LOOKS = {
    "desk": "the desk",
    "overview": "overview of the division",
    "country": "overview of all",
    "keeping": "what has come to its day",
    "plan": "the retention plan alone",
    "coming": "what comes to its day in a year",
}

_COUNTRY = """
import json, os, statistics, sys, time
import django
django.setup()
from django.db import connection
from django.test.utils import CaptureQueriesContext
from aigaq import wiring
from aigaq.ingest.desk import Office
from aigaq.registry.models import Appointment, Card, Person, Role
from aigaq.registry.selectors import standing_of
from aigaq.retention import plans
from aigaq.review.search import search
from bench.entering import enter_cards
from bench.nation import Nation, SEARCHES
from tests.support.visitors import Visitor
sizes, recordings, looks, cards, slow = json.loads(sys.argv[1])
nation = Nation(recordings)
office = Office(wiring.ledger(), wiring.vault().id)
profile = wiring.profile()
authority = Visitor(Person.objects.get(appointments__division=nation.root, appointments__role=Role.HEAD))
def say(*words):
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)
def page(browser, path):
    response = browser.get(path, HTTP_HOST="127.0.0.1")
    assert response.status_code == 200, (path, response.status_code)
def setting(name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cursor.execute("SELECT pg_reload_conf()")
def pages():
    # Of 8 KiB, as the database itself counts what it looked into.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])
TICK = os.sysconf("SC_CLK_TCK")
def processor():
    # Seconds of this process and of the database's that serves it: what others do has no part in it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / TICK
def queries(name, look):
    with CaptureQueriesContext(connection) as asked:
        look()
    for query in asked.captured_queries:
        if float(query["time"]) * 1000 > slow:
            say(name, query["time"], query["sql"][:3000])
            if query["sql"].startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN (ANALYZE) " + query["sql"].replace("%", "%%"))
                    say(*("\\n" + line for (line,) in cursor.fetchall()))
    return len(asked.captured_queries)
def measured(what):
    for look in what.values():
        look()
    asked = {name: queries(name, look) for name, look in what.items()}
    read = {}
    for name, look in what.items():
        before = pages()
        look()
        read[name] = pages() - before
    spent, cpu = {name: [] for name in what}, dict.fromkeys(what, 0.0)
    for _ in range(looks):
        # In turn, so that a slow minute of the machine hits all alike.
        for name, look in what.items():
            before, started = processor(), time.perf_counter()
            look()
            spent[name].append((time.perf_counter() - started) * 1000)
            cpu[name] += processor() - before
    return {
        name: {
            "ms": statistics.median(spent[name]),
            "cpu_ms": cpu[name] / looks * 1000,
            "queries": asked[name],
            "pages": read[name],
        }
        for name in what
    }
table = []
for many in sizes:
    nation.up_to(many)
    say(f"{many} divisions after {nation.seconds:.0f} s, {nation.octets() / 1e9:.2f} GB", nation.rows())
    division = nation.some_division()
    head = nation.head_of(division)
    browser, standing, now = Visitor(head), standing_of(head, wiring.clock().now()), wiring.clock().now()
    out = measured({
        "desk": lambda: page(browser, "/"),
        "overview": lambda: page(browser, "/overview/"),
        "country": lambda: page(authority, "/overview/"),
        "keeping": lambda: page(browser, "/keeping/"),
        "plan": lambda: plans.survey(division, now, profile),
        "coming": lambda: plans.coming(division, now),
    })
    surveyed = plans.survey(division, now, profile)
    found = measured({
        name: lambda asked=ask(nation, division): search(standing, division, asked[0], before=asked[1])
        for name, ask in SEARCHES.items()
    })
    say("looked")
    setting("fsync", "on")
    own = list(Card.objects.filter(division=division).select_related("division", "recorder").order_by("pk"))
    in_turn = [own[n % len(own)] for n in range(cards + 5)]
    enter_cards(office, in_turn[:5], now)
    queries("unload", lambda: enter_cards(office, own[-1:], now))
    before, used = pages(), processor()
    told = enter_cards(office, in_turn[5:], now)
    used, read = processor() - used, pages() - before
    setting("fsync", "off")
    table.append({
        "divisions": many,
        "recordings": many * nation.recordings,
        "octets": nation.octets(),
        "looks": out,
        "searches": found,
        "due": surveyed.due_total,
        "kept": surveyed.kept_total,
        "unload": {
            "files": told.files,
            "files_a_second": told.files / told.seconds,
            "pages": read / len(told.unloads),
            "cpu_ms": used / len(told.unloads) * 1000,
            "unload_ms": statistics.median(told.unloads) * 1000,
            "begin_ms": told.begin / len(told.unloads) * 1000,
            "enter_ms": told.enter / len(told.unloads) * 1000,
            "rest_ms": told.rest / len(told.unloads) * 1000,
        },
    })
    say(json.dumps(table[-1]))
print(json.dumps(table))
"""

_LEDGER = """
import json, sys, time
import django
django.setup()
from aigaq import wiring
from aigaq.ingest.desk import Office
from aigaq.journal import evidence
from aigaq.ledger import checks, comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.recovery.statements import STATEMENTS
from aigaq.registry.models import Division
from aigaq.registry.services import add_card, add_recorder
from bench.entering import enter_cards
sizes = json.loads(sys.argv[1])
office = Office(wiring.ledger(), wiring.vault().id)
division = Division.objects.get()
ledger, now = office.ledger, wiring.clock().now()
def new_card(number):
    recorder = add_recorder(ledger, MACHINE, inventory_number=f"БТ-{number}", division=division)
    own = {"division": division, "recorder": recorder, "volume_id": f"V-{number}"}
    return add_card(ledger, MACHINE, inventory_number=f"ЖК-{number}", **own)
def timed(work):
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started
table, turn = [], 0
for size in sizes:
    files, seconds = 0, 0.0
    while LedgerEntry.objects.count() < size:
        turn += 1
        told = enter_cards(office, [new_card(turn)], now, many=240, together=60, keep=True)
        files, seconds = files + told.files, seconds + told.seconds
    report, tree = timed(lambda: checks.verify(wiring.installation().ledger_key))
    assert not report.faults, report.faults[:3]
    bad, filed = timed(lambda: list(checks.misfiled()))
    assert not bad, bad[:3]
    bad, compared = timed(
        lambda: list(comparison.compare(STATEMENTS, also=[evidence.Reader().check]))
    )
    assert not bad, bad[:3]
    table.append({
        "entries": report.entries,
        "files_a_second": files / seconds,
        "tree": report.entries / tree,
        "filed": report.entries / filed,
        "compared": report.entries / compared,
        "whole": report.entries / (tree + filed + compared),
    })
    print(json.dumps(table[-1]), file=sys.stderr, flush=True)
print(json.dumps(table))
"""


def measure(
    rounds: int,
    divisions: tuple[int, ...] = DIVISIONS,
    recordings: int = RECORDINGS,
    entries: tuple[int, ...] = ENTRIES,
    slow: float = 1e9,
) -> dict[str, object]:
    """What takes longer than `slow` milliseconds is told while it runs, with the database's own account."""
    from tests.support.databases import Postgres  # stops its server at the end by itself

    server = Postgres(*SETTINGS)
    asked = json.dumps([divisions, recordings, 5 * rounds, CARDS, slow])
    country = _in_office(_COUNTRY, server.create("country"), asked) if divisions else []
    ledger = _in_office(_LEDGER, server.create("ledger"), json.dumps(entries)) if entries else []
    return {"rounds": rounds, "of_a_division": recordings, "country": country, "ledger": ledger}


SETTINGS = (
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "shared_buffers=2GB",
    "maintenance_work_mem=1GB",
    "effective_cache_size=8GB",
    "autovacuum=off",
)
"""As an office with a server of its own sets them, but that every table is vacuumed once it is filled."""


def _in_office(code: str, database: str, words: str) -> list[dict]:
    os.environ["AIGAQ_DATABASE_URL"] = database
    try:
        with scratch() as folder:
            return json.loads(_inside(code, new_installation(folder), database, words))
    finally:
        del os.environ["AIGAQ_DATABASE_URL"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--divisions", type=int, nargs="*", default=list(DIVISIONS), help="rising")
    parser.add_argument("--recordings", type=int, default=RECORDINGS, help="of each division")
    parser.add_argument("--entries", type=int, nargs="*", default=list(ENTRIES), help="of the ledger, rising")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--slow", type=float, default=1e9, help="explain queries that take so many milliseconds"
    )
    given = parser.parse_args()
    sizes = tuple(given.divisions), given.recordings, tuple(given.entries), given.slow
    print(json.dumps(measure(given.rounds, *sizes), indent=2))


if __name__ == "__main__":
    main()
