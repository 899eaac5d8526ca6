"""QR codes (ISO/IEC 18004) as SVG: drawn as areas, so they are sharp at any size."""

import io
from typing import Final

import segno

_MASK: Final = 2
"""Every reader takes every mask. Looking for the best of the eight costs 40 ms a code, and helps pictures of
regular patterns; digests and signatures have none."""


def qr(text: str) -> str:
    """The SVG of `text` in UTF-8, its quiet zone of four modules included; correction level M."""
    code = segno.make(text, error="m", mask=_MASK, micro=False, encoding="utf-8", boost_error=False)
    svg = io.BytesIO()
    code.save(svg, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff")
    return svg.getvalue().decode("ascii").strip()
