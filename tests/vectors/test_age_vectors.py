"""Both readers of ours against every public age vector (see age/README.md)."""

import hashlib
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from aigaq.vault.age import (
    CHUNK,
    SEALED_CHUNK,
    AgeError,
    AgeHeaderError,
    AgeHeaderMacError,
    AgeKeyError,
    AgeNoMatchError,
    AgePayloadError,
    AgeUnsupportedError,
    Identity,
    MemorySource,
    Opener,
    Passphrase,
    SealedReader,
    decrypt,
)
from aigaq.vault.age.__main__ import main
from aigaq.vault.age.x25519 import hkdf_sha256

FOLDER = Path(__file__).parent / "age" / "cctv"
KNOWN = {"expect", "payload", "identity", "passphrase", "armored", "file key", "comment", "compressed"}
ERRORS = {
    "no match": AgeNoMatchError,
    "HMAC failure": AgeHeaderMacError,
    "header failure": AgeHeaderError,
    "payload failure": AgePayloadError,
}
STRANGER = Identity(bytes(31) + b"\x01")


@dataclass(frozen=True)
class Vector:
    name: str
    expect: str
    payload: str
    identities: tuple[str, ...]
    passphrases: tuple[str, ...]
    file_key: bytes
    foreign: bool
    """Armored, or needs a post-quantum key: not ours to read."""
    octets: bytes

    def __repr__(self):
        return self.name


def load(path: Path) -> Vector:
    head, _, octets = path.read_bytes().partition(b"\n\n")
    pairs = [line.split(": ", 1) for line in head.decode().split("\n")]
    assert {key for key, _ in pairs} <= KNOWN, path.name
    facts = dict(pairs)
    identities, passphrases = (
        tuple(value for key, value in pairs if key == wanted) for wanted in ("identity", "passphrase")
    )
    return Vector(
        path.name,
        facts["expect"],
        facts.get("payload", hashlib.sha256().hexdigest()),
        identities,
        passphrases,
        bytes.fromhex(facts.get("file key", "")),
        "armored" in facts or any("-PQ-" in text for text in identities),
        zlib.decompress(octets) if facts.get("compressed") == "zlib" else octets,
    )


VECTORS = [load(path) for path in sorted(FOLDER.iterdir()) if path.name != ".gitattributes"]
OURS = [vector for vector in VECTORS if not vector.foreign]
WITH_KEYS = [vector for vector in OURS if not vector.passphrases]
FOREIGN = [vector for vector in VECTORS if vector.foreign]


def releasable(vector: Vector) -> bytes:
    """The plaintext that a reader may release, found from the file key as the vector's authors do."""
    position = vector.octets.index(b"\n", vector.octets.index(b"\n--- ") + 1) + 1
    nonce, sealed = vector.octets[position : position + 16], vector.octets[position + 16 :]
    cipher = ChaCha20Poly1305(hkdf_sha256(vector.file_key, nonce, b"payload"))
    released = b""
    for chunk, start in enumerate(range(0, len(sealed), SEALED_CHUNK)):
        for mark in (b"\0", b"\1"):
            try:
                opened = cipher.decrypt(
                    chunk.to_bytes(11, "big") + mark, sealed[start : start + SEALED_CHUNK], None
                )
            except InvalidTag:
                continue
            final = mark == b"\1"
            break
        else:
            return released
        if (final or len(opened) == CHUNK) and (opened or not chunk):
            released += opened
        if final or len(opened) < CHUNK:
            return released
    return released


def openers(vector: Vector) -> list[Opener]:
    keys = [Identity.parse(text) for text in vector.identities]
    return [*keys, *(Passphrase(text) for text in vector.passphrases)]


def by_streaming(octets: bytes, identities: list[Opener]) -> tuple[bytes, AgeError | None]:
    released = io.BytesIO()
    try:
        decrypt(identities, io.BytesIO(octets), released)
    except AgeError as error:
        return released.getvalue(), error
    return released.getvalue(), None


