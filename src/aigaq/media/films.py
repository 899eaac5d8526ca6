"""Examining video and sound with PyAV. Run in the child."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from aigaq.media.kinds import Kind
from aigaq.media.places import iso_6709
from aigaq.media.probe import Audio, Flaw, Judgement, Place, Verdict, Video
from aigaq.media.stills import still_of
from aigaq.media.structure import Source

CONTAINERS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,avi,matroska,webm,mpegts,mpeg,wav,mp3,aac,amr,ogg,flac,asf,flv,h264,hevc"
)
"""Readers that may try a file. Left out above all: playlists, which name other files and addresses."""

DECODERS: Final = (
    "h264,hevc,mpeg4,mjpeg,h263,mpeg1video,mpeg2video,vp8,vp9,wmv2,wmv3,"
    "aac,aac_latm,mp3float,mp3,mp2float,mp2,amrnb,amrwb,opus,vorbis,flac,ac3,wmav2,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,pcm_alaw,pcm_mulaw,"
    "adpcm_ima_wav,adpcm_ima_qt,adpcm_ms,g726,g726le,gsm_ms"
)
"""What body cameras, phones and voice recorders write; not the hundreds of others in the library."""

_TAKEN: Final = frozenset(DECODERS.split(","))

_MOST_PACKETS: Final = 400
"""Packets given to a decoder before it is held to have nothing to show: over a minute at 5 a second."""

_NOT_IMPORTED: Final = {"av.__main__", "av.datasets"}
"""A program, and a downloader of samples."""

_MICROSECONDS: Final = 1_000_000
_BEFORE_END: Final = 0.2
"""Seconds before the end at which the last sample is asked for; seeking goes back to a key frame."""


def prepare() -> None:
    """Import what the library imports on its first use, while files may still be opened."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if module.name not in _NOT_IMPORTED:
            importlib.import_module(module.name)
    av.logging.set_level(av.logging.PANIC)


def examine(source: Source, kind: Kind) -> Judgement | None:
    """The judgement of `source`; ``None`` if no reader makes anything of it."""
    options = {"format_whitelist": CONTAINERS, "codec_whitelist": DECODERS, "protocol_whitelist": ""}
    try:
        with av.open(source, mode="r", options=options, metadata_errors="replace") as container:
            return _judge(container, kind)
    except av.error.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        return None


def _judge(container: InputContainer, kind: Kind) -> Judgement:
    film = next((one for one in container.streams.video if is_known(one) and not is_cover(one)), None)
    sound = next((one for one in container.streams.audio if is_known(one)), None)
    text = container.metadata.get("creation_time") or container.metadata.get("date")
    told = Judgement(
        kind=(Kind.PHOTO if kind is Kind.PHOTO else Kind.VIDEO) if film else Kind.AUDIO,
        verdict=Verdict.PLAYABLE,
        container=container.format.name,
        duration=_duration(container, film or sound),
        video=_video(film) if film else None,
        audio=_audio(sound) if sound else None,
        embedded_text=text,
        place=_place(container),
    )
    if film is None and sound is None:
        reason = Flaw.NO_READER if len(container.streams) else Flaw.NO_STREAMS
        return replace(told, kind=kind, verdict=Verdict.UNREADABLE, flaw=reason)
    if not all(is_taken(stream) for stream in (film, sound) if stream):
        return replace(told, verdict=Verdict.UNREADABLE, flaw=Flaw.NO_READER)
    flaw, still = None, None
    if sound and not _sounds(container, sound):
        flaw = Flaw.BAD_SOUND
    if film:
        bad_frames, still = _sample(container, film, told.duration or 0.0)
        flaw = Flaw.BAD_FRAMES if bad_frames else flaw
    return replace(told, verdict=Verdict.DAMAGED if flaw else Verdict.PLAYABLE, flaw=flaw, still=still)


def is_known(stream: VideoStream | AudioStream) -> bool:
    """Whether the library has a decoder at all; without one a stream has no context."""
    return getattr(stream, "codec_context", None) is not None


def is_taken(stream: VideoStream | AudioStream) -> bool:
    return stream.codec_context.codec.name in _TAKEN


def is_cover(stream: VideoStream) -> bool:
    """A picture on the sleeve of a sound recording."""
    return bool(stream.disposition & Disposition.attached_pic)


def _duration(container: InputContainer, stream: VideoStream | AudioStream | None) -> float | None:
    if container.duration is not None and container.duration > 0:
        return container.duration / _MICROSECONDS
    if stream is not None and stream.duration is not None and stream.time_base is not None:
        return max(0.0, float(stream.duration * stream.time_base))
    return None


def _place(container: InputContainer) -> Place | None:
    """As phones and some cameras write it into a film."""
    names = ("com.apple.quicktime.location.ISO6709", "location", "location-eng")
    texts = (container.metadata.get(name) for name in names)
    return next((place for text in texts if text and (place := iso_6709(text))), None)


def _video(stream: VideoStream) -> Video:
    context = stream.codec_context
    rate = _rate(stream.average_rate)
    return Video(_codec(stream), context.width, context.height, rate, context.pix_fmt)


def _audio(stream: AudioStream) -> Audio:
    context = stream.codec_context
    return Audio(_codec(stream), context.sample_rate or 0, context.channels)


def _codec(stream: VideoStream | AudioStream) -> str:
    return stream.codec_context.codec.canonical_name


def _rate(rate: Fraction | None) -> float | None:
    return round(float(rate), 3) if rate else None


def _sounds(container: InputContainer, stream: AudioStream) -> bool:
    """Whether a first frame of sound comes out."""
    _narrow(stream)
    try:
        return next(_frames(container, stream), None) is not None
    except av.error.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        return False


def _sample(container: InputContainer, stream: VideoStream, duration: float) -> tuple[bool, bytes | None]:
    """Whether a frame at the beginning, a little in, or at the end is bad; and a still of the first good."""
    _narrow(stream)
    bad, still = False, None
    for second in dict.fromkeys((duration / 10, 0.0, max(0.0, duration - _BEFORE_END))):
        frame = _frame_at(container, stream, second)
        if frame is None:
            bad = True
            continue
        bad = bad or frame.is_corrupt
        still = still or _picture(frame)
    return bad, still


def _narrow(stream: VideoStream | AudioStream) -> None:
    context = stream.codec_context
    context.options = {"codec_whitelist": DECODERS}
    context.thread_count = 1  # the child may start no thread


def _frame_at(container: InputContainer, stream: VideoStream, second: float) -> VideoFrame | None:
    """A frame at or before `second`. Seeking fails in some containers; reading from the start does not."""
    start = container.start_time or 0
    for offset in dict.fromkeys((start + int(second * _MICROSECONDS), start)):
        try:
            container.seek(offset)
            frame: VideoFrame | None = next(_frames(container, stream), None)
        except av.error.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            continue
        if frame is not None:
            return frame
    return None


def _frames(container: InputContainer, stream: VideoStream | AudioStream) -> Iterator[Any]:
    for number, packet in enumerate(container.demux(stream)):
        if number == _MOST_PACKETS:
            return
        yield from packet.decode()


def _picture(frame: VideoFrame) -> bytes:
    picture: Image.Image = frame.to_image(threads=1)  # type: ignore[no-untyped-call]
    return still_of(picture.rotate(frame.rotation, expand=True) if frame.rotation else picture)
