"""A JPEG of a photo that no browser shows. Run in the child."""

import io
import struct
from dataclasses import replace
from typing import Any, Final

import av
from av.codec import CodecContext
from av.video.frame import VideoFrame
from PIL import Image

from aigaq.media import photos as reading
from aigaq.media.heif import Heif, NotHeifError, Photo, Tile
from aigaq.media.making.files import PlacedFile, Spooled
from aigaq.media.making.films import NOTHING
from aigaq.media.making.streams import UnfitError, film_of, opened, raise_memory
from aigaq.media.making.terms import Lack, Work

QUALITY: Final = 90
SETTINGS: Final = f"jpeg quality={QUALITY}"


class TooLargeError(Exception):
    pass


def prepare() -> None:
    """Load what is loaded on demand."""
    reading.prepare()
    CodecContext.create("hevc", "r")


def make(source: PlacedFile, out: Spooled) -> tuple[Work, list[list[int]]]:
    """Raises `UnfitError`, `TooLargeError`, ``MemoryError``."""
    picture, lacks = _picture(source)
    octets = io.BytesIO()
    picture.convert("RGB").save(octets, "JPEG", quality=QUALITY, optimize=False)
    out.write(octets.getvalue())
    width, height = picture.size
    work = replace(NOTHING, video=SETTINGS, width=width, height=height, frames=1, lacks=tuple(sorted(lacks)))
    return work, [[0, out.size]]


def _picture(source: PlacedFile) -> tuple[Image.Image, set[Lack]]:
    try:
        return _tiled(Heif(source, source.size).photo())
    except NotHeifError:
        source.seek(0)
        return _first_frame(source), set()


def _tiled(photo: Photo) -> tuple[Image.Image, set[Lack]]:
    if photo.width * photo.height > reading.MOST_PIXELS or not photo.width * photo.height:
        raise TooLargeError
    whole = Image.new("RGB", (photo.width, photo.height), "grey")
    lacks = set[Lack]()
    side: tuple[int, int] | None = None
    for number, tile in enumerate(photo.tiles):
        piece = _decoded(tile)
        if piece is None:
            lacks.add(Lack.REST)
            continue
        side = side or piece.size
        row, column = divmod(number, photo.columns)
        whole.paste(piece, (column * side[0], row * side[1]))
    if side is None:
        raise UnfitError
    if photo.quarters:
        whole = whole.rotate(90 * photo.quarters, expand=True)
    if photo.mirrored is not None:
        turns = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)
        whole = whole.transpose(turns[photo.mirrored])
    return whole, lacks


def _decoded(tile: Tile) -> Image.Image | None:
    context: Any = CodecContext.create("hevc", "r")
    context.thread_count = 1
    context.extradata = tile.record
    try:
        frames = context.decode(av.Packet(tile.octets)) + context.decode(None)
    except (av.error.FFmpegError, ValueError, struct.error) as error:
        raise_memory(error)
        return None
    return _plain(frames[0]) if frames else None


def _first_frame(source: PlacedFile) -> Image.Image:
    with opened(source) as container:
        film = film_of(container)
        if film is None:
            raise UnfitError
        for packet in container.demux(film):
            for frame in packet.decode():
                return _plain(frame)
    raise UnfitError


def _plain(frame: VideoFrame) -> Image.Image:
    if frame.width * frame.height > reading.MOST_PIXELS:
        raise TooLargeError
    plain = frame.reformat(format="rgb24", threads=1)
    return Image.fromarray(plain.to_ndarray())
