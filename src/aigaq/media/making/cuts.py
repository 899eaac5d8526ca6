"""A stretch of a recording without loss: its packets as they are, in another container. Run in the child.

A picture can be shown only with what it is built upon. So a cut begins at the last picture that stands by
itself at or before what was asked for, and ends with the packet that holds the end.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any, Final

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from aigaq.media.making.files import PlacedFile, Progress, Spooled
from aigaq.media.making.films import NOTHING
from aigaq.media.making.mp4 import index_in_front
from aigaq.media.making.muxing import Muxer
from aigaq.media.making.streams import (
    MICROSECONDS,
    Stream,
    UnfitError,
    film_of,
    opened,
    origin_of,
    raise_memory,
    sound_of,
)
from aigaq.media.making.terms import Cut, Lack, Work
from aigaq.media.making.timing import LONGEST_JUMP, milliseconds

_BUFFER: Final = 512 * 1024
_BEFORE: Final = Fraction(4)
"""Seconds by which reading begins earlier: seeking is not exact, and sound may lie before its picture."""
_MOST_AHEAD: Final = Fraction(10)
"""Seconds by which a stream may lie behind the other one in the file: so far past the end all is over."""
_MOST_HELD: Final = 600
"""Packets of pictures behind the end that are kept, as one before the end may still follow."""
_UNKNOWN_LENGTH: Final = Fraction(1, 50)

_IN_MP4: Final = frozenset({"h264", "hevc", "mpeg4", "av1", "aac", "mp3", "ac3"})
_FORMS: Final = {
    "mp4": ("mp4", {"brand": "mp42"}),
    "mkv": ("matroska", {}),
    "mov": ("mov", {}),
    "avi": ("avi", {}),
}
"""In the order in which they are asked."""
_WITHOUT_TIMES: Final = frozenset({"avi", "h264", "hevc"})
"""Their times are reckoned from the first packet on: one that was sought would come out otherwise."""
_INDEXED: Final = frozenset({"mp4", "mov"})
"""Their index is moved to the front."""


class OutsideError(Exception):
    """Nothing of the recording lies in the stretch."""


def make(
    source: PlacedFile, stretch: tuple[int, int], out: Spooled, progress: Progress
) -> tuple[Work, list[list[int]]]:
    """The cut, as work and parts. Raises `UnfitError`, `OutsideError`, ``MemoryError``, ``FFmpegError``."""
    begin, end = (Fraction(each, 1000) for each in stretch)
    with opened(source) as container:
        streams = _Streams.of(container)
        first = _first(container, streams, begin)
        suffix = _suffix(streams)
        with _new(out, suffix) as made:
            cutting = _Cutting(made, streams, first, end)
            for packet in _packets(container, streams, min(first)):
                cutting.put(packet)
                progress.tell(float(cutting.reached / end))
                if cutting.is_over:
                    break
            cutting.end()
        work = cutting.work(suffix)
    return work, index_in_front(out) if suffix in _INDEXED else [[0, out.size]]


@dataclass(frozen=True, slots=True)
class _Streams:
    film: Any
    sound: Any
    origin: Fraction

    @classmethod
    def of(cls, container: InputContainer) -> "_Streams":
        film, sound = film_of(container), sound_of(container)
        if film is None and sound is None:
            raise UnfitError
        return cls(film, sound, origin_of(container, film, sound))

    @property
    def all(self) -> list[Stream]:
        return [stream for stream in (self.film, self.sound) if stream is not None]

    @property
    def leading(self) -> Any:  # noqa: ANN401 - a film, else a sound
        return self.film if self.film is not None else self.sound

    def place(self, packet: "Packet[Any]") -> Fraction:
        """Where it is shown or heard, in seconds from the recording's beginning."""
        if packet.pts is None or packet.stream.time_base is None:
            raise UnfitError
        place = packet.pts * Fraction(packet.stream.time_base) - self.origin
        if abs(place) > 100 * LONGEST_JUMP:
            raise UnfitError
        return place


