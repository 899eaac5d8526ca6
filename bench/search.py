"""Searching among 10 thousand, a million and 10 million recordings, on both databases.

Recordings and their terms are put straight into the tables of a throw-away database by the database itself. A
search is timed from the question to fifty recordings with all that a list shows of each, but for files, which
these have none of.
"""

import argparse
import json
import os

from bench.journal import _inside
from bench.measure import scratch
from bench.offices import new_installation

DATABASES = ("SQLite", "PostgreSQL")
ROWS = (10_000, 1_000_000, 10_000_000)

_SEARCHES = """
import json, statistics, sys, time
import django
django.setup()
from django.db import connection
from bench.recorded import Recorded, SEARCHES
from aigaq import wiring
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.review.search import search
sizes, looks = json.loads(sys.argv[1]), int(sys.argv[2])
recorded = Recorded()
head = Person.objects.filter(appointments__role="head").get()
standing = standing_of(head, wiring.clock().now())
table = []
for rows in sizes:
    recorded.up_to(rows)
    found = {}
    for name, ask in SEARCHES.items():
        wanted, before = ask(recorded)
        def look():
            started = time.perf_counter()
            page = search(standing, recorded.division, wanted, before=before).page
            spent = time.perf_counter() - started
            return spent, len(page.recordings)
        look()
        done = [look() for _ in range(looks)]
        found[name] = {"ms": statistics.median(spent for spent, _ in done) * 1000, "found": done[0][1]}
    table.append({"rows": rows, "octets": recorded.octets(), "index": recorded.index_octets(), **found})
    print(json.dumps(table[-1]), file=sys.stderr, flush=True)
print(json.dumps(table))
"""


def measure(
    rounds: int, sizes: tuple[int, ...] = ROWS, databases: tuple[str, ...] = ("SQLite", "PostgreSQL")
):
    from tests.support.databases import Postgres  # stops its server at the end by itself

    found = {}
    for name in databases:
        database = Postgres().create("bench") if name == "PostgreSQL" else ""
        os.environ["AIGAQ_DATABASE_URL"] = database
        try:
            with scratch() as folder:
                installation = new_installation(folder)
                found[name] = json.loads(
                    _inside(_SEARCHES, installation, database, json.dumps(sizes), str(7 * rounds))
                )
        finally:
            del os.environ["AIGAQ_DATABASE_URL"]
    return {"rounds": rounds, "searches": found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="recordings, rising")
    parser.add_argument(
        "--database", choices=["SQLite", "PostgreSQL"], nargs="+", default=["SQLite", "PostgreSQL"]
    )
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    found = measure(arguments.rounds, tuple(arguments.rows), tuple(arguments.database))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
