"""A package as a tar stream, in the clear and sealed, read back by tar and age."""

import io
import itertools
import os
import shutil
import subprocess
import tarfile

import pytest

from aigaq.package.archive import (
    Archive,
    NotAFileError,
    SealedArchive,
    as_file,
    members_of,
)
from aigaq.package.members import Member, MemberChangedError
from aigaq.vault.age import Passphrase
from tests.support.age_files import IDENTITY, opened
from tests.support.parcels import AT, CONTENT, NAME, found_in, members


def made(some=None) -> bytes:
    archive = Archive(some or members(), AT)
    octets = b"".join(archive.pieces())
    assert len(octets) == archive.size
    return octets


def test_tar_unpacks_it_with_its_names_modes_and_times(tmp_path):
    subprocess.run(["tar", "-xpf", "-", "-C", tmp_path], input=made(), check=True)
    assert found_in(tmp_path) == {f"{NAME}/{path}": octets for path, octets in CONTENT.items()}
    for path in tmp_path.rglob("*"):
        found = path.stat()
        assert (found.st_mode & 0o7777, int(found.st_mtime)) == (
            0o755 if path.is_dir() else 0o644,
            int(AT.timestamp()),
        )


def test_the_same_files_give_the_same_archive_in_whatever_order_they_come():
    assert made(members()[::-1]) == made()


def test_nothing_of_this_computer_is_in_it():
    with tarfile.open(fileobj=io.BytesIO(made())) as archive:
        told = {(each.uid, each.gid, each.uname, each.gname) for each in archive}
        names = archive.getnames()
    assert told == {(0, 0, "", "")}
    assert names == sorted(names)
    assert names[:2] == [NAME, f"{NAME}/bagit.txt"]


def test_a_file_of_more_than_eight_gigabytes_has_its_size_in_a_header():
    huge = Member(f"{NAME}/data/huge.MP4", 9 << 30, io.BytesIO)
    archive = Archive([huge], AT)
    pieces = archive.pieces()
    front = b"".join(next(pieces) for _ in range(3))
    with pytest.raises(MemberChangedError):
        next(pieces)
    with tarfile.open(fileobj=io.BytesIO(front), mode="r|") as told:
        assert [each.size for each in itertools.islice(told, 3)][-1] == 9 << 30
    assert archive.size > 9 << 30


def test_a_folder_becomes_the_archive_of_its_files(tmp_path):
    for path, octets in CONTENT.items():
        (tmp_path / NAME / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / NAME / path).write_bytes(octets)
    assert made(members_of(tmp_path / NAME)) == made()

    (tmp_path / NAME / "link").symlink_to("/etc/hostname")
    with pytest.raises(NotAFileError):
        members_of(tmp_path / NAME)


@pytest.mark.parametrize("now", [b"", b"{", b"{}}"])
def test_a_file_that_has_another_length_by_then_ends_it(now):
    with pytest.raises(MemberChangedError):
        made([Member(f"{NAME}/data/package.json", 2, lambda: io.BytesIO(now))])


def test_it_is_sealed_as_it_is_read_and_its_size_is_known_before():
    sealed = SealedArchive(Archive(members(), AT), IDENTITY.recipient)
    with as_file(sealed.pieces()) as file:
        octets = file.read()
    assert len(octets) == sealed.size
    assert opened(octets) == made()


@pytest.mark.skipif(shutil.which("age") is None, reason="the Debian package age is not installed")
def test_age_and_tar_give_the_files_back(tmp_path):
    (tmp_path / "key.txt").write_text(str(IDENTITY))
    sealed = SealedArchive(Archive(members(), AT), IDENTITY.recipient)
    (tmp_path / "p.tar.age").write_bytes(b"".join(sealed.pieces()))
    (tmp_path / "out").mkdir()
    subprocess.run("age -d -i key.txt p.tar.age | tar -x -C out", shell=True, cwd=tmp_path, check=True)
    assert len(found_in(tmp_path / "out")) == len(CONTENT)


def test_what_is_sealed_with_a_passphrase_is_no_larger_than_told():
    sealed = SealedArchive(Archive(members(), AT), Passphrase("x" * 20, work_factor=4))
    assert sum(map(len, sealed.pieces())) == sealed.size


def test_it_takes_no_more_memory_than_a_piece(tmp_path):
    class Zeros(io.RawIOBase):
        left = 300 << 20

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    pieces = Archive([Member("a/b", 300 << 20, Zeros)], AT).pieces()
    assert max(len(piece) for piece in pieces) <= 1 << 20
    assert os.listdir(tmp_path) == []
