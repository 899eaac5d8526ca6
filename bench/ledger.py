"""How fast the ledger grows and how fast it is proven, at 1, 10 and 100 times the entries."""

import json
import os
import subprocess
import sys

from bench.measure import scratch
from bench.offices import new_installation

SIZES = (100, 1_000, 10_000)
BATCH = 100

_INSIDE = """
import json, sys, time
import django
django.setup()
from django.db import transaction
from aigaq import wiring
from aigaq.ledger import checks
from aigaq.ledger.services import MACHINE
ledger, wanted, batch = wiring.ledger(), int(sys.argv[1]), int(sys.argv[2])
def append(count, each):
    started = time.perf_counter()
    for _ in range(count // each):
        with transaction.atomic():
            for _ in range(each):
                ledger.append("bench.entry", MACHINE, {"figure": "of a usual size " * 20})
    return count / (time.perf_counter() - started)
single = append(min(wanted, 1000), 1)
batched = append(wanted, min(batch, wanted))
started = time.perf_counter()
report = checks.verify(wiring.installation().ledger_key)
spent = time.perf_counter() - started
assert not report.faults, report.faults
rates = {"single_rate": single, "batch_rate": batched, "verify_rate": report.entries / spent}
print(json.dumps({"entries": report.entries, **rates}))
"""


def measure(_rounds: int) -> dict[str, object]:
    table = []
    for size in SIZES:
        with scratch() as folder:
            installation = new_installation(folder)
            done = subprocess.run(
                [sys.executable, "-c", _INSIDE, str(size), str(BATCH)],
                env={
                    **os.environ,
                    "AIGAQ_DATA": str(installation.data),
                    "DJANGO_SETTINGS_MODULE": "aigaq.settings",
                },
                check=True,
                capture_output=True,
                text=True,
            )
            table.append(json.loads(done.stdout))
    return {"table": table, "rounds": 1}
