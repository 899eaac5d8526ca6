"""The image of a disc in a computer of its own: Linux mounts it, and `sha256sum -c` finds every file as it was."""

import hashlib
import io
from pathlib import Path

import pytest

from aigaq.package.disc import Disc
from aigaq.package.members import Member
from tests.support import uml
from tests.support.parcels import AT, CONTENT, NAME, members

pytestmark = [
    pytest.mark.faults,
    pytest.mark.cards,
    pytest.mark.skipif(bool(uml.missing()), reason=uml.missing()),
]

MANIFEST = "".join(f"{hashlib.sha256(octets).hexdigest()}  {path}\n" for path, octets in CONTENT.items())
LARGE = (4 << 30) + 12_345
"""Octets: more than 32 bits count, and five extents of one file."""


ZEROS = bytes(1 << 20)


class Marked(io.RawIOBase):
    """Zeros, but for the number of the place around each GiB and at the end."""

    def __init__(self) -> None:
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        begin, size = self.at, min(size, LARGE - self.at)
        self.at += size
        marks = [
            near for mark in (*range(0, LARGE, 1 << 30), LARGE - 4096) for near in (mark - 100, mark + 100)
        ]
        here = [mark - begin for mark in marks if begin <= mark and mark + 8 <= begin + size]
        if not here:
            return ZEROS[:size]
        octets = bytearray(size)
        for at in here:
            octets[at : at + 8] = (begin + at).to_bytes(8, "big")
        return bytes(octets)


def looked_at() -> str:
    looked = hashlib.sha256()
    for offset in (*range(0, LARGE, 1 << 30), LARGE - 4096):
        begin = max(0, offset - 4096)
        file = Marked()
        file.at = begin
        looked.update(file.read(8192))
    return looked.hexdigest()


def burnt(folder: Path, disc: Disc) -> Path:
    """With holes where nothing is: the large file takes no room."""
    image = folder / "disc.img"
    with image.open("wb") as out:
        for piece in disc.pieces():
            if piece is ZEROS or not piece.strip(b"\0"):
                out.seek(len(piece), io.SEEK_CUR)
            else:
                out.write(piece)
        out.truncate(disc.size)
    return image


def test_linux_mounts_it_and_finds_every_file_as_it_was():
    large = Member(f"{NAME}/data/recordings/006/huge.MP4", LARGE, Marked)
    content = CONTENT | {"manifest-sha256.txt": MANIFEST.encode()}
    with uml.workshop() as folder:
        image = burnt(folder, Disc([*members(content), large], name=NAME, at=AT))
        with uml.Guest(folder, "discs", NAME, disks=(image,)) as guest:
            guest.end()
            told = {each["path"]: each for each in guest.told if "path" in each}
            (rest,) = [each for each in guest.told if "free" in each]
            (checked,) = [each["checked"] for each in guest.told if "checked" in each]

    for path, octets in content.items():
        assert told[path]["digest"] == hashlib.sha256(octets).hexdigest(), path
    assert (
        told["data/recordings/006/huge.MP4"] | {"size": LARGE, "looked": looked_at()}
        == told["data/recordings/006/huge.MP4"]
    )
    assert {(each["mode"], each["at"]) for each in told.values()} == {
        (0o644, int(AT.timestamp())),
        (0o755, int(AT.timestamp())),
    }
    assert checked.count(": OK") == len(CONTENT)
    assert (rest["free"], rest["label"]) == (0, NAME)
