"""A vault's disk after each of its writes: whatever was said by then is true of what is on it.

An unloading runs in a guest whose vault lies on dm-log-writes; then every prefix of the writes is put on a copy
of the empty vault, which is mounted and read, as after a power cut at that very write. `make faults` looks at each
prefix, `make test` at a sample and at those just before something was said.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.vault.errors import BlobDamagedError, BlobMissingError
from aigaq.vault.scrub import scrub
from tests.support import amount, logwrites, uml, vaults

pytestmark = [
    pytest.mark.faults,
    pytest.mark.cards,
    pytest.mark.skipif(bool(uml.missing()), reason=uml.missing()),
]

FULL = amount.FULL
FILES = 40 if FULL else 3
SAMPLE = 16


@pytest.fixture
def logged(installed):
    """`logged(files, mutant)`: the folder with disk and log, and what was said."""
    with uml.workshop() as folder:

        def run(files: int, mutant: str = "") -> tuple[Path, list[dict]]:
            data = folder / "data"
            installed(data)
            disk = uml.ext4_disk(folder / "vault.img", megabytes=128, content=data / "vault")
            shutil.rmtree(data / "vault")
            (data / "vault").mkdir()
            subprocess.run(["cp", "--sparse=always", disk, folder / "replayed.img"], check=True)
            with (folder / "log.img").open("wb") as file:
                file.truncate(256 << 20)
            disks = uml.ext4_disk(folder / "data.img", megabytes=32, content=data), disk, folder / "log.img"
            environment = {"AIGAQ_DATA": "/run/data"}
            with uml.Guest(folder, "writes", files, mutant, disks=disks, environment=environment) as guest:
                guest.end()
            return folder, guest.told

        yield run


def prefixes_hold(folder: Path, told: list[dict], *, every: int) -> tuple[int, int]:
    """Return how many prefixes there are, and how many were looked at: each, or what lies before a mark."""
    (recorded,) = (message["recorded"] for message in told if "recorded" in message)
    said = {message["mark"]: message for message in told if "mark" in message}
    log = list(logwrites.entries(folder / "log.img"))
    writes = [entry for entry in log if not entry.mark]
    marks = {entry.mark for entry in log if entry.mark}
    assert set(said) <= marks, "what was said is not in the log"
    assert len(writes) > 20, "nothing was written"
    wanted, looked_at = {}, 0
    with logwrites.Replay(folder / "log.img", folder / "replayed.img") as replay:
        for number, entry in enumerate(log):
            if entry.mark:
                message = said.get(entry.mark, {})
                wanted |= message.get("entered", {})
                if message.get("ended_as"):
                    assert message["ended_as"] == "ready", message
                    wanted |= recorded
            replay.put(entry)
            if number % every == 0 or (entry.mark and every > 1):
                looked_at += 1
                try:
                    holds(folder, wanted)
                except AssertionError as error:
                    error.add_note(f"after write {number} of {len(log)}")
                    raise
    return len(log), looked_at


def holds(folder: Path, wanted: dict[str, str]) -> None:
    """Mounting changes a disk, so it is a copy's."""
    subprocess.run(["cp", "--sparse=always", folder / "replayed.img", folder / "copy.img"], check=True)
    with uml.mounted(folder / "copy.img", folder / "looked-at") as at:
        vault = vaults.again(at)
        try:
            for path, digest in wanted.items():
                try:
                    vault.verify(ContentDigest.parse(digest))
                except (BlobMissingError, BlobDamagedError) as error:
                    raise AssertionError(f"{path} was said to be entered, and is not in the vault") from error
            assert scrub(vault).findings == ()
        finally:
            vault.backend.close()


def test_after_each_write_what_was_said_is_true(logged, say):
    folder, told = logged(FILES)
    total = sum(1 for _ in logwrites.entries(folder / "log.img"))
    count, looked_at = prefixes_hold(folder, told, every=1 if FULL else max(1, total // SAMPLE))
    assert looked_at == count if FULL else looked_at >= SAMPLE
    say(f"{looked_at} of {count} prefixes of the writes hold")


def test_a_vault_without_the_fsync_of_its_directories_is_caught(logged):
    folder, told = logged(4, "no_directory_fsync")
    with pytest.raises(AssertionError, match="is not in the vault"):
        prefixes_hold(folder, told, every=4)
