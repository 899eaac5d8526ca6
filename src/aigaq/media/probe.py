"""The judgement of one file, and how the answer of a child that can't be trusted becomes one."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from aigaq.core.canonical import Json
from aigaq.errors import N_, AigaqError
from aigaq.media.kinds import Kind

STILL_SIDE: Final = 640
"""Longest side of a still picture, in pixels."""

STILL_SIZE: Final = 200_000
"""Octets of a still picture, at most."""

MOST_CODES: Final = 40
"""Time codes told of one film."""

_CODE_TEXT = re.compile(r"AIGAQ-T[A-Z0-9 $%*+./:\-]{1,57}", re.ASCII)
"""What begins like a time code, of the letters that a QR code has for little: `docs/formats/time-code.md`."""
_WORD = re.compile(r"[a-z0-9_,.\-]{1,64}")
_TIME_TEXT = re.compile(r"[0-9A-Za-z:.+\- ]{1,40}")
_LONGEST = 10 * 366 * 86_400.0
_LONGEST_MS = 10 * 366 * 86_400_000
_WIDEST = 1 << 20
_FASTEST = 10_000.0
_HIGHEST_RATE = 10_000_000
_MOST_CHANNELS = 1024
_POLE = 90.0
"""Degrees."""


class Verdict(StrEnum):
    PLAYABLE = "playable"
    """Opened, and a frame of each stream tried was decoded, and the structure is whole."""
    DAMAGED = "damaged"
    """Of the kind it says, but part of it is missing or can't be decoded."""
    UNREADABLE = "unreadable"
    """Says it is media, and nothing of it could be read."""
    NOT_MEDIA = "not-media"
    TIMED_OUT = "timed-out"
    """The examination was not finished; nothing is known of the file."""


class Flaw(StrEnum):
    """What was wrong. The child names one of these, so no text of its making reaches a page."""

    EMPTY = "empty"
    NO_INDEX = "no-index"
    CUT_SHORT = "cut-short"
    BAD_FRAMES = "bad-frames"
    BAD_SOUND = "bad-sound"
    NOT_AS_NAMED = "not-as-named"
    NO_STREAMS = "no-streams"
    NO_READER = "no-reader"
    TOO_LARGE = "too-large"
    MEMORY = "memory"
    CRASHED = "crashed"
    TIME = "time"
    NOT_STARTED = "not-started"


_SENTENCES: dict[Flaw, str] = {
    Flaw.EMPTY: N_("The file is empty."),
    Flaw.NO_INDEX: N_("The recording was never closed: its index is missing. An expert may restore it."),
    Flaw.CUT_SHORT: N_("The end of the file is missing."),
    Flaw.BAD_FRAMES: N_("Some of the picture can't be decoded."),
    Flaw.BAD_SOUND: N_("The sound can't be decoded."),
    Flaw.NOT_AS_NAMED: N_("The content is not what the name of the file says."),
    Flaw.NO_STREAMS: N_("There is neither picture nor sound in the file."),
    Flaw.NO_READER: N_("Aigaq has no reader for this format; download the file to open it."),
    Flaw.TOO_LARGE: N_("The picture is said to be larger than any camera makes; it was not opened."),
    Flaw.MEMORY: N_("Opening the file would take more memory than is allowed."),
    Flaw.CRASHED: N_("The file made the examining program fail."),
    Flaw.TIME: N_("Examining the file took longer than is allowed."),
    Flaw.NOT_STARTED: N_("The examining program did not start; the file has not been examined."),
}


class UntrustworthyAnswerError(AigaqError):
    """The child answered with something that its own code would never send. It is ended, not believed."""

    code = "media.untrustworthy-answer"
    message = N_("The examining program gave an answer that makes no sense ({field}).")


@dataclass(frozen=True, slots=True)
class Video:
    codec: str
    width: int
    height: int
    fps: float | None
    pixels: str | None = None
    """The format of its pixels; older judgements don't tell."""


