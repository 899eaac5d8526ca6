"""Codes in one frame of a camera: grey octets in, texts out. No image format is parsed.

A frame comes from a page of ours, but anybody who is signed in can send octets: each bound is checked before
the reader sees one of them.
"""

from typing import Final

import numpy as np
import zxingcpp

from aigaq.errors import N_, BadInputError

MOST_PIXELS: Final = 640 * 480
LONGEST_SIDE: Final = 640
SHORTEST_SIDE: Final = 32
"""Below that no code of any kind can be read."""
MOST_CODES: Final = 8
"""Told of one frame."""
LONGEST_CODE: Final = 128
"""Characters; what is longer is no code of ours."""

_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
    ]
)


class FrameError(BadInputError):
    code = "media.frame"
    message = N_("That is no frame of a camera: {reason}. Load the page again.")


def refusal_of_frame(length: int, width: int, height: int) -> FrameError | None:
    """`length` in octets, one for each pixel."""
    if not SHORTEST_SIDE <= min(width, height) <= max(width, height) <= LONGEST_SIDE:
        return FrameError(reason=f"its sides are {width} and {height}")
    if width * height > MOST_PIXELS:
        return FrameError(reason=f"it has {width * height} pixels, more than {MOST_PIXELS}")
    if length != width * height:
        return FrameError(reason=f"it has {length} octets for {width * height} pixels")
    return None


def codes_in(octets: bytes, width: int, height: int) -> list[str]:
    """What stands in the codes of a frame, each text once: row by row, an octet a pixel, 0 black.

    Raises `FrameError`.
    """
    refusal = refusal_of_frame(len(octets), width, height)
    if refusal is not None:
        raise refusal
    frame = np.frombuffer(octets, dtype=np.uint8).reshape(height, width)
    read = zxingcpp.read_barcodes(frame, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
    texts = dict.fromkeys(each.text for each in read if each.valid and 0 < len(each.text) <= LONGEST_CODE)
    return list(texts)[:MOST_CODES]
