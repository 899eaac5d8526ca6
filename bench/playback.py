"""Reading one MiB anywhere in a recording costs what one MiB costs."""

import io
import os
import statistics
import time
from datetime import UTC, datetime

from aigaq.vault.age import Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.source import SourceFile
from aigaq.vault.store import Vault
from bench.measure import forget_cache, run, scratch

SIZES = (20_000_000, 200_000_000, 2_000_000_000)
MIB = 1 << 20
SEEKS = 15


def measure(rounds: int) -> dict[str, object]:
    table = []
    with scratch() as folder:
        identity = Identity.generate()
        (folder / "identity").write_text(f"{identity}\n", encoding="ascii")
        vault = Vault.create(
            LocalBackend(folder / "vault", immutable=False), identity.recipient, created_at=datetime.now(UTC)
        )
        for size in SIZES:
            recording = folder / "recording"
            with recording.open("wb") as file:
                for _ in range(size // 1_000_000):
                    file.write(os.urandom(1_000_000))
            directory = os.open(folder, os.O_RDONLY)
            with SourceFile(recording.name, dir_fd=directory) as source:
                stored = vault.put(source)
            os.close(directory)
            blob = folder / "vault" / stored.name
            seeks, wholes = [], []
            for _ in range(rounds):
                forget_cache(folder / "vault")
                wholes.append(run(f"age -d -i {folder}/identity {blob} > /dev/null")[0])
                for number in range(SEEKS):
                    forget_cache(folder / "vault")
                    started = time.perf_counter()
                    with vault.open(stored.content_digest, identity) as reader:
                        reader.seek(size * number // SEEKS)
                        octets = io.BufferedReader(reader, MIB).read(MIB)
                    seeks.append(time.perf_counter() - started)
                    assert len(octets) == MIB
            seek = statistics.median(seeks)
            table.append(
                {"octets": size, "seek_ms": seek * 1000, "age_to_seek": statistics.median(wholes) / seek}
            )
            recording.unlink()
    return {"table": table, "rounds": rounds}
