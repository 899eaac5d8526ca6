"""Into one file with all streams: nothing is written until each of them is known. Run in the child."""

from typing import Any, Final

from av.container import OutputContainer
from av.packet import Packet

from aigaq.media.making.streams import UnfitError

_MOST_HELD: Final = 50_000
"""Packets: of sound, a quarter of an hour without a picture."""


class Muxer:
    """Holds packets back until each promised stream has begun: an MP4 can't be told of one later."""

    def __init__(self, out: OutputContainer, promised: int) -> None:
        self.out = out
        self._promised = promised
        self._held: list[Any] = []

    def begun(self) -> None:
        """One more of the promised streams is there."""
        self._promised -= 1

    def put(self, packet: "Packet[Any]") -> None:
        if self._promised <= 0:
            self._release()
            self.out.mux_one(packet)
            return
        self._held.append(packet)
        if len(self._held) > _MOST_HELD:
            raise UnfitError

    def end(self) -> None:
        """What has not begun by now never does."""
        self._promised = 0
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for packet in held:
            self.out.mux_one(packet)
