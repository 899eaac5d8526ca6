"""What a file claims to be (R3.1), from its first octets, or from its name where these don't tell.

A claim only chooses which reader tries the file. Nothing is trusted, allowed or refused because of it.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

HEAD = 1024
"""Octets that `tell` wants to see: five packets of a transport stream with time codes (192 each)."""


class Kind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


class Family(StrEnum):
    """How the octets are laid out; chooses the reader and the check of the file's structure."""

    ISOBMFF = "isobmff"
    """MP4, MOV, 3GP, M4A (ISO/IEC 14496-12)."""
    HEIF = "heif"
    """HEIC, AVIF (ISO/IEC 23008-12): a photo in the boxes of ISO-BMFF."""
    AVI = "avi"
    WAVE = "wave"
    MATROSKA = "matroska"
    """MKV, WebM (RFC 9559)."""
    MPEGTS = "mpegts"
    """Transport stream (ISO/IEC 13818-1), packets of 188 octets or, with time codes, 192."""
    PICTURE = "picture"
    """JPEG, PNG, GIF, BMP, WebP."""
    STREAM = "stream"
    """Audio and video with no structure of their own to check: MP3, ADTS, AMR, Ogg, FLAC, ASF, FLV, PS."""
    UNKNOWN = "unknown"
    """The octets don't tell; the name does."""


@dataclass(frozen=True, slots=True)
class Claim:
    kind: Kind
    family: Family


NOTHING = Claim(Kind.OTHER, Family.UNKNOWN)

_MAGIC: tuple[tuple[bytes, Claim], ...] = (
    (b"\xff\xd8\xff", Claim(Kind.PHOTO, Family.PICTURE)),
    (b"\x89PNG\r\n\x1a\n", Claim(Kind.PHOTO, Family.PICTURE)),
    (b"GIF87a", Claim(Kind.PHOTO, Family.PICTURE)),
    (b"GIF89a", Claim(Kind.PHOTO, Family.PICTURE)),
    (b"\x1a\x45\xdf\xa3", Claim(Kind.VIDEO, Family.MATROSKA)),
    (b"OggS", Claim(Kind.AUDIO, Family.STREAM)),
    (b"fLaC", Claim(Kind.AUDIO, Family.STREAM)),
    (b"#!AMR", Claim(Kind.AUDIO, Family.STREAM)),
    (b"ID3", Claim(Kind.AUDIO, Family.STREAM)),
    (b"FLV\x01", Claim(Kind.VIDEO, Family.STREAM)),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Claim(Kind.VIDEO, Family.STREAM)),  # ASF: WMV, WMA
    (b"\x00\x00\x01\xba", Claim(Kind.VIDEO, Family.STREAM)),  # MPEG programme stream
    (b"\x00\x00\x01\x67", Claim(Kind.VIDEO, Family.STREAM)),  # bare H.264 (Annex B)
    (b"\x00\x00\x00\x01\x67", Claim(Kind.VIDEO, Family.STREAM)),
    (b"\x00\x00\x00\x01\x40", Claim(Kind.VIDEO, Family.STREAM)),  # bare H.265
    # Known to be something else, whatever the name says.
    (b"%PDF-", NOTHING),
    (b"PK\x03\x04", NOTHING),
    (b"\x7fELF", NOTHING),
    (b"MZ", NOTHING),
    (b"\x1f\x8b", NOTHING),
    (b"7z\xbc\xaf\x27\x1c", NOTHING),
    (b"Rar!\x1a\x07", NOTHING),
    (b"SQLite format 3\x00", NOTHING),
    (b"#!/", NOTHING),
)

_RIFF: dict[bytes, Claim] = {
    b"AVI ": Claim(Kind.VIDEO, Family.AVI),
    b"WAVE": Claim(Kind.AUDIO, Family.WAVE),
    b"WEBP": Claim(Kind.PHOTO, Family.PICTURE),
}

_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid", b"styp"})
_PHOTO_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})

_EXTENSIONS: dict[str, Kind] = {
    **dict.fromkeys(
        ("mp4", "mov", "m4v", "3gp", "3g2", "avi", "mkv", "webm", "ts", "mts", "m2ts", "mpg", "mpeg"),
        Kind.VIDEO,
    ),
    **dict.fromkeys(("asf", "wmv", "flv", "264", "h264", "265", "h265", "dav", "lrv", "insv"), Kind.VIDEO),
    **dict.fromkeys(
        ("wav", "mp3", "m4a", "aac", "amr", "ogg", "oga", "opus", "flac", "wma", "awb"), Kind.AUDIO
    ),
    **dict.fromkeys(
        ("jpg", "jpeg", "png", "heic", "heif", "avif", "gif", "bmp", "webp", "tif", "tiff", "dng"), Kind.PHOTO
    ),
}


def tell(head: bytes, name: str) -> Claim:
    """What a file that begins with `head` (its first `HEAD` octets, fewer if it has fewer) claims to be."""
    return _by_octets(head) or Claim(_by_name(name), Family.UNKNOWN)


def _by_name(name: str) -> Kind:
    return _EXTENSIONS.get(PurePosixPath(name).suffix.removeprefix(".").lower(), Kind.OTHER)


def _by_octets(head: bytes) -> Claim | None:
    for magic, claim in _MAGIC:
        if head.startswith(magic):
            return claim
    if head[:4] in {b"RIFF", b"RF64"}:
        return _RIFF.get(head[8:12])
    if head[4:8] in _FIRST_BOXES:
        return _isobmff(head)
    return _by_pattern(head)


def _by_pattern(head: bytes) -> Claim | None:
    """Formats that no single word at the beginning gives away."""
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return Claim(Kind.PHOTO, Family.PICTURE)
    if packet_size(head):
        return Claim(Kind.VIDEO, Family.MPEGTS)
    if _is_mpeg_audio(head):
        return Claim(Kind.AUDIO, Family.STREAM)
    return None


def _isobmff(head: bytes) -> Claim:
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand in _PHOTO_BRANDS:
        return Claim(Kind.PHOTO, Family.HEIF)
    return Claim(Kind.AUDIO if brand in _AUDIO_BRANDS else Kind.VIDEO, Family.ISOBMFF)


def packet_size(head: bytes) -> int | None:
    """Size of a transport stream's packets: its sync octet stands at the head of each of the first five."""
    for size, first in ((188, 0), (192, 4)):
        if head[first : first + 4 * size + 1 : size] == b"\x47" * 5:
            return size
    return None


def _is_mpeg_audio(head: bytes) -> bool:
    """Two frames in a row of MP3 or ADTS, so that eleven set bits by chance are not taken for sound."""
    length = _frame_length(head)
    return length is not None and _frame_length(head[length:]) is not None


_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BIT_RATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = (44100, 48000, 32000)
_MPEG_1 = 3


def _frame_length(head: bytes) -> int | None:
    if len(head) < 6 or head[0] != 0xFF:  # noqa: PLR2004 - the sync octet of both formats
        return None
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS: sync, layer 0 (ISO/IEC 13818-7, 6.2)
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        return length or None
    if head[1] & 0xE6 != 0xE2:  # noqa: PLR2004 - MP3: sync, layer III (ISO/IEC 11172-3, 2.4.1)
        return None
    version, bit_rate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bit_rate in {0, 15} or rate == len(_RATES):
        return None
    padding = head[2] >> 1 & 1
    if version == _MPEG_1:
        return 144_000 * _BIT_RATES[bit_rate] // _RATES[rate] + padding
    halvings = 1 if version else 2
    return 72_000 * _BIT_RATES_LOW[bit_rate] // (_RATES[rate] >> halvings) + padding