def by_seeking(octets: bytes, identities: list[Opener]) -> tuple[bytes, AgeError | None]:
    released = b""
    try:
        with SealedReader(MemorySource(octets), identities) as reader:
            while piece := reader.read(CHUNK):
                released += piece
    except AgeError as error:
        return released, error
    return released, None


@pytest.mark.parametrize("read", [by_streaming, by_seeking])
@pytest.mark.parametrize("vector", OURS, ids=repr)
def test_a_vector_comes_to_what_its_authors_say(vector, read):
    released, error = read(vector.octets, openers(vector))

    if vector.expect == "success":
        assert error is None
        assert hashlib.sha256(released).hexdigest() == vector.payload
        return
    # A vector of a version to come is a header failure to its authors; we name the version.
    expected = AgeUnsupportedError if vector.name == "version_unsupported" else ERRORS[vector.expect]
    assert isinstance(error, expected), repr(error)
    if vector.expect != "payload failure":
        assert released == b""
        return
    allowed = releasable(vector)
    assert hashlib.sha256(allowed).hexdigest() == vector.payload
    assert allowed.startswith(released)


@pytest.mark.parametrize("read", [by_streaming, by_seeking])
@pytest.mark.parametrize("vector", FOREIGN, ids=repr)
def test_a_file_of_a_kind_we_do_not_read_is_refused_and_releases_nothing(vector, read):
    identities = [STRANGER]
    for text in vector.identities:
        if "-PQ-" in text:
            with pytest.raises(AgeKeyError):
                Identity.parse(text)
        else:
            identities.append(Identity.parse(text))

    released, error = read(vector.octets, identities)

    assert error is not None
    assert released == b""


@pytest.mark.parametrize("name", ["armor_x25519", "armor_whitespace_outside", "armor_scrypt"])
def test_armor_is_named_when_it_is_refused(name):
    _, error = by_streaming(load(FOLDER / name).octets, [STRANGER])
    assert isinstance(error, AgeUnsupportedError)
    assert "armor" in str(error)


def test_a_passphrase_beside_another_way_in_is_malformed():
    _, error = by_streaming(load(FOLDER / "scrypt_and_x25519").octets, [STRANGER])
    assert type(error) is AgeHeaderError


def test_a_passphrase_is_named_when_it_is_refused():
    _, error = by_streaming(load(FOLDER / "scrypt").octets, [STRANGER])
    assert isinstance(error, AgeUnsupportedError)
    assert "passphrase" in str(error)


@pytest.mark.parametrize("vector", WITH_KEYS, ids=repr)
def test_the_command_agrees_and_leaves_nothing_behind_when_it_fails(vector, tmp_path, capsysbinary):
    keys, source, target = tmp_path / "keys", tmp_path / "in.age", tmp_path / "out"
    keys.write_text("# made for a test\n\n" + "\n".join(vector.identities) + "\n")
    source.write_bytes(vector.octets)
    before = {keys.name, source.name}

    status = main(["decrypt", str(keys), str(source), str(target)])
    ranged = main(["range", str(keys), str(source), "0", str(1 << 40)])

    printed = capsysbinary.readouterr()
    if vector.expect == "success":
        assert (status, ranged) == (0, 0)
        assert hashlib.sha256(target.read_bytes()).hexdigest() == vector.payload
        assert hashlib.sha256(printed.out).hexdigest() == vector.payload
    else:
        assert (status, ranged) == (1, 1)
        assert {path.name for path in tmp_path.iterdir()} == before
        assert printed.err.count(b"\n") == 2


def test_no_vector_is_left_out():
    assert len(VECTORS) == 143
    assert Counter(vector.expect for vector in OURS) == {
        "header failure": 51,
        "payload failure": 18,
        "success": 15,
        "no match": 7,
        "HMAC failure": 1,
    }
