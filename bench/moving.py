"""An office moved from SQLite to PostgreSQL and proven equal, beside the same two tables copied by hand.

The peer does less: `sqlite3` writes the ledger's tables as CSV, `psql` takes them into tables with the same
keys. It builds no schema, and nobody knows whether they are equal.
"""

import os
import shutil
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

from bench.measure import in_turn, run, scratch
from bench.offices import AIGAQ, new_installation

SIZES = (1_000, 10_000, 100_000)
MEMORY = (20_000, 200_000)
"""Entries of the ledgers whose moves' memory alone is told: it has to be the same."""
_TABLES = {
    "ledger_ledgerentry": "seq bigint PRIMARY KEY, entry text, leaf_hash text, kind text, at timestamptz",
    "ledger_checkpoint": "size bigint PRIMARY KEY, note text, frontier text",
}
_INDEXES = "CREATE INDEX ON ledger_ledgerentry (kind); CREATE INDEX ON ledger_ledgerentry (at)"
_APPEND = """
import sys
import django
django.setup()
from django.db import transaction
from aigaq import wiring
from aigaq.ledger.services import MACHINE, Act
ledger = wiring.ledger()
for _ in range(int(sys.argv[1]) // 1000):
    with transaction.atomic():
        ledger.append_all([Act("bench.entry", MACHINE, {"figure": "of a usual size " * 20})] * 1000)
"""
_names = count()


def measure(rounds: int) -> dict[str, object]:
    from tests.support.databases import Postgres  # stops its server at the end by itself

    server = Postgres()

    def database() -> str:
        return server.create(f"bench_{next(_names)}")

    table = []
    for size in SIZES:
        with scratch() as folder:
            data = new_installation(folder).data
            _grow(data, size)
            peaks: list[int] = []

            def move(data: Path = data, peaks: list[int] = peaks) -> tuple[float, float]:
                # Each time an office of its own: the vault remembers that this one was moved.
                own = data.with_name(f"own-{next(_names)}")
                shutil.copytree(data, own)
                wall, cpu, peak = _watched([AIGAQ, "move", "--to", database(), "--data", str(own)])
                peaks.append(peak)
                return wall, cpu

            def copy(file: Path = data / "aigaq.sqlite3") -> tuple[float, float]:
                return _copied(file, database())

            costs = in_turn(rounds, {"move": move, "copy": copy})
        table.append(
            {
                "entries": size,
                "move": costs["move"].seconds,
                "copy": costs["copy"].seconds,
                "peak_mb": max(peaks) * 1.024e-3,
            }
        )
    return {"table": table, "memory": [_peak(size, database()) for size in MEMORY], "rounds": rounds}


def _peak(size: int, url: str) -> dict[str, float]:
    """The most that the move of so many entries, or one of its helpers, had in memory."""
    with scratch() as folder:
        data = new_installation(folder).data
        _grow(data, size)
        wall, _cpu, peak = _watched([AIGAQ, "move", "--to", url, "--data", str(data)])
    return {"entries": size, "seconds": wall, "peak_mb": peak * 1.024e-3}


def _watched(command: list[str]) -> tuple[float, float, int]:
    """Wall and processor seconds of it and its children, and the most memory that one of them had, in KiB."""
    started = time.perf_counter()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss


def _grow(data: Path, size: int) -> None:
    env = {**os.environ, "AIGAQ_DATA": str(data), "DJANGO_SETTINGS_MODULE": "aigaq.settings"}
    subprocess.run([sys.executable, "-c", _APPEND, str(size)], env=env, check=True)


def _copied(file: Path, url: str) -> tuple[float, float]:
    makes = "; ".join(f"CREATE TABLE {name} ({columns})" for name, columns in _TABLES.items())
    parts = [f"psql -q '{url}' -c '{makes}; {_INDEXES}'"]
    parts += [
        f"sqlite3 -csv '{file}' 'SELECT * FROM {name}' | psql -q '{url}' -c 'COPY {name} FROM STDIN CSV'"  # noqa: S608 - no value in it
        for name in _TABLES
    ]
    return run(" && ".join(parts))
