"""``python -m aigaq.vault.age``, and the memory that a large file takes."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from aigaq.vault.age.__main__ import main
from tests.support.age_files import IDENTITY, octets, sealed

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
