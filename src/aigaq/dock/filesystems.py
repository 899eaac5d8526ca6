"""Which file system a volume has, by its first octets, and how it is mounted here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aigaq.core.clock import KAZAKHSTAN

HEAD = 2048
"""Octets from the start of a volume that tell what it is."""


def _minutes() -> int:
    """East of Greenwich. What recorders write on a FAT is the time of their wall clock: Kazakhstan's."""
    offset = datetime.now(KAZAKHSTAN).utcoffset()
    return offset // timedelta(minutes=1) if offset else 0


@dataclass(frozen=True, slots=True)
class Kernel:
    """The kernel's own: `types` in the order in which they are tried; of `data` the first that is taken."""

    types: tuple[str, ...]
    data: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class FileSystem:
    name: str
    kernel: Kernel
    helper: str = ""
    """What mounts it through FUSE where the kernel has it not: ``PROGRAM -o OPTIONS DEVICE DIRECTORY``."""


_TIMES = f"time_offset={_minutes()}"
_MODES = "fmask=0177,dmask=0077"

VFAT = FileSystem(
    "vfat",
    # `utf8` and not `iocharset=utf8`: the latter makes names differ by case, which FAT's do not.
    Kernel(("vfat",), (f"utf8=1,shortname=mixed,errors=remount-ro,{_MODES},{_TIMES}", "utf8=1")),
)
EXFAT = FileSystem(
    "exfat",
    Kernel(("exfat",), (f"iocharset=utf8,errors=remount-ro,{_MODES},{_TIMES}", "iocharset=utf8")),
    helper="mount.exfat-fuse",
)
NTFS = FileSystem("ntfs", Kernel(("ntfs3",), (f"iocharset=utf8,{_MODES}", "")), helper="ntfs-3g")
EXT = FileSystem(
    "ext4",
    # A journal that a pulled-out card left is replayed; where the device refuses that, it is read without.
    Kernel(("ext4",), ("errors=remount-ro", "noload")),
)


def tell(head: bytes) -> FileSystem | None:
    """By the first `HEAD` octets of a volume (offsets: `docs/formats/card.md`); None if we know it not."""
    head = head.ljust(HEAD, b"\0")
    if head[3:11] == b"EXFAT   ":
        return EXFAT
    if head[3:11] == b"NTFS    ":
        return NTFS
    if head[510:512] == b"\x55\xaa" and (head[82:90] == b"FAT32   " or head[54:59] in (b"FAT12", b"FAT16")):
        return VFAT
    if head[1080:1082] == b"\x53\xef":
        return EXT
    return None