@dataclass(frozen=True, slots=True)
class Audio:
    codec: str
    rate: int
    """Samples a second."""
    channels: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the camera says it was, in degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A text that a lens saw, as it stood there: anybody can hold anything before one."""

    text: str
    first_ms: int
    last_ms: int
    """Where in the film it was seen first and last, in milliseconds from the beginning."""


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: Kind
    verdict: Verdict
    flaw: Flaw | None = None
    container: str | None = None
    duration: float | None = None
    """Seconds."""
    video: Video | None = None
    """Of a photo: its format, and its size before the camera's rotation."""
    audio: Audio | None = None
    embedded_text: str | None = None
    """The time that the camera wrote inside the file, as written."""
    embedded_at: datetime | None = None
    """The same, parsed: aware if a zone is written, otherwise naive in the camera's own time. A camera may
    well have written local time and called it UTC; judging that is for whoever knows the recorder."""
    place: Place | None = None
    codes: tuple[CodeSeen, ...] = ()
    """Of a film: time codes in its first and last minute."""
    still: bytes | None = field(default=None, repr=False)
    """JPEG of at most `STILL_SIDE` pixels a side and `STILL_SIZE` octets. Made by the child: show it to
    people as an image, never parse it in this process."""

    @property
    def detail(self) -> str:
        """What was wrong, as an English sentence that is also the key of its translations; else empty."""
        return _SENTENCES[self.flaw] if self.flaw else ""

    def to_dict(self) -> dict[str, Json]:
        """All but the still, as JSON."""
        return {
            "kind": self.kind.value,
            "verdict": self.verdict.value,
            "flaw": self.flaw.value if self.flaw else None,
            "detail": self.detail,
            "container": self.container,
            "duration": self.duration,
            "video": asdict(self.video) if self.video else None,
            "audio": asdict(self.audio) if self.audio else None,
            "embedded_text": self.embedded_text,
            "embedded_at": self.embedded_at.isoformat() if self.embedded_at else None,
            "place": asdict(self.place) if self.place else None,
            "codes": [[each.text, each.first_ms, each.last_ms] for each in self.codes],
        }


def believe(answer: object, still: bytes | None) -> Judgement:
    """Make a judgement of what a child sent, taking nothing from it that was not checked.

    Raises `UntrustworthyAnswerError` on any field that is missing, of another type or out of bounds.
    """
    fields = _object(answer, "answer")
    text = _optional(fields.get("embedded_text"), lambda value: _text(value, _TIME_TEXT, "embedded_text"))
    return Judgement(
        kind=_member(Kind, fields.get("kind"), "kind"),
        verdict=_member(Verdict, fields.get("verdict"), "verdict"),
        flaw=_optional(fields.get("flaw"), lambda value: _member(Flaw, value, "flaw")),
        container=_optional(fields.get("container"), lambda value: _text(value, _WORD, "container")),
        duration=_optional(fields.get("duration"), lambda value: _real(value, _LONGEST, "duration")),
        video=_optional(fields.get("video"), _video),
        audio=_optional(fields.get("audio"), _audio),
        embedded_text=text,
        embedded_at=parse_time(text) if text else None,
        place=_optional(fields.get("place"), _place),
        codes=_codes(fields.get("codes")),
        still=_still(still),
    )


def presentable(judgement: Judgement) -> Judgement:
    """`judgement` without the facts that `believe` would refuse: an honest child meets odd files too."""
    facts = judgement.to_dict()
    for name in ("container", "duration", "video", "audio", "embedded_text", "place"):
        try:
            believe({"kind": "other", "verdict": "playable", name: facts[name]}, None)
        except UntrustworthyAnswerError:
            judgement = replace(judgement, **{name: None})  # type: ignore[arg-type]
    return judgement


_FIRST_YEAR: Final = 1904
"""Where the clock of MP4 begins, and with it that of a camera that was never set."""
_LAST_YEAR: Final = 2200

