"""`make bench`: every figure a ratio within this run; writes results.json and docs/performance.md."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import (  # noqa: E402 - the folder is not a package installed
    country,
    docking,
    duty,
    frame,
    journal,
    ledger,
    losing,
    moving,
    package,
    playback,
    proxy,
    s3,
    scrubbing,
    search,
    timecode,
    unloading,
)
from bench.reporting import report  # noqa: E402

CASES = {
    "unload": unloading.measure,
    "dock": docking.measure,
    "seek": playback.measure,
    "scrub": scrubbing.measure,
    "s3": s3.measure,
    "ledger": ledger.measure,
    "move": moving.measure,
    "losing": losing.measure,
    "journal": journal.measure,
    "proxy": proxy.measure,
    "search": search.measure,
    "duty": duty.measure,
    "frame": frame.measure,
    "timecode": timecode.measure,
    "package": package.measure,
}
LONG = {"country": country.measure}
"""Only where they are named: it takes the better part of an hour and 36 GB."""
RESULTS = ROOT / "bench" / "results.json"
REPORT = ROOT / "docs" / "performance.md"
START, END = "<!-- figures: made by make bench -->", "<!-- end of figures -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[*CASES, *LONG, []], help="all of them without this")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--rows", type=int, nargs="+", help="how many recordings to search or to look at duties among, rising"
    )
    parser.add_argument(
        "--recordings", type=int, default=country.RECORDINGS, help="of each division of the country"
    )
    parser.add_argument("--large", action="store_true", help="also a package of 20 GB")
    arguments = parser.parse_args()
    cases = {**CASES, "package": partial(package.measure, large=arguments.large)}
    cases["country"] = partial(country.measure, recordings=arguments.recordings)
    if arguments.rows:
        rows = tuple(arguments.rows)
        cases |= {"search": partial(search.measure, sizes=rows), "duty": partial(duty.measure, sizes=rows)}
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in arguments.cases or CASES:
        print(f"measuring: {name}", flush=True)
        results[name] = cases[name](arguments.rounds)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    text = REPORT.read_text(encoding="utf-8")
    before, rest = text.split(START)
    _old, after = rest.split(END)
    REPORT.write_text(f"{before}{START}\n\n{report(results)}\n\n{END}{after}", encoding="utf-8")
    print(f"written: {RESULTS.relative_to(ROOT)}, {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
