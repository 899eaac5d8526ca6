"""Small files to be put on a carrier, with names and sizes that carriers stumble over."""

import io
from datetime import UTC, datetime
from pathlib import Path

from aigaq.package.members import Member

AT = datetime(2026, 11, 20, 4, 0, 12, 345_678, tzinfo=UTC)
NAME = "aigaq-1a2b3c4d"
LONG = "Ұзақ атау " * 12 + ".MP4"
CONTENT = {
    "bagit.txt": b"BagIt-Version: 1.0\n",
    "data/package.json": b"{}",
    "data/recordings/001/20261120_090005_0001.MP4": bytes(range(256)) * 300,
    "data/recordings/002/Өрт қауіпсіздігі – 1-жол.MOV": b"\x00\x01" * 3000,
    f"data/recordings/003/{LONG}": b"x" * 2048,
    "data/recordings/004/empty.JPG": b"",
    "data/recordings/005/" + "n" * 120 + ".AVI": b"y" * 2049,
    **{f"data/ledger/entries/{number}.json": b"%d" % number for number in range(60)},
}


def members(content: dict[str, bytes] = CONTENT) -> list[Member]:
    return [
        Member(f"{NAME}/{path}", len(octets), lambda octets=octets: io.BytesIO(octets))
        for path, octets in content.items()
    ]


def found_in(folder: Path) -> dict[str, bytes]:
    """Every file under `folder`, by its path from there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
