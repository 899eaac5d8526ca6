"""Damaged and hostile age files: no plaintext that is not proven ever comes out."""

import base64
import io
import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from hypothesis import given
from hypothesis import strategies as st

from aigaq.vault.age import (
    CHUNK,
    MAX_HEADER,
    SEALED_CHUNK,
    TAG,
    AgeError,
    AgeHeaderError,
    AgeHeaderMacError,
    AgeHeaderTooLongError,
    AgeNoMatchError,
    AgeNotAgeError,
    AgePayloadError,
    AgeTruncatedError,
    MemorySource,
    SealedReader,
    Sealer,
    chunk_open_into,
    decrypt,
    open_header,
    sealed_size,
)
from aigaq.vault.age.header import Stanza
from aigaq.vault.age.x25519 import hkdf_sha256
from tests.support.age_files import IDENTITY, CountingSource, octets, opened, read_fully, sealed

# Damage. Each check below is also run against a reader that does not authenticate, which it must catch.


def without_proof(file: bytes) -> bytes:
    """The mutant: decrypts, and looks at no tag."""
    header = open_header(MemorySource(file).pread, IDENTITY)
    position = file.index(b"\n", file.index(b"\n--- ") + 1) + 1
    stanza = file.split(b"\n")[1:3]
    identity_side = IDENTITY.unwrap(
        Stanza(tuple(stanza[0].decode().split(" ")[1:]), base64.b64decode(stanza[1] + b"="))
    )
    key = hkdf_sha256(identity_side, file[position : position + 16], b"payload")
    plain = b""
    body = file[header.length :]
    for number, start in enumerate(range(0, len(body), SEALED_CHUNK)):
        piece = body[start : start + SEALED_CHUNK][:-TAG]
        last = start + SEALED_CHUNK >= len(body)
        nonce = (1).to_bytes(4, "little") + number.to_bytes(11, "big") + bytes([last])
        plain += Cipher(algorithms.ChaCha20(key, nonce), None).decryptor().update(piece)
    return plain


def by_streaming(file: bytes) -> bytes:
    """What is released before an error, or all of it."""
    written = io.BytesIO()
    try:
        decrypt(IDENTITY, io.BytesIO(file), written)
    except AgeError:
        pass
    else:
        assert False, "a changed file was read to its end without an error"  # noqa: B011, PT015
    return written.getvalue()


def by_seeking(file: bytes) -> bytes:
    """All that a reader can be brought to release, chunk by chunk, going on after each error."""
    released = b""
    try:
        reader = SealedReader(MemorySource(file), IDENTITY)
    except AgeError:
        return b""
    faults = 0
    for start in range(0, reader.size, CHUNK):
        reader.seek(start)
        try:
            released += read_fully(reader, CHUNK)
        except AgeError:
            faults += 1
    assert faults
    return released


