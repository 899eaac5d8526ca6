"""Block devices as sysfs shows them (Linux, Documentation/ABI/stable/sysfs-block), and where they hang."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SYS = Path("/sys")
SECTOR = 512
"""Octets; the unit of ``size``, whatever the device's own is."""

_USB = re.compile(r"\d+-\d+(?:\.\d+)*")
_SCSI = re.compile(r"\d+:\d+:\d+:(\d+)")
_MMC = re.compile(r"mmc\d+")
_DISK = "0"
"""SCSI type of a disk; 5 would be a CD."""


@dataclass(frozen=True, slots=True)
class Block:
    """A disk, or a reader's slot for one."""

    name: str
    place: str
    """Where it hangs, such as ``usb 1-2.3``: the same at each start. Empty if that is no place for cards."""
    lun: int
    """Which of a reader's slots, from 0 on."""
    sequence: str
    """Another one each time a medium is put in (``diskseq``, Linux 5.15), or the best there is instead."""
    octets: int
    """0: nothing is in it."""
    is_protected: bool
    numbers: tuple[str, ...]
    """``major:minor`` of itself and of each partition."""
    partitions: tuple[str, ...]
    """Kernel names, the largest first."""
    holders: tuple[str, ...]
    """Devices built upon it: a RAID, an LVM, an encrypted disk."""


def blocks(sys: Path = SYS) -> list[Block]:
    """Every block device there is, by its kernel name."""
    return list(_blocks(sys))


def sequence_of(name: str, sys: Path = SYS) -> str:
    """Of what is in `name` now; empty if that is gone. Asked again and again, so it reads little."""
    folder = sys / "block" / name
    return _sequence(folder) if _number(folder / "size") else ""


def size_of(name: str, partition: str, sys: Path = SYS) -> int:
    """Of a partition of `name`, in octets."""
    return _number(sys / "block" / name / partition / "size") * SECTOR


def is_protected(name: str, sys: Path = SYS) -> bool:
    return _text(sys / "block" / name / "ro") == "1"


def _blocks(sys: Path) -> Iterator[Block]:
    try:
        found = sorted((sys / "block").iterdir())
    except OSError:
        return
    for folder in found:
        parts = sorted(_partitions(folder), key=lambda each: (-_number(each / "size"), each.name))
        place, lun = _place(folder.resolve())
        yield Block(
            name=folder.name,
            place=place,
            lun=lun,
            sequence=_sequence(folder),
            octets=_number(folder / "size") * SECTOR,
            is_protected=_text(folder / "ro") == "1",
            numbers=tuple(_text(each / "dev") for each in (folder, *parts)),
            partitions=tuple(each.name for each in parts),
            holders=tuple(name for each in (folder, *parts) for name in _names(each / "holders")),
        )


def _partitions(folder: Path) -> Iterator[Path]:
    for name in _names(folder):
        if (folder / name / "partition").exists():
            yield folder / name


def _place(folder: Path) -> tuple[str, int]:
    """By the way through the buses that its resolved path shows."""
    parts = folder.parts
    scsi = [match for part in parts if (match := _SCSI.fullmatch(part))]
    ports = [part for part in parts if _USB.fullmatch(part)]
    if ports and scsi and _text(folder / "device" / "type") == _DISK:
        return f"usb {ports[-1]}", int(scsi[-1][1])
    hosts = [part for part in parts if _MMC.fullmatch(part)]
    # An eMMC is soldered in, and says “MMC”.
    if hosts and _text(folder / "device" / "type") == "SD":
        return f"sd {hosts[-1]}", 0
    return "", 0


def _sequence(folder: Path) -> str:
    """Before Linux 5.15 there is none: then a medium as large as the one before is not told from it."""
    return _text(folder / "diskseq") or f"{_text(folder / 'dev')}/{_text(folder / 'size')}"


def _names(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir())
    except OSError:
        return []


def _number(path: Path) -> int:
    text = _text(path)
    return int(text) if text.isdecimal() else 0


def _text(path: Path) -> str:
    """Empty where it can't be read: a device may vanish while we look at it."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
