import errno
import io
import os
from pathlib import Path

import pytest

from aigaq.core import files
from aigaq.core.direct import aligned_buffer
from aigaq.vault.scrub import scrub
from aigaq.vault.source import SourceChangedError, SourceFile, SourceUnreadableError
from tests.support import vaults

MIB = 1 << 20


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


@pytest.fixture
def folder(card):
    fd = os.open(card, os.O_RDONLY)
    yield fd
    os.close(fd)


def drain(source: SourceFile, size: int = MIB) -> bytes:
    buffer, out = aligned_buffer(size), io.BytesIO()
    while count := source.readinto(buffer):
        out.write(buffer[:count])
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, MIB, MIB + 1, 3 * MIB + 5])
@pytest.mark.parametrize("piece", [1000, 4096, MIB])
def test_a_file_is_read_whole(card, folder, size, piece):
    octets = os.urandom(size)
    (card / "a.mp4").write_bytes(octets)
    with SourceFile("a.mp4", dir_fd=folder) as source:
        assert source.size == size
        assert drain(source, piece) == octets
        assert source.readinto(aligned_buffer(4096)) == 0
        facts = (card / "a.mp4").stat()
        assert (source.device, source.inode, source.modified_ns) == (
            facts.st_dev,
            facts.st_ino,
            facts.st_mtime_ns,
        )


NAMES = [
    "Қызылорда видео №1.mp4",
    "x" * 251 + ".mp4",
    "-rf",
    "two\nlines.mp4",
    "gpj\u202eexe",
    "$(reboot)",
    " ",
]


@pytest.mark.parametrize("name", [*NAMES, b"\xff\xfe\x80.mp4", "..."])
def test_no_name_is_too_strange_to_be_stored(card, folder, tmp_path, name):
    (card / os.fsdecode(name)).write_bytes(b"evidence")
    vault = vaults.local_vault(tmp_path / "vault")
    with SourceFile(name, dir_fd=folder) as source:
        assert source.name.isprintable()
        assert vault.put(source).size == 8
    assert sorted(os.listdir(tmp_path)) == ["card", "vault"]


@pytest.mark.parametrize("name", ["", ".", "..", "../vault", "/etc/passwd", "a/b", b"a/b"])
def test_a_path_is_no_name(folder, name):
    with pytest.raises(files.ForeignFileError):
        SourceFile(name, dir_fd=folder)


def test_links_and_pipes_are_refused_at_once(card, folder):
    (card / "link").symlink_to("/etc/passwd")
    os.mkfifo(card / "pipe")
    (card / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(files.ForeignFileError, match=name):
            SourceFile(name, dir_fd=folder)


def test_a_file_that_is_gone_is_unreadable(folder):
    with pytest.raises(SourceUnreadableError, match=r"gone\.mp4"):
        SourceFile("gone.mp4", dir_fd=folder)


CHANGES = {
    "shrinks": lambda path: os.truncate(path, MIB + 5),
    "vanishes to nothing": lambda path: os.truncate(path, 0),
    "grows": lambda path: os.truncate(path, 3 * MIB + 4),
    "grows past what was asked": lambda path: os.truncate(path, 4 * MIB),
    "is rewritten": lambda path: os.utime(path, (1, 1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_not_stored(card, folder, tmp_path, change):
    path: Path = card / "a.mp4"
    path.write_bytes(os.urandom(3 * MIB))
    vault = vaults.local_vault(tmp_path / "vault")

    class Changing(SourceFile):
        reads = 0

        def readinto(self, buffer):
            self.reads += 1
            if self.reads == 2:
                before = path.stat()
                CHANGES[change](path)
                if change != "is rewritten":  # the size alone must tell
                    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            return super().readinto(buffer)

    with Changing("a.mp4", dir_fd=folder) as source, pytest.raises(SourceChangedError, match=r"a\.mp4"):
        vault.put(source)
    assert scrub(vault).checked == 0
    assert os.listdir(tmp_path / "vault" / "incoming") == []


@pytest.mark.parametrize("size", [0, MIB])
def test_a_card_that_states_an_old_size_is_found_out_by_reading_on(card, folder, monkeypatch, size):
    path = card / "a.mp4"
    path.write_bytes(bytes(size))
    with SourceFile("a.mp4", dir_fd=folder) as source:
        stale = path.stat()
        os.truncate(path, size + 1)
        monkeypatch.setattr(os, "fstat", lambda _: stale)
        with pytest.raises(SourceChangedError):
            drain(source, MIB)


def test_a_file_that_grows_as_fast_as_it_is_read_has_an_end(card, folder):
    path = card / "a.mp4"
    path.write_bytes(bytes(MIB))

    class Growing(SourceFile):
        reads = 0

        def readinto(self, buffer):
            self.reads += 1
            with path.open("ab") as file:
                file.write(bytes(65_536))
            return super().readinto(buffer)

    with Growing("a.mp4", dir_fd=folder) as source:
        with pytest.raises(SourceChangedError):
            drain(source, 65_536)
        assert source.reads <= MIB // 65_536 + 1


def test_a_bad_place_on_the_card_is_told_with_its_offset(card, folder, tmp_path, monkeypatch):
    (card / "a.mp4").write_bytes(bytes(3 * MIB))
    vault = vaults.local_vault(tmp_path / "vault")
    real = os.preadv

    def failing(fd, buffers, offset):
        if offset >= 2 * MIB:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", failing)
    with SourceFile("a.mp4", dir_fd=folder) as source, pytest.raises(SourceUnreadableError) as told:
        vault.put(source)
    assert told.value.details["offset"] == 2 * MIB
    assert "Input/output error" in str(told.value)


def test_a_card_without_direct_access_is_read_plainly(card, folder, monkeypatch):
    octets = os.urandom(MIB + 7)
    (card / "a.mp4").write_bytes(octets)
    real = os.open

    def refusing(name, flags, *args, **named):
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "no direct access here")
        return real(name, flags, *args, **named)

    monkeypatch.setattr(os, "open", refusing)
    with SourceFile("a.mp4", dir_fd=folder) as source:
        assert drain(source) == octets
