"""A stream that is taken over as it is, packet for packet, into another container. Run in the child."""

from fractions import Fraction
from typing import Any, Final

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from aigaq.media.making.muxing import Muxer
from aigaq.media.making.streams import Stream, UnfitError, rate_of
from aigaq.media.making.terms import Lack
from aigaq.media.making.timing import LONGEST_JUMP, Gaps, Times

_MOST_MENDED: Final = 20
"""Times that may be set right before the file is held to be unfit for copying."""


class Copy:
    """Copies packets of `stream`, each to its place. Raises `UnfitError` where it has to be encoded anew."""

    def __init__(self, out: Muxer, stream: Stream, origin: Fraction, *, cut: bool = False) -> None:
        """With `cut` the file breaks off, so its last packet may be there in part: that one is left out."""
        is_film = stream.type == "video"
        self._out = out
        self._in = stream
        self._stream: Any = out.out.add_stream_from_template(stream)
        out.begun()
        assert stream.time_base is not None
        self._base = stream.time_base
        self._shift = round(origin / self._base)
        rate = rate_of(stream) if isinstance(stream, VideoStream) else Fraction(50)
        self.times = Times(origin, rate)
        self.step = 1 / rate
        self.gaps = Gaps(self.step)
        self.lacks: set[Lack] = set()
        self.frames = 0
        self.corrupt = 0
        self.last = Fraction(0)
        self._is_film = is_film
        self._cut = cut
        self._over = False
        self._begun = not is_film
        self._last_dts: int | None = None
        self._mended = 0

    settings: Final = "copy"

    @property
    def size(self) -> tuple[int, int]:
        context = self._in.codec_context
        return (context.width, context.height) if isinstance(context, VideoCodecContext) else (0, 0)

    @property
    def length(self) -> Fraction:
        """Of a sound."""
        return self.last + self.step if self.frames else Fraction(0)

    def add(self, packet: "Packet[Any]") -> None:
        if self._over or (packet.is_corrupt and not self._cut):
            raise UnfitError
        if packet.is_corrupt:
            self._over = True
            return
        if not self._begun:
            if not packet.is_keyframe:
                self.lacks.add(Lack.BEGINNING)
                return
            self._begun = True
        if packet.pts is None or packet.dts is None:
            if self._is_film:
                raise UnfitError
            packet.pts = packet.dts = self._expected(packet)
        packet.pts -= self._shift
        packet.dts -= self._shift
        if packet.pts < 0 and not self._is_film:
            return
        packet.pts, packet.dts = self._mended_times(packet.pts, packet.dts)
        place = packet.pts * self._base
        if abs(place - self.last) > LONGEST_JUMP:
            raise UnfitError
        self.gaps.at(place, (packet.duration or 0) * self._base or None)
        self.last = max(self.last, place)
        self.frames += 1
        packet.stream = self._stream
        self._out.put(packet)

    def end(self) -> None:
        """Nothing is held back."""

    def _expected(self, packet: "Packet[Any]") -> int:
        """The time of a sound that has none: right behind the last."""
        last = self._last_dts if self._last_dts is not None else 0
        return last + (packet.duration or 1) + self._shift

    def _mended_times(self, pts: int, dts: int) -> tuple[int, int]:
        """The muxer wants times that go forward."""
        if self._last_dts is not None and dts <= self._last_dts:
            self._mended += 1
            if self._mended > _MOST_MENDED or self._last_dts - dts > 1 / self._base:
                raise UnfitError
            dts = self._last_dts + 1
            pts = max(pts, dts)
        self._last_dts = dts
        return pts, dts
