"""A vault written once, long ago, that every version must read and whose every octet must stay."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.vault.age import Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.scrub import Report, scrub
from aigaq.vault.store import Vault

VAULT = Path(__file__).parent / "vault" / "format-1"
KEY = VAULT.parent / "identity.txt"

LONG = b"".join(hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(2049))
RECORDINGS = [b"", "Айғақ".encode(), LONG[:65_537]]


@pytest.fixture
def vault():
    return Vault.at(LocalBackend(VAULT))


@pytest.mark.parametrize("octets", RECORDINGS, ids=len)
def test_each_recording_of_the_frozen_vault_opens(vault, octets):
    content = ContentDigest(hashlib.sha256(octets).digest())
    vault.verify(content)
    with vault.open(content, Identity.parse(KEY.read_text().splitlines()[1])) as reader:
        assert reader.readall() == octets


@pytest.mark.parametrize("octets", RECORDINGS, ids=len)
def test_stock_age_opens_the_frozen_vault(octets):
    (blob,) = (VAULT / "blobs").rglob(f"{hashlib.sha256(octets).hexdigest()}.*.age")
    opened = subprocess.run(["age", "-d", "-i", KEY, blob], capture_output=True, check=True)
    assert opened.stdout == octets


def test_the_frozen_vault_is_sound_and_whole(vault):
    assert scrub(vault) == Report(checked=3, bytes=200 + 210 + 65_753, findings=())


def test_the_frozen_description_reads(vault):
    assert vault.id == "a30203260abdef8d5dc4ed89283ef0b2"
    assert vault.recipient == Identity.parse(KEY.read_text().splitlines()[1]).recipient
