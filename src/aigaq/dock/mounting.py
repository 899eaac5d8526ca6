"""mount(2), umount(2) and the table of mounts. Errors are ``OSError`` with the kernel's own number."""

import contextlib
import ctypes
import os
import re
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path

TABLE = Path("/proc/self/mountinfo")
_STATUS = Path("/proc/self/status")
_CAP_SYS_ADMIN = 21
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Flag(IntFlag):
    """Of linux/mount.h."""

    RDONLY = 1
    NOSUID = 2
    NODEV = 4
    NOEXEC = 8
    REMOUNT = 32
    NOSYMFOLLOW = 256
    NOATIME = 1024
    BIND = 4096


class Leave(IntFlag):
    """Of umount2(2)."""

    DETACH = 2
    NOFOLLOW = 8


SAFE = Flag.NOSUID | Flag.NODEV | Flag.NOEXEC | Flag.NOSYMFOLLOW | Flag.NOATIME
"""What no card is mounted without, whoever filled it: nothing runs, no device, no link is followed."""

_IN_TABLE = {
    Flag.RDONLY: "ro",
    Flag.NOSUID: "nosuid",
    Flag.NODEV: "nodev",
    Flag.NOEXEC: "noexec",
    Flag.NOSYMFOLLOW: "nosymfollow",
}


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table (proc(5), mountinfo)."""

    number: str
    """``major:minor``"""
    at: Path
    options: frozenset[str]
    """Of the mount point; those of the file system are its own."""
    kind: str
    source: str

    def lacks(self, flags: Flag) -> list[str]:
        """Which of `flags` it was not given, as mount(8) names them."""
        return [name for flag, name in _IN_TABLE.items() if flag in flags and name not in self.options]


def mount(source: str, at: Path, kind: str, flags: Flag, data: str = "") -> None:
    """Raise ``OSError``."""
    _mount(os.fsencode(source), os.fsencode(at), kind.encode(), flags, data.encode())


def remount(at: Path, flags: Flag, data: str = "") -> None:
    """The file system itself: with `Flag.RDONLY` nothing is written to the device. Raise ``OSError``."""
    _mount(None, os.fsencode(at), None, flags | Flag.REMOUNT, data.encode())


def restrict(at: Path, flags: Flag) -> None:
    """This mount point, whatever its file system made of the flags. Raise ``OSError``."""
    _mount(None, os.fsencode(at), None, flags | Flag.REMOUNT | Flag.BIND, None)


def unmount(at: Path, *, at_once: bool = True) -> None:
    """Without `at_once`, as soon as nothing uses it. Raise ``OSError``."""
    leave = Leave.NOFOLLOW if at_once else Leave.NOFOLLOW | Leave.DETACH
    if _libc().umount2(os.fsencode(at), int(leave)):
        _refuse()


def mounts() -> list[Mount]:
    lines = TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return [_read(line) for line in lines]


def mount_at(path: Path) -> Mount | None:
    """The one that is seen there: the last."""
    return next((each for each in reversed(mounts()) if each.at == path), None)


def sweep(directory: Path) -> int:
    """Let go of all that is mounted under `directory`, the newest first; return how much there was.

    For what a program that was killed left behind: whoever calls this is alone in `directory`.
    """
    found = [each for each in reversed(mounts()) if directory in each.at.parents]
    for each in found:
        with contextlib.suppress(OSError):
            unmount(each.at, at_once=False)
    for left in directory.iterdir():
        with contextlib.suppress(OSError):
            left.rmdir()
    return len(found)


def may_mount() -> bool:
    """Whether this process has CAP_SYS_ADMIN (capabilities(7))."""
    try:
        status = _STATUS.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    held = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return held is not None and bool(int(held[1], 16) >> _CAP_SYS_ADMIN & 1)


def _read(line: str) -> Mount:
    mounted, _, of = line.partition(" - ")
    fields, about = mounted.split(" "), of.split(" ")
    return Mount(
        number=fields[2],
        at=Path(_plain(fields[4])),
        options=frozenset(fields[5].split(",")),
        kind=about[0],
        source=_plain(about[1]),
    )


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)


def _mount(source: bytes | None, at: bytes, kind: bytes | None, flags: Flag, data: bytes | None) -> None:
    if _libc().mount(source, at, kind, ctypes.c_ulong(flags), data):
        _refuse()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _refuse() -> None:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))
