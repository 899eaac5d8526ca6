"""An office that loses things in turn: what came back, and how long it took.

Each is lost on a computer of its own and mended with the command that `docs/operations/disaster.md` names.
Nothing may be missing afterwards: a recording or an entry less ends the benchmark.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path

from bench.measure import in_turn, random_files, run, scratch
from bench.offices import AIGAQ, new_installation

SIZES = (10, 100, 1_000)
"""Recordings in the vault."""
OCTETS = 1_000_000
NEWEST = 10
"""Every so-manieth recording came after the backup."""
LOSSES = {
    "database": "the database, without a backup: `vault rebuild`",
    "hour": "the database and what came after the backup: `restore`",
    "vault": "the vault's disk: the copy in its place, `vault scrub`",
    "copy": "a copy: an empty disk, `vault copies bring`",
    "password": "the head's vault password: `vault hand-over`",
    "read": "beside them: `sha256sum` over the vault",
}
_numbers = count()


class _Office:
    """One vault with a copy beside it, a backup, and what came after the backup."""

    def __init__(self, folder: Path, recordings: int) -> None:
        self.folder = folder
        self.data = new_installation(folder).data
        self.recordings = recordings
        self.passwords = folder / "passwords"
        self.custodians = folder / "custodians"
        self.custodians.write_text(self.passwords.read_text("ascii").splitlines()[1], encoding="ascii")
        self.new = folder / "new-password"
        self.new.write_text(os.urandom(12).hex(), encoding="ascii")
        self.disk = folder / "disk"
        newest = recordings // NEWEST
        self._unload(recordings - newest)
        self.aigaq(self.data, "vault", "copies", "prepare", "disk")
        self.aigaq(self.data, "backup", str(folder / "backup"))
        self._unload(newest)
        self.aigaq(self.data, "vault", "copies", "bring")
        # Once more: that they were brought are the newest entries, and their copy is not on the disk yet.
        self.aigaq(self.data, "vault", "copies", "bring")
        self.entries = self.told(self.data, "ledger", "verify")["entries"]

    def _unload(self, files: int) -> None:
        card = self.folder / f"card-{next(_numbers)}"
        random_files(card, files, OCTETS)
        self.aigaq(self.data, "unload", str(card))
        shutil.rmtree(card)

    def aigaq(self, data: Path, *words: str) -> tuple[float, float]:
        return run([AIGAQ, *words, "--data", str(data)], self._env(self.disk))

    def _env(self, disk: Path) -> dict[str, str]:
        return {"AIGAQ_VAULT_COPIES": f"disk={disk}", "AIGAQ_LANG": "en"}

    def told(self, data: Path, *words: str) -> dict:
        done = subprocess.run(
            [AIGAQ, *words, "--data", str(data), "--json"],
            env={**os.environ, **self._env(self.disk)},
            capture_output=True,
            check=True,
        )
        return json.loads(done.stdout)

    def computer(self, *, with_database: bool) -> Path:
        """A new one, with the vault as the copy has it, or with all that the office has."""
        data = self.folder / f"computer-{next(_numbers)}"
        if with_database:
            shutil.copytree(self.data, data)
        else:
            shutil.copytree(self.disk, data / "vault")
        return data

    def losses(self) -> dict[str, Callable[[], tuple[float, float]]]:
        with_password = ("--vault-password-file", str(self.passwords))

        def database() -> tuple[float, float]:
            data = self.computer(with_database=False)
            spent = self.aigaq(data, "vault", "rebuild", *with_password)
            return self._whole(data, spent)

        def hour() -> tuple[float, float]:
            data = self.computer(with_database=False)
            spent = self.aigaq(data, "restore", str(self.folder / "backup"), *with_password)
            return self._whole(data, spent)

        def vault() -> tuple[float, float]:
            data = self.computer(with_database=True)
            shutil.rmtree(data / "vault")
            copied = run(["cp", "--archive", str(self.disk), str(data / "vault")])
            scrubbed = self.aigaq(data, "vault", "scrub")
            return self._whole(data, (copied[0] + scrubbed[0], copied[1] + scrubbed[1]))

        def copy() -> tuple[float, float]:
            data, name = self.computer(with_database=True), f"disk-{next(_numbers)}"
            disk = self.folder / name
            copies = {"AIGAQ_VAULT_COPIES": f"{name}={disk}"}
            prepared = run([AIGAQ, "vault", "copies", "prepare", name, "--data", str(data)], copies)
            brought = run([AIGAQ, "vault", "copies", "bring", "--data", str(data)], copies)
            if lacking := _blobs(data / "vault") - _blobs(disk):
                raise SystemExit(f"the new copy lacks {len(lacking)} recordings")
            shutil.rmtree(disk)
            return self._whole(data, (prepared[0] + brought[0], prepared[1] + brought[1]))

        def password() -> tuple[float, float]:
            data = self.computer(with_database=True)
            given = ("--as", "custodian", "--vault-password-file", str(self.custodians))
            given += ("--new-vault-password-file", str(self.new))
            spent = self.aigaq(data, "vault", "hand-over", "--to", "head", *given)
            return self._whole(data, spent)

        def read() -> tuple[float, float]:
            return run(f"find {self.data}/vault/blobs -type f -print0 | xargs -0 sha256sum")

        return dict(zip(LOSSES, (database, hour, vault, copy, password, read), strict=True))

    def _whole(self, data: Path, spent: tuple[float, float]) -> tuple[float, float]:
        """Nothing is missing on that computer; then it is thrown away."""
        verified = self.told(data, "ledger", "verify")
        if verified["faults"] or verified["entries"] < self.entries:
            raise SystemExit(f"{verified['entries']} entries of {self.entries}: {verified['faults']}")
        if lacking := _blobs(self.data / "vault") - _blobs(data / "vault"):
            raise SystemExit(f"{len(lacking)} recordings are lost")
        shutil.rmtree(data)
        return spent


def _blobs(vault: Path) -> set[str]:
    return {path.name for path in (vault / "blobs").rglob("*") if path.is_file()}


def measure(rounds: int) -> dict[str, object]:
    table = []
    for recordings in SIZES:
        with scratch() as folder:
            office = _Office(folder, recordings)
            if len(_blobs(office.data / "vault")) != recordings:
                raise SystemExit("not every recording was stored")
            costs = in_turn(rounds, office.losses())
            found = {"recordings": recordings, "entries": office.entries}
            table.append(found | {name: cost.seconds for name, cost in costs.items()})
    return {"octets": OCTETS, "rounds": rounds, "table": table}
