"""A confined child of this process and the channel to it, whatever its work is."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from aigaq.media.confinement import Confinement
from aigaq.media.probe import UntrustworthyAnswerError
from aigaq.media.wire import BrokenDialogueError, Channel, Tag, parse_json

_HELLO_SIZE: Final = 4096
_ROOT: Final = Path(__file__).resolve().parents[2]
_RUN: Final = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));"
    " runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
"""The child runs the very code that this process runs, wherever that lies: isolated, Python would look for
the one that is installed."""
_BUFFER: Final = 1 << 20
"""Octets on their way, where the system allows so many: fewer turns for a whole film."""
_START_SECONDS: Final = 30.0
"""For the interpreter and the libraries to load from a cold, slow disk."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A process that runs, and our end of the pair of sockets."""

    process: subprocess.Popen[bytes]
    channel: Channel


_C = TypeVar("_C", bound="Child")


class Child:
    """One child. Whoever started it ends it."""

    def __init__(self, launched: Launched) -> None:
        self._process = launched.process
        self.channel = launched.channel
        self.confinement = Confinement()

    @staticmethod
    def greeted(of: Callable[[Launched], _C], module: str, memory: int) -> _C | None:
        """A child that runs `module` and has confined itself; ``None`` if it does not come up.

        `memory` bounds its address space, in octets.
        """
        try:
            launched = _launch(module, memory)
        except OSError:
            return None  # no interpreter, or no process or descriptor to be had
        child = of(launched)
        try:
            child.greet()
        except (BrokenDialogueError, UntrustworthyAnswerError, TimeoutError):
            child.end()
            return None
        return child

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def ran_out_of_processor_time(self) -> bool:
        return self._process.poll() == -signal.SIGXCPU

    def kill(self) -> None:
        """From any thread: whoever speaks with it finds the line cut."""
        self._process.kill()

    def end(self) -> None:
        """Close the channel, kill the child if it runs still, and take its exit status."""
        self.channel.close()
        self._process.kill()  # changes nothing of how a child that is dying already has died
        self._process.wait()

    def greet(self) -> None:
        self.channel.deadline = time.monotonic() + _START_SECONDS
        _, hello = self.channel.receive({Tag.HELLO: _HELLO_SIZE})
        self.confinement = Confinement.believe(parse_json(hello))


def _launch(module: str, memory: int) -> Launched:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    with ExitStack() as on_failure, theirs:
        on_failure.enter_context(ours)
        command = [sys.executable, "-I", "-c", _RUN, str(_ROOT), module]
        command += [str(number) for number in (theirs.fileno(), memory, os.getpid())]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no text from outside
            command,
            pass_fds=(theirs.fileno(),),
            env={},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        on_failure.pop_all()
    return Launched(process, Channel(ours))


def read_range(reader: BinaryIO, offset: int, length: int) -> bytes:
    """`length` octets from `offset`; fewer only where the file ends."""
    reader.seek(offset)
    octets = bytearray()
    while len(octets) < length:
        more = reader.read(length - len(octets))
        if not more:
            break
        octets += more
    return bytes(octets)
