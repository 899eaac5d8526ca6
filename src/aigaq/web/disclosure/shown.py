"""Demands as pages show them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.models import Chosen, Segment
from aigaq.disclosure.selectors import DemandView, Stage, Urgency
from aigaq.recordings.models import Recording
from aigaq.recordings.selectors import loaded
from aigaq.registry.models import Division
from aigaq.web.recordings.shown import Day, ShownFile, days

STAGES: Final = {
    Stage.OPEN: (_("waiting for the head"), "warn"),
    Stage.APPROVED: (_("approved"), "go"),
    Stage.HANDED_OVER: (_("handed over"), ""),
    Stage.REFUSED: (_("refused"), "stop"),
}
URGENCIES: Final = {
    Urgency.NONE: ("", ""),
    Urgency.SOON: (_("soon"), "warn"),
    Urgency.TODAY: (_("today"), "warn"),
    Urgency.OVERDUE: (_("overdue"), "stop"),
}


@dataclass(frozen=True)
class ShownDemand:
    view: DemandView
    today: date

    @property
    def stage(self) -> object:
        return STAGES[self.view.stage][0]

    @property
    def stage_state(self) -> str:
        return STAGES[self.view.stage][1]

    @property
    def urgency(self) -> object:
        return URGENCIES[self.view.urgency(self.today)][0]

    @property
    def urgency_state(self) -> str:
        return URGENCIES[self.view.urgency(self.today)][1]

    @property
    def recordings(self) -> int:
        return len(self.view.selection.items)

    @property
    def stretches(self) -> int:
        return sum(len(each.segments) for each in self.view.selection.items)


def shown(views: Sequence[DemandView]) -> list[ShownDemand]:
    return [ShownDemand(each, today()) for each in views]


def today() -> date:
    return wiring.clock().now().astimezone(KAZAKHSTAN).date()


@dataclass(frozen=True)
class Stretch:
    """From where until where, as it is typed and shown: h:mm:ss."""

    file: ShownFile
    segment: Segment

    @property
    def begin(self) -> str:
        return spelt(self.segment.from_ms)

    @property
    def end(self) -> str:
        return spelt(self.segment.until_ms)


@dataclass(frozen=True)
class ShownChoice:
    """What is chosen, by days and duties, and the stretches of each recording."""

    days: list[Day]
    stretches: dict[UUID, list[Stretch]]
    size: int
    """Octets of all originals."""

    def of(self, recording: Recording) -> list[Stretch]:
        return self.stretches.get(recording.pk, [])


def shown_choice(division: Division, chosen: Sequence[Chosen]) -> ShownChoice:
    recordings = loaded(division, [each.recording for each in chosen])
    recordings.sort(key=lambda each: (each.listed_at, str(each.pk)))
    files = {file.pk: ShownFile(file) for each in recordings for file in each.files.all()}
    stretches: dict[UUID, list[Stretch]] = {}
    for each in chosen:
        found = [Stretch(files[one.file], one) for one in each.segments if one.file in files]
        if found:
            stretches[each.recording] = found
    size = sum(each.file.blob.size for each in files.values())
    return ShownChoice(days(recordings), stretches, size)


def spelt(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


_TIME: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})", re.ASCII)


def read_time(text: str) -> int | None:
    """Milliseconds of ``h:mm:ss``, ``mm:ss`` or seconds; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 1000 * (3600 * hours + 60 * minutes + seconds)
