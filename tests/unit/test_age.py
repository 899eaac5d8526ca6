"""The age format: whole files, parts of files, damaged files, hostile files, and the stock programs."""

import base64
import io
import os
import random
import shutil
import stat
import subprocess
import sys

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from hypothesis import given
from hypothesis import strategies as st

from aigaq.vault import bech32
from aigaq.vault.age import (
    CHUNK,
    MAX_HEADER,
    SEALED_CHUNK,
    TAG,
    AgeError,
    AgeHeaderError,
    AgeHeaderMacError,
    AgeHeaderTooLongError,
    AgeKeyError,
    AgeNoMatchError,
    AgeNotAgeError,
    AgePayloadError,
    AgeTruncatedError,
    FileSource,
    Identity,
    MemorySource,
    Recipient,
    SealedReader,
    Sealer,
    chunk_open_into,
    decrypt,
    encrypt,
    open_header,
    plaintext_size,
    sealed_size,
)
from aigaq.vault.age.__main__ import main
from aigaq.vault.age.header import Stanza
from aigaq.vault.age.x25519 import hkdf_sha256

SIZES = [0, 1, 65535, 65536, 65537, 3 * 65536, 1_000_003, 1 << 20, (1 << 20) + 1, 2 << 20]
IDENTITY = Identity.parse("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="the Debian package age is not installed")


def octets(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def sealed(plaintext: bytes, *recipients: Recipient) -> bytes:
    written = io.BytesIO()
    encrypt(recipients or IDENTITY.recipient, io.BytesIO(plaintext), written)
    return written.getvalue()


def opened(file: bytes, identity: Identity = IDENTITY) -> bytes:
    written = io.BytesIO()
    decrypt(identity, io.BytesIO(file), written)
    return written.getvalue()


class CountingSource(MemorySource):
    """Notes how much was asked of it."""

    def __init__(self, file: bytes) -> None:
        super().__init__(file)
        self.taken = 0

    def pread(self, length: int, offset: int) -> bytes:
        self.taken += length
        return super().pread(length, offset)


# Keys


def spelled(prefix: str, values: list[int]) -> str:
    """Upper-case Bech32 of any 5-bit values, with a right checksum."""
    checked = bech32._polymod([*bech32._expand(prefix.lower()), *values, *[0] * 6]) ^ 1
    checksum = [checked >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(bech32._ALPHABET[value] for value in [*values, *checksum]).upper()


def test_a_key_spelled_by_hand_is_read():
    assert Identity.parse(spelled("AGE-SECRET-KEY-", [0] * 52)) == Identity(bytes(32))


def test_the_key_of_the_specification_has_the_recipient_of_the_specification():
    assert str(IDENTITY.recipient) == "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


def test_a_key_is_read_back_from_its_text():
    identity = Identity.generate()
    assert Identity.parse(str(identity)) == identity
    assert Recipient.parse(str(identity.recipient)) == identity.recipient


def test_two_keys_are_never_the_same():
    assert Identity.generate() != Identity.generate()


def test_a_secret_key_does_not_show_itself_in_a_trace():
    assert str(IDENTITY) not in repr(IDENTITY)
    assert IDENTITY.octets.hex() not in repr(IDENTITY)
    assert repr(IDENTITY.octets) not in repr(IDENTITY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "age1",
        str(IDENTITY.recipient),
        str(IDENTITY).lower(),
        str(IDENTITY)[:-1],
        str(IDENTITY)[:-1] + "Q",
        str(IDENTITY).replace("GFP", "gfp"),
        str(IDENTITY) + " ",
        "AGE-SECRET-KEY-1"
        + str(Identity(bytes(range(32))))[16:].replace("K", "\u212a"),  # lower() makes it k
        spelled("AGE-SECRET-KEY-", [*[0] * 51, 1]),  # a second spelling of 32 zero octets
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-", bytes(33)).upper(),
        bech32.encode("age-secret-key-pq-", bytes(32)).upper(),
    ],
)
def test_a_malformed_secret_key_is_refused_and_not_repeated(text):
    with pytest.raises(AgeKeyError) as refused:
        Identity.parse(text)
    assert not text.strip() or len(text) < 5 or text not in str(refused.value)


@pytest.mark.parametrize(
    "text", [str(IDENTITY), str(IDENTITY.recipient).upper(), "age1qqqq", "ssh-ed25519 AAAA"]
)
def test_a_malformed_recipient_is_refused(text):
    with pytest.raises(AgeKeyError):
        Recipient.parse(text)


def test_any_one_letter_of_a_recipient_typed_wrong_is_noticed():
    text = str(IDENTITY.recipient)
    for place in range(len(text)):
        wrong = text[:place] + ("q" if text[place] != "q" else "p") + text[place + 1 :]
        with pytest.raises(AgeKeyError):
            Recipient.parse(wrong)


def test_a_recipient_that_would_share_no_secret_is_refused():
    with pytest.raises(AgeKeyError):
        Sealer(Recipient(bytes(32)))


@pytest.mark.parametrize("values", [[0], [0] * 3, [0] * 6])
def test_bech32_with_a_needless_letter_is_refused(values):
    with pytest.raises(ValueError, match="padding"):
        bech32.decode(spelled("AGE", values))


@given(st.binary(max_size=100))
def test_bech32_reads_what_it_writes(data):
    assert bech32.decode(bech32.encode("age", data)) == ("age", data)


# Whole files


@pytest.mark.parametrize("size", SIZES)
def test_what_is_encrypted_is_decrypted(size):
    assert opened(sealed(octets(size))) == octets(size)


@pytest.mark.parametrize("size", SIZES)
def test_the_size_of_the_plaintext_follows_from_the_size_of_the_file(size):
    file = sealed(octets(size))
    payload = len(file) - len(Sealer(IDENTITY.recipient).header)
    assert payload == sealed_size(size)
    assert plaintext_size(payload) == size


def test_each_of_several_recipients_opens_the_file_and_a_stranger_does_not():
    readers = [Identity.generate() for _ in range(3)]
    file = sealed(b"seen", *(reader.recipient for reader in readers))
    for reader in readers:
        assert opened(file, reader) == b"seen"
        with SealedReader(MemorySource(file), [Identity.generate(), reader]) as whole:
            assert whole.read() == b"seen"
    with pytest.raises(AgeNoMatchError):
        opened(file, Identity.generate())


def test_the_same_file_encrypted_twice_shares_no_chunk():
    first, second = sealed(octets(3 * CHUNK)), sealed(octets(3 * CHUNK))
    size = sealed_size(3 * CHUNK)
    assert not {first[-size:][place : place + 64] for place in range(0, size, 64)} & {
        second[-size:][place : place + 64] for place in range(0, size, 64)
    }


def test_a_reader_and_a_writer_that_move_one_octet_at_a_time_are_served():
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7))

        def write(self, data):
            return super().write(bytes(data[:5]))

    file, plain = Trickle(), Trickle()
    encrypt(IDENTITY.recipient, Trickle(octets(100_000)), file)
    decrypt(IDENTITY, Trickle(file.getvalue()), plain)
    assert plain.getvalue() == octets(100_000)


