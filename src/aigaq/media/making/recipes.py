"""What has to be made of a file so that it can be watched, by what the prober found in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from aigaq.media.kinds import Kind
from aigaq.media.probe import Flaw, Judgement, Verdict

VERSION: Final = 1
"""Of the recipes below; goes up when the same file would give something else."""


class Product(StrEnum):
    """What is made. Published codes (`docs/formats/derivative.md`)."""

    PROXY = "proxy"
    """H.264 and AAC in MP4, the index in front: of a film, or AAC alone of a sound recording."""
    PICTURE = "picture"
    """A JPEG of a photo."""
    WAVEFORM = "waveform"
    """How loud a recording is, place by place."""
    CUT = "cut"
    """A stretch of a recording, its streams as they are."""


class Way(StrEnum):
    """How a proxy is made, the cheapest first. Published codes."""

    REMUX = "remux"
    """The streams stay as they are, octet for octet, in another container."""
    SOUND = "sound"
    """The picture stays as it is; the sound is encoded anew."""
    TRANSCODE = "transcode"
    """Picture and sound are encoded anew."""
    REBUILD = "rebuild"
    """Encoded anew from pictures found in a file that has no index of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    product: Product
    way: Way | None = None
    """Of a proxy."""
    cut: bool = False
    """The file breaks off: its end is missing."""
    stretch: tuple[int, int] | None = None
    """Of a cut: from and until, in milliseconds from the beginning of the recording."""

    @property
    def is_cheap(self) -> bool:
        """It takes about as long as reading the file, and not as long as watching it."""
        return self.way not in {Way.TRANSCODE, Way.REBUILD}


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a file."""

    kind: Kind
    verdict: Verdict | None
    """None: it was not examined yet."""
    flaw: Flaw | None = None
    container: frozenset[str] = frozenset()
    """The reader's names for it: it knows MP4 and QuickTime, Matroska and WebM, by one name."""
    video: str | None = None
    pixels: str | None = None
    """The format of the pixels, where it is known."""
    audio: str | None = None
    missing: int = 0
    """Octets that the card did not give: zeros stand there."""

    @classmethod
    def of(cls, judgement: Judgement, missing: int = 0) -> Self:
        return cls.of_facts(judgement.kind, judgement.verdict, judgement.to_dict(), missing)

    @classmethod
    def of_facts(cls, kind: Kind, verdict: Verdict, facts: Mapping[str, Any], missing: int = 0) -> Self:
        """From `Judgement.to_dict`, of this version or an earlier one."""
        video, audio = facts.get("video") or {}, facts.get("audio") or {}
        return cls(
            kind=kind,
            verdict=verdict,
            flaw=Flaw(facts["flaw"]) if facts.get("flaw") else None,
            container=frozenset((facts.get("container") or "").split(",")) - {""},
            video=video.get("codec"),
            pixels=video.get("pixels"),
            audio=audio.get("codec"),
            missing=missing,
        )


_WEBM: Final = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
_EIGHT_BITS: Final = frozenset({None, "yuv420p", "yuvj420p"})
"""Of H.264, what every browser decodes."""
SOUND_IN_MP4: Final = frozenset({None, "aac", "mp3"})
_PHOTOS: Final = frozenset({"jpeg", "png", "gif", "webp", "bmp"})
_SOUNDS: Final[Mapping[str, frozenset[str]]] = {
    "mp4": frozenset({"aac", "mp3"}),
    "wav": frozenset({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}),
    "mp3": frozenset({"mp3"}),
    "aac": frozenset({"aac"}),
    "ogg": frozenset({"opus", "vorbis"}),
    "flac": frozenset({"flac"}),
}
_HOPELESS: Final = frozenset({Flaw.EMPTY, Flaw.NO_STREAMS, Flaw.NO_READER, Flaw.TOO_LARGE})


def plays(found: Found) -> bool:
    """A browser shows the file as it is. Damaged films don't count: a browser stops at the first fault."""
    if found.verdict is not Verdict.PLAYABLE:
        return found.kind is Kind.PHOTO and found.verdict is Verdict.DAMAGED and _shows(found)
    if found.missing and found.kind is not Kind.PHOTO:
        return False
    match found.kind:
        case Kind.PHOTO:
            return _shows(found)
        case Kind.AUDIO:
            names = found.container & _SOUNDS.keys()
            return any(found.audio is None or found.audio in _SOUNDS[name] for name in names)
        case Kind.VIDEO:
            return _is_mp4(found) or _is_webm(found)
        case _:
            return False


def plan(found: Found) -> Plan | None:
    """What to make of it; None where nothing has to be made, or nothing can."""
    if plays(found) or found.kind is Kind.OTHER or found.verdict in {None, Verdict.NOT_MEDIA}:
        return None
    if found.flaw in _HOPELESS:
        return None
    if found.kind is Kind.PHOTO:
        return Plan(Product.PICTURE)
    return Plan(Product.PROXY, _way(found), cut=found.flaw in {Flaw.CUT_SHORT, Flaw.NO_INDEX})


def waveform(found: Found) -> Plan | None:
    """Of a sound recording, whatever plays it."""
    is_sound = found.kind is Kind.AUDIO and found.verdict in {Verdict.PLAYABLE, Verdict.DAMAGED}
    return Plan(Product.WAVEFORM) if is_sound and found.audio else None


def _way(found: Found) -> Way:
    if found.video is None and found.audio is None:
        return Way.REBUILD
    if found.missing or found.flaw in {Flaw.BAD_FRAMES, Flaw.BAD_SOUND} or found.verdict is Verdict.TIMED_OUT:
        return Way.TRANSCODE
    if found.kind is Kind.AUDIO:
        return Way.REMUX if found.audio == "aac" else Way.SOUND
    if found.video != "h264" or found.pixels not in _EIGHT_BITS:
        return Way.TRANSCODE
    return Way.REMUX if found.audio in SOUND_IN_MP4 else Way.SOUND


def _shows(found: Found) -> bool:
    return bool(found.container & _PHOTOS)


def _is_mp4(found: Found) -> bool:
    return (
        "mp4" in found.container
        and found.video == "h264"
        and found.pixels in _EIGHT_BITS
        and found.audio in SOUND_IN_MP4
    )


def _is_webm(found: Found) -> bool:
    return "webm" in found.container and {found.video, found.audio} - {None} <= _WEBM
