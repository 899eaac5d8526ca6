"""The child that examines files: ``python -m aigaq.media.worker FD MEMORY PARENT``.

It imports its readers, confines itself, says hello, and then examines one file after another. It never
opens anything: a file is a series of ranges that it asks the parent for.
"""

import io
import socket
import sys
from typing import Final

from aigaq.media import examine
from aigaq.media.confinement import allow_processor_time, confine
from aigaq.media.kinds import Claim, Family, Kind
from aigaq.media.wire import RANGE, RANGE_SIZE, BrokenDialogueError, Channel, Tag, parse_json

JOB_SIZE: Final = 1024
_END: Final = 0


class RangeFile(io.RawIOBase):
    """A file of `size` octets whose ranges come over `channel`."""

    def __init__(self, channel: Channel, size: int) -> None:
        self._channel = channel
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(22, "a position before the file's beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = min(len(buffer), RANGE_SIZE, self._size - self._at)
        if wanted <= 0:
            return _END
        self._channel.send(Tag.READ, RANGE.pack(self._at, wanted))
        _, octets = self._channel.receive({Tag.DATA: wanted})
        buffer[: len(octets)] = octets
        self._at += len(octets)
        return len(octets)


def main(fd: int, memory: int, parent: int) -> None:
    channel = Channel(socket.socket(fileno=fd))
    examine.prepare()
    channel.send_json(Tag.HELLO, confine(memory=memory, parent=parent).to_dict())
    while True:
        try:
            _, payload = channel.receive({Tag.JOB: JOB_SIZE})
        except BrokenDialogueError:
            return  # the parent has no more files, or is gone
        job = parse_json(payload)
        assert isinstance(job, dict)
        allow_processor_time(job["processor_seconds"])
        claim = Claim(Kind(job["kind"]), Family(job["family"]))
        judgement = examine.examine(RangeFile(channel, job["size"]), job["size"], claim)
        if judgement.still:
            channel.send(Tag.STILL, judgement.still)
        channel.send_json(Tag.ANSWER, judgement.to_dict())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
