"""Opening a recording for making something of it. Run in the child."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from aigaq.media.films import CONTAINERS, DECODERS, is_cover, is_known, is_taken

Stream = VideoStream | AudioStream

MICROSECONDS: Final = 1_000_000
_PRIMING: Final = Fraction(1, 10)
"""Seconds by which sound may begin early because of its encoder, and not because it was heard earlier."""
_BUFFER: Final = 256 * 1024


class UnfitError(Exception):
    """The file can't be made into this in this way."""


@contextmanager
def opened(source: io.RawIOBase, form: str | None = None) -> Iterator[InputContainer]:
    """Raises `UnfitError` if no reader makes anything of it, ``MemoryError``."""
    options = {
        "format_whitelist": CONTAINERS,
        "codec_whitelist": DECODERS,
        "protocol_whitelist": "",
        "fflags": "+genpts",
    }
    try:
        container = av.open(
            source, mode="r", format=form, options=options, metadata_errors="replace", buffer_size=_BUFFER
        )
    except av.error.FFmpegError as error:
        raise_memory(error)
        raise UnfitError from error
    with container:
        yield container


def film_of(container: InputContainer) -> VideoStream | None:
    film = next((one for one in container.streams.video if is_known(one) and not is_cover(one)), None)
    return film if film is not None and _is_ready(film) else None


def sound_of(container: InputContainer) -> AudioStream | None:
    sound = next((one for one in container.streams.audio if is_known(one)), None)
    return sound if sound is not None and _is_ready(sound) else None


def _is_ready(stream: Stream) -> bool:
    """Made ready for decoding, if it is of a kind that is taken."""
    stream.codec_context.options = {"codec_whitelist": DECODERS}
    stream.codec_context.thread_count = 1  # the child may start no thread
    return is_taken(stream)


def origin_of(container: InputContainer, film: VideoStream | None, sound: AudioStream | None) -> Fraction:
    """Where the recording begins, in seconds of its own time: that is the place 0 of what is made."""
    heard = _begin(sound)
    if heard is not None and -_PRIMING < heard < 0:
        heard = Fraction(0)
    begins = [begin for begin in (_begin(film), heard) if begin is not None]
    return min(begins) if begins else Fraction(container.start_time or 0, MICROSECONDS)


def _begin(stream: Stream | None) -> Fraction | None:
    if stream is None or stream.start_time is None or stream.time_base is None:
        return None
    return stream.start_time * stream.time_base


def rate_of(stream: VideoStream) -> Fraction:
    """Pictures a second, for a guess."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 1 <= rate <= 240:  # noqa: PLR2004 - else the file doesn't know itself
            return Fraction(rate)
    return Fraction(25)


def raise_memory(error: BaseException) -> None:
    if isinstance(error, MemoryError):
        raise error
