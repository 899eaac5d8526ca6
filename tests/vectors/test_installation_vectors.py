"""A whole office of each version that was released, as it lay on its disk: it is migrated, holds, and opens."""

import hashlib
import tarfile

import pytest

from tests.support.command import Shell
from tests.support.frozen_installation import FOLDER, content

FROZEN = {"0.2.0": "598fb1fb80b938c9b2fd128757771f8e39ba04d113530fc4dc5364d15991e6a4"}
"""SHA-256 of each."""

ROWS = """
import django
django.setup()
from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Placement
row = JournalRow.objects.get()
print(row.number, row.returned.seal_found, Placement.objects.filter(row=row).count())
"""


@pytest.fixture(params=FROZEN)
def shell(request, tmp_path):
    with tarfile.open(FOLDER / f"{request.param}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="tar")
    (tmp_path / "data").chmod(0o700)
    shell = Shell(tmp_path / "data")
    shell.password_file()
    return shell


@pytest.mark.parametrize("version", FROZEN)
def test_what_is_frozen_stays(version):
    octets = (FOLDER / f"{version}.tar.xz").read_bytes()
    assert hashlib.sha256(octets).hexdigest() == FROZEN[version]


def test_an_office_of_every_version_is_migrated_holds_and_opens(shell, tmp_path):
    migrated = shell.run("migrate", "--json")
    assert migrated.status == 0, migrated.err
    verified = shell.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, []), verified.err
    scrubbed = shell.run("vault", "scrub", "--json")
    assert (scrubbed.status, scrubbed.json["findings"]) == (0, []), scrubbed.err
    assert scrubbed.json["checked"] >= len(content())
    assert shell.run(program=("-c", ROWS)).out.split() == ["1", "intact", "3"]
    path, octets = sorted(content().items())[1]
    digest = hashlib.sha256(octets).hexdigest()
    asked = ("vault", "cat", digest, "-o", tmp_path / "out", "--vault-password-file", shell.password_file())
    opened = shell.run(*asked)
    assert opened.status == 0, (path, opened.err)
    assert (tmp_path / "out").read_bytes() == octets
