"""Writing an evidence package beside `bagit.py`, and beside `tar` with `sha256sum`, on the same files.

Ours copies, makes both digests, and is durable at the end; the others do what they offer of it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.measure import forget_cache, in_turn, random_files, run, scratch

FILE = 200_000_000
TIMES = (1, 10)
LARGE = 100
"""20 GB, with ``--large``."""

_INSIDE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from aigaq.package import writer
from tests.support import packages
source, target = Path(sys.argv[1]), Path(sys.argv[2])
contents = packages.contents()
film = contents.originals[1]
def opens(path):
    return lambda: path.open("rb", buffering=0)
originals = tuple(
    replace(film, card_path=name, size=path.stat().st_size, sha256=digest, open=opens(path))
    for name, digest in sorted(json.loads(Path(sys.argv[3]).read_text()).items())
    for path in [source / name]
)
writer.write(replace(contents, originals=originals, custody=contents.custody[1:] * len(originals)), target)
"""
_ROOT = Path(__file__).parent.parent


def measure(rounds: int, *, large: bool = False) -> dict[str, object]:
    with scratch() as folder:
        rows = [_at(folder, times, rounds) for times in (*TIMES, *([LARGE] if large else ()))]
    return {"octets": FILE, "rounds": rounds, "table": rows}


def _at(folder: Path, times: int, rounds: int) -> dict[str, object]:
    card, target = folder / "card", folder / "target"
    digests = {each.name: _digest(each) for each in random_files(card, times, FILE)}
    known = folder / "digests.json"
    known.write_text(json.dumps(digests), encoding="ascii")

    def afresh(work):
        def contestant():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            forget_cache(card)
            try:
                return work()
            finally:
                shutil.rmtree(target, ignore_errors=True)

        return contestant

    ours = [sys.executable, "-c", _INSIDE, str(card), str(target), str(known)]
    path = {"PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])}
    bagit = Path(sys.executable).with_name("bagit.py")
    bag = f"{bagit} --quiet --sha256 --sha512 {target}/card"
    costs = in_turn(
        rounds,
        {
            "ours": afresh(lambda: run(ours, path)),
            "cp + bagit.py + sync": afresh(
                lambda: run(f"cp -r {card} {target} && {bag} && sync -f {target}")
            ),
            "tar + sha256sum + sync": afresh(
                lambda: run(f"tar -cf {target}/t.tar -C {card} . && sha256sum {card}/* && sync -f {target}")
            ),
        },
    )
    target.mkdir(exist_ok=True)
    peak = _peak(ours, path)
    shutil.rmtree(target)
    shutil.rmtree(card)
    own = costs["ours"]
    return {
        "times": times,
        "peak_mb": peak / 1e6,
        "tools": [
            {
                "tool": name,
                "wall": cost.seconds,
                "wall_ratio": cost.seconds / own.seconds,
                "cpu_ratio": cost.cpu_seconds / own.cpu_seconds,
            }
            for name, cost in costs.items()
        ],
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _peak(command: list[str], env: dict[str, str]) -> int:
    """The most memory that it had, in octets."""
    with subprocess.Popen(command, env={**os.environ, **env}) as running:
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode != 0:
        raise SystemExit("our writer failed")
    return used.ru_maxrss * 1024
