"""Where a camera says it was: coordinates in photos and films. Pure; run in the child."""

import re
from collections.abc import Mapping
from typing import Any, Final

from PIL import ExifTags

from aigaq.media.probe import Place

_ISO_6709: Final = re.compile(
    r"([+-]\d{1,2}(?:\.\d{1,9})?)([+-]\d{1,3}(?:\.\d{1,9})?)(?:[+-][\d.]{1,12})?(?:CRS.{0,20})?/?"
)
_FINE: Final = 7
"""Decimals of a degree that are kept: a centimetre."""


def iso_6709(text: str) -> Place | None:
    """Degrees and fractions, as in ``+43.8500+077.0600+450.2/`` (ISO 6709, annex H)."""
    match = _ISO_6709.fullmatch(text.strip())
    return _believable(float(match[1]), float(match[2])) if match else None


def of_exif(tags: Mapping[int, Any]) -> Place | None:
    """Of the GPS tags of EXIF (CIPA DC-008, 4.6.6): degrees, minutes, seconds, and the half of the globe."""
    try:
        latitude = _degrees(tags[ExifTags.GPS.GPSLatitude], tags[ExifTags.GPS.GPSLatitudeRef], "NS")
        longitude = _degrees(tags[ExifTags.GPS.GPSLongitude], tags[ExifTags.GPS.GPSLongitudeRef], "EW")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return _believable(latitude, longitude)


def _degrees(parts: Any, half: Any, halves: str) -> float:  # noqa: ANN401 - whatever stands in the file
    degrees, minutes, seconds = (float(part) for part in parts)
    sign = {halves[0]: 1, halves[1]: -1}[str(half).strip(" \0").upper()[:1]]
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _believable(latitude: float, longitude: float) -> Place | None:
    """None outside the globe, and where a receiver without a fix wrote noughts."""
    is_there = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)  # noqa: PLR2004 - the globe
    return Place(round(latitude, _FINE), round(longitude, _FINE)) if is_there else None
