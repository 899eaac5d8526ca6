"""What the simulated camera sees: an office corridor, swaying with the walk, and somebody ahead in it.

The corridor is painted once; a frame is a cut of it with a figure laid in and a strip of text on top, all in
the planes that the encoder takes, so that nothing is converted frame by frame.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH: Final = 1280
HEIGHT: Final = 720
FRAMES_A_SECOND: Final = 25

_SWAY: Final = 32
"""Pixels that the painting is wider and higher than a frame on each side."""

_STRIP_HEIGHT: Final = 44
_TEXT_SIZE: Final = 26
_FONT: Final = "DejaVuSans.ttf"
"""Has Kazakh letters; where it is not installed, Pillow's own font has to do."""

_STEPS: Final = (1, 2, 2)
"""Pixels of the picture that one of each plane stands for, each way."""

_FIGURE_HEIGHTS: Final = range(160, 420, 4)

Plane: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture in YCbCr, the colour at half the resolution (4:2:0)."""

    y: Plane
    cb: Plane
    cr: Plane

    @property
    def bands(self) -> tuple[Plane, Plane, Plane]:
        return (self.y, self.cb, self.cr)


def frame(second: float, strip: Planes) -> Planes:
    """The picture `second` seconds into the walk, with `strip` across its top."""
    # Two steps a second: side to side once in two steps, up and down once in each. Even, for the colour.
    right = _SWAY + 2 * round(10 * math.sin(math.pi * second))
    down = _SWAY + 2 * round(5 * math.sin(2 * math.pi * second))
    planes = [
        _cut(plane, right // step, down // step, step)
        for plane, step in zip(_corridor().bands, _STEPS, strict=True)
    ]
    _lay_figure(planes, second)
    for plane, text in zip(planes, strip.bands, strict=True):
        plane[: text.shape[0]] = text
    return Planes(*planes)


def photo(second: float, text: str) -> Image.Image:
    """The same picture as an image."""
    planes = frame(second, caption(text))
    bands = [Image.fromarray(plane).resize((WIDTH, HEIGHT)) for plane in planes.bands]
    return Image.merge("YCbCr", bands).convert("RGB")


def caption(text: str) -> Planes:
    """The strip with `text`, as wide as a frame."""
    strip = Image.new("RGB", (WIDTH, _STRIP_HEIGHT), (16, 18, 22))
    ImageDraw.Draw(strip).text((16, 6), text, fill=(240, 240, 232), font=_font())
    return _planes(strip)


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(_FONT, _TEXT_SIZE)
    except OSError:
        return ImageFont.load_default(_TEXT_SIZE)


def _planes(picture: Image.Image) -> Planes:
    y, cb, cr = picture.convert("YCbCr").split()
    half = (picture.width // 2, picture.height // 2)
    return Planes(*(np.asarray(band) for band in (y, cb.resize(half), cr.resize(half))))


def _cut(plane: Plane, right: int, down: int, step: int) -> Plane:
    return plane[down : down + HEIGHT // step, right : right + WIDTH // step].copy()


def _lay_figure(planes: list[Plane], second: float) -> None:
    """Somebody who walks ahead, nearer and farther once in twelve seconds, swinging from foot to foot."""
    nearness = 0.5 - 0.5 * math.cos(2 * math.pi * second / 12)
    height = _FIGURE_HEIGHTS[round(nearness * (len(_FIGURE_HEIGHTS) - 1))]
    colours, masks = _figure(height, stride=int(second * 4) % 2)
    left = WIDTH // 2 - height // 4 + round(60 * math.sin(second * 0.9)) & ~1
    top = HEIGHT // 2 - height // 3 & ~1
    for plane, colour, mask, step in zip(planes, colours.bands, masks, _STEPS, strict=True):
        rows, columns = mask.shape
        part = plane[top // step : top // step + rows, left // step : left // step + columns]
        here, there = mask[: part.shape[0]], colour[: part.shape[0]]
        part[:] = (part * (255 - here) + there * here.astype(np.uint16)) // 255


@cache
def _figure(height: int, stride: int) -> tuple[Planes, tuple[NDArray[np.uint16], ...]]:
    """A figure seen from behind, in its planes, and how much of it covers what is behind it (0 to 255)."""
    width = height // 2 & ~1
    scale = height / 100
    coat = Image.new("RGB", (width, height), (34, 48, 78))
    shape = Image.new("L", (width, height), 0)
    on_coat, on_shape = ImageDraw.Draw(coat), ImageDraw.Draw(shape)

    def box(x: float, y: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return (x * scale, y * scale, right * scale, bottom * scale)

    lifted = (0, 6) if stride else (6, 0)
    on_shape.ellipse(box(19, 1, 31, 16), fill=255)
    on_shape.rounded_rectangle(box(11, 17, 39, 58), radius=7 * scale, fill=255)
    on_shape.rounded_rectangle(box(15, 50, 24, 98 - lifted[0]), radius=3 * scale, fill=255)
    on_shape.rounded_rectangle(box(26, 50, 35, 98 - lifted[1]), radius=3 * scale, fill=255)
    on_coat.rectangle(box(0, 0, 50, 8), fill=(48, 40, 36))
    on_coat.rectangle(box(0, 8, 50, 16), fill=(198, 160, 134))
    on_coat.rectangle(box(0, 32, 50, 37), fill=(226, 232, 120))  # the reflecting band of a work coat
    on_coat.rectangle(box(0, 58, 50, 100), fill=(30, 32, 40))
    mask = shape.filter(ImageFilter.GaussianBlur(1))
    small = mask.resize((width // 2, height // 2))
    masks = tuple(np.asarray(one).astype(np.uint16) for one in (mask, small, small))
    return _planes(coat), masks


@cache
def _corridor() -> Planes:
    width, height = WIDTH + 2 * _SWAY, HEIGHT + 2 * _SWAY
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    x, y = width // 2, height * 9 // 20
    far = (x - 120, y - 90, x + 120, y + 90)
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    ends = ((far[0], far[1]), (far[2], far[1]), (far[2], far[3]), (far[0], far[3]))
    shades = ((206, 208, 204), (176, 182, 170), (120, 108, 94), (184, 188, 176))
    for side, shade in enumerate(shades):
        _wall(draw, (corners[side], corners[side - 3]), (ends[side], ends[side - 3]), shade)
    draw.rectangle(far, fill=(150, 158, 150))
    draw.rectangle((x - 44, y - 40, x + 44, y + 90), fill=(92, 70, 52))
    draw.rectangle((x - 30, y - 74, x + 30, y - 52), fill=(18, 128, 66))  # the sign over the exit
    for near, distant in ((0.05, 0.28), (0.42, 0.58), (0.68, 0.78)):
        for left in (True, False):
            _door(draw, (near, distant), corners[3 if left else 2], ends[3 if left else 2], y)
        _lamp(draw, (near, distant), width, far)
    draw.rounded_rectangle((width * 0.845, y + 120, width * 0.865, y + 205), 9, fill=(196, 28, 28))
    return _planes(picture.filter(ImageFilter.GaussianBlur(1)))


_Point: TypeAlias = tuple[float, float]
_Colour: TypeAlias = tuple[int, int, int]


def _between(start: _Point, end: _Point, part: float) -> _Point:
    return (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)


def _wall(
    draw: ImageDraw.ImageDraw, near: tuple[_Point, _Point], far: tuple[_Point, _Point], shade: _Colour
) -> None:
    """One side of the corridor, in strips that darken towards its end."""
    strips = 48
    for strip in range(strips):
        edges = [(_between(near[side], far[side], part / strips)) for side, part in _edges(strip)]
        light = 1 - 0.45 * strip / strips
        draw.polygon(edges, fill=tuple(round(part * light) for part in shade))


def _edges(strip: int) -> tuple[tuple[int, int], ...]:
    return ((0, strip), (1, strip), (1, strip + 1), (0, strip + 1))


def _door(
    draw: ImageDraw.ImageDraw, reach: tuple[float, float], corner: _Point, end: _Point, horizon: float
) -> None:
    bottoms = [_between(corner, end, part) for part in reach]
    tops = [(foot[0], horizon - (foot[1] - horizon) * 0.55) for foot in bottoms]
    draw.polygon([bottoms[0], bottoms[1], tops[1], tops[0]], fill=(112, 84, 58), outline=(70, 54, 40))


def _lamp(
    draw: ImageDraw.ImageDraw, reach: tuple[float, float], width: int, far: tuple[int, int, int, int]
) -> None:
    left = [_between((width * 0.42, 0), (far[0] + 96, far[1]), part) for part in reach]
    right = [_between((width * 0.58, 0), (far[2] - 96, far[1]), part) for part in reach]
    draw.polygon([left[0], right[0], right[1], left[1]], fill=(252, 252, 240))
