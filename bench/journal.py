"""The book at 100, 10,000 and 100,000 rows: its pages on both databases, and 20 and 200 sheets on paper."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.measure import scratch
from bench.offices import AIGAQ, Installation, new_installation

ROWS = (100, 10_000, 100_000)
SHEETS = (20, 200)
_ROOT = Path(__file__).resolve().parent.parent

_PAGES = """
import json, statistics, sys, time
import django
django.setup()
from django.db import connection
from bench.filled import Filler
from aigaq.journal.models import JournalBook
from aigaq.ledger.models import LedgerEntry
from aigaq.registry.models import Person, Recorder
from tests.support.visitors import Visitor
sizes, looks = json.loads(sys.argv[1]), int(sys.argv[2])
browser = Visitor(Person.objects.filter(appointments__role="head").get())
def spent(path):
    def look():
        started = time.perf_counter()
        response = browser.get(path, HTTP_HOST="127.0.0.1")
        assert response.status_code == 200, response.status_code
        return time.perf_counter() - started
    look()
    return statistics.median(look() for _ in range(looks)) * 1000
filler = Filler(sheets=96, first_seq=LedgerEntry.objects.count())
table = []
for rows in sizes:
    filler.up_to(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    # Somebody is out, as always.
    Recorder.objects.update(out_on=filler.book.rows.latest("number").pk)
    oldest, newest = JournalBook.objects.earliest("seq"), JournalBook.objects.latest("seq")
    middle = oldest.rows.get(number=min(90, rows)).seq
    table.append({
        "rows": rows,
        "books": JournalBook.objects.count(),
        "newest": spent("/journal/"),
        "oldest": spent(f"/journal/?book={oldest.pk}&before={middle}"),
        "shelf": spent("/journal/shelf/"),
        "desk": spent("/"),
    })
print(json.dumps(table))
"""

_BOOK = """
import sys
import django
django.setup()
from django.db import transaction
from aigaq import wiring
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, Act
from bench.filled import Filler
rows = int(sys.argv[1]) * 10
filler = Filler(sheets=int(sys.argv[1]), first_seq=LedgerEntry.objects.count())
filler.up_to(rows)
with transaction.atomic():
    wiring.ledger().append_all(Act("bench.entry", MACHINE, {"row": row}) for row in range(rows + 1))
"""


def _inside(code: str, installation: Installation, database: str, *words: str) -> str:
    """Run in the installation's own process."""
    environment = {
        **os.environ,
        "AIGAQ_DATA": str(installation.data),
        "AIGAQ_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "aigaq.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(_ROOT)])),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _pages(rounds: int, database: str) -> list[dict]:
    os.environ["AIGAQ_DATABASE_URL"] = database
    try:
        with scratch() as folder:
            installation = new_installation(folder)
            looks = str(5 * rounds)
            return json.loads(_inside(_PAGES, installation, database, json.dumps(ROWS), looks))
    finally:
        del os.environ["AIGAQ_DATABASE_URL"]


def _printed(installation: Installation, sheets: int, path: Path) -> dict:
    """Wall and processor seconds and the peak of memory of one print, all its processes included."""
    command = [AIGAQ, "journal", "print", "bench-0", "--sheets", f"1-{sheets}", "-o", str(path)]
    started = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--data", str(installation.data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} failed")
    return {
        "sheets": sheets,
        "wall": time.perf_counter() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * 1024 / 1e6,
        "octets": path.stat().st_size,
    }


def measure(rounds: int) -> dict[str, object]:
    from tests.support.databases import Postgres  # stops its server at the end by itself

    databases = {"SQLite": "", "PostgreSQL": Postgres().create("bench")}
    pages = {name: _pages(rounds, database) for name, database in databases.items()}
    with scratch() as folder:
        installation = new_installation(folder)
        _inside(_BOOK, installation, "", str(max(SHEETS)))
        paper = [_printed(installation, sheets, folder / f"{sheets}.pdf") for sheets in SHEETS]
    return {"rounds": rounds, "pages": pages, "paper": paper}
