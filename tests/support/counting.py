"""Films in which every picture shows its number, so that one can be told from any other after any encoding."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 160, 120
BITS = 8
"""Black and white fields from left to right, the lowest bit first."""
FIELD = WIDTH // BITS


def numbered(number: int) -> np.ndarray:
    pixels = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for bit in range(BITS):
        pixels[: HEIGHT // 2, bit * FIELD : (bit + 1) * FIELD] = 235 if number >> bit & 1 else 16
    pixels[HEIGHT // 2 :, :, 0] = number * 3 % 200
    return pixels


def number_of(pixels: np.ndarray) -> int:
    """What `numbered` wrote, from grey pixels."""
    middle = pixels[pixels.shape[0] // 4]
    step = pixels.shape[1] / BITS
    return sum((middle[int((bit + 0.5) * step)] > 125) << bit for bit in range(BITS))


@cache
def counting(
    container: str,
    video: str,
    audio: str | None,
    *,
    pts: Sequence[int] = tuple(range(25)),
    base: Fraction = Fraction(1, 25),
    sound_from: Fraction = Fraction(0),
    sound_seconds: Fraction = Fraction(1),
    coding: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """`coding` goes to the encoder of the pictures. A picture for each of `pts`, in `base`; a tone of `sound_seconds` that begins at `sound_from`."""
    with (
        tempfile.NamedTemporaryFile() as out,
        av.open(out.name, "w", format=container, options=_options(container)) as file,
    ):
        stream = _film(file, video, base, dict(coding))
        sound = _sound(file, audio) if audio else None
        packets = list(_pictures(stream, pts, base))
        if sound is not None:
            packets += _tone(sound, sound_from, sound_seconds)
        for packet in sorted(packets, key=lambda each: each.dts * each.time_base):
            file.mux_one(packet)
        file.close()
        return Path(out.name).read_bytes()


def _options(container: str) -> dict[str, str]:
    return {"mpegts_copyts": "1"} if container == "mpegts" else {}


def _film(file, codec, base, coding):
    stream = file.add_stream(codec, rate=25)
    stream.width, stream.height = WIDTH, HEIGHT
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    stream.gop_size = 10
    if base != Fraction(1, 25):
        stream.time_base = stream.codec_context.time_base = base
    stream.options = {
        "libx264": {"preset": "ultrafast", "bf": "0"},
        "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:bframes=0"},
    }.get(codec, {}) | coding
    stream.codec_context.open(strict=False)
    return stream


def _pictures(stream, pts, base):
    for number, at in enumerate(pts):
        frame = av.VideoFrame.from_ndarray(numbered(number), "rgb24").reformat(format=stream.pix_fmt)
        frame.pts, frame.time_base = at, base
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sound(file, codec):
    rate = {"libopencore_amrnb": 8000, "pcm_mulaw": 8000, "pcm_alaw": 8000}.get(codec, 16000)
    stream = file.add_stream(codec, rate=rate, layout="mono")
    if codec == "libmp3lame":
        stream.codec_context.format = "fltp"
    stream.codec_context.open(strict=False)
    return stream


def _tone(stream, begin, seconds):
    rate, size = stream.rate, stream.codec_context.frame_size or 1024
    packets = []
    for first in range(0, int(seconds * rate), size):
        wave = 0.2 * np.sin(np.arange(first, min(first + size, int(seconds * rate))) / rate * 2764.6)
        form = stream.codec_context.format.name
        samples = (wave if form == "fltp" else wave * 32767).astype("f4" if form == "fltp" else "i2")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), form, "mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = first + round(begin * rate)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def shown(octets: bytes) -> Iterator[tuple[int, Fraction]]:
    """The number of each picture of a film, and when it is shown, from the earliest of all streams on."""
    with av.open(io.BytesIO(octets)) as file:
        begin = min(
            stream.start_time * stream.time_base for stream in file.streams if stream.start_time is not None
        )
        for frame in file.decode(video=0):
            pixels = frame.reformat(format="gray").to_ndarray()
            yield number_of(pixels), frame.pts * frame.time_base - max(begin, 0 if begin > -0.1 else begin)
