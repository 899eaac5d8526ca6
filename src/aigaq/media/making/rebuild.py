"""A proxy of a recording that was never closed: pictures are looked for in its octets. Run in the child."""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any, Final

import av
from av.audio.frame import AudioFrame
from av.codec import CodecContext
from av.container import OutputContainer
from av.video.frame import VideoFrame

from aigaq.media.films import DECODERS
from aigaq.media.making import films
from aigaq.media.making.files import Patched, PlacedFile, Progress, Shifted, Spooled
from aigaq.media.making.films import NOTHING, new_film
from aigaq.media.making.mp4 import index_in_front
from aigaq.media.making.muxing import Muxer
from aigaq.media.making.nals import H264, H265, Between, Codec, Gatherer, Unit, Window, read_all, units
from aigaq.media.making.parameters import Parameters, of_sibling
from aigaq.media.making.pictures import Pictures
from aigaq.media.making.recipes import Way
from aigaq.media.making.sounds import Sounds
from aigaq.media.making.streams import UnfitError, raise_memory
from aigaq.media.making.terms import Lack, Work
from aigaq.media.making.timing import Times, milliseconds

_LOOKED_AT: Final = 16 << 20
"""Octets of the beginning by which the codec is told."""
_PIECE: Final = 256 * 1024
_STRAY: Final = Fraction(3, 2)
"""Seconds by which sound and picture may lie apart in a file that is written by a camera."""
_GUESS: Final = Fraction(25)
_FEW: Final = 3
"""Once may be chance."""
_WEAK: Final = frozenset({"mpeg4", "mjpeg"})
"""Marks of few octets: they stand in anything that is long enough."""
_MPEG4_PARAMETERS: Final = b"\x00\x00\x01\x20"
_TRIED: Final = 40
_HEADER: Final = 8
_LARGEST_INDEX: Final = 32 << 20
_INDEX: Final = re.compile(rb"(?s)....moov....mvhd")
_KIND: Final = struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0)
_TS_PACKET: Final = 188
_TS_RUN: Final = re.compile(rb"(?s)G(?=.{187}G.{187}G.{187}G.{187}G.{187}G.{187}G.{187}G)")

