"""A proxy of a recording that has an index, or of what there is of one. Run in the child."""

import io
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from aigaq.media.making.copies import Copy
from aigaq.media.making.files import Progress, Spooled
from aigaq.media.making.mp4 import index_in_front
from aigaq.media.making.muxing import Muxer
from aigaq.media.making.pictures import Pictures
from aigaq.media.making.recipes import SOUND_IN_MP4, Way
from aigaq.media.making.sounds import Sounds
from aigaq.media.making.streams import (
    UnfitError,
    film_of,
    opened,
    origin_of,
    raise_memory,
    rate_of,
    sound_of,
)
from aigaq.media.making.terms import Lack, Work
from aigaq.media.making.timing import Gaps, Times, milliseconds

_BUFFER: Final = 512 * 1024
_TOO_MANY_BAD: Final = 2_000
"""Packets in a row of which nothing could be decoded: an hour of a dead stream is not waited for."""
_ENDS_EARLY: Final = Fraction(1)
"""Seconds by which the shorter of both streams may end before the other until it is told as a gap."""

NOTHING: Final = Work(
    video=None,
    audio=None,
    width=0,
    height=0,
    duration_ms=0,
    frames=0,
    gaps=(),
    gap_count=0,
    bad_packets=0,
    lacks=(),
)


def new_film(out: Spooled) -> OutputContainer:
    """An MP4 that is written to `out`. Its index comes last, and is moved by `index_in_front`."""
    return av.open(out, "w", format="mp4", buffer_size=_BUFFER, options={"brand": "mp42"})


def make(
    source: io.RawIOBase,
    way: Way,
    out: Spooled,
    progress: Progress,
    *,
    size: int,
    form: str | None = None,
    cut: bool = False,
) -> tuple[Work, list[list[int]]]:
    """The proxy, as work and parts. Raises `UnfitError`, ``MemoryError``, ``av.error.FFmpegError``."""
    with opened(source, form) as container:
        film, sound = film_of(container), sound_of(container)
        if film is None and sound is None:
            raise UnfitError
        with new_film(out) as made:
            muxer = Muxer(made, (film is not None) + (sound is not None))
            making = _Making(container, film, sound, muxer, way, cut=cut)
            for done in making.run():
                progress.tell(done / size if size else 0.0)
            work = making.work()
        return work, index_in_front(out)


class _Making:
    def __init__(
        self,
        container: InputContainer,
        film: VideoStream | None,
        sound: AudioStream | None,
        out: Muxer,
        way: Way,
        *,
        cut: bool,
    ) -> None:
        self._out = out
        self._cut = cut
        self._container = container
        self._film, self._sound = film, sound
        self._origin = origin_of(container, film, sound)
        self._pictures: Pictures | Copy | None = None
        self._sounds: Sounds | Copy | None = None
        self._bad = 0
        self._bad_in_row = 0
        if film is not None:
            self._pictures = self._for_film(film, out, way)
        if sound is not None:
            self._sounds = self._for_sound(sound, out, way)

    def run(self) -> Iterator[int]:
        """All packets, in the file's order; gives now and then how many octets of the file are behind."""
        streams = [stream for stream in (self._film, self._sound) if stream is not None]
        packets = self._container.demux(streams)
        while (packet := self._next(packets)) is not None:
            self._put(packet)
            if packet.pos is not None:
                yield packet.pos
            if self._bad_in_row > _TOO_MANY_BAD:
                break
        self._end()

    def work(self) -> Work:
        """What came of it. Raises `UnfitError` if nothing did."""
        film, sound = self._pictures, self._sounds
        film_end = film.last + film.step if film and film.frames else Fraction(0)
        sound_end = sound.length if sound else Fraction(0)
        if film_end == 0 and sound_end == 0:
            raise UnfitError
        end, lacks = max(film_end, sound_end), {Lack.END} if self._cut else set[Lack]()
        told: Gaps = film.gaps if film and film.frames else sound.gaps  # type: ignore[union-attr]
        if film and film.frames:
            told.until(end - _ENDS_EARLY)
            lacks |= film.lacks
            lacks |= {Lack.TIMES} if film.times.broken else set()
        if told.count:
            lacks.add(Lack.GAPS)
        if self._bad or (film and film.corrupt):
            lacks.add(Lack.PICTURES if film and film.frames else Lack.SOUND)
        if self._film is not None and film_end == 0:
            lacks.add(Lack.PICTURE)
        if self._sound is not None and sound_end == 0:
            lacks.add(Lack.SOUND)
        width, height = film.size if film and film.frames else (0, 0)
        return replace(
            NOTHING,
            video=film.settings if film and film.frames else None,
            audio=sound.settings if sound and sound_end else None,
            width=width,
            height=height,
            duration_ms=milliseconds(end),
            frames=film.frames if film else 0,
            gaps=tuple((first, last) for first, last in told.told),
            gap_count=told.count,
            bad_packets=self._bad + (film.corrupt if film else 0),
            lacks=tuple(sorted(lacks)),
        )

    def _for_film(self, film: VideoStream, out: Muxer, way: Way) -> "Pictures | Copy":
        if way in {Way.REMUX, Way.SOUND}:
            if film.codec_context.codec.canonical_name != "h264":
                raise UnfitError
            return Copy(out, film, self._origin, cut=self._cut)
        rate = rate_of(film)
        return Pictures(out, Times(self._origin, rate), rate, film.time_base)

    def _for_sound(self, sound: AudioStream, out: Muxer, way: Way) -> "Sounds | Copy":
        if way is Way.REMUX and sound.codec_context.codec.canonical_name in SOUND_IN_MP4:
            return Copy(out, sound, self._origin, cut=self._cut)
        context = sound.codec_context
        return Sounds(out, self._origin, context.sample_rate or 0, context.channels)

    def _next(self, packets: "Iterator[Packet[Any]]") -> "Packet[Any] | None":
        """A file that is cut off ends where it is cut, and so do one's packets."""
        try:
            return next(packets, None)
        except av.error.FFmpegError as error:
            raise_memory(error)
            self._bad += 1
            return None

    def _put(self, packet: "Packet[Any]") -> None:
        target: Any = self._pictures if packet.stream is self._film else self._sounds
        if isinstance(target, Copy):
            if packet.size:
                target.add(packet)
            return
        try:
            frames = packet.decode()
        except av.error.EOFError:
            return
        except av.error.FFmpegError as error:
            raise_memory(error)
            self._bad += 1
            self._bad_in_row += 1
            return
        self._bad_in_row = 0 if frames else self._bad_in_row
        for frame in frames:
            target.add(frame)

    def _end(self) -> None:
        for target in (self._pictures, self._sounds):
            if target is not None:
                target.end()
        self._out.end()
