"""Files for whoever knows a passphrase: ours for age and rage, theirs for us."""

import io
import shutil
import subprocess
import sys

import pyrage
import pytest

from aigaq.vault.age import (
    AgeHeaderError,
    AgePassphraseError,
    AgeUnsupportedError,
    Identity,
    MemorySource,
    Passphrase,
    SealedReader,
    Sealer,
    WeakPassphraseError,
    decrypt,
    encrypt,
    encrypted,
)
from tests.support.age_files import IDENTITY, octets

QUICK = Passphrase("жеті-ағайынды-7-тас", work_factor=6)
TYPED = """
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp("age", ["age", "-d", "-o", sys.argv[1], sys.argv[2]])
said = b""
while b"passphrase" not in said:
    said += os.read(terminal, 100)
os.write(terminal, sys.argv[3].encode() + b"\\n")
try:
    while os.read(terminal, 100):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def sealed(passphrase: Passphrase, plaintext: bytes) -> bytes:
    written = io.BytesIO()
    encrypt(passphrase, io.BytesIO(plaintext), written)
    return written.getvalue()


def opened(passphrase: Passphrase, file: bytes) -> bytes:
    written = io.BytesIO()
    decrypt(passphrase, io.BytesIO(file), written)
    return written.getvalue()


def test_it_opens_again_whole_and_from_any_place():
    file = sealed(QUICK, octets(200_000))
    assert opened(QUICK, file) == octets(200_000)
    with SealedReader(MemorySource(file), [IDENTITY, QUICK]) as reader:
        reader.seek(150_000)
        assert reader.read(10) == octets(200_000)[150_000:150_010]


def test_rage_opens_ours_and_we_open_theirs():
    assert pyrage.passphrase.decrypt(sealed(QUICK, b"seen"), QUICK.text) == b"seen"
    theirs = pyrage.passphrase.encrypt(b"seen", QUICK.text)
    work = int(theirs.split(b"\n")[1].split(b" ")[3])
    assert work <= 20, "so much memory is not spent on reading"
    assert opened(QUICK, theirs) == b"seen"


@pytest.mark.skipif(shutil.which("age") is None, reason="the Debian package age is not installed")
def test_the_age_program_opens_it_with_what_is_typed(tmp_path):
    passphrase = Passphrase.generate()
    (tmp_path / "in.age").write_bytes(sealed(passphrase, octets(70_000)))
    typed = [sys.executable, "-c", TYPED, tmp_path / "out", tmp_path / "in.age", passphrase.text]
    subprocess.run(typed, check=True, timeout=60)
    assert (tmp_path / "out").read_bytes() == octets(70_000)


def test_another_passphrase_is_told_from_a_damaged_file():
    file = sealed(QUICK, b"seen")
    with pytest.raises(AgePassphraseError):
        opened(Passphrase("жеті-ағайынды-8-тас", work_factor=6), file)
    with pytest.raises(AgeUnsupportedError):
        decrypt(IDENTITY, io.BytesIO(file), io.BytesIO())


def test_a_file_that_asks_for_more_memory_than_is_allowed_is_refused_at_once():
    file = sealed(QUICK, b"seen")
    with pytest.raises(AgeHeaderError):
        opened(QUICK, file.replace(b" 6\n", b" 21\n", 1))


def test_a_passphrase_is_the_only_way_in():
    with pytest.raises(ValueError, match="only way"):
        Sealer([Identity.generate().recipient, QUICK])


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 15, " with a blank in front", "a tab\tis no key to type"]
)
def test_what_can_be_guessed_or_not_be_typed_is_refused(text):
    with pytest.raises(WeakPassphraseError):
        Passphrase.chosen(text)


def test_one_that_is_made_can_be_told_by_telephone_and_is_not_shown():
    made = Passphrase.generate()
    assert Passphrase.chosen(made.text) == made
    assert [len(group) for group in made.text.split("-")] == [5] * 5
    assert not set(made.text) & set("ilou")
    assert made.text not in repr(made)
    assert made.text != Passphrase.generate().text


@pytest.mark.parametrize(
    "pieces", [[], [b""], [b"a" * 70_000, b"", b"b"], [octets(1 << 20)], [b"x" * 65536] * 16]
)
def test_pieces_as_they_come_are_one_file(pieces):
    file = b"".join(encrypted(Sealer(QUICK), pieces))
    assert opened(QUICK, file) == b"".join(pieces)