def test_any_bit_of_the_header_flipped_releases_nothing():
    file = sealed(octets(1000))
    length = len(file) - sealed_size(1000)
    for place in range(length * 8):
        changed = bytearray(file)
        changed[place // 8] ^= 1 << place % 8
        assert by_streaming(bytes(changed)) == b""
        with pytest.raises(AgeError):
            SealedReader(MemorySource(bytes(changed)), IDENTITY)


def chunks(plain: bytes) -> set[bytes]:
    return {plain[start : start + CHUNK] for start in range(0, len(plain), CHUNK)}


def unproven(read, plain: bytes, file: bytes, places) -> int:
    """How many of the `places`, each flipped on its own, made `read` release anything but whole true chunks."""
    caught = 0
    for place in places:
        changed = bytearray(file)
        changed[place] ^= 0x10
        released = read(bytes(changed))
        caught += not chunks(released) <= chunks(plain) or len(released) >= len(plain)
    return caught


def body_places(file: bytes, size: int, count: int) -> list[int]:
    body = len(file) - sealed_size(size)
    return random.Random(count).sample(range(body, len(file)), count)


@pytest.mark.parametrize("read", [by_streaming, by_seeking])
def test_a_flipped_byte_anywhere_in_the_body_releases_no_unproven_plaintext(read):
    plain = octets(1_000_003)
    file = sealed(plain)
    assert unproven(read, plain, file, body_places(file, len(plain), 200)) == 0


def test_the_check_for_unproven_plaintext_catches_a_reader_without_proof():
    plain = octets(1_000_003)
    file = sealed(plain)
    assert without_proof(file) == plain
    assert unproven(without_proof, plain, file, body_places(file, len(plain), 10)) == 10


def test_a_chunk_that_is_not_proven_leaves_no_plaintext_in_the_buffer():
    sealer = Sealer(IDENTITY.recipient)
    plain, out, back = memoryview(octets(3 * CHUNK)), bytearray(3 * SEALED_CHUNK), bytearray(3 * CHUNK)
    sealer.seal_into(plain, memoryview(out), last=True)
    out[SEALED_CHUNK + 70] ^= 1
    with pytest.raises(AgePayloadError) as refused:
        chunk_open_into(sealer.opener(), memoryview(out), memoryview(back), first=0, last=True)
    assert refused.value.details["chunk"] == 1
    assert back[:CHUNK] == plain[:CHUNK]
    assert not any(back[CHUNK:])


@pytest.mark.parametrize("size", [1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_a_file_cut_off_anywhere_is_never_taken_for_a_shorter_one(size):
    file = sealed(octets(size))
    header = len(file) - sealed_size(size)
    ends = {*range(header + SEALED_CHUNK, len(file), SEALED_CHUNK), *range(header + 40), len(file) - 1}
    for end in sorted(ends & set(range(len(file)))):
        assert octets(size).startswith(by_streaming(file[:end]))
        with pytest.raises(AgeError):
            SealedReader(MemorySource(file[:end]), IDENTITY)


@pytest.mark.parametrize("tail", [b"\0", bytes(TAG), bytes(SEALED_CHUNK), bytes(SEALED_CHUNK + 5)])
@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_a_file_with_something_after_its_end_is_refused(size, tail):
    file = sealed(octets(size)) + tail
    assert octets(size).startswith(by_streaming(file))
    with pytest.raises(AgePayloadError):
        SealedReader(MemorySource(file), IDENTITY)


def test_chunks_that_changed_places_are_noticed():
    file = sealed(octets(4 * CHUNK))
    start = len(file) - sealed_size(4 * CHUNK)
    first, second = (file[start + n * SEALED_CHUNK : start + (n + 1) * SEALED_CHUNK] for n in (0, 1))
    swapped = file[:start] + second + first + file[start + 2 * SEALED_CHUNK :]
    assert by_streaming(swapped) == b""
    assert by_seeking(swapped) == octets(4 * CHUNK)[2 * CHUNK :]


def test_a_source_that_gives_less_than_its_size_is_an_error_and_not_an_end():
    class Shrinks(MemorySource):
        def pread(self, length, offset):
            return super().pread(length, offset)[: 100 if CHUNK < offset < 3 * CHUNK else None]

    reader = SealedReader(Shrinks(sealed(octets(5 * CHUNK))), IDENTITY)
    reader.seek(CHUNK)
    with pytest.raises(AgeTruncatedError):
        reader.read(10)


def test_the_reader_holds_nothing_after_a_failed_read():
    file = bytearray(sealed(octets(5 * CHUNK)))
    file[len(file) - sealed_size(5 * CHUNK) + SEALED_CHUNK + 9] ^= 1
    reader = SealedReader(MemorySource(bytes(file)), IDENTITY)
    assert read_fully(reader, CHUNK) == octets(5 * CHUNK)[:CHUNK]
    for _ in range(2):
        with pytest.raises(AgePayloadError):
            reader.read(CHUNK)
    reader.seek(2 * CHUNK)
    assert read_fully(reader, 3 * CHUNK) == octets(5 * CHUNK)[2 * CHUNK :]


def test_what_was_held_before_a_failed_read_is_not_given_for_it_later():
    plain = octets(5 * CHUNK)
    file = bytearray(sealed(plain))
    file[len(file) - sealed_size(5 * CHUNK) + 3 * SEALED_CHUNK + 9] ^= 1
    reader = SealedReader(MemorySource(bytes(file)), IDENTITY)
    reader.read(10)
    reader.seek(2 * CHUNK)
    with pytest.raises(AgePayloadError):
        reader.read(2 * CHUNK)
    reader.seek(0)
    assert read_fully(reader, CHUNK) == plain[:CHUNK]


# Hostile headers


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (b"", AgeHeaderError),
        (b"age-encryption.org/v1", AgeHeaderError),
        (b"age-encryption.org/v1\n", AgeHeaderError),
        (b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n", AgeHeaderError),
        (b"age-encryption.org/v1\n-> X\n\n---" + b"A" * 43 + b"\n", AgeHeaderError),
        (b"age-encryption.org/v1\n-> X\n\n--- " + b"A" * 42 + b"B\n", AgeHeaderError),
        (b"age-encryption.org/v1\n-> X\n\n--- " + b"A" * 42 + b"\xd0\n", AgeHeaderError),
        (b"age-encryption.org/v1\n-> X\nA\n--- " + b"A" * 43 + b"\n", AgeHeaderError),
        (b"age-encryption.org/v1\n-> X\n\n--- " + b"A" * 43 + b"\n", AgeNoMatchError),
        (b"age-encryption.org/v1\n-> " + b"X" * (MAX_HEADER + 1), AgeHeaderTooLongError),
        (b"age-encryption.org/v1\n" + b"-> X\n\n" * MAX_HEADER, AgeHeaderTooLongError),
        (b"\0\0\0\x18ftypmp42\n" + bytes(100), AgeNotAgeError),
        (bytes(1 << 20), AgeHeaderTooLongError),
    ],
)
def test_a_malformed_header_is_named(file, error):
    with pytest.raises(error) as refused:
        open_header(MemorySource(file).pread, IDENTITY)
    assert type(refused.value) is error


def test_a_header_is_never_read_beyond_its_bound():
    source = CountingSource(bytes(1 << 20))
    with pytest.raises(AgeHeaderTooLongError):
        open_header(source.pread, IDENTITY)
    assert source.taken == MAX_HEADER


def test_a_header_with_a_stanza_added_later_is_refused():
    file = sealed(b"seen")
    extended = file.replace(b"\n--- ", b"\n-> grease\n\n--- ", 1)
    with pytest.raises(AgeHeaderMacError):
        opened(extended)


@given(st.binary(max_size=300), st.booleans())
def test_no_octets_at_all_make_the_reader_fail_otherwise_than_by_refusing(tail, versioned):
    file = (b"age-encryption.org/v1\n-> X25519 " if versioned else b"") + tail
    with pytest.raises(AgeError):
        opened(file)
    with pytest.raises(AgeError):
        SealedReader(MemorySource(file), IDENTITY)
