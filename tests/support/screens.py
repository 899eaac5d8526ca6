"""Films of a screen with time codes, as a body camera makes them: wide, small, askew, noisy, badly compressed."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import segno
from PIL import Image, ImageFilter

Shown = Callable[[float], str | None]
"""The text on the screen at a moment of the film, in seconds from its beginning; None where no screen is seen."""


@dataclass(frozen=True)
class Lens:
    """What stands between the screen and the file. Sizes in pixels, angles in degrees."""

    width: int = 640
    height: int = 480
    code: float = 100.0
    """Side of the code in the picture, without its quiet zone."""
    blur: float = 0.6
    """Radius (standard deviation)."""
    noise: float = 4.0
    """Of 255, standard deviation."""
    tilt: float = 0.0
    turn: float = 0.0
    moves: float = 0.0
    """Of the hand, standard deviation, between two frames."""
    contrast: float = 0.75
    rate: int = 25
    gop: int = 25
    codec: str = "libx264"
    bit_rate: int = 0
    """Bits a second; 0 leaves the quality to the codec."""
    container: str = "mp4"
    created: datetime | None = None
    """What the recorder's own clock says, written inside the file."""
    seed: int = 1


PLAIN = Lens()


def code_film(shown: Shown, seconds: float, lens: Lens = PLAIN) -> bytes:
    """A film of `seconds`, in which the screen shows what `shown` says."""
    chance = np.random.default_rng(lens.seed)
    with tempfile.NamedTemporaryFile() as out, av.open(out.name, "w", format=lens.container) as file:
        if lens.created:
            file.metadata["creation_time"] = lens.created.isoformat()
        stream = file.add_stream(lens.codec, rate=lens.rate)
        stream.width, stream.height = lens.width, lens.height
        stream.pix_fmt = "yuvj420p" if lens.codec == "mjpeg" else "yuv420p"
        stream.gop_size = lens.gop
        if lens.bit_rate:
            stream.bit_rate = lens.bit_rate
        if lens.codec == "libx264":
            stream.options = {"preset": "veryfast"}
        for number in range(round(seconds * lens.rate)):
            picture = seen(shown(number / lens.rate), lens, chance)
            frame = av.VideoFrame.from_ndarray(picture, "gray").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, lens.rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
        file.close()
        return Path(out.name).read_bytes()


def seen(text: str | None, lens: Lens, chance: np.random.Generator) -> np.ndarray:
    """One picture, in grey."""
    picture = _through(text, lens)
    if lens.moves:
        shift = tuple(int(each) for each in np.rint(chance.normal(0, lens.moves, 2)))
        picture = np.roll(picture, shift, (0, 1))
    if lens.noise:
        down, right = chance.integers(0, _MORE, 2)
        picture = picture + _noise(lens)[down : down + lens.height, right : right + lens.width]
    return np.clip(picture, 0, 255).astype(np.uint8)


_MORE = 97


@lru_cache(maxsize=4)
def _noise(lens: Lens) -> np.ndarray:
    """Made once, and looked at through a window that jumps: no two frames are alike."""
    shape = lens.height + _MORE, lens.width + _MORE
    return np.random.default_rng(lens.seed).normal(0, lens.noise, shape).astype(np.float32)


_FINE = 3
"""Small pictures are drawn so much larger and shrunk, as a lens mixes what falls on one pixel."""
_MODULE = 8


@lru_cache(maxsize=64)
def _through(text: str | None, lens: Lens) -> np.ndarray:
    over = _FINE if lens.width <= 640 else 1
    width, height = lens.width * over, lens.height * over
    room = Image.linear_gradient("L").resize((width, height)).point(lambda grey: 50 + grey // 3)
    if text is not None:
        code = segno.make(text, error="m", micro=False, boost_error=False)
        modules = np.array(list(code.matrix_iter(border=4)), np.uint8)
        drawn = Image.fromarray(np.where(modules, 0, 255).astype(np.uint8))
        drawn = drawn.resize((len(modules) * _MODULE,) * 2, Image.Resampling.NEAREST)
        side = lens.code * len(modules) / (len(modules) - 8) * over
        corners = _corners(side, width / 2, height / 2, lens)
        spread = _spread(corners, drawn.width)
        screen = drawn.transform(room.size, Image.Transform.PERSPECTIVE, spread, Image.Resampling.BILINEAR)
        mask = Image.new("L", drawn.size, 255).transform(room.size, Image.Transform.PERSPECTIVE, spread)
        room.paste(screen, mask=mask)
    picture = room.resize((lens.width, lens.height), Image.Resampling.BOX)
    picture = picture.filter(ImageFilter.GaussianBlur(lens.blur))
    return np.asarray(picture, np.float32) * lens.contrast + 30


def _corners(side: float, x: float, y: float, lens: Lens) -> list[tuple[float, float]]:
    """Where the corners of a square end up, turned in the picture and tilted out of it."""
    turn, tilt, half, corners = np.radians(lens.turn), np.radians(lens.tilt), side / 2, []
    for a, b in ((-half, -half), (half, -half), (half, half), (-half, half)):
        u, v = a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn)
        depth = 1 + u * np.sin(tilt) / (4 * side)
        corners.append((x + u * np.cos(tilt) / depth, y + v / depth))
    return corners


def _spread(corners: list[tuple[float, float]], side: float) -> list[float]:
    """Coefficients with which each point of the picture finds its point of the drawing."""
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (side, 0), (side, side), (0, side)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows, float), np.array(values, float)))
