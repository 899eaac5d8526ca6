"""Signed notes, checkpoints and the key that signs them."""

import base64
import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from aigaq.tlog.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from aigaq.tlog.errors import (
    KeyFileError,
    KeyFileExistsError,
    KeyFileExposedError,
    MalformedCheckpointError,
    MalformedKeyError,
    MalformedNoteError,
    SignatureError,
)
from aigaq.tlog.signing import Ed25519Signer
from tests.support import logs

SIGNER = logs.signer()
KEY = SIGNER.verifier
CHECKPOINT = Checkpoint(logs.NAME, 7, bytes(range(32)))
NOTE = CHECKPOINT.signed(SIGNER)


def signed_text(text, signer=SIGNER):
    return str(Note(text, ()).signed(signer))


def test_a_signed_checkpoint_opens_with_the_key_that_signed_it():
    assert open_checkpoint(NOTE, KEY) == CHECKPOINT
    assert NOTE.startswith(f"{logs.NAME}\n7\n{base64.b64encode(bytes(range(32))).decode()}\n\n— {logs.NAME} ")
    assert str(Note.parse(NOTE)) == NOTE


def test_extension_lines_are_kept_and_signed():
    checkpoint = Checkpoint(logs.NAME, 7, bytes(32), ("жалғасы", "2"))
    note = checkpoint.signed(SIGNER)
    assert open_checkpoint(note, KEY).extensions == ("жалғасы", "2")
    with pytest.raises(SignatureError):
        open_checkpoint(note.replace("\n2\n", "\n3\n"), KEY)


def test_a_cosigned_checkpoint_is_still_the_logs_own():
    witness = logs.signer("witness.example.kz/astana", 2)
    note = str(Note.parse(NOTE).signed(witness))
    assert open_checkpoint(note, KEY) == CHECKPOINT
    Note.parse(note).require(witness.verifier)
    with pytest.raises(SignatureError):
        Note.parse(NOTE).require(witness.verifier)


def test_signatures_of_unknown_kinds_are_passed_over():
    lines = [
        f"— other.example/{index} {base64.b64encode(bytes(4 + index)).decode()}\n" for index in range(1, 17)
    ]
    assert open_checkpoint(NOTE + "".join(lines), KEY) == CHECKPOINT


def test_sharing_only_the_name_or_only_the_id_changes_nothing():
    own = base64.b64decode(NOTE.rstrip("\n").rpartition(" ")[2])
    same_name = base64.b64encode(b"abcd" + own[4:]).decode()
    same_id = base64.b64encode(own[:4] + bytes(64)).decode()
    note = f"{NOTE}— {logs.NAME} {same_name}\n— another.example {same_id}\n"
    assert open_checkpoint(note, KEY) == CHECKPOINT
    for line in note.splitlines()[-2:]:
        with pytest.raises(SignatureError):
            open_checkpoint(f"{CHECKPOINT.text}\n{line}\n", KEY)


def test_a_second_line_of_the_same_key_must_hold_too():
    own = base64.b64decode(NOTE.rstrip("\n").rpartition(" ")[2])
    broken = base64.b64encode(own[:4] + bytes(64)).decode()
    with pytest.raises(SignatureError):
        open_checkpoint(f"{NOTE}— {logs.NAME} {broken}\n", KEY)


def test_the_same_name_with_another_key_is_refused_with_evidence():
    thief = logs.signer(octet=9)
    with pytest.raises(SignatureError) as caught:
        open_checkpoint(CHECKPOINT.signed(thief), KEY)
    assert caught.value.details["note"] == CHECKPOINT.signed(thief)
    assert caught.value.details["key"] == str(KEY)


def test_every_single_bit_of_a_note_matters():
    octets = NOTE.encode()
    for place in range(8 * len(octets)):
        changed = bytearray(octets)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((SignatureError, MalformedNoteError, MalformedCheckpointError)):
            open_checkpoint(bytes(changed).decode("utf-8", "surrogateescape"), KEY)


def test_a_checkpoint_of_another_log_signed_by_the_same_key_is_refused():
    with pytest.raises(MalformedCheckpointError, match="its origin is elsewhere"):
        open_checkpoint(Checkpoint("elsewhere", 7, bytes(32)).signed(SIGNER), KEY)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        f"{logs.NAME}\n",
        f"{logs.NAME}\n7\n",
        f"\n7\n{ROOT}\n",
        f"{logs.NAME}\n07\n{ROOT}\n",
        f"{logs.NAME}\n-7\n{ROOT}\n",
        f"{logs.NAME}\n+7\n{ROOT}\n",
        f"{logs.NAME}\n7 \n{ROOT}\n",
        f"{logs.NAME}\n٧\n{ROOT}\n",
        f"{logs.NAME}\n\n{ROOT}\n",
        f"{logs.NAME}\n9223372036854775808\n{ROOT}\n",
        f"{logs.NAME}\n99999999999999999999999\n{ROOT}\n",
        f"{logs.NAME}\n7\n{ROOT[:-1]}\n",
        f"{logs.NAME}\n7\n{ROOT} \n",
        f"{logs.NAME}\n7\n{ROOT.replace('=', '')}\n",
        f"{logs.NAME}\n7\n{ROOT[:-2]}B=\n",
        f"{logs.NAME}\n7\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{logs.NAME}\n7\n{base64.b64encode(bytes(33)).decode()}\n",
        f"{logs.NAME}\n7\n{base64.urlsafe_b64encode(b'?' * 32).decode()}\n",
        f"{logs.NAME}\n7\n{ROOT}\n\nx\n",
        f"{logs.NAME}\n7\n{ROOT}\n\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused_though_signed(text):
    with pytest.raises(MalformedCheckpointError):
        open_checkpoint(signed_text(text), KEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        CHECKPOINT.text,
        CHECKPOINT.text + "\n",
        NOTE.removesuffix("\n"),
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("7", "\t7"),
        NOTE.replace("—", "-"),
        NOTE.replace("— ", "—"),
        NOTE.replace("— ", "—  "),
        NOTE + "— a+b AAAAAAAA\n",
        NOTE + "— a\u00a0b AAAAAAAA\n",
        NOTE + "—  AAAAAAAA\n",
        NOTE + "— a AAAAAA==\n",
        NOTE + "— a AAAAAAB=\n",
        NOTE + "— a A*AAAAAA\n",
        NOTE + "— a\n",
        NOTE + "junk\n",
        NOTE + "— a AAAAAAAA\n" * 100,
        "x" * 1_000_001 + NOTE,
        "\ud800" + NOTE,
    ],
)
def test_what_is_no_signed_note_is_refused(note):
    with pytest.raises(MalformedNoteError):
        open_checkpoint(note, KEY)


