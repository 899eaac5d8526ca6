"""The picture of a proxy: decoded, put upright, and encoded as H.264. Run in the child."""

from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from aigaq.media.making.muxing import Muxer
from aigaq.media.making.terms import LONGEST_SIDE, Lack
from aigaq.media.making.timing import Gaps, Times

QUALITY: Final = 25
PRESET: Final = "ultrafast"
"""Somebody waits for it, and it is not the evidence: the original is."""
SETTINGS: Final = f"libx264 {PRESET} crf={QUALITY}"

_KEYS: Final = 2
"""Seconds from one picture that stands by itself to the next: what seeking and going back costs a browser."""
_SMALLEST: Final = 2
_MPEG_RANGE: Final = 1
_FULL_RANGE: Final = 2
_FINEST: Final = Fraction(1, 90_000)


class Pictures:
    """Encodes pictures into a stream of `out`, each at its place. The stream begins with the first."""

    def __init__(self, out: Muxer, times: Times, rate: Fraction, base: Fraction | None) -> None:
        self._out = out
        self.times = times
        self._rate = rate
        self._base = base if base and base <= Fraction(1, 1000) else _FINEST
        self._stream: VideoStream | None = None
        self._size = (0, 0)
        self._turn = 0
        self._last_pts = -1
        self.gaps = Gaps(times.step)
        self.frames = 0
        self.corrupt = 0
        self.lacks: set[Lack] = set()

    def add(self, frame: VideoFrame) -> None:
        """Encode one picture; what lies before the place 0 is left out."""
        at = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base
        place = self.times.place(at)
        if place is None:
            return
        if self._stream is None:
            self._begin(frame)
        self.gaps.at(place)
        self.corrupt += bool(frame.is_corrupt)
        upright = self._upright(frame)
        pts = max(round(place / self._base), self._last_pts + 1)
        self._last_pts = pts
        upright.pts, upright.time_base = pts, self._base
        self.frames += 1
        self._encode(upright)

    def end(self) -> None:
        if self._stream is not None:
            self._encode(None)

    settings: Final = SETTINGS

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def step(self) -> Fraction:
        return self.times.step

    @property
    def last(self) -> Fraction:
        return self.times.last

    def _encode(self, frame: VideoFrame | None) -> None:
        assert self._stream is not None
        for packet in self._stream.encode(frame):
            self._out.put(packet)

    def _begin(self, frame: VideoFrame) -> None:
        self._turn = round(frame.rotation / 90) % 4 if frame.rotation else 0
        width, height = _fitting(frame.width, frame.height)
        if (width, height) != (frame.width // 2 * 2, frame.height // 2 * 2):
            self.lacks.add(Lack.SMALLER)
        self._plain = (width, height)
        self._size = (height, width) if self._turn % 2 else (width, height)
        self._stream = begin_film(self._out, self._size, self._rate, self._base)

    def _upright(self, frame: VideoFrame) -> VideoFrame:
        width, height = self._plain
        is_plain = frame.format.name == "yuv420p" and frame.color_range != _FULL_RANGE
        if is_plain and not self._turn and (frame.width, frame.height) == self._plain:
            frame.pict_type = 0  # the encoder chooses what stands by itself
            return frame
        plain = frame.reformat(width, height, "yuv420p", dst_color_range=_MPEG_RANGE, threads=1)
        if not self._turn:
            plain.pict_type = 0
            return plain
        return _turned(plain, self._turn)


def begin_film(out: Muxer, size: tuple[int, int], rate: Fraction, base: Fraction) -> VideoStream:
    stream: Any = out.out.add_stream("libx264", rate=rate.limit_denominator(1001))
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.options = {
        "preset": PRESET,
        "crf": str(QUALITY),
        "tune": "fastdecode",
        "x264-params": "threads=1:lookahead-threads=1:sync-lookahead=0:bframes=0",
    }
    stream.gop_size = max(1, round(_KEYS * rate))
    stream.time_base = base
    stream.codec_context.time_base = base
    stream.codec_context.thread_count = 1
    stream.codec_context.open(strict=False)
    out.begun()
    return stream  # type: ignore[no-any-return]


def _fitting(width: int, height: int) -> tuple[int, int]:
    """Even sides, none longer than `LONGEST_SIDE`."""
    share = min(1.0, LONGEST_SIDE / max(width, height, 1))
    return tuple(max(_SMALLEST, int(side * share) // 2 * 2) for side in (width, height))  # type: ignore[return-value]


def _turned(frame: VideoFrame, turn: int) -> VideoFrame:
    """By `turn` quarters against the clock: as the camera says it was held."""
    planes = [
        np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]
    turned = [np.ascontiguousarray(np.rot90(plane, turn)) for plane in planes]
    height, width = turned[0].shape
    made = av.VideoFrame(width, height, "yuv420p")
    for plane, octets in zip(made.planes, turned, strict=True):
        line = np.zeros((plane.height, plane.line_size), np.uint8)
        line[:, : octets.shape[1]] = octets
        plane.update(line.tobytes())
    return made