# The stock programs


@needs_age
@pytest.mark.parametrize("size", SIZES)
def test_the_age_program_opens_our_files_and_we_open_its(size, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text(f"{IDENTITY}\n")
    plain = octets(size)
    theirs = subprocess.run(
        [AGE, "-r", str(IDENTITY.recipient)], input=plain, stdout=subprocess.PIPE, check=True
    ).stdout
    assert opened(theirs) == plain
    assert SealedReader(MemorySource(theirs), IDENTITY).read() == plain
    read = subprocess.run(
        [AGE, "-d", "-i", str(keys)], input=sealed(plain), stdout=subprocess.PIPE, check=True
    ).stdout
    assert read == plain


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_opens_our_files_and_we_open_its(size):
    plain = octets(size)
    theirs = pyrage.x25519.Identity.from_str(str(IDENTITY))
    assert pyrage.decrypt(sealed(plain), [theirs]) == plain
    assert opened(pyrage.encrypt(plain, [theirs.to_public()])) == plain


@pytest.mark.skipif(shutil.which("age-keygen") is None, reason="the Debian package age is not installed")
def test_a_key_file_of_age_keygen_is_read_with_its_comments(tmp_path, capsys):
    keys, source, sealed_path, target = (tmp_path / name for name in ("keys", "in", "in.age", "out"))
    subprocess.run(["age-keygen", "-o", str(keys)], check=True, capture_output=True)
    keys.write_text(f"# an older key\r\n{IDENTITY}\r\n\n" + keys.read_text())
    recipient = next(line for line in keys.read_text().splitlines() if "public key: " in line).split(": ")[1]
    source.write_bytes(octets(70_000))

    assert main(["encrypt", recipient, str(source), str(sealed_path)]) == 0
    assert main(["decrypt", str(keys), str(sealed_path), str(target)]) == 0

    assert target.read_bytes() == octets(70_000)
    assert capsys.readouterr() == ("", "")


# Parts of files


@given(data=st.data())
def test_any_part_equals_the_slice(data):
    size = data.draw(st.sampled_from([*SIZES, 20 * CHUNK + 5]))
    plain = octets(size)
    reader, model = SealedReader(MemorySource(sealed_once(size)), IDENTITY), io.BytesIO(plain)
    places = st.one_of(st.integers(0, size + 10), st.sampled_from([0, CHUNK - 1, CHUNK, CHUNK + 1, size]))
    for _ in range(data.draw(st.integers(1, 8))):
        whence, place = data.draw(st.sampled_from([0, 1, 2])), data.draw(places)
        offset = {0: place, 1: place - model.tell(), 2: place - size}[whence]
        assert reader.seek(offset, whence) == model.seek(offset, whence) == reader.tell()
        length = data.draw(st.one_of(st.integers(0, size + 10), st.integers(0, 5)))
        assert read_fully(reader, length) == model.read(length)


_sealed: dict[int, bytes] = {}


def sealed_once(size: int) -> bytes:
    return _sealed.setdefault(size, sealed(octets(size)))


def read_fully(reader: SealedReader, length: int) -> bytes:
    pieces = b""
    while len(pieces) < length and (piece := reader.read(length - len(pieces))):
        pieces += piece
    return pieces


def test_a_mebibyte_from_the_middle_costs_about_a_mebibyte():
    source = CountingSource(sealed(octets(64 << 20)))
    reader = SealedReader(source, IDENTITY)
    opening = source.taken
    reader.seek((32 << 20) + 12345)
    assert len(read_fully(reader, 1 << 20)) == 1 << 20
    assert opening <= SEALED_CHUNK + 5000
    assert source.taken - opening <= 18 * SEALED_CHUNK


def test_reading_on_in_small_pieces_fetches_nothing_twice():
    source = CountingSource(sealed(octets(10 * CHUNK)))
    reader = io.BufferedReader(SealedReader(source, IDENTITY), 4096)
    opening = source.taken
    while reader.read(1000):
        pass
    assert source.taken - opening <= 11 * SEALED_CHUNK


def test_a_file_on_disk_is_read_from_any_place(tmp_path):
    path = tmp_path / "blob"
    path.write_bytes(sealed(octets(300_000)))
    with path.open("rb") as file, SealedReader(FileSource(file), IDENTITY) as reader:
        assert reader.size == 300_000
        reader.seek(-5, io.SEEK_END)
        assert reader.read() == octets(300_000)[-5:]


def test_a_closed_reader_reads_no_more_and_has_forgotten_the_plaintext():
    reader = SealedReader(MemorySource(sealed(b"seen" * 100)), IDENTITY)
    reader.read(4)
    reader.close()
    assert not any(reader._window)
    for use in (reader.read, reader.tell, lambda: reader.seek(0)):
        with pytest.raises(ValueError, match="closed"):
            use()


@pytest.mark.parametrize(("offset", "whence"), [(-1, 0), (-1, 1), (-10, 2), (0, 9)])
def test_a_place_outside_the_file_can_not_be_sought(offset, whence):
    with pytest.raises(ValueError, match="no such place"):
        SealedReader(MemorySource(sealed(b"123")), IDENTITY).seek(offset, whence)


# Sealing run by run


def test_what_was_just_sealed_is_read_back_without_the_identity():
    sealer = Sealer(Identity.generate().recipient)
    plain, out, back = (
        memoryview(octets(3 * CHUNK)),
        memoryview(bytearray(4 * SEALED_CHUNK)),
        bytearray(3 * CHUNK),
    )
    first = sealer.seal_into(plain[: 2 * CHUNK], out, last=False)
    second = sealer.seal_into(plain[2 * CHUNK :], out[first:], last=True)
    key = sealer.opener()
    assert chunk_open_into(key, out[:first], memoryview(back), first=0, last=False) == 2 * CHUNK
    assert (
        chunk_open_into(key, out[first : first + second], memoryview(back)[2 * CHUNK :], first=2, last=True)
        == CHUNK
    )
    assert back == plain


def test_nothing_is_sealed_after_the_last_chunk():
    sealer, out = Sealer(IDENTITY.recipient), memoryview(bytearray(SEALED_CHUNK))
    assert sealer.seal_into(memoryview(b""), out, last=True) == TAG
    for last in (True, False):
        with pytest.raises(ValueError, match="already sealed"):
            sealer.seal_into(memoryview(b""), out, last=last)


def test_a_run_that_would_make_an_invalid_file_is_refused():
    sealer, out = Sealer(IDENTITY.recipient), memoryview(bytearray(SEALED_CHUNK))
    with pytest.raises(ValueError, match="within a chunk"):
        sealer.seal_into(memoryview(b"x"), out, last=False)
    with pytest.raises(ValueError, match="too small"):
        sealer.seal_into(memoryview(bytes(CHUNK)), out[1:], last=True)
    assert sealer.seal_into(memoryview(bytes(CHUNK)), out, last=False) == SEALED_CHUNK
    with pytest.raises(ValueError, match="can't be empty"):
        sealer.seal_into(memoryview(b""), out, last=True)


def test_a_file_for_nobody_is_refused():
    with pytest.raises(ValueError, match="somebody"):
        Sealer([])


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


# The command


def run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "aigaq.vault.age", *map(str, arguments)], capture_output=True, check=False
    )


