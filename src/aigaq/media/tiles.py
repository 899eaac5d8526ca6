"""A photo put together from its tiles, and turned as it was held. Run in the child."""

import struct
from typing import Any

import av
from av.codec import CodecContext
from av.video.frame import VideoFrame
from PIL import Image

from aigaq.media.heif import NotHeifError, Photo, Tile
from aigaq.media.photos import MOST_PIXELS


class TooLargeError(Exception):
    """Larger than any camera makes."""


def prepare() -> None:
    """Load what is loaded on demand."""
    CodecContext.create("hevc", "r")


def put_together(photo: Photo) -> tuple[Image.Image, bool]:
    """The whole, and whether all of it is there: what is not is grey.

    Raises `NotHeifError`, `TooLargeError`.
    """
    if photo.width * photo.height > MOST_PIXELS:
        raise TooLargeError
    if not photo.width * photo.height:
        raise NotHeifError
    whole = Image.new("RGB", (photo.width, photo.height), "grey")
    side: tuple[int, int] | None = None
    missing = False
    for number, tile in enumerate(photo.tiles):
        piece = _decoded(tile)
        if piece is None:
            missing = True
            continue
        side = side or piece.size
        row, column = divmod(number, photo.columns)
        whole.paste(piece, (column * side[0], row * side[1]))
    if side is None:
        raise NotHeifError
    if photo.quarters:
        whole = whole.rotate(90 * photo.quarters, expand=True)
    if photo.mirrored is not None:
        turns = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)
        whole = whole.transpose(turns[photo.mirrored])
    return whole, not missing


def _decoded(tile: Tile) -> Image.Image | None:
    context: Any = CodecContext.create("hevc", "r")
    context.thread_count = 1
    context.extradata = tile.record
    try:
        frames = context.decode(av.Packet(tile.octets)) + context.decode(None)
    except (av.error.FFmpegError, ValueError, struct.error) as error:
        if isinstance(error, MemoryError):
            raise
        return None
    return plain(frames[0]) if frames else None


def plain(frame: VideoFrame) -> Image.Image:
    """Raises `TooLargeError`."""
    if frame.width * frame.height > MOST_PIXELS:
        raise TooLargeError
    picture: Image.Image = frame.to_image(threads=1)  # type: ignore[no-untyped-call]
    return picture
