"""What a sound recording of the same recorder has that one without its index lacks. Run in the child."""

import struct
from dataclasses import dataclass
from fractions import Fraction

from aigaq.media.making.files import PlacedFile
from aigaq.media.making.nals import START
from aigaq.media.making.streams import UnfitError, film_of, opened, rate_of, sound_of


@dataclass(frozen=True, slots=True)
class Parameters:
    video: str
    """The codec's name."""
    sets: bytes
    """Parameter sets, each behind a start code; of other codecs what their decoder is told first."""
    rate: Fraction
    audio: str | None = None
    audio_extra: bytes | None = None
    audio_rate: int = 0
    audio_layout: str = "mono"


def of_sibling(sibling: PlacedFile) -> Parameters | None:
    """None if it has no picture that is understood."""
    try:
        with opened(sibling) as container:
            film, sound = film_of(container), sound_of(container)
            if film is None:
                return None
            extra = film.codec_context.extradata or b""
            name = film.codec_context.codec.canonical_name
            found = Parameters(name, _sets(name, extra), rate_of(film))
            if sound is None:
                return found
            context = sound.codec_context
            return Parameters(
                found.video,
                found.sets,
                found.rate,
                context.codec.name,
                context.extradata,
                context.sample_rate or 0,
                context.layout.name if context.layout else "mono",
            )
    except UnfitError:
        return None


def _sets(codec: str, extra: bytes) -> bytes:
    try:
        if codec == "h264" and extra[:1] == b"\x01":
            return _avc(extra)
        if codec == "hevc" and extra[:1] == b"\x01":
            return _hevc(extra)
    except (IndexError, struct.error):
        return b""
    return extra


def _avc(record: bytes) -> bytes:
    """AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1."""
    sets, at = bytearray(), 5
    for mask in (31, 255):
        count = record[at] & mask
        at += 1
        for _ in range(count):
            (length,) = struct.unpack_from(">H", record, at)
            sets += START + record[at + 2 : at + 2 + length]
            at += 2 + length
    return bytes(sets)


def _hevc(record: bytes) -> bytes:
    """HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.3.1."""
    sets, at = bytearray(), 23
    for _ in range(record[22]):
        (count,) = struct.unpack_from(">H", record, at + 1)
        at += 3
        for _ in range(count):
            (length,) = struct.unpack_from(">H", record, at)
            sets += START + record[at + 2 : at + 2 + length]
            at += 2 + length
    return bytes(sets)
