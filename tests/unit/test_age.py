"""The age format: keys, whole files, parts of files, and the stock programs."""

import io
import shutil
import subprocess

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.vault import bech32
from aigaq.vault.age import (
    CHUNK,
    SEALED_CHUNK,
    TAG,
    AgeKeyError,
    AgeNoMatchError,
    FileSource,
    Identity,
    MemorySource,
    Recipient,
    SealedReader,
    Sealer,
    chunk_open_into,
    decrypt,
    encrypt,
    plaintext_size,
    sealed_size,
)
from tests.support.age_files import (
    IDENTITY,
    SIZES,
    CountingSource,
    octets,
    opened,
    read_fully,
    sealed,
    sealed_once,
)

AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="the Debian package age is not installed")

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