def test_the_command_gives_a_range_and_refuses_a_damaged_file_in_one_sentence(tmp_path):
    keys, file = tmp_path / "keys", tmp_path / "in.age"
    keys.write_text(str(IDENTITY))
    file.write_bytes(sealed(octets(200_000)))
    done = run("range", keys, file, 65_000, 70_000)
    assert (done.returncode, done.stdout, done.stderr) == (0, octets(200_000)[65_000:135_000], b"")

    file.write_bytes(file.read_bytes()[:-1])
    failed = run("range", keys, file, 0, 10)
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert failed.stderr.decode().count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["range", "a", "b", "-1", "2"], ["range", "a", "b", "1", "²"], ["no"]]
)
def test_bad_usage_is_told_from_failure(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_a_failed_decryption_leaves_the_old_file_as_it_was(tmp_path, capsys):
    keys, file, target = tmp_path / "keys", tmp_path / "in.age", tmp_path / "out"
    keys.write_text(str(IDENTITY))
    target.write_bytes(b"old")
    damaged = bytearray(sealed(octets(5 << 20)))
    damaged[-1] ^= 1
    file.write_bytes(damaged)
    assert main(["decrypt", str(keys), str(file), str(target)]) == 1
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 3

    file.write_bytes(sealed(b"new"))
    assert main(["decrypt", str(keys), str(file), str(target)]) == 0
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    keys, file, pipe = tmp_path / "keys", tmp_path / "in.age", tmp_path / "pipe"
    keys.write_text(str(IDENTITY))
    file.write_bytes(sealed(b"seen"))
    os.mkfifo(pipe)
    other_end = os.open(pipe, os.O_RDWR)
    assert main(["decrypt", str(keys), str(file), str(pipe)]) == 0
    assert os.read(other_end, 100) == b"seen"
    os.close(other_end)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "content", [b"", b"# nothing but a comment\n", b"\xff\xfe", b"x" * 70_000, b"AGE-SECRET"]
)
def test_a_file_without_a_usable_key_is_refused(content, tmp_path, capsys):
    keys, file = tmp_path / "keys", tmp_path / "in.age"
    keys.write_bytes(content)
    file.write_bytes(sealed(b"seen"))
    assert main(["decrypt", str(keys), str(file), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_named(tmp_path, capsys):
    assert main(["encrypt", str(IDENTITY.recipient), str(tmp_path / "none"), str(tmp_path / "out")]) == 1
    assert "none" in capsys.readouterr().err


# Memory

FLAT = """
import io, resource, sys
from aigaq.vault.age import Identity, decrypt, encrypt

class Zeros:
    left = int(sys.argv[1])
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

class Count:
    total = 0
    def write(self, octets):
        self.total += len(octets)
        return len(octets)

identity = Identity.generate()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[2], "w+b", buffering=0) as file:
    encrypt(identity.recipient, Zeros(), file)
    file.seek(0)
    count = Count()
    decrypt(identity, file, count)
assert count.total == int(sys.argv[1]), count.total
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_stays_flat_for_a_large_file(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FLAT, str(200 << 20), str(tmp_path / "large")], capture_output=True, check=True
    )
    assert int(done.stdout) < 20_000, "KiB more than before"
