"""The frozen examples of docs/formats/keys.md, opened by our program and by one written from that page alone."""

import hashlib
import json
import random
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import argon2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aigaq.core import canonical
from aigaq.vault.age import Identity
from aigaq.vault.keys import WrapDamagedError, WrappedKey, WrongVaultPasswordError, open_for_session, unwrap
from aigaq.vault.keys.wrapping import filled

FROZEN = json.loads((Path(__file__).parent / "keys.json").read_text("utf-8"))
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
EXPIRES = NOW + timedelta(minutes=15)


def page_json(document: dict) -> bytes:
    """RFC 8785, as far as these documents go."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


@pytest.mark.parametrize("vector", FROZEN["wrapped"], ids=lambda vector: vector["title"])
def test_a_frozen_wrap_is_still_opened_and_still_written_so(vector):
    document = canonical.encode(vector["document"])
    wrapped = WrappedKey.from_json(document)
    identity = Identity.parse(vector["identity"])
    assert unwrap(wrapped, vector["password"]) == identity
    again = filled(replace(wrapped, sealed=bytes(48)), identity, vector["password"])
    assert again.to_json() == document


@pytest.mark.parametrize("vector", FROZEN["wrapped"], ids=lambda vector: vector["title"])
def test_a_program_written_from_the_page_opens_a_frozen_wrap(vector):
    document = dict(vector["document"])
    checksum, kdf = document.pop("checksum"), document["kdf"]
    assert checksum == sha256(page_json(document))
    sealed = bytes.fromhex(document.pop("sealed"))
    key = argon2.low_level.hash_secret_raw(
        unicodedata.normalize("NFC", vector["password"]).replace("\u00a0", " ").encode(),
        bytes.fromhex(kdf["salt"]),
        kdf["iterations"],
        kdf["memory_kib"],
        kdf["lanes"],
        32,
        argon2.low_level.Type.ID,
        0x13,
    )
    assert key.hex() == vector["key"]
    opened = ChaCha20Poly1305(key).decrypt(bytes(12), sealed, page_json(document))
    assert opened == Identity.parse(vector["identity"]).octets


def test_a_frozen_unlocking_opens_by_our_program_and_by_one_written_from_the_page():
    vector = FROZEN["session"]
    sealed, cookie, process = (
        bytes.fromhex(vector[name]) for name in ("sealed", "cookie_secret", "process_secret")
    )
    expected = Identity.parse(vector["identity"])
    assert open_for_session(sealed, cookie, process, vector["session_id"], NOW) == expected

    info = b"aigaq-session-unlock/1\0" + vector["session_id"].encode()
    key = HKDF(SHA256(), 32, sealed[1:17], info).derive(cookie + process)
    assert ChaCha20Poly1305(key).decrypt(bytes(12), sealed[25:], sealed[:25]) == expected.octets
    assert datetime.fromtimestamp(int.from_bytes(sealed[17:25], "big") // 10**6, UTC) == EXPIRES


@pytest.mark.parametrize("seed", range(3))
def test_a_frozen_wrap_with_one_digit_changed_is_noticed(seed):
    document = dict(FROZEN["wrapped"][1]["document"])
    place = random.Random(seed).randrange(96)
    digit = document["sealed"][place]
    document["sealed"] = (
        document["sealed"][:place] + ("0" if digit != "0" else "1") + document["sealed"][place + 1 :]
    )
    with pytest.raises(WrapDamagedError, match="checksum"):
        WrappedKey.from_json(canonical.encode(document))
    document["checksum"] = sha256(
        page_json({name: document[name] for name in document if name != "checksum"})
    )
    with pytest.raises(WrongVaultPasswordError):
        unwrap(WrappedKey.from_json(canonical.encode(document)), FROZEN["wrapped"][1]["password"])
