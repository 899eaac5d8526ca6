"""The sound of a proxy: decoded, laid out without holes or overlaps, and encoded as AAC. Run in the child."""

from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from aigaq.media.making.muxing import Muxer
from aigaq.media.making.timing import LONGEST_JUMP, Gaps

RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
BIT_RATE: Final = 48_000
"""For each channel."""

_LOOSE: Final = Fraction(1, 10)
"""Seconds by which sound may stray from its place before silence is put in or something left out."""
_PIECE: Final = 1024
"""Samples of one frame of AAC."""


class Sounds:
    """Encodes sound into a stream of `out`, sample after sample from the place 0 on."""

    def __init__(self, out: Muxer, origin: Fraction, rate: int, channels: int) -> None:
        self.rate = rate if rate in RATES else RATES[-1]
        self.channels = 2 if channels > 1 else 1
        self._out = out
        self._origin = origin
        self._layout = "stereo" if self.channels == 2 else "mono"  # noqa: PLR2004 - both ears
        stream: Any = out.out.add_stream("aac", rate=self.rate, layout=self._layout)
        stream.bit_rate = BIT_RATE * self.channels
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = stream.time_base = Fraction(1, self.rate)
        stream.codec_context.open(strict=False)
        out.begun()
        self._stream: AudioStream = stream
        self._resampler = AudioResampler("fltp", self._layout, self.rate)
        self._held = np.zeros((self.channels, 0), np.float32)
        self._taken = 0
        """Samples at the encoder's rate that were taken in so far."""
        self._given = 0
        self.gaps = Gaps(Fraction(1, 10), Fraction(1, 2))

    @property
    def settings(self) -> str:
        return f"aac {self._stream.bit_rate} {self.rate} Hz {self._layout}"

    @property
    def length(self) -> Fraction:
        return Fraction(self._taken, self.rate)

    def add(self, frame: AudioFrame) -> None:
        """Encode one piece: where its time says, or where that is nonsense right behind the last."""
        skipped = self._settle(frame)
        frame.pts = None
        for piece in self._resampler.resample(frame):
            samples = _samples(piece)
            self._take(samples[:, min(skipped, samples.shape[1]) :])
            skipped = max(0, skipped - samples.shape[1])

    def silence_until(self, end: Fraction) -> None:
        self._silence(round(end * self.rate) - self._taken)

    def end(self) -> None:
        for piece in self._resampler.resample(None):
            self._take(_samples(piece))
        if self._held.shape[1]:
            self._give(self._held.shape[1])
        for packet in self._stream.encode(None):
            self._out.put(packet)

    def _settle(self, frame: AudioFrame) -> int:
        """Put silence before it if it is late; say how many samples are to be left out if it is early."""
        if frame.pts is None or frame.time_base is None:
            return 0
        place = frame.pts * frame.time_base - self._origin
        late = place - self.length
        if abs(late) > LONGEST_JUMP:
            # The file's clock was set: what follows is put behind what there is.
            self._origin += late
            return 0
        if late > _LOOSE:
            self._silence(round(late * self.rate))
        self.gaps.at(max(place, Fraction(0)), Fraction(frame.samples, frame.sample_rate or self.rate))
        is_early = late < -_LOOSE or (place < 0 and self._taken == 0)
        return round(-late * self.rate) if is_early else 0

    def _silence(self, samples: int) -> None:
        while samples > 0:
            piece = min(samples, self.rate)
            self._take(np.zeros((self.channels, piece), np.float32))
            samples -= piece

    def _take(self, samples: "np.ndarray[Any, Any]") -> None:
        self._taken += samples.shape[1]
        self._held = np.concatenate((self._held, samples), axis=1)
        while self._held.shape[1] >= _PIECE:
            self._give(_PIECE)

    def _give(self, count: int) -> None:
        piece = np.ascontiguousarray(self._held[:, :count])
        self._held = self._held[:, count:]
        frame = av.AudioFrame.from_ndarray(piece, "fltp", self._layout)
        frame.sample_rate, frame.pts, frame.time_base = self.rate, self._given, Fraction(1, self.rate)
        self._given += count
        for packet in self._stream.encode(frame):
            self._out.put(packet)


def _samples(frame: AudioFrame) -> "np.ndarray[Any, Any]":
    """Channel by channel; what is no number, or louder than loud, is made harmless."""
    return np.clip(np.nan_to_num(frame.to_ndarray().astype(np.float32)), -1.0, 1.0)
