"""Looks as a page shows them: what one person had of a file through one opening of the vault is one line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aigaq.access.models import EnteredLook
from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.intervals import Interval, Intervals
from aigaq.journal.models import JournalRow
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Person
from aigaq.web.durations import duration_in_words

WHAT: Mapping[str, object] = {
    "unlocked": gettext_lazy("opened the recordings"),
    "listed": gettext_lazy("looked through the list"),
    "searched": gettext_lazy("searched"),
    "duty-viewed": gettext_lazy("looked at the duty"),
    "viewed": gettext_lazy("looked at the page of"),
    "played": gettext_lazy("watched"),
    "still": gettext_lazy("saw a still picture of"),
    "downloaded": gettext_lazy("took a copy of"),
    "recovery-key": gettext_lazy("had the recovery key shown"),
}
_EACH = frozenset({"unlocked", "downloaded", "recovery-key"})
"""Told one by one."""
_NAMED = 4
"""Stretches of a file that are told one by one."""


@dataclass
class ShownLook:
    """One line. `looks` are what it sums up, the newest first."""

    looks: list[EnteredLook]
    who: str
    file: RecordingFile | None
    row: JournalRow | None
    _stretches: Intervals = field(default_factory=Intervals)

    @property
    def kind(self) -> str:
        return self.looks[0].kind

    @property
    def what(self) -> object:
        return WHAT.get(self.kind, self.kind)

    @property
    def began_at(self) -> datetime:
        return self.looks[-1].at

    @property
    def ended_at(self) -> datetime:
        return self.looks[0].at

    @property
    def on(self) -> date:
        """The day, by Kazakhstan's calendar."""
        return self.ended_at.astimezone(KAZAKHSTAN).date()

    @property
    def seq(self) -> int:
        return self.looks[0].seq

    @property
    def entries(self) -> str:
        return ngettext("{n} entry", "{n} entries", len(self.looks)).format(n=len(self.looks))

    @property
    def stretches(self) -> str:
        """Which of the file: “0:00–2:30, 12:00–12:30”; empty where that is not known."""
        found = list(Intervals(_of_the_file(self.looks)))
        said = [f"{_clock(each.start)}–{_clock(each.end)}" for each in found[:_NAMED]]
        if len(found) > _NAMED:
            more = len(found) - _NAMED
            said.append(ngettext("{n} more stretch", "{n} more stretches", more).format(n=more))
        return ", ".join(said)

    @property
    def length(self) -> str:
        """How much of it in all."""
        whole = Intervals(_of_the_file(self.looks)).length
        return duration_in_words(whole / 1000) if whole else ""


def shown(found: Sequence[EnteredLook]) -> list[ShownLook]:
    """Lines in the order of their newest looks. Three queries, however many."""
    people = Person.objects.in_bulk({each.person for each in found if each.person})
    files = RecordingFile.objects.select_related(
        "recording__placement__row__first_inspector", "recording__placement__row__first_recorder"
    ).in_bulk({each.file for each in found if each.file})
    rows = JournalRow.objects.in_bulk({each.row for each in found if each.row})
    return [
        ShownLook(
            looks=run,
            who=_name(run[0].person, people),
            file=files.get(run[0].file),
            row=rows.get(run[0].row) or _row_of(files.get(run[0].file)),
        )
        for run in _runs(found)
    ]


def _runs(found: Iterable[EnteredLook]) -> list[list[EnteredLook]]:
    """What belongs together; a day's alone, since days are headings."""
    runs: dict[object, list[EnteredLook]] = {}
    for each in found:
        day = each.at.astimezone(KAZAKHSTAN).date()
        same = (each.person, each.viewing, each.kind, each.file, each.row, day)
        runs.setdefault(each.seq if each.kind in _EACH else same, []).append(each)
    return list(runs.values())


def _of_the_file(looks: Iterable[EnteredLook]) -> Iterable[Interval]:
    for each in looks:
        if each.from_ms is not None and each.to_ms is not None and each.from_ms <= each.to_ms:
            yield Interval(each.from_ms, each.to_ms)


def _name(person: UUID | None, people: Mapping[UUID, Person]) -> str:
    found = people.get(person) if person else None
    return found.full_name if found else _("Somebody unknown")


def _row_of(file: RecordingFile | None) -> JournalRow | None:
    placement = getattr(file.recording, "placement", None) if file else None
    return placement.row if placement else None


def _clock(milliseconds: int) -> str:
    """Minutes and seconds from the beginning of the file, or hours too."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
