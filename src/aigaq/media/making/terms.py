"""What parent and child have to say of the making of a derivative, and how a child's word becomes a fact."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.errors import N_, AigaqError
from aigaq.media.making.recipes import VERSION, Plan, Product, Way
from aigaq.media.probe import UntrustworthyAnswerError

LONGEST_SIDE: Final = 1920
"""Of a proxy's picture, in pixels. What is larger is made smaller; the original keeps every pixel."""

MOST_GAPS: Final = 200
"""Told one by one."""
MOST_PARTS: Final = 4
SUFFIXES: Final = ("mp4", "mkv", "mov", "avi")
"""Of a cut."""
_LONGEST_MS: Final = 10 * 366 * 86_400_000
_WIDEST: Final = 1 << 16
_MOST_FRAMES: Final = 1 << 40
_MOST_LIBRARIES: Final = 8
_WORD: Final = re.compile(r"[A-Za-z0-9 =_,.:+\-]{1,160}")


class Lack(StrEnum):
    """What a derivative has not, or has otherwise, than an undamaged original. Published codes."""

    END = "end"
    GAPS = "gaps"
    PICTURES = "pictures"
    BEGINNING = "beginning"
    SOUND = "sound"
    PICTURE = "picture"
    TIMES = "times"
    PARAMETERS = "parameters"
    SMALLER = "smaller"
    REST = "rest"

    @property
    def sentence(self) -> str:
        """In English, the key of its translations."""
        return _LACKS[self]


_LACKS: Final[Mapping[Lack, str]] = {
    Lack.END: N_("The end of the recording is missing."),
    Lack.GAPS: N_("There are gaps: the last picture before a gap stands still, and there is no sound."),
    Lack.PICTURES: N_("Some pictures can't be read, or only in part; they are shown as far as they can be."),
    Lack.BEGINNING: N_("The first pictures can't be shown: what they are built upon is missing."),
    Lack.SOUND: N_("The sound can't be restored."),
    Lack.PICTURE: N_("The picture can't be restored; there is sound only."),
    Lack.TIMES: N_(
        "The times in the file make no sense or are missing: places are reckoned from the rate of pictures."
    ),
    Lack.PARAMETERS: N_(
        "What is needed to decode the pictures was taken from another recording of the same recorder."
    ),
    Lack.SMALLER: N_("The picture is smaller than the original's."),
    Lack.REST: N_("Only part of the photo is there; the rest is grey."),
}


class Obstacle(StrEnum):
    """Why nothing was made. Published codes."""

    UNFIT = "unfit"
    """For this way; the next is tried."""
    NOTHING_FOUND = "nothing-found"
    NO_PARAMETERS = "no-parameters"
    TOO_LARGE = "too-large"
    MEMORY = "memory"
    CRASHED = "crashed"
    TIME = "time"
    NO_ROOM = "no-room"
    NOT_STARTED = "not-started"
    CANCELLED = "cancelled"
    STORE = "store"
    LOST = "lost"
    NOT_CUT = "not-cut"
    """Of a cut, where nothing can be taken over as it is."""
    OUTSIDE = "outside"
    """Of a cut, where the recording has nothing in the stretch."""

    @property
    def sentence(self) -> str:
        """In English, the key of its translations."""
        return _OBSTACLES[self]


_OBSTACLES: Final[Mapping[Obstacle, str]] = {
    Obstacle.UNFIT: N_("It can't be made in this way."),
    Obstacle.NOTHING_FOUND: N_("No picture and no sound was found in the file. An expert may find more."),
    Obstacle.NO_PARAMETERS: N_(
        "There are pictures in the file, but not what is needed to decode them. An undamaged recording of "
        "the same recorder in the same quality may have it: take one in, then try again."
    ),
    Obstacle.TOO_LARGE: N_("The picture is said to be larger than any camera makes; it was not opened."),
    Obstacle.MEMORY: N_("Making it would take more memory than is allowed."),
    Obstacle.CRASHED: N_("The file made the program that makes it fail."),
    Obstacle.TIME: N_("Making it took longer than is allowed."),
    Obstacle.NO_ROOM: N_("There is no room for it on the vault's disk. Make room, then try again."),
    Obstacle.NOT_STARTED: N_("The program that makes it did not start. Have “aigaq check” run."),
    Obstacle.CANCELLED: N_("It was cancelled."),
    Obstacle.STORE: N_("The recording could not be read from the vault, or what was made not be stored."),
    Obstacle.LOST: N_("Aigaq was restarted in the meantime. Ask for it again."),
    Obstacle.NOT_CUT: N_(
        "This recording can't be cut without loss: it has no index, or its times make no sense. "
        "The original goes out whole."
    ),
    Obstacle.OUTSIDE: N_("The recording has nothing between these times. Look at where it begins and ends."),
}


