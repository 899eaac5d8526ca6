"""A file as a confined child has it: ranges that it asks the parent for."""

import io

from aigaq.media.wire import RANGE, RANGE_SIZE, Channel, Tag


class RangeFile(io.RawIOBase):
    """A file of `size` octets whose ranges come over `channel`."""

    def __init__(self, channel: Channel, size: int) -> None:
        self._channel = channel
        self.size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError(22, "a position before the file's beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = min(len(buffer), RANGE_SIZE, self.size - self._at)
        if wanted <= 0:
            return 0
        self._ask(self._at, wanted)
        _, octets = self._channel.receive({Tag.DATA: wanted})
        buffer[: len(octets)] = octets
        self._at += len(octets)
        return len(octets)

    def _ask(self, at: int, wanted: int) -> None:
        self._channel.send(Tag.READ, RANGE.pack(at, wanted))
