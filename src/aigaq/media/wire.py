"""What parent and child say to each other, over a pair of sockets that both inherited.

A message is one octet of tag, four of length (big-endian), and that many octets. The child says hello
once; the parent then gives it one job at a time. During a job the child asks for ranges of the file and
the parent answers each; the child ends the job with a still, if it made one, and its answer.
"""

import json
import socket
import struct
import time
from collections.abc import Mapping
from enum import Enum
from typing import Final

from aigaq.errors import N_, AigaqError

RANGE_SIZE: Final = 256 * 1024
"""Octets that the child may ask for at once."""

RANGE = struct.Struct(">QI")
"""Offset and length of a range, in octets."""

PLACE = struct.Struct(">BQI")
"""Of which file (0 is the one at hand), offset and length."""

WRITE_SIZE: Final = 1 << 20
"""Octets that a maker may hand over at once."""

_HEADER = struct.Struct(">cI")


class Tag(Enum):
    HELLO = b"H"
    """Child: what could be applied of its confinement (JSON)."""
    JOB = b"J"
    """Parent: size, kind and family of the file to examine (JSON)."""
    READ = b"R"
    """Child: give me this range (`RANGE`)."""
    DATA = b"D"
    """Parent: the range; shorter where the file ends."""
    STILL = b"S"
    """Child: the still picture (JPEG)."""
    ANSWER = b"A"
    """Child: the judgement (JSON), or what was made."""
    PLACE = b"P"
    """Maker: give me this range of that file (`PLACE`)."""
    WRITE = b"W"
    """Maker: an offset (eight octets) and what is to stand there."""
    BACK = b"B"
    """Maker: give me back this range of what I wrote (`RANGE`)."""
    PROGRESS = b"G"
    """Maker: how many thousandths are done (two octets)."""


class BrokenDialogueError(AigaqError):
    """The other side is gone, or said what it must not."""

    code = "media.broken-dialogue"
    message = N_("The examining program stopped talking.")


class Channel:
    """One end of the pair. With a deadline set, `send` and `receive` raise ``TimeoutError`` past it."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self.deadline: float | None = None
        """On the clock of ``time.monotonic``."""

    def send(self, tag: Tag, payload: bytes) -> None:
        self._arm()
        try:
            self._end.sendall(_HEADER.pack(tag.value, len(payload)) + payload)
        except ConnectionError as error:
            raise BrokenDialogueError from error

    def send_json(self, tag: Tag, value: object) -> None:
        self.send(tag, json.dumps(value, allow_nan=False).encode())

    def receive(self, allowed: Mapping[Tag, int]) -> tuple[Tag, bytes]:
        """The next message: one of the tags `allowed`, of at most as many octets as it maps to.

        The length is checked before anything is read, so a liar can't make this side fetch more.
        """
        octet, length = _HEADER.unpack(self._exactly(_HEADER.size))
        for tag, most in allowed.items():
            if tag.value == octet and length <= most:
                return tag, self._exactly(length)
        raise BrokenDialogueError

    def close(self) -> None:
        self._end.close()

    def _exactly(self, length: int) -> bytes:
        octets = bytearray()
        while len(octets) < length:
            self._arm()
            try:
                more = self._end.recv(length - len(octets))
            except ConnectionError as error:
                raise BrokenDialogueError from error
            if not more:
                raise BrokenDialogueError
            octets += more
        return bytes(octets)

    def _arm(self) -> None:
        if self.deadline is None:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._end.settimeout(left)


def parse_json(payload: bytes) -> object:
    """Raise `BrokenDialogueError` unless `payload` is JSON."""
    try:
        value: object = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BrokenDialogueError from error
    return value
