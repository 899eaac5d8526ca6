import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.vault.errors import NotABlobNameError, UnknownVaultFormatError
from aigaq.vault.layout import BlobName, Description
from tests.support import vaults

NAME = BlobName(ContentDigest(bytes([0xAB, 0xCD]) + bytes(30)), StoredDigest(bytes([0xEF]) * 32))
PATH = f"blobs/ab/cd/abcd{'0' * 60}.{'ef' * 32}.age"
FORMAT = Path(__file__).parents[2] / "docs/formats/vault.md"


def test_a_name_carries_both_digests_under_its_shard():
    assert NAME.path == PATH
    assert BlobName.parse(PATH) == NAME


@pytest.mark.parametrize(
    "path",
    [
        PATH.replace("blobs/ab/cd", "blobs/cd/ab"),
        PATH.replace("blobs/ab/cd", "blobs/ab"),
        PATH.removeprefix("blobs/"),
        "/" + PATH,
        "blobs/ab/../ab/cd/" + PATH.rpartition("/")[2],
        PATH.upper(),
        PATH + "\n",
        PATH.replace(".age", ".part"),
        PATH.replace("0", "٠", 1),
        PATH[:-70] + ".age",
        "",
    ],
)
def test_any_other_path_is_no_blob(path):
    with pytest.raises(NotABlobNameError):
        BlobName.parse(path)


def test_a_description_has_one_spelling():
    description = Description("00" * 16, "age1recipient", datetime(2026, 11, 22, 15, tzinfo=UTC))
    octets = description.encode()
    assert octets == (
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":1,"recipient":"age1recipient",'
        b'"vault":"00000000000000000000000000000000"}'
    )
    assert Description.decode(octets, place="here") == description


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":2,"recipient":"a","vault":"b"}',
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":1,"recipient":"a","vault":"b","x":1}',
        b'{"created_at":"2026-11-22T15:00:00.000000Z","extra":1,"format":1,"recipient":"a","vault":"b"}',
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":1,"recipient":"a","vault":"b"}\n',
        b'{"created_at":"yesterday","format":1,"recipient":"a","vault":"b"}',
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":true,"recipient":"a","vault":"b"}',
        b'{"created_at":"2026-11-22T15:00:00.000000Z","format":1,"recipient":1,"vault":"b"}',
    ],
)
def test_any_other_description_is_refused(octets):
    with pytest.raises(UnknownVaultFormatError, match="here"):
        Description.decode(octets, place="here")


def stock_check(vault: Path) -> subprocess.CompletedProcess[str]:
    """The very command that the format's page gives."""
    command = re.search(r"```sh\n(find .*)\n```", FORMAT.read_text())
    assert command is not None
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command[1]], cwd=vault, capture_output=True, text=True, check=False
    )


def test_the_documented_stock_command_checks_a_vault(tmp_path):
    vault = vaults.local_vault(tmp_path / "vault")
    for number in range(5):
        (tmp_path / "file").write_bytes(bytes([number]) * 70_000)
        vaults.put_file(vault, tmp_path / "file")
    sound = stock_check(tmp_path / "vault")
    assert (sound.returncode, sound.stdout) == (0, "")
    victim = vaults.blobs(tmp_path / "vault")[2]
    vaults.flip(victim, 1000)
    damaged = stock_check(tmp_path / "vault")
    assert damaged.returncode == 1
    assert damaged.stdout == f"{victim.relative_to(tmp_path / 'vault')}: FAILED\n"
