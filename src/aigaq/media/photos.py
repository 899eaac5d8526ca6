"""Examining a photo with Pillow. Run in the child."""

import struct
import warnings
from typing import Final

from PIL import ExifTags, Image, ImageFile, ImageOps, UnidentifiedImageError

from aigaq.media.heif import Heif, NotHeifError
from aigaq.media.kinds import Kind
from aigaq.media.places import of_exif
from aigaq.media.probe import Flaw, Judgement, Place, Verdict, Video
from aigaq.media.stills import still_of
from aigaq.media.structure import Source

FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
"""What cameras and phones write. TIFF is left out: its reader has the longest record of holes."""

MOST_PIXELS: Final = 210_000_000
"""The largest sensors sold in a camera or phone have 200 megapixels."""

_BROKEN: Final = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, struct.error)
"""What Pillow's readers raise on octets that make no sense; not all of it is wrapped."""

_DRAFT: Final = (1280, 1280)
"""JPEG is decoded at a fraction of its size, not below this, since only a still is wanted."""


def prepare() -> None:
    """Load every reader and set the bound, while files may still be opened."""
    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def examine(source: Source) -> Judgement | None:
    """The judgement of `source`; ``None`` if it is in none of `FORMATS`."""
    try:
        picture = Image.open(source, formats=FORMATS)  # type: ignore[arg-type]
    except UnidentifiedImageError:
        return None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Judgement(Kind.PHOTO, Verdict.UNREADABLE, Flaw.TOO_LARGE)
    except _BROKEN:
        return None
    container = (picture.format or "").lower()
    video = Video(container, *picture.size, fps=None)
    text, place = told(_exif(picture))
    still = _still(picture)
    verdict, flaw = (Verdict.PLAYABLE, None) if still else (Verdict.DAMAGED, Flaw.CUT_SHORT)
    return Judgement(
        Kind.PHOTO,
        verdict,
        flaw,
        container,
        video=video,
        embedded_text=text,
        place=place,
        still=still or _still_of_the_rest(source),
    )


def _still(picture: Image.Image) -> bytes | None:
    """``None`` if the picture can't be decoded to its end."""
    picture.draft("RGB", _DRAFT)
    try:
        picture.load()
        return still_of(ImageOps.exif_transpose(picture))
    except _BROKEN:
        return None


def _still_of_the_rest(source: Source) -> bytes | None:
    """What there is of a picture whose end is missing, on grey or black."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        source.seek(0)
        return _still(Image.open(source, formats=FORMATS))  # type: ignore[arg-type]
    except _BROKEN:
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _exif(picture: Image.Image) -> Image.Exif:
    try:
        return picture.getexif()
    except _BROKEN:
        return Image.Exif()


def told(exif: Image.Exif) -> tuple[str | None, Place | None]:
    """Time and place that the camera wrote down."""
    return _embedded_time(exif), _place(exif)


def _embedded_time(exif: Image.Exif) -> str | None:
    """EXIF DateTimeOriginal with its offset if there is one, else DateTime (CIPA DC-008, 4.6.5)."""
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        taken = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        offset = details.get(ExifTags.Base.OffsetTimeOriginal)
    except _BROKEN:
        return None
    if not isinstance(taken, str):
        return None
    return taken.strip(" \0") + (offset.strip(" \0") if isinstance(offset, str) else "")


def _place(exif: Image.Exif) -> Place | None:
    try:
        return of_exif(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except _BROKEN:
        return None


def of_heif(source: Source, size: int) -> tuple[str | None, Place | None]:
    """Time and place of a photo in the boxes of ISO/IEC 23008-12."""
    try:
        octets = Heif(source, size).exif()
        if octets is None:
            return None, None
        exif = Image.Exif()
        exif.load(octets if octets.startswith(b"Exif") else b"Exif\0\0" + octets)
        return told(exif)
    except (NotHeifError, *_BROKEN):
        return None, None