class NotMadeError(AigaqError):
    code = "media.not-made"
    message = N_("Nothing was made of the file: {obstacle}")

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle=obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut has of its recording, in milliseconds from its beginning, and how a file of it is named."""

    from_ms: int
    until_ms: int
    suffix: str


@dataclass(frozen=True, slots=True)
class Work:
    """What was made, by the child's word: all of it within bounds, none of it to be relied upon."""

    video: str | None
    """How the picture came in: ``copy``, or the encoder with its settings; None: there is none."""
    audio: str | None
    width: int
    height: int
    duration_ms: int
    frames: int
    gaps: tuple[tuple[int, int], ...]
    """Stretches without picture, or of a sound without sound: from and to, in milliseconds."""
    gap_count: int
    bad_packets: int
    lacks: tuple[Lack, ...]
    rate: str | None = None
    """Pictures a second that were reckoned with, where the file has no times."""
    cut: Cut | None = None
    """Of a cut, and then always."""

    def to_dict(self) -> dict[str, Json]:
        facts: dict[str, Json] = asdict(self)
        if self.cut is None:
            del facts["cut"]
        facts["gaps"] = [list(gap) for gap in self.gaps]
        facts["lacks"] = [lack.value for lack in self.lacks]
        return facts


def recipe(plan: Plan, libraries: Mapping[str, str], program: str, work: Work) -> dict[str, Json]:
    """What was done, in full: version, way, settings, and with which programs."""
    return {
        "product": plan.product.value,
        "version": VERSION,
        "way": plan.way.value if plan.way else None,
        "video": work.video,
        "audio": work.audio,
        "program": program,
        "libraries": dict(libraries),
    }


@dataclass(frozen=True, slots=True)
class Answer:
    work: Work
    parts: tuple[tuple[int, int], ...]
    """Which stretches of what the child wrote, one after the other, are the derivative."""
    libraries: Mapping[str, str]
    """With their versions."""


def believe(answer: object, written: int) -> Answer:
    """An answer in which everything has a type and bounds.

    Raise `UntrustworthyAnswerError`, or `NotMadeError` where the child says that it made nothing.
    """
    fields = _object(answer, "answer")
    if fields.get("obstacle") is not None:
        raise NotMadeError(_member(Obstacle, fields["obstacle"], "obstacle"))
    work = Work(
        video=_word(fields.get("video"), "video"),
        audio=_word(fields.get("audio"), "audio"),
        width=_whole(fields.get("width"), _WIDEST, "width"),
        height=_whole(fields.get("height"), _WIDEST, "height"),
        duration_ms=_whole(fields.get("duration_ms"), _LONGEST_MS, "duration_ms"),
        frames=_whole(fields.get("frames"), _MOST_FRAMES, "frames"),
        gaps=tuple(_pair(gap, _LONGEST_MS, "gaps") for gap in _list(fields.get("gaps"), MOST_GAPS, "gaps")),
        gap_count=_whole(fields.get("gap_count"), _MOST_FRAMES, "gap_count"),
        bad_packets=_whole(fields.get("bad_packets"), _MOST_FRAMES, "bad_packets"),
        lacks=tuple(_member(Lack, lack, "lacks") for lack in _list(fields.get("lacks"), len(Lack), "lacks")),
        rate=_word(fields.get("rate"), "rate"),
        cut=_cut(fields.get("cut")),
    )
    parts = tuple(_pair(part, written, "parts") for part in _list(fields.get("parts"), MOST_PARTS, "parts"))
    if not parts or any(offset + length > written for offset, length in parts):
        raise UntrustworthyAnswerError(field="parts")
    libraries = _object(fields.get("libraries"), "libraries")
    if len(libraries) > _MOST_LIBRARIES:
        raise UntrustworthyAnswerError(field="libraries")
    for name, version in libraries.items():
        _word(name, "libraries")
        _word(version, "libraries")
    return Answer(work, parts, libraries)


def order(plan: Plan, name: str, sizes: list[int], processor_seconds: int) -> dict[str, Json]:
    """A job as the child is given it. Of the name only its ending goes out."""
    return {
        "product": plan.product.value,
        "way": plan.way.value if plan.way else None,
        "cut": plan.cut,
        "stretch": list(plan.stretch) if plan.stretch else None,
        "ending": name.rpartition(".")[2].lower()[:8] if "." in name else "",
        "sizes": list(sizes),
        "processor_seconds": processor_seconds,
    }


def plan_of(job: Mapping[str, Any]) -> Plan:
    return Plan(
        Product(job["product"]),
        Way(job["way"]) if job["way"] else None,
        cut=bool(job["cut"]),
        stretch=tuple(job["stretch"]) if job["stretch"] else None,
    )


def _cut(value: object) -> Cut | None:
    if value is None:
        return None
    fields = _object(value, "cut")
    begin, until = (_whole(fields.get(name), _LONGEST_MS, name) for name in ("from_ms", "until_ms"))
    suffix = _word(fields.get("suffix"), "suffix")
    if begin > until or suffix not in SUFFIXES:
        raise UntrustworthyAnswerError(field="cut")
    return Cut(begin, until, suffix)


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UntrustworthyAnswerError(field=name)
    return value


def _list(value: object, most: int, name: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise UntrustworthyAnswerError(field=name)
    return value


def _whole(value: object, most: int, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise UntrustworthyAnswerError(field=name)
    return value


def _pair(value: object, most: int, name: str) -> tuple[int, int]:
    pair = _list(value, 2, name)
    if len(pair) != 2:  # noqa: PLR2004 - a pair
        raise UntrustworthyAnswerError(field=name)
    return _whole(pair[0], most, name), _whole(pair[1], most, name)


def _word(value: object, name: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise UntrustworthyAnswerError(field=name)
    return value


def _member(members: Any, value: object, name: str) -> Any:  # noqa: ANN401 - an enumeration of texts
    if not isinstance(value, str) or value not in members.__members__.values():
        raise UntrustworthyAnswerError(field=name)
    return members(value)
