"""How loud a recording is, place by place (`docs/formats/derivative.md`, "Waveform"). Run in the child."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np

from aigaq.media.making.files import PlacedFile, Progress, Spooled
from aigaq.media.making.films import NOTHING
from aigaq.media.making.streams import UnfitError, opened, origin_of, raise_memory, sound_of
from aigaq.media.making.terms import Lack, Work
from aigaq.media.making.timing import LONGEST_JUMP, milliseconds
from aigaq.media.making.waveform_file import COLUMNS, Waveform, write

_FINEST: Final = 100
"""Places a second that are gathered first."""
_LONGEST: Final = 48 * 3600 * _FINEST


def make(source: PlacedFile, out: Spooled, progress: Progress) -> tuple[Work, list[list[int]]]:
    loudest = np.zeros(0, np.float32)
    bad = 0
    with opened(source) as container:
        sound = sound_of(container)
        if sound is None:
            raise UnfitError
        origin = origin_of(container, None, sound)
        at = Fraction(0)
        packets = container.demux(sound)
        while True:
            try:
                packet = next(packets, None)
                frames = packet.decode() if packet else []
            except av.error.EOFError:
                continue
            except av.error.FFmpegError as error:
                raise_memory(error)
                bad += 1
                if packet is None or bad > COLUMNS * 10:
                    break
                continue
            if packet is None:
                break
            for frame in frames:
                at = _place(frame, origin, at)
                loudest = _louder(loudest, frame, at)
                at += Fraction(frame.samples, frame.sample_rate or 1)
            if packet.pos is not None:
                progress.tell(packet.pos / max(1, source.size))
    if not len(loudest):
        raise UnfitError
    peaks = _columns(loudest[: max(1, int(at * _FINEST))])
    out.write(write(Waveform(milliseconds(at), peaks)))
    lacks = (Lack.SOUND,) if bad else ()
    work = replace(NOTHING, audio="peaks", duration_ms=milliseconds(at), bad_packets=bad, lacks=lacks)
    return work, [[0, out.size]]


def _place(frame: Any, origin: Fraction, expected: Fraction) -> Fraction:  # noqa: ANN401 - a frame of sound
    if frame.pts is None or frame.time_base is None:
        return expected
    place = frame.pts * frame.time_base - origin
    return expected if place < 0 or abs(place - expected) > LONGEST_JUMP else place


def _louder(loudest: "np.ndarray[Any, Any]", frame: Any, at: Fraction) -> "np.ndarray[Any, Any]":  # noqa: ANN401
    samples = _between_ones(frame)
    per_place = max(1, (frame.sample_rate or _FINEST) // _FINEST)
    first = int(at * _FINEST)
    count = -(-len(samples) // per_place)
    if first + count > _LONGEST:
        return loudest
    if first + count > len(loudest):
        loudest = np.concatenate((loudest, np.zeros(first + count - len(loudest) + 6000, np.float32)))
    padded = np.zeros(count * per_place, np.float32)
    padded[: len(samples)] = samples
    here = loudest[first : first + count]
    np.maximum(here, padded.reshape(count, per_place).max(axis=1), out=here)
    return loudest


def _between_ones(frame: Any) -> "np.ndarray[Any, Any]":  # noqa: ANN401
    """The loudest channel, sample by sample, from 0 to 1."""
    octets = frame.to_ndarray()
    channels = len(frame.layout.channels) or 1
    if not frame.format.is_planar:
        octets = octets.reshape(-1, channels).T
    if octets.dtype == np.uint8:
        octets = (octets.astype(np.float32) - 128) / 128
    elif octets.dtype.kind == "i":
        octets = octets.astype(np.float32) / float(np.iinfo(octets.dtype).max)
    loud = np.abs(np.nan_to_num(octets.astype(np.float32))).max(axis=0)
    clipped: np.ndarray[Any, Any] = np.clip(loud, 0, 1)
    return clipped


def _columns(loudest: "np.ndarray[Any, Any]") -> bytes:
    """At most `COLUMNS` octets, 0 for silence and 255 for the loudest there can be, in decibels."""
    width = max(1, -(-len(loudest) // COLUMNS))
    padded = np.zeros(-(-len(loudest) // width) * width, np.float32)
    padded[: len(loudest)] = loudest
    loud = padded.reshape(-1, width).max(axis=1)
    decibels = 20 * np.log10(np.maximum(loud, 10 ** (-48 / 20)))
    return bytes(np.round((decibels + 48) / 48 * 255).astype(np.uint8))
