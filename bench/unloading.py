"""Unloading with the full guarantee beside tools that copy, back up or encrypt, each with its own check."""

import shutil
from pathlib import Path

from bench.measure import forget_cache, in_turn, random_files, run, scratch
from bench.offices import new_installation

FILE = 200_000_000
FILES = 20
"""4 GB, as a recorder's working day at 1 Mbit/s and more."""
GROWTH = (1, 10, 100)
SMALL_FILE = 2_000_000


def _sha256sum(folder: Path) -> str:
    return f"find {folder} -type f -print0 | sort -z | xargs -0 sha256sum"


def peers(folder: Path, card: Path, keys: Path):
    def afresh(work):
        def contestant():
            target = folder / "target"
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            forget_cache(card)
            try:
                return work(target)
            finally:
                shutil.rmtree(target, ignore_errors=True)

        return contestant

    def ours(target: Path):
        installation = new_installation(target)
        forget_cache(card)
        return installation.aigaq("unload", str(card), "--keep")

    def restic(target: Path):
        env = {
            "RESTIC_PASSWORD_FILE": str(keys / "password"),
            "RESTIC_REPOSITORY": str(target),
            "RESTIC_CACHE_DIR": str(folder / "cache"),
        }
        run(["restic", "init", "--quiet"], env)
        return run(f"restic backup --quiet {card} && restic check --quiet --read-data", env)

    def age(target: Path):
        seal = f'age -r {recipient} -o {target}/$(basename "$f").age "$f"'
        check = f'age -d -i {keys}/identity "$f" | sha256sum'
        return run(
            f"for f in {card}/*; do {seal} || exit 1; done; sync -f {target}; "
            f"{_sha256sum(card)}; for f in {target}/*; do {check}; done"
        )

    recipient = f"$(age-keygen -y {keys}/identity)"
    return {
        "ours": afresh(ours),
        "cp + sync": afresh(lambda t: run(f"cp -r {card} {t} && sync -f {t}")),
        "cp + sha256sum of both sides": afresh(
            lambda t: run(f"cp -r {card} {t} && sync -f {t} && {_sha256sum(card)} && {_sha256sum(t)}")
        ),
        "age + sha256sum": afresh(age),
        "restic backup + check --read-data": afresh(restic),
    }


def measure(rounds: int) -> dict[str, object]:
    with scratch() as folder:
        keys = folder / "keys"
        keys.mkdir()
        run(f"age-keygen -o {keys}/identity")
        (keys / "password").write_text("a password of this benchmark alone", encoding="ascii")
        card = folder / "card"
        random_files(card, FILES, FILE)
        octets = FILES * FILE
        costs = in_turn(rounds, peers(folder, card, keys))
        ours = costs["ours"]
        table = [
            {
                "tool": name,
                "wall_ratio": cost.seconds / ours.seconds,
                "cpu_ratio": cost.cpu_seconds / ours.cpu_seconds,
                "cpu_seconds_per_gb": cost.cpu_seconds / octets * 1e9,
            }
            for name, cost in costs.items()
        ]
        shutil.rmtree(card)
        return {"octets": octets, "files": FILES, "rounds": rounds, "table": table, "growth": growth(folder)}


def growth(folder: Path) -> list[dict[str, float]]:
    """Ours at 1, 10 and 100 times the work, beside `cp` + `sync` of the same."""
    rows = []
    for times in GROWTH:
        card = folder / "grown"
        random_files(card, times, SMALL_FILE)
        work = folder / f"office-{times}"
        work.mkdir()
        installation = new_installation(work)
        forget_cache(card)
        wall, cpu = installation.aigaq("unload", str(card), "--keep")
        forget_cache(card)
        copied, _cpu = run(f"cp -r {card} {work}/copy && sync -f {work}")
        rows.append(
            {
                "times": times,
                "octets": times * SMALL_FILE,
                "wall": wall,
                "cpu": cpu,
                "wall_to_cp": wall / copied,
            }
        )
        shutil.rmtree(card)
        shutil.rmtree(work, ignore_errors=True)
    return rows