def _first(container: InputContainer, streams: _Streams, begin: Fraction) -> tuple[Fraction, Fraction]:
    """Where the leading stream is to begin, and the other one.

    At the last packet that stands by itself, at or before `begin`; where the first comes later, there, and
    what is heard from `begin` on precedes it. `OutsideError` if all is over before `begin`.
    """
    for is_sought in (True, False) if begin > _BEFORE else (False,):
        if is_sought and not _sought(container, streams, begin - _BEFORE):
            continue
        if not is_sought:
            _rewound(container)
        found, later, reached = None, None, Fraction(-1)
        for packet in _demuxed(container, [streams.leading]):
            place = streams.place(packet)
            reached = max(reached, place + _length(packet))
            if packet.is_keyframe and place <= begin:
                found = place if found is None else max(found, place)
            elif packet.is_keyframe:
                later = place
                break
        if found is not None and (later is not None or reached > begin):
            return found, found
        if found is None and later is not None and not is_sought:
            return later, begin
    raise OutsideError


def _packets(container: InputContainer, streams: _Streams, first: Fraction) -> "Iterator[Packet[Any]]":
    """From safely before `first` on."""
    if first <= _BEFORE or not _sought(container, streams, first - _BEFORE):
        _rewound(container)
    return _demuxed(container, streams.all)


def _demuxed(container: InputContainer, streams: list[Stream]) -> "Iterator[Packet[Any]]":
    for packet in container.demux(streams):
        if packet.size:
            yield packet


def _sought(container: InputContainer, streams: _Streams, place: Fraction) -> bool:
    """Whether the reader went to a packet that is not after `place`."""
    if container.format.name in _WITHOUT_TIMES:
        return False
    try:
        container.seek(round((place + streams.origin) * MICROSECONDS), backward=True)
        packet = next(_demuxed(container, [streams.leading]), None)
        if packet is None or packet.pts is None or streams.place(packet) > place:
            return False
        container.seek(round((place + streams.origin) * MICROSECONDS), backward=True)
    except av.error.FFmpegError as error:
        raise_memory(error)
        return False
    return True


def _rewound(container: InputContainer) -> None:
    """Back to the first packet, wherever the reader stands."""
    start = container.start_time or 0
    try:
        container.seek(min(0, start), backward=True)
    except av.error.FFmpegError as error:
        raise_memory(error)
        container.seek(start, backward=True)


def _suffix(streams: _Streams) -> str:
    """Of the first container that takes the streams. Raises `UnfitError`."""
    codecs = [stream.codec_context.codec for stream in streams.all]
    for suffix in _FORMS:
        taken = _taken_by(suffix)
        if all({codec.name, codec.canonical_name} & taken for codec in codecs):
            return suffix
    raise UnfitError


@cache
def _taken_by(suffix: str) -> frozenset[str]:
    if suffix == "mp4":
        return _IN_MP4
    with av.open(io.BytesIO(), "w", format=_FORMS[suffix][0]) as made:
        return frozenset(made.supported_codecs)


@contextmanager
def _new(out: Spooled, suffix: str) -> "Iterator[OutputContainer]":
    """Without anything in it that would differ the next time: no date, no id, no name of a program."""
    form, options = _FORMS[suffix]
    with av.open(
        out, "w", format=form, buffer_size=_BUFFER, options=options | {"fflags": "+bitexact"}
    ) as made:
        yield made


