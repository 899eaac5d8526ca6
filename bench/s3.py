"""A card into a bucket, read back and compared, beside `rclone` into the same store.

The store is SeaweedFS on loopback, as the tests start it, and its own processor time is nobody's. Ours locks
every object until its day, downloads it again and decrypts it; `rclone check` takes the store's word for what
it has, `check --download` does not. What ours does besides with every file it does onto a disk too: that line
tells it apart from what the bucket costs.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.measure import SCRATCH, forget_cache, in_turn, random_files, run, scratch
from bench.offices import AIGAQ

SIZES = ((100, 2_000_000), (10, 200_000_000))
"""How many files of so many octets: photos, and films."""
_names = count()


def measure(rounds: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> dict[str, object]:
    return {"rounds": rounds, "table": [row for many, size in sizes for row in _at(many, size, rounds)]}


def _at(many: int, size: int, rounds: int) -> list[dict[str, object]]:
    with scratch() as folder, _store() as store:
        card = folder / "card"
        random_files(card, many, size)
        password = folder / "password"
        password.write_text("a password of this benchmark alone", encoding="ascii")
        # Of whatever else this computer knows of stores rclone is told nothing.
        alone = "unset AWS_CA_BUNDLE AWS_PROFILE"
        remote = {
            "RCLONE_CONFIG": "/dev/null",
            "RCLONE_CONFIG_R_TYPE": "s3",
            "RCLONE_CONFIG_R_PROVIDER": "Other",
            "RCLONE_CONFIG_R_ENDPOINT": store.endpoint,
            "RCLONE_CONFIG_R_ACCESS_KEY_ID": KEYS.access,
            "RCLONE_CONFIG_R_SECRET_ACCESS_KEY": KEYS.secret,
        }

        # Made and written in before: to give a bucket its first room takes the store seconds.
        locked, plain = store.bucket(), store.bucket(locks=False)
        for bucket in (locked, plain):
            store.client().put_object(Bucket=bucket, Key="first", Body=b"first")

        def ours(*, bucket: bool = True) -> tuple[float, float]:
            office = f"office-{next(_names)}"
            data = folder / office
            env = {"AIGAQ_DATA": str(data)}
            if bucket:
                env |= {
                    "AIGAQ_VAULT": f"s3://{locked}/{office}?endpoint={store.endpoint}",
                    "AIGAQ_S3_ACCESS_KEY": KEYS.access,
                    "AIGAQ_S3_SECRET_KEY": KEYS.secret,
                }
            given = folder / "passwords"
            given.write_text("head of this benchmark\ncustodian of it\n", encoding="ascii")
            given.chmod(0o600)
            run([AIGAQ, "init", "--non-interactive", "--vault-password-file", str(given)], env)
            forget_cache(card)
            try:
                return run([AIGAQ, "unload", str(card), "--keep"], env)
            finally:
                shutil.rmtree(data)

        def copied(check: str) -> tuple[float, float]:
            place = f"R:{plain}/copy-{next(_names)}"
            forget_cache(card)
            return run(f"{alone}; rclone copy {card} {place} && rclone {check} {card} {place}", remote)

        def sealed() -> tuple[float, float]:
            secret = f'"$(rclone obscure - < {password})"'
            crypt = f"export RCLONE_CONFIG_S_TYPE=crypt RCLONE_CONFIG_S_PASSWORD={secret}"
            place = f"R:{plain}/sealed-{next(_names)}"
            forget_cache(card)
            return run(
                f"{alone}; {crypt} RCLONE_CONFIG_S_REMOTE={place}; rclone copy {card} S: &&"
                f" rclone check --download {card} S:",
                remote,
            )

        contestants = {
            "ours": ours,
            "ours, onto a disk": lambda: ours(bucket=False),
            "rclone copy + check": lambda: copied("check"),
            "rclone copy + check --download": lambda: copied("check --download"),
            "rclone crypt + check --download": sealed,
        }
        costs = in_turn(rounds, contestants)
    own, octets = costs["ours"], many * size
    return [
        {
            "files": many,
            "octets": octets,
            "tool": name,
            "seconds": cost.seconds,
            "wall_ratio": cost.seconds / own.seconds,
            "cpu_seconds_per_gb": cost.cpu_seconds / octets * 1e9,
        }
        for name, cost in costs.items()
    ]


@contextmanager
def _store() -> "Iterator[Store]":
    folder = Path(tempfile.mkdtemp(prefix="aigaq-weed-", dir=SCRATCH))
    store = Store(folder, _free_ports())
    try:
        store.start()
        yield store
    finally:
        store.kill()
        shutil.rmtree(folder, ignore_errors=True)


from tests.support.buckets import KEYS, Store, _free_ports  # noqa: E402 - it takes the settings of tests
