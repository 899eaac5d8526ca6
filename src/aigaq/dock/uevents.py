"""The kernel's own word that a device came or went (netlink(7), NETLINK_KOBJECT_UEVENT): a wake-up, no more.

What is there is always read from sysfs, so a message lost is a second lost.
"""

import contextlib
import logging
import selectors
import socket
import time
from pathlib import Path

log = logging.getLogger(__name__)

_KOBJECT_UEVENT = 15
_FROM_KERNEL, _FROM_UDEV = 1, 2
_UDEV = Path("/run/udev/control")
_MESSAGE = 8192
"""Octets that one has at most."""
_SETTLE = 0.1
"""Seconds for the rest of what comes with a device: its partitions."""


class Uevents:
    """Opened by whoever waits; only sleeps where the kernel gives no such socket."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._selector = selectors.DefaultSelector()  # select(2) knows no descriptor above 1023
        # Where udev runs, its own message comes when the rules are through: names, owners, modes are set.
        group = _FROM_UDEV if _UDEV.exists() else _FROM_KERNEL
        with contextlib.suppress(OSError, AttributeError):
            self._socket = socket.socket(
                socket.AF_NETLINK,
                socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
                _KOBJECT_UEVENT,
            )
            self._socket.bind((0, group))
            self._selector.register(self._socket, selectors.EVENT_READ)

    def wait(self, seconds: float) -> bool:
        """Return True at once when something of a block device was said, False after so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._selector.select(left) and self._said_block():
                time.sleep(min(_SETTLE, seconds))
                self._said_block()
                return True
        return False

    def close(self) -> None:
        self._selector.close()
        if self._socket is not None:
            self._socket.close()

    def _said_block(self) -> bool:
        """Read all that is there. A queue that overflowed (ENOBUFS) lost something: as good as a yes."""
        found = False
        while self._socket is not None:
            try:
                said = self._socket.recv(_MESSAGE)
            except BlockingIOError:
                return found
            except OSError as error:
                log.debug("Uevents: errno %d", error.errno or 0)
                return True
            found = found or b"SUBSYSTEM=block\0" in said
        return found