@given(st.text())
def test_no_text_brings_the_parser_down(text):
    for note in (text, text + "\n\n" + text, f"{CHECKPOINT.text}\n— {text}\n"):
        with pytest.raises((MalformedNoteError, SignatureError)):
            open_checkpoint(note, KEY)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_any_checkpoint_reads_back(size, root):
    checkpoint = Checkpoint(logs.NAME, size, root)
    assert open_checkpoint(checkpoint.signed(SIGNER), KEY) == checkpoint


@pytest.mark.parametrize(
    "facts",
    [("", 0, bytes(32)), ("a\nb", 0, bytes(32)), ("a", -1, bytes(32)), ("a", 2**63, bytes(32)), ("a", 0, b"")]
    + [("a", 0, bytes(32), (extension,)) for extension in ("", "a\nb", "\x00", "\ud800")],
)
def test_a_checkpoint_that_could_not_be_read_back_is_never_made(facts):
    with pytest.raises(MalformedCheckpointError):
        Checkpoint(*facts)


def test_a_verifier_key_reads_back():
    assert VerifierKey.parse(str(KEY)) == KEY
    assert VerifierKey.of(SIGNER) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        logs.NAME,
        str(KEY)[1:],
        str(KEY) + "=",
        str(KEY).replace("+", " "),
        str(KEY).replace(KEY.key_id.hex(), KEY.key_id.hex().upper()),
        str(KEY).replace(KEY.key_id.hex(), "00000000"),
        f"{logs.NAME}+{KEY.key_id.hex()}+{base64.b64encode(bytes([2]) + KEY.public_key).decode()}",
        f"{logs.NAME}+{KEY.key_id.hex()}+{base64.b64encode(bytes([1]) + KEY.public_key[1:]).decode()}",
        f"+{KEY.key_id.hex()}+{base64.b64encode(bytes([1]) + KEY.public_key).decode()}",
    ],
)
def test_what_is_no_verifier_key_is_refused(text):
    with pytest.raises(MalformedKeyError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", " a", "a\u2003b", "a\n", "a\x00b", "\ud800"])
def test_a_key_with_an_impossible_name_is_never_made(name):
    with pytest.raises(MalformedKeyError):
        Ed25519Signer.generate(name)


def test_a_key_is_written_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "log.key"
    signer = Ed25519Signer.generate(logs.NAME)
    old = os.umask(0)
    try:
        signer.save(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Ed25519Signer.load(path, logs.NAME)
    assert (again.name, again.public_key) == (signer.name, signer.public_key)
    assert open_checkpoint(CHECKPOINT.signed(again), signer.verifier) == CHECKPOINT
    before = path.read_bytes()
    with pytest.raises(KeyFileExistsError):
        Ed25519Signer.generate(logs.NAME).save(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777])
def test_a_key_that_others_can_reach_is_refused(tmp_path, mode):
    path = tmp_path / "log.key"
    SIGNER.save(path)
    path.chmod(mode)
    with pytest.raises(KeyFileExposedError, match=f"mode 0{mode:o}"):
        Ed25519Signer.load(path, logs.NAME)


def private(octets):
    def write(path):
        path.write_bytes(octets)
        path.chmod(0o600)

    return write


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "put",
    [
        lambda path: None,
        lambda path: path.mkdir(mode=0o700),
        lambda path: os.mkfifo(path, 0o600),
        lambda path: path.symlink_to("other.key"),
        private(b""),
        private(b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n"),
        private(pem(X25519PrivateKey.generate())),
        private(b"\n" * 100_000 + pem(Ed25519PrivateKey.generate())),
    ],
    ids=["missing", "directory", "fifo", "link", "empty", "nonsense", "another kind", "too long"],
)
def test_what_is_no_key_file_is_refused_in_a_sentence(tmp_path, put):
    SIGNER.save(tmp_path / "other.key")
    put(tmp_path / "log.key")
    with pytest.raises(KeyFileError, match=r"The signing key file “.*log.key” can't be used: ."):
        Ed25519Signer.load(tmp_path / "log.key", logs.NAME)


@pytest.mark.parametrize("put", [lambda path: path.mkdir(mode=0o700), lambda path: os.mkfifo(path, 0o600)])
def test_nothing_is_read_from_what_is_no_regular_file(tmp_path, put):
    put(tmp_path / "log.key")
    with pytest.raises(KeyFileError, match=r"(?i)not a regular file|is a directory"):
        Ed25519Signer.load(tmp_path / "log.key", logs.NAME)


def test_a_key_that_could_not_be_written_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyFileError):
        SIGNER.save(tmp_path / "missing" / "log.key")
    assert list(tmp_path.iterdir()) == []