_SHAPES: Final[Mapping[str, Codec]] = {"h264": H264(), "hevc": H265()}
_SIGNS: Final = (
    ("h264", True, re.compile(rb"\x00\x00\x01[\x67\x27\x47][\x42\x4d\x58\x64\x6e\x7a]")),
    ("hevc", True, re.compile(rb"\x00\x00\x01\x40\x01\x0c")),
    ("h264", False, re.compile(rb"\x00\x00[\x00-\x01].[\x67\x27\x47][\x42\x4d\x58\x64\x6e\x7a]", re.DOTALL)),
    ("hevc", False, re.compile(rb"\x00\x00\x00.\x40\x01\x0c", re.DOTALL)),
    ("mpeg4", True, re.compile(rb"\x00\x00\x01\xb6")),
    ("mjpeg", True, re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")),
)
"""Codec, whether its pictures begin with a mark rather than a length, and by what it is told."""


class NoParametersError(Exception):
    """There are pictures, and nothing to decode them with."""


def make(
    source: PlacedFile, siblings: Sequence[PlacedFile], out: Spooled, progress: Progress
) -> tuple[Work, list[list[int]]]:
    """Raises `UnfitError` where nothing is found, `NoParametersError`, ``MemoryError``."""
    head = read_all(source, 0, _LOOKED_AT)
    run = _TS_RUN.search(head)
    if run is not None:
        shifted = Shifted(source, run.start() % _TS_PACKET)
        shifted.seek(0)
        return films.make(shifted, Way.TRANSCODE, out, progress, size=source.size, form="mpegts")
    beheaded = _beheaded(source)
    if beheaded is not None:
        beheaded.seek(0)
        return films.make(beheaded, Way.TRANSCODE, out, progress, size=source.size, form="mp4")
    begin, end = _data(source)
    window = Window(source, begin, end)
    codec, marked, own, known = _told(head[begin:], window, siblings)
    with new_film(out) as made:
        making = _Making(made, codec, known, marked=marked, needs_sibling=not own)
        found = _marked(window, codec) if marked else units(window, _SHAPES[codec])
        behind = begin
        for each in found:
            behind += len(each.octets)
            making.put(each)
            progress.tell(behind / source.size)
        work = making.end()
    return work, index_in_front(out)


def _beheaded(source: PlacedFile) -> Patched | None:
    """A file whose index stands at its end and whose beginning is gone: with one as it must have been."""
    if any(read_all(source, 4, 4)):
        return None
    from_at = max(0, source.size - _LARGEST_INDEX)
    found = _INDEX.search(read_all(source, from_at, _LARGEST_INDEX))
    index_at = from_at + found.start() if found else 0
    if index_at < len(_KIND) + 2 * _HEADER:
        return None
    rest = struct.pack(">I4sQ", 1, b"mdat", index_at - len(_KIND))
    return Patched(source, _KIND + rest)


def _data(source: PlacedFile) -> tuple[int, int]:
    """Where the recording itself lies: behind ``mdat``, or everywhere."""
    offset = 0
    for _ in range(100):
        header = read_all(source, offset, 2 * _HEADER)
        if len(header) < _HEADER:
            break
        size, name = struct.unpack_from(">I4s", header)
        if name == b"mdat":
            long = size == 1
            begin = offset + (2 * _HEADER if long else _HEADER)
            told = struct.unpack_from(">Q", header, _HEADER)[0] if long and len(header) > _HEADER else size
            end = offset + told if begin < offset + told <= source.size else source.size
            return begin, end
        if size < _HEADER or not name.isalnum():
            break
        offset += size
    return 0, source.size


def _told(
    head: bytes, window: Window, siblings: Sequence[PlacedFile]
) -> tuple[str, bool, bool, Parameters | None]:
    """Codec, whether its pictures begin with a mark, whether the file has its own parameters; a sibling's.

    Raises `UnfitError`, `NoParametersError`.
    """
    known = [found for found in map(of_sibling, siblings) if found is not None]
    for codec, marked, sign in _SIGNS:
        if sum(1 for _ in islice(sign.finditer(head), _FEW)) >= (_FEW if codec in _WEAK else 1):
            own = codec != "mpeg4" or _MPEG4_PARAMETERS in head
            return codec, marked, own, next((each for each in known if each.video == codec), None)
    fitting = [(_fits(window, each), each) for each in known if each.video in _SHAPES]
    score, best = max(fitting, key=lambda each: each[0], default=(0, None))
    if best is not None and score > 0:
        return best.video, False, False, best
    if sum(1 for match in H264.candidates.finditer(head) if _plausible(head, match.start())) >= _FEW:
        raise NoParametersError
    raise UnfitError


def _fits(window: Window, known: Parameters) -> int:
    """How many of the first pictures can be decoded with the parameters of `known`."""
    decoder: Any = CodecContext.create(known.video, "r")
    decoder.thread_count = 1
    decoder.options = {"err_detect": "explode"}
    gatherer = Gatherer(_SHAPES[known.video], known.sets)
    found = (each for each in units(window, _SHAPES[known.video]) if isinstance(each, Unit))
    whole = [gatherer.add(unit.octets) for unit in islice(found, _TRIED)]
    good = 0
    for octets in (*filter(None, whole), None):
        try:
            frames = decoder.decode(av.Packet(octets) if octets else None)
            good += sum(not frame.is_corrupt for frame in frames)
        except av.error.FFmpegError as error:
            raise_memory(error)
            good -= 1
    return good


def _plausible(head: bytes, at: int) -> bool:
    length = int.from_bytes(head[at : at + 4], "big")
    return 32 < length < len(head) and H264().is_unit(head[at + 4 : at + 36])  # noqa: PLR2004 - no stray short ones


def _marked(window: Window, codec: str) -> "Iterator[Unit | Between]":
    """The data in pieces, for a parser that looks for the marks itself; pictures of JPEG one by one."""
    if codec != "mjpeg":
        for offset in range(window.begin, window.end, _PIECE):
            yield Unit(window.get(offset, _PIECE))
        return
    offset = window.begin
    held = b""
    while offset < window.end or held:
        held += window.get(offset, _PIECE)
        offset = min(window.end, offset + _PIECE)
        begin = held.find(b"\xff\xd8\xff")
        end = held.find(b"\xff\xd9", begin + 2) if begin >= 0 else -1
        while begin >= 0 and end >= 0:
            yield Unit(held[begin : end + 2])
            held = held[end + 2 :]
            begin = held.find(b"\xff\xd8\xff")
            end = held.find(b"\xff\xd9", begin + 2) if begin >= 0 else -1
        held = held[begin:] if begin >= 0 else held[-2:]
        if offset >= window.end or len(held) > 64 * _PIECE:
            held = b"" if offset >= window.end else held[-2:]


class _Making:
    def __init__(
        self,
        made: OutputContainer,
        codec: str,
        known: Parameters | None,
        *,
        marked: bool,
        needs_sibling: bool,
    ) -> None:
        self._codec = codec
        self._marked = marked
        self._known = known if known is not None and known.video == codec else None
        self._decoder: Any = CodecContext.create(codec, "r")
        self._decoder.thread_count = 1
        self._decoder.options = {"codec_whitelist": DECODERS}
        self._rate = self._known.rate if self._known else _GUESS
        self._shape: Codec | None = _SHAPES.get(codec)
        with_sound = self._knows_sound
        out = self._out = Muxer(made, 2 if with_sound else 1)
        self._pictures = Pictures(out, Times(Fraction(0), self._rate), self._rate, None)
        self._bad = 0
        self._lacks = {Lack.END, Lack.TIMES}
        if needs_sibling:
            self._lacks.add(Lack.PARAMETERS)
        self._sounds, self._listener = self._for_sound(out)
        sets = self._known.sets if self._known else b""
        self._gatherer = Gatherer(self._shape, sets) if self._shape else None
        if self._shape is None and sets:
            self._decoder.extradata = sets

    @property
    def _knows_sound(self) -> bool:
        """What lies between the pictures can be understood."""
        known = self._known
        return known is not None and known.audio is not None and bool(known.audio_rate) and bool(self._shape)

    def put(self, found: Unit | Between) -> None:
        if isinstance(found, Between):
            self._hear(found.octets)
        elif self._codec == "mjpeg":
            self._take(av.Packet(found.octets))
        elif self._marked or self._gatherer is None:
            for packet in self._decoder.parse(found.octets):
                self._take(packet)
        else:
            octets = self._gatherer.add(found.octets)
            if octets is not None:
                self._take(av.Packet(octets))

    def end(self) -> Work:
        """Raises `UnfitError` if nothing came of it."""
        rest = self._gatherer.rest() if self._gatherer else None
        for packet in self._decoder.parse(None) if self._marked and self._codec != "mjpeg" else ():
            self._take(packet)
        if rest is not None:
            self._take(av.Packet(rest))
        self._take(None)
        film = self._pictures
        if not film.frames:
            raise UnfitError
        film.end()
        length = film.last + film.step
        if self._sounds is not None:
            self._sounds.end()
            length = max(length, self._sounds.length)
        self._out.end()
        if self._sounds is None or self._sounds.length * 2 < film.last:
            self._lacks.add(Lack.SOUND)
        if self._bad or film.corrupt:
            self._lacks.add(Lack.PICTURES)
        width, height = film.size
        return replace(
            NOTHING,
            video=film.settings,
            audio=self._sounds.settings if self._sounds and self._sounds.length else None,
            width=width,
            height=height,
            duration_ms=milliseconds(length),
            frames=film.frames,
            bad_packets=self._bad + film.corrupt,
            lacks=tuple(sorted(self._lacks | film.lacks)),
            rate=str(self._rate),
        )

    def _take(self, packet: Any) -> None:  # noqa: ANN401 - a packet, or None for the end
        try:
            frames: list[VideoFrame] = self._decoder.decode(packet)
        except av.error.EOFError:
            return
        except av.error.FFmpegError as error:
            raise_memory(error)
            self._bad += 1
            return
        for frame in frames:
            frame.pts = None
            self._pictures.add(frame)

    def _for_sound(self, out: Muxer) -> tuple[Sounds | None, Any]:
        known = self._known
        if known is None or known.audio is None or not self._knows_sound:
            return None, None
        listener: Any = CodecContext.create(known.audio, "r")
        listener.thread_count = 1
        listener.extradata = known.audio_extra
        listener.sample_rate, listener.layout = known.audio_rate, known.audio_layout
        channels = len(listener.layout.channels)
        return Sounds(out, Fraction(0), known.audio_rate, channels), listener

    def _hear(self, octets: bytes) -> None:
        """Sound that lies between pictures; it goes where the pictures around it are."""
        if self._sounds is None or not octets.strip(b"\x00"):
            return
        if self._pictures.last - self._sounds.length > _STRAY:
            self._sounds.silence_until(self._pictures.last)
        if self._sounds.length - self._pictures.last > 2 * _STRAY:
            return
        try:
            frames: list[AudioFrame] = self._listener.decode(av.Packet(octets))
        except av.error.FFmpegError as error:
            raise_memory(error)
            return
        for frame in frames:
            frame.pts = None
            self._sounds.add(frame)
