"""One still picture, small enough for a list of recordings. Run in the child."""

import io
from typing import Final

from PIL import Image

from aigaq.media.probe import STILL_SIDE, STILL_SIZE

_QUALITIES: Final = (80, 60, 40, 20)


def still_of(picture: Image.Image) -> bytes:
    """`picture` as a JPEG within `STILL_SIDE` and `STILL_SIZE` (noise takes 82,000 at the last)."""
    small = picture.copy() if max(picture.size) <= STILL_SIDE else picture
    # Shrunk before any conversion, which would hold a second copy of 200 megapixels.
    small.thumbnail((STILL_SIDE, STILL_SIDE), reducing_gap=2.0)
    plain = _on_white(small)
    octets = io.BytesIO()
    for quality in _QUALITIES:
        octets = io.BytesIO()
        plain.save(octets, "JPEG", quality=quality)
        if octets.tell() <= STILL_SIZE:
            break
    return octets.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    white = Image.new("RGB", layers.size, "white")
    white.paste(layers, mask=layers.getchannel("A"))
    return white
