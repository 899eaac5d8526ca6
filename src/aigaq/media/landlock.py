"""Landlock: a Linux process gives up the file system and the network for good (kernel 5.13 and later).

Source: https://docs.kernel.org/userspace-api/landlock.html and ``include/uapi/linux/landlock.h``.
"""

import ctypes
import struct
from typing import Final

_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446
"""The same numbers on every architecture."""

_ASK_VERSION: Final = 1

_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many of the rights on files (execute, write, read, … in order of their bits) each ABI knows."""

_NET_RIGHTS: Final = 0b11
"""Bind and connect TCP, from ABI 4."""

_SCOPES: Final = 0b11
"""Abstract UNIX sockets and signals to processes outside, from ABI 6."""

_FIRST_WITH_NET: Final = 4
_FIRST_WITH_SCOPES: Final = 6


def abi(libc: ctypes.CDLL) -> int:
    """The version that this kernel offers; 0 if none."""
    version: int = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    return max(version, 0)


def deny_everything(libc: ctypes.CDLL) -> int:
    """Deny the calling thread every right that the kernel's version can deny; return that version.

    Files that are open already stay usable. 0 means that nothing is denied. Needs no_new_privs. Raises
    ``OSError`` if the kernel offers Landlock and then refuses it.
    """
    version = abi(libc)
    if not version:
        return 0
    attributes = struct.pack("=Q", (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1)
    if version >= _FIRST_WITH_NET:
        attributes += struct.pack("=Q", _NET_RIGHTS)
    if version >= _FIRST_WITH_SCOPES:
        attributes += struct.pack("=Q", _SCOPES)
    ruleset: int = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0 or libc.syscall(_RESTRICT_SELF, ruleset, 0) < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    libc.close(ruleset)
    return version
