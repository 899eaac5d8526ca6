"""A JPEG of a photo that no browser shows. Run in the child."""

import io
from dataclasses import replace
from typing import Final

from PIL import Image

from aigaq.media.heif import Heif, NotHeifError
from aigaq.media.making.files import PlacedFile, Spooled
from aigaq.media.making.films import NOTHING
from aigaq.media.making.streams import UnfitError, film_of, opened
from aigaq.media.making.terms import Lack, Work
from aigaq.media.tiles import plain, put_together

QUALITY: Final = 90
SETTINGS: Final = f"jpeg quality={QUALITY}"


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
        whole, is_complete = put_together(Heif(source, source.size).photo())
    except NotHeifError:
        source.seek(0)
        return _first_frame(source), set()
    return whole, set() if is_complete else {Lack.REST}


def _first_frame(source: PlacedFile) -> Image.Image:
    with opened(source) as container:
        film = film_of(container)
        if film is None:
            raise UnfitError
        for packet in container.demux(film):
            for frame in packet.decode():
                return plain(frame)
    raise UnfitError
