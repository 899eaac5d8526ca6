"""Finding time codes in a film: QR codes that a screen showed and the lens saw. Run in the child.

Where somebody films a code on purpose: in the first minute and in the last. Key frames first, since a decoder
gets at them cheaply; around a hit every frame, since what is wanted is the frame in which the code changes.
What is found is told, never judged: anybody can hold anything before a lens.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import av
import zxingcpp
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from aigaq.media.films import CONTAINERS, DECODERS
from aigaq.media.probe import MOST_CODES, CodeSeen, is_code_text
from aigaq.media.structure import Source

WINDOW: Final = 60.0
"""Seconds at either end of a film that are looked through."""
PROCESSOR_SECONDS: Final = 8.0
"""For the whole search; below what the child may use, so that a film is never given up for it."""
SECONDS: Final = 12.0
"""The same by the clock: a disk may be slow."""

_EVERY: Final = 0.4
"""Seconds between two looks: a code is filmed for two seconds, so it is met four times."""
_SPARSE: Final = 1.1
"""Seconds between key frames from which they are too few, and all frames are decoded; one a second is not."""
_BEFORE: Final = 2.5
_AFTER: Final = 6.0
_PATIENCE: Final = 1.5
"""Seconds before a hit, behind it, and without any after the last, that are looked at frame by frame."""
_FINE_FRAMES: Final = 600
_MOST_HITS: Final = 3
"""Times that a window is looked at frame by frame."""
_ENOUGH: Final = 2
"""Different texts: the change from one to the next was seen."""
_LONGEST: Final = 30 * 86_400.0
"""Seconds. A film that says it is longer is looked at from its beginning alone."""
_WIDEST: Final = 1280
_NARROWEST: Final = 960
"""Pixels. Wider pictures are shrunk to be quick; narrower ones, where a module has two pixels, enlarged."""

_LUMA_FIRST: Final = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
)
"""Whose first plane is brightness, an octet a pixel."""
_FORMATS: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def prepare() -> None:
    """Have the reader load and set up whatever it does on its first use."""
    codes_in(memoryview(bytes(64 * 64)), 64, 64, 64)


def codes_of(source: Source) -> tuple[CodeSeen, ...]:
    """Every time code found, with its place in the film. Never raises because of what is in the film."""
    search = _Search(time.process_time() + PROCESSOR_SECONDS, time.monotonic() + SECONDS)
    options = {"format_whitelist": CONTAINERS, "codec_whitelist": DECODERS, "protocol_whitelist": ""}
    try:
        with av.open(source, mode="r", options=options, metadata_errors="replace") as container:
            search.through(container)
    except (av.error.FFmpegError, MemoryError, ValueError):
        pass  # of a damaged film what came before the damage counts
    return search.found


def codes_in(plane: Any, width: int, height: int, stride: int) -> list[str]:  # noqa: ANN401 - whatever gives octets
    """Texts of the time codes in a picture, row by row, an octet a pixel."""
    view = zxingcpp.ImageView(plane, width, height, zxingcpp.ImageFormat.Lum, stride, 1)
    codes = zxingcpp.read_barcodes(
        view, formats=_FORMATS, try_invert=False, text_mode=zxingcpp.TextMode.Plain
    )
    return [code.text for code in codes if code.valid and is_code_text(code.text)]


class _OverError(Exception):
    """The time for the search is used up."""


@dataclass(slots=True)
class _Search:
    processor_until: float
    until: float
    seen: dict[str, list[int]] = field(default_factory=dict)
    """First and last position by text, in milliseconds of the film."""

    @property
    def found(self) -> tuple[CodeSeen, ...]:
        return tuple(CodeSeen(text, first, last) for text, (first, last) in self.seen.items())

    def through(self, container: InputContainer) -> None:
        stream = next((each for each in container.streams.video if _is_film(each)), None)
        if stream is None:
            return
        stream.codec_context.options = {"codec_whitelist": DECODERS}
        stream.codec_context.thread_count = 1  # the child may start no thread
        film = _Film(container, stream)
        try:
            for start, end in _windows(film.duration):
                self._window(film, start, end)
        except _OverError:
            pass

    def _window(self, film: "_Film", start: float, end: float) -> None:
        """Look through a stretch, from its beginning on; where there is a code, frame by frame."""
        for _ in range(_MOST_HITS):
            hit = self._look_for(film, start, end)
            if hit is None:
                return
            before = len(self.seen)
            start = self._look_closely(film, hit, end)
            if len(self.seen) - before >= _ENOUGH or start >= end:
                return

    def _look_for(self, film: "_Film", start: float, end: float) -> float | None:
        """Where a code is, if one is found."""
        keys = 0
        for at, frame in film.key_frames(start, end, _EVERY):
            keys += 1
            if self._look(at, frame, note=False):
                return at
        if keys > (end - start) / _SPARSE:
            return None
        due = start
        for at, frame in film.frames(start, end):
            self._require_time()
            if at >= due:
                due = at + _EVERY
                if self._look(at, frame, note=False):
                    return at
        return None

    def _look_closely(self, film: "_Film", hit: float, end: float) -> float:
        """Note every code around `hit`; give where the film may be looked at further."""
        last = hit
        for number, (at, frame) in enumerate(film.frames(max(0.0, hit - _BEFORE), hit + _AFTER)):
            if self._look(at, frame, note=True):
                last = at
            if at > max(last, hit) + _PATIENCE or number == _FINE_FRAMES:
                break
        return min(end, max(last, hit) + _EVERY)

    def _look(self, at: float, frame: VideoFrame, *, note: bool) -> bool:
        self._require_time()
        texts = codes_in(*_brightness(frame))
        position = max(0, round(at * 1000))
        for text in texts if note else ():
            if text not in self.seen and len(self.seen) == MOST_CODES:
                continue
            first, last = self.seen.get(text, [position, position])
            self.seen[text] = [min(first, position), max(last, position)]
        return bool(texts)

    def _require_time(self) -> None:
        if time.process_time() > self.processor_until or time.monotonic() > self.until:
            raise _OverError


class _Film:
    """Frames of a film with their positions, in seconds from its beginning."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream
        self._base = float(stream.time_base or 0)
        self._start = stream.start_time or 0
        ends = (container.duration or 0) / av.time_base
        self.duration = ends if ends > 0 else float((stream.duration or 0) * (stream.time_base or 0))

    def key_frames(self, start: float, end: float, every: float) -> Iterator[tuple[float, VideoFrame]]:
        """Some of them: `every` seconds apart, or more."""
        due = start - every
        for packet in self._packets(start, end):
            at = self._position(packet.pts)
            if packet.is_keyframe and at is not None and at >= due:
                due = at + every
                yield from self._timed(packet.decode(), start, end)
        yield from self._timed(self._stream.codec_context.decode(None), start, end)

    def frames(self, start: float, end: float) -> Iterator[tuple[float, VideoFrame]]:
        """All of them."""
        for packet in self._packets(start, end):
            yield from self._timed(packet.decode(), start, end)
        yield from self._timed(self._stream.codec_context.decode(None), start, end)

    def _packets(self, start: float, end: float) -> "Iterator[av.Packet[Any]]":
        """From the key frame at or before `start`."""
        try:
            self._container.seek(self._start + int(start / self._base), stream=self._stream)
        except av.error.FFmpegError:
            # Where seeking fails, the beginning can be had all the same.
            self._container.seek(self._container.start_time or 0)
        for packet in self._container.demux(self._stream):
            if packet.size == 0:
                return  # the mark of the end: the decoder is emptied by whoever asked
            decoded_at = self._position(packet.dts if packet.dts is not None else packet.pts)
            if decoded_at is not None and decoded_at > end:
                return
            yield packet

    def _timed(
        self, frames: "list[VideoFrame]", start: float, end: float
    ) -> Iterator[tuple[float, VideoFrame]]:
        for frame in frames:
            at = self._position(frame.pts)
            if at is not None and start <= at <= end:
                yield at, frame

    def _position(self, pts: int | None) -> float | None:
        return None if pts is None else (pts - self._start) * self._base


def _windows(duration: float) -> list[tuple[float, float]]:
    """The first minute, and the last, where they are not the same."""
    if not 0 < duration < _LONGEST:
        return [(0.0, WINDOW)]
    if duration <= 2 * WINDOW:
        return [(0.0, duration + 1)]
    return [(0.0, WINDOW), (duration - WINDOW, duration + 1)]


def _is_film(stream: VideoStream) -> bool:
    context = getattr(stream, "codec_context", None)
    is_cover = bool(stream.disposition & av.stream.Disposition.attached_pic)
    return (
        context is not None
        and bool(stream.time_base)
        and not is_cover
        and context.codec.name in DECODERS.split(",")
    )


def _brightness(frame: VideoFrame) -> tuple[memoryview, int, int, int]:
    """Octets, width, height and the length of a row."""
    width, height = frame.width, frame.height
    if width > _WIDEST or width < _NARROWEST or frame.format.name not in _LUMA_FIRST:
        factor = _WIDEST / width if width > _WIDEST else 2 if width < _NARROWEST else 1
        width, height = max(1, round(width * factor)), max(1, round(height * factor))
        frame = frame.reformat(width, height, "gray", threads=1)
    plane = frame.planes[0]
    return memoryview(plane), width, height, plane.line_size
