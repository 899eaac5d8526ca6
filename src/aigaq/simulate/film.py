"""One segment of the simulated recording: H.264 with AAC in MP4, the index at the end as cameras write it."""

import math
import wave
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from numpy.typing import NDArray

from aigaq.core.clock import KAZAKHSTAN
from aigaq.simulate import scene

SAMPLES_A_SECOND: Final = 16_000
_SAMPLES_A_FRAME: Final = 1024
"""What an AAC frame holds (ISO/IEC 14496-3)."""

_TONE: Final = 330.0
_SWEEP: Final = 165.0
"""Hertz: the tone moves by so much up and down in `_SWEEP_SECONDS`, so that a cut or a gap is heard."""
_SWEEP_SECONDS: Final = 5.0
_LOUDNESS: Final = 0.12


def caption(recorder: str, started_at: datetime, second: float) -> str:
    """What the camera burns in: its number, its date and time, and how long it has been running."""
    now = (started_at + timedelta(seconds=second)).astimezone(KAZAKHSTAN)
    return f"{recorder}   {now:%Y-%m-%d  %H:%M:%S}   {timedelta(seconds=int(second))}"


def write(path: Path, *, recorder: str, started_at: datetime, before: int, seconds: int) -> None:
    """Write `seconds` of a take that began at `started_at`; `before` seconds of it lie in earlier files."""
    created = (started_at + timedelta(seconds=before)).astimezone(UTC)
    with av.open(str(path), "w", format="mp4") as container:
        container.metadata["creation_time"] = created.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        film = _stream(container, Fraction(scene.FRAMES_A_SECOND))
        sound = container.add_stream("aac", rate=SAMPLES_A_SECOND, layout="mono")
        heard = 0
        for second in range(seconds):
            strip = scene.caption(caption(recorder, started_at, before + second))
            for number in range(second * scene.FRAMES_A_SECOND, (second + 1) * scene.FRAMES_A_SECOND):
                seen = before + number / scene.FRAMES_A_SECOND
                container.mux(
                    film.encode(_frame(scene.frame(seen, strip), number, Fraction(scene.FRAMES_A_SECOND)))
                )
            while heard < (second + 1) * SAMPLES_A_SECOND:
                count = min(_SAMPLES_A_FRAME, seconds * SAMPLES_A_SECOND - heard)
                samples = _tone(before * SAMPLES_A_SECOND + heard, count)
                container.mux(sound.encode(_samples(samples, heard)))
                heard += count
        container.mux(film.encode())
        container.mux(sound.encode())


def write_sparse(path: Path, *, recorder: str, started_at: datetime, seconds: int, every: int) -> None:
    """Write a take with a frame in `every` seconds and no sound: an hour of it is there in a moment."""
    rate = Fraction(1, every)
    with av.open(str(path), "w", format="mp4") as container:
        container.metadata["creation_time"] = started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        film = _stream(container, rate)
        for number in range(-(-seconds // every)):
            seen = number * every
            strip = scene.caption(caption(recorder, started_at, seen))
            container.mux(film.encode(_frame(scene.frame(seen, strip), number, rate)))
        container.mux(film.encode())


def write_voice(path: Path, seconds: int) -> None:
    """Write `seconds` of sound alone as PCM in WAVE, as a recorder's voice memo."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_A_SECOND)
        for second in range(seconds):
            samples = _tone(second * SAMPLES_A_SECOND, SAMPLES_A_SECOND)
            file.writeframes((samples * 32767).astype("<i2").tobytes())


def _stream(container: OutputContainer, rate: Fraction) -> VideoStream:
    film = container.add_stream("libx264", rate=rate)
    film.width, film.height, film.pix_fmt = scene.WIDTH, scene.HEIGHT, "yuv420p"
    film.color_range = ColorRange.JPEG.value  # Pillow's planes use all 256 levels
    film.gop_size = max(1, int(rate))
    film.options = {"preset": "ultrafast", "crf": "26"}
    return film


def _frame(planes: scene.Planes, number: int, rate: Fraction) -> VideoFrame:
    frame = VideoFrame(scene.WIDTH, scene.HEIGHT, "yuv420p")
    for plane, octets in zip(frame.planes, planes.bands, strict=True):
        if plane.line_size == octets.shape[1]:
            plane.update(octets.tobytes())
        else:
            padded = np.zeros((octets.shape[0], plane.line_size), np.uint8)
            padded[:, : octets.shape[1]] = octets
            plane.update(padded.tobytes())
    frame.pts = number
    frame.time_base = 1 / rate
    return frame


def _samples(samples: NDArray[np.float32], heard: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "fltp", "mono")
    frame.sample_rate = SAMPLES_A_SECOND
    frame.pts = heard
    frame.time_base = Fraction(1, SAMPLES_A_SECOND)
    return frame


def _tone(first: int, count: int) -> NDArray[np.float32]:
    """`count` samples from `first`; the phase is that of the whole take, so segments join without a click."""
    time = np.arange(first, first + count) / SAMPLES_A_SECOND
    swept = _SWEEP * _SWEEP_SECONDS * np.cos(2 * math.pi * time / _SWEEP_SECONDS)
    return (_LOUDNESS * np.sin(2 * math.pi * _TONE * time - swept)).astype(np.float32)
