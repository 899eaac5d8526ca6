"""The serial number of a mounted volume, as `blkid` would print it. Needs no `blkid` and mostly no root."""

import os
import re
import stat
import struct
import uuid
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_BY_UUID = Path("/dev/disk/by-uuid")
_HEAD = 2048
"""Octets: boot sector of FAT, exFAT and NTFS; superblock of ext up to its UUID."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


def volume_id(root: int) -> str:
    """Of the file system whose root directory is open as `root`; empty if it isn't one, or can't be told.

    A folder that lies on a larger volume has no number of its own.
    """
    try:
        facts, above = os.fstat(root), os.stat("..", dir_fd=root)
        if facts.st_dev == above.st_dev:
            return ""
        device = _device_of(facts.st_dev)
    except OSError:
        return ""
    return (_udev_name(device) or _boot_sector_name(device)) if device else ""


def folder_id(root: int) -> str:
    """Where a folder lies that is no volume of its own. Empty for a volume: its numbers may be reused."""
    try:
        facts, above = os.fstat(root), os.stat("..", dir_fd=root)
    except OSError:
        return ""
    return f"{facts.st_dev:x}-{facts.st_ino:x}" if facts.st_dev == above.st_dev else ""


def device_behind(root: int) -> str | None:
    """The block device on which what is open as `root` lies; None where that can't be told."""
    try:
        return _device_of(os.fstat(root).st_dev)
    except OSError:
        return None


def _device_of(number: int) -> str | None:
    """The block device behind a mounted device number (proc(5), mountinfo: fields 3 and, after “-”, 10)."""
    wanted = f"{os.major(number)}:{os.minor(number)}"
    for line in _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        mount, _, source = line.partition(" - ")
        if mount.split()[2] == wanted:
            device = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), source.split()[1])
            return device if device.startswith("/dev/") else None
    return None


def _udev_name(device: str) -> str:
    try:
        return next((link.name for link in _BY_UUID.iterdir() if link.samefile(device)), "")
    except OSError:
        return ""


def _boot_sector_name(device: str) -> str:
    try:
        fd = os.open(device, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return serial_number(os.pread(fd, _HEAD, 0)) if stat.S_ISBLK(os.fstat(fd).st_mode) else ""
    except OSError:
        return ""
    finally:
        os.close(fd)


def serial_number(head: bytes) -> str:
    """From the first 2,048 octets of a volume (offsets: `docs/formats/card.md`). Empty if unknown."""
    head = head.ljust(_HEAD, b"\0")
    if head[3:11] == b"EXFAT   ":
        return _short(head[100:104])
    if head[3:11] == b"NTFS    ":
        return f"{struct.unpack_from('<Q', head, 72)[0]:016X}"
    if head[82:90] == b"FAT32   ":
        return _short(head[67:71])
    if head[54:59] in (b"FAT12", b"FAT16"):
        return _short(head[39:43])
    if head[1080:1082] == b"\x53\xef":
        return str(uuid.UUID(bytes=head[1128:1144]))
    return ""


def _short(octets: bytes) -> str:
    number = int.from_bytes(octets, "little")
    digits = f"{number:08X}"
    # A card that was formatted without a number says nought, and so do others.
    return f"{digits[:4]}-{digits[4:]}" if number else ""
