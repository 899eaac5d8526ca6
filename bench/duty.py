"""A duty's page, its coverage and the plain list among 10 thousand and a million recordings with files.

On both databases, by the pages as a reader has them, each look entered in the ledger before it is shown. All
is put straight into the tables of a throw-away database (`onduty`); its octets are nowhere.
"""

import argparse
import json
import os

from bench.journal import _inside
from bench.measure import scratch
from bench.offices import new_installation

ROWS = (10_000, 1_000_000)
"""10 million are measured where somebody asks (`--rows`): the database has 33 to 38 GB then."""
LOOKS = {
    "page": "a duty's page",
    "coverage": "its coverage alone",
    "list": "a page of the list",
}

_CODE = """
import json, statistics, sys, time
import django
django.setup()
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from aigaq import wiring
from aigaq.recordings.duty_coverage import duty_coverage
from bench.onduty import OnDuty
from tests.support.visitors import Visitor
sizes, looks, slow = json.loads(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
bench = OnDuty()
browser = Visitor(bench.head)
def page(path):
    response = browser.get(path, HTTP_HOST="127.0.0.1")
    assert response.status_code == 200, response.status_code
def coverage(row):
    assert len(duty_coverage(row, wiring.clock().now()).files) == 9
def once(look, of):
    started = time.perf_counter()
    look(of)
    return (time.perf_counter() - started) * 1000
def queries(look, of):
    with CaptureQueriesContext(connection) as asked:
        look(of)
    told = asked.captured_queries
    for query in told:
        if float(query["time"]) * 1000 > slow:
            print(query["time"], query["sql"][:5000], file=sys.stderr, flush=True)
    return len(told)
table = []
for rows in sizes:
    started = time.perf_counter()
    bench.up_to(rows)
    print(f"{rows} after {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    found = {"rows": rows, "octets": bench.octets()}
    wanted = {}
    for name, share in (("newest", 0), ("halfway", 0.5)):
        row = bench.row(share)
        before = f"?before={bench.place(share)}" if share else ""
        wanted |= {
            (name, "page"): (page, reverse("duties:duty", args=[row.pk])),
            (name, "coverage"): (coverage, row),
            (name, "list"): (page, reverse("recordings:list") + before),
        }
    for look, of in wanted.values():
        look(of)
    asked = {what: queries(*way) for what, way in wanted.items()}
    spent = {what: [] for what in wanted}
    for _ in range(looks):
        # In turn, so that a slow minute of the machine hits all alike.
        for what, way in wanted.items():
            spent[what].append(once(*way))
    for name, what in wanted:
        ms = statistics.median(spent[name, what])
        found.setdefault(name, {})[what] = {"ms": ms, "queries": asked[name, what]}
    table.append(found)
    print(json.dumps(found), file=sys.stderr, flush=True)
print(json.dumps(table))
"""


def measure(
    rounds: int,
    sizes: tuple[int, ...] = ROWS,
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL"),
    slow: float = 1e9,
) -> dict[str, object]:
    """What takes longer than `slow` milliseconds is told while it runs."""
    from tests.support.databases import Postgres  # stops its server at the end by itself

    found = {}
    for name in databases:
        database = Postgres().create("bench") if name == "PostgreSQL" else ""
        os.environ["AIGAQ_DATABASE_URL"] = database
        try:
            with scratch() as folder:
                installation = new_installation(folder)
                told = (json.dumps(sizes), str(15 * rounds), str(slow))
                found[name] = json.loads(_inside(_CODE, installation, database, *told))
        finally:
            del os.environ["AIGAQ_DATABASE_URL"]
    return {"rounds": rounds, "databases": found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="recordings, rising")
    parser.add_argument(
        "--database", choices=["SQLite", "PostgreSQL"], nargs="+", default=["SQLite", "PostgreSQL"]
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=float, default=1e9, help="tell queries that take so many milliseconds")
    given = parser.parse_args()
    print(json.dumps(measure(given.rounds, tuple(given.rows), tuple(given.database), given.slow), indent=2))


if __name__ == "__main__":
    main()
