"""The files of a card: their names, their order and their times, as a recorder leaves them."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image

from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import N_, BadInputError
from aigaq.simulate import film, scene

FOLDER: Final = "DCIM/100AIGAQ"
"""A directory as the rules for camera file systems name it (JEITA CP-3461, 3.2.2)."""

IDENTITY_NAME: Final = "AIGAQ/identity.json"
"""Where a registered card carries what it was given at registration (`docs/formats/card.md`)."""

VOICE_SECONDS: Final = 5

_NOT_IN_A_NAME: Final = re.compile(r"[^\w-]+")

Progress = Callable[[int, int, Path], None]
"""Called after each file with how many are written, of how many, and the one just written."""


class NaiveStartError(BadInputError):
    code = "simulate.naive-start"
    message = N_("The simulated recording needs a start with a time zone, not {started_at}.")


@dataclass(frozen=True, slots=True)
class _Take:
    """One file to write: `second` seconds into the recording."""

    second: int
    ending: str
    write: Callable[[Path], None]


def card(
    directory: Path,
    *,
    files: int = 3,
    seconds: int = 10,
    recorder: str,
    started_at: datetime,
    photos: int = 2,
    audio: int = 1,
    identity: bytes | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write one take of `files` segments of `seconds` each into `directory`; return the files in order.

    Segments follow each other without a gap from `started_at`. Photos are taken evenly during the take,
    sound recordings after it. Names and burnt-in times are in Kazakhstan's time, as the camera's clock is;
    each file's modification time is the moment at which its recording began. With `identity` the card
    carries that file too; it is not in the list. Raises `NaiveStartError`.
    """
    if started_at.tzinfo is None:
        raise NaiveStartError(started_at=started_at)
    folder = directory / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if identity is not None:
        (directory / IDENTITY_NAME).parent.mkdir(exist_ok=True)
        (directory / IDENTITY_NAME).write_bytes(identity)
    takes = sorted(
        [
            *_segments(files, seconds, recorder, started_at),
            *_photos(photos, files * seconds, recorder, started_at),
            *_voices(audio, files * seconds),
        ],
        key=lambda take: take.second,
    )
    written = []
    for number, take in enumerate(takes, 1):
        began = started_at + timedelta(seconds=take.second)
        path = folder / _name(recorder, began, number, take.ending)
        take.write(path)
        os.utime(path, (began.timestamp(), began.timestamp()))
        written.append(path)
        if progress:
            progress(number, len(takes), path)
    return written


def sparse_card(
    directory: Path, *, recorder: str, takes: Iterable[tuple[datetime, timedelta]], every: int = 5
) -> list[Path]:
    """Write films of these beginnings and lengths, each a take by itself with a frame in `every` seconds.

    For a duty of which hours are to be on the card at once. Names and times as in `card`.
    """
    folder = directory / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (began, length) in enumerate(takes, 1):
        path = folder / _name(recorder, began, number, "MP4")
        seconds = round(length.total_seconds())
        film.write_sparse(path, recorder=recorder, started_at=began, seconds=seconds, every=every)
        os.utime(path, (began.timestamp(), began.timestamp()))
        written.append(path)
    return written


def _name(recorder: str, began: datetime, number: int, ending: str) -> str:
    safe = _NOT_IN_A_NAME.sub("-", recorder)
    return f"{safe}_{began.astimezone(KAZAKHSTAN):%Y%m%d_%H%M%S}_{number:04}.{ending}"


def _segments(files: int, seconds: int, recorder: str, started_at: datetime) -> Iterator[_Take]:
    for number in range(files):
        before = number * seconds

        def write(path: Path, before: int = before) -> None:
            film.write(path, recorder=recorder, started_at=started_at, before=before, seconds=seconds)

        yield _Take(before, "MP4", write)


def _photos(photos: int, length: int, recorder: str, started_at: datetime) -> Iterator[_Take]:
    for number in range(photos):
        second = length * (number + 1) // (photos + 1)

        def write(path: Path, second: int = second) -> None:
            _write_photo(path, recorder, started_at, second)

        yield _Take(second, "JPG", write)


def _voices(audio: int, length: int) -> Iterator[_Take]:
    for number in range(audio):
        yield _Take(
            length + number * VOICE_SECONDS, "WAV", lambda path: film.write_voice(path, VOICE_SECONDS)
        )


def _write_photo(path: Path, recorder: str, started_at: datetime, second: int) -> None:
    picture = scene.photo(second, film.caption(recorder, started_at, second))
    # Local time without an offset, as body cameras write it.
    taken = (started_at + timedelta(seconds=second)).astimezone(KAZAKHSTAN).strftime("%Y:%m:%d %H:%M:%S")
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Aigaq simulated recorder"
    exif[ExifTags.Base.DateTime] = taken
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    picture.save(path, "JPEG", quality=88, exif=exif)