class _Cutting:
    def __init__(
        self, made: OutputContainer, streams: _Streams, first: tuple[Fraction, Fraction], end: Fraction
    ) -> None:
        self._streams = streams
        self._first, self._from = first
        self._end = end
        self._muxer = Muxer(made, 0)
        self._to: dict[int, Any] = {}
        for stream in streams.all:
            self._to[stream.index] = made.add_stream_from_template(stream)
        self._shift = min(first) + streams.origin
        self._held: list[Packet[Any]] = []
        """Pictures behind the end: they go with one before it that follows, else they are left out."""
        self._over: set[int] = set()
        self._last_dts: dict[int, int] = {}
        self._begun = streams.film is None
        self.reached = Fraction(0)
        self._until = Fraction(0)
        self._began = max(first)
        self._pictures = self._sounds = self._corrupt = 0

    @property
    def is_over(self) -> bool:
        return len(self._over) == len(self._to)

    def put(self, packet: "Packet[Any]") -> None:
        is_film = packet.stream is self._streams.film
        place = self._streams.place(packet)
        self.reached = max(self.reached, min(place, self._end))
        if place >= self._end + _MOST_AHEAD:
            self._over.update(self._to)
        if packet.stream.index in self._over:
            return
        if is_film:
            self._put_picture(packet, place)
        else:
            self._put_sound(packet, place)

    def end(self) -> None:
        self._muxer.end()

    def work(self, suffix: str) -> Work:
        """What came of it. Raises `OutsideError` if nothing did."""
        if not self._pictures and not self._sounds:
            raise OutsideError
        film = self._streams.film
        lacks = set[Lack]()
        if self._corrupt:
            lacks.add(Lack.PICTURES if film is not None else Lack.SOUND)
        context = film.codec_context if film is not None else None
        size = (context.width, context.height) if isinstance(context, VideoCodecContext) else (0, 0)
        begin, until = milliseconds(self._began), milliseconds(self._until)
        return replace(
            NOTHING,
            video="copy" if self._pictures else None,
            audio="copy" if self._sounds else None,
            width=size[0] if self._pictures else 0,
            height=size[1] if self._pictures else 0,
            duration_ms=until - begin,
            frames=self._pictures,
            bad_packets=self._corrupt,
            lacks=tuple(sorted(lacks)),
            cut=Cut(begin, until, suffix),
        )

    def _put_picture(self, packet: "Packet[Any]", place: Fraction) -> None:
        if not self._begun:
            self._begun = packet.is_keyframe and place == self._first
        # What is shown before the first picture and stored behind it is built upon what is left out.
        if not self._begun or place < self._first:
            return
        if place < self._end:
            for each in (*self._held, packet):
                self._write(each)
                self._pictures += 1
            self._held.clear()
            return
        self._held.append(packet)
        if len(self._held) > _MOST_HELD or _decoded_at(packet) - self._streams.origin >= self._end:
            self._over.add(packet.stream.index)

    def _put_sound(self, packet: "Packet[Any]", place: Fraction) -> None:
        leads = self._streams.film is None
        if place >= self._end:
            self._over.add(packet.stream.index)
        elif place >= self._from or (not leads and place + _length(packet) > self._from):
            self._began = min(self._began, max(place, self._from))
            self._write(packet)
            self._sounds += 1

    def _write(self, packet: "Packet[Any]") -> None:
        base = packet.stream.time_base
        assert base is not None
        assert packet.pts is not None
        self._corrupt += packet.is_corrupt
        self._until = max(self._until, self._streams.place(packet) + _length(packet))
        index, by = packet.stream.index, round(self._shift / base)
        dts = (packet.dts if packet.dts is not None else packet.pts) - by
        if index in self._last_dts:
            dts = max(dts, self._last_dts[index] + 1)
        self._last_dts[index] = dts
        packet.pts, packet.dts = max(packet.pts - by, dts), dts
        packet.stream = self._to[index]
        self._muxer.put(packet)


def _length(packet: "Packet[Any]") -> Fraction:
    """Seconds that a packet lasts."""
    base = packet.stream.time_base
    return packet.duration * base if packet.duration and base is not None else _UNKNOWN_LENGTH


def _decoded_at(packet: "Packet[Any]") -> Fraction:
    base = packet.stream.time_base
    assert base is not None
    return (packet.dts if packet.dts is not None else packet.pts or 0) * Fraction(base)
