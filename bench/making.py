"""One playable copy, made as for a page: a program, so that all its costs are counted (`proxy.py`)."""

import json
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from aigaq.media.making.maker import Input, Maker
from aigaq.media.making.recipes import Plan, Product, Way
from aigaq.unloading.deriving import keep
from aigaq.vault.age import Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.store import Vault


def main(source: Path, way: Way, told: Path) -> None:
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        identity = Identity.generate()
        backend = LocalBackend(Path(folder) / "vault", immutable=False)
        vault = Vault.create(backend, identity.recipient, created_at=datetime.now(UTC))
        with source.open("rb", buffering=0) as file:
            original = vault.put(file)
        asked = time.perf_counter()
        with Maker(Path(folder) / "spool") as maker, vault.open(original.content_digest, identity) as reader:
            made = maker.make(
                Plan(Product.PROXY, way), Input(cast(BinaryIO, reader), source.name, reader.size)
            )
            assert made.plan.way is way
            copy = keep(vault, made).stored
        first = first_octet(vault, copy.content_digest, identity) - asked
        again = time.perf_counter()
        told.write_text(
            json.dumps(
                {"first_octet": first, "again": first_octet(vault, copy.content_digest, identity) - again}
            )
        )


def first_octet(vault: Vault, content, identity: Identity) -> float:
    with closing(vault.open(content, identity)) as reader:
        assert reader.read(1)
    return time.perf_counter()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Way(sys.argv[2]), Path(sys.argv[3]))