_TIME_FORMATS = (
    "%Y:%m:%d %H:%M:%S",  # EXIF (CIPA DC-008, 4.6.5)
    "%Y:%m:%d %H:%M:%S%z",
    "%a %b %d %H:%M:%S %Y",  # AVI's IDIT, as cameras write it
)


def parse_time(text: str) -> datetime | None:
    """The instant or local time that `text` gives, or ``None`` if it gives none that a camera could mean.

    A year near either end of the calendar would overflow in whoever converts it to another zone.
    """
    parsed = _parsed(text)
    return parsed if parsed and _FIRST_YEAR <= parsed.year <= _LAST_YEAR else None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _TIME_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - a camera writes no zone; the caller knows
        except ValueError:
            continue
    return None


def is_code_text(text: str) -> bool:
    return _CODE_TEXT.fullmatch(text) is not None


def _codes(value: object) -> tuple[CodeSeen, ...]:
    """None of an answer from before there were any."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_CODES:
        raise UntrustworthyAnswerError(field="codes")
    return tuple(_code(each) for each in value)


def _code(value: object) -> CodeSeen:
    match value:
        case [str(), int(), int()]:
            first = _whole(value[1], _LONGEST_MS, "codes")
            last = _whole(value[2], _LONGEST_MS, "codes")
            if first <= last:
                return CodeSeen(_text(value[0], _CODE_TEXT, "codes"), first, last)
    raise UntrustworthyAnswerError(field="codes")


def _video(value: object) -> Video:
    fields = _object(value, "video")
    return Video(
        codec=_text(fields.get("codec"), _WORD, "video.codec"),
        width=_whole(fields.get("width"), _WIDEST, "video.width"),
        height=_whole(fields.get("height"), _WIDEST, "video.height"),
        fps=_optional(fields.get("fps"), lambda fps: _real(fps, _FASTEST, "video.fps")),
        pixels=_optional(fields.get("pixels"), lambda name: _text(name, _WORD, "video.pixels")),
    )


def _place(value: object) -> Place:
    fields = _object(value, "place")
    return Place(
        _degrees(fields.get("latitude"), _POLE, "place.latitude"),
        _degrees(fields.get("longitude"), 2 * _POLE, "place.longitude"),
    )


def _audio(value: object) -> Audio:
    fields = _object(value, "audio")
    return Audio(
        codec=_text(fields.get("codec"), _WORD, "audio.codec"),
        rate=_whole(fields.get("rate"), _HIGHEST_RATE, "audio.rate"),
        channels=_whole(fields.get("channels"), _MOST_CHANNELS, "audio.channels"),
    )


def _still(still: bytes | None) -> bytes | None:
    if still is None:
        return None
    is_jpeg = still.startswith(b"\xff\xd8\xff") and still.endswith(b"\xff\xd9")
    if not is_jpeg or len(still) > STILL_SIZE:
        raise UntrustworthyAnswerError(field="still")
    return still


_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


def _optional(value: object, check: Callable[[object], _T]) -> _T | None:
    return None if value is None else check(value)


def _object(value: object, field_name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UntrustworthyAnswerError(field=field_name)
    return value


def _member(members: type[_E], value: object, field_name: str) -> _E:
    if not isinstance(value, str) or value not in members.__members__.values():
        raise UntrustworthyAnswerError(field=field_name)
    return members(value)


def _text(value: object, form: re.Pattern[str], field_name: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise UntrustworthyAnswerError(field=field_name)
    return value


def _whole(value: object, most: int, field_name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise UntrustworthyAnswerError(field=field_name)
    return value


def _degrees(value: object, most: float, field_name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
        raise UntrustworthyAnswerError(field=field_name)
    return float(value)


def _real(value: object, most: float, field_name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise UntrustworthyAnswerError(field=field_name)
    # Compared as it stands: of a whole number of 400 digits no float can be made. NaN is in no bounds.
    if not 0 <= value <= most:
        raise UntrustworthyAnswerError(field=field_name)
    return float(value)
