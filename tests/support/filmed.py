"""Cards of films that nobody has to make: what the prober says of each stands in the file itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self

from aigaq.core.clock import KAZAKHSTAN
from aigaq.ingest.services import Outcome, Pipeline, unload
from aigaq.media.kinds import Kind
from aigaq.media.probe import Judgement, Verdict
from tests.support.cards import DCIM, fill


@dataclass(frozen=True, slots=True)
class Film:
    """From when, by the recorder's clock, for how long; a damaged one plays in part, or not at all."""

    at: datetime
    lasts: timedelta
    verdict: Verdict = Verdict.PLAYABLE
    recorder: str = "БТ-0001"


class Believer:
    """Judges a film to be what stands in it: verdict and seconds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def judge(self, reader: BinaryIO, _name: str, size: int) -> Judgement:
        reader.seek(0)
        verdict, seconds = reader.read(size).split(b"\n")[:2]
        told = Verdict(verdict.decode())
        return Judgement(
            Kind.VIDEO, told, duration=float(seconds) if told is not Verdict.UNREADABLE else None
        )


def films(folder: Path, told: Iterable[Film]) -> Path:
    """A card as a recorder leaves it, each film numbered."""
    for number, film in enumerate(told, start=1):
        name = f"{film.recorder}_{film.at.astimezone(KAZAKHSTAN):%Y%m%d_%H%M%S}_{number:04}.MP4"
        text = f"{film.verdict.value}\n{film.lasts.total_seconds()}\n{film.at}{name}"
        fill(folder, {f"{DCIM}/{name}": text.encode()})
    return folder


def unload_films(line: Pipeline, folder: Path, *told: Film) -> Outcome:
    believing = replace(line, tools=replace(line.tools, judge_factory=Believer))
    return unload(believing, films(folder, told))
