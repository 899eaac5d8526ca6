"""seccomp: a Linux process keeps the few system calls that computing needs and loses all others.

Landlock leaves UDP and UNIX sockets, and names of files; this closes them. A call that is not listed
fails with EPERM rather than killing, so a library that merely asks gets its refusal and goes on.
Source: seccomp(2); numbers from ``asm/unistd_64.h`` and ``asm-generic/unistd.h``.
"""

import ctypes
import platform
import struct
from typing import Final

_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2

_ALLOWED: Final[dict[str, tuple[int, int]]] = {
    # name: (x86-64, AArch64); -1 where the architecture has no such call
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, -1),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, -1),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "ppoll": (271, 73),
    "getrandom": (318, 278),
    "rseq": (334, 293),
}
_PRLIMIT: Final = (302, 261)
"""Allowed on the process itself alone: the limit of processor time moves forward with each job."""

_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the tables above, and AUDIT_ARCH of ``linux/audit.h``."""

_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_FAIL_EPERM: Final = 0x00050001
_KILL: Final = 0x80000000
_OFFSET_NUMBER: Final = 0
_OFFSET_ARCH: Final = 4
_OFFSET_FIRST_ARGUMENT: Final = 16
"""Offsets in ``struct seccomp_data``; both architectures are little-endian."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict(libc: ctypes.CDLL) -> bool:
    """Filter the system calls of the calling thread; say whether it is done.

    Not done on an architecture without a table here or a kernel without seccomp. Needs no_new_privs.
    """
    architecture = _ARCHITECTURES.get(platform.machine())
    if architecture is None:
        return False
    octets = _filter(*architecture)
    program = _Program(len(octets) // 8, octets)
    done: int = libc.prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)
    return done == 0


def _filter(column: int, arch: int) -> bytes:
    numbers = [row[column] for row in _ALLOWED.values() if row[column] >= 0]
    steps = [
        _step(_LOAD, _OFFSET_ARCH),
        _step(_JUMP_IF_EQUAL, arch, when_equal=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _OFFSET_NUMBER),
    ]
    to_allow = len(numbers) + 6
    for passed, number in enumerate(numbers):
        steps.append(_step(_JUMP_IF_EQUAL, number, when_equal=to_allow - passed - 1))
    steps += [
        _step(_JUMP_IF_EQUAL, _PRLIMIT[column], otherwise=4),
        _step(_LOAD, _OFFSET_FIRST_ARGUMENT),
        _step(_JUMP_IF_EQUAL, 0, otherwise=2),
        _step(_LOAD, _OFFSET_FIRST_ARGUMENT + 4),
        _step(_JUMP_IF_EQUAL, 0, when_equal=1),
        _step(_RETURN, _FAIL_EPERM),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, operand: int, *, when_equal: int = 0, otherwise: int = 0) -> bytes:
    """One instruction of classic BPF (``struct sock_filter``)."""
    return struct.pack("=HBBI", code, when_equal, otherwise, operand)
