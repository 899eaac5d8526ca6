"""Which row of the journal recordings in the tray were probably made on, and why. Pure; a person decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from aigaq.ingest.models import Unload
from aigaq.journal.selectors import RowView

SLACK = timedelta(minutes=15)
"""How wrong a recorder's clock may be without its times speaking against a row."""


@dataclass(frozen=True)
class Traces:
    """What the recordings say of themselves: when, by the recorder's clock, and the names of their files."""

    unload: Unload
    times: Sequence[datetime]
    names: Sequence[str]


@dataclass(frozen=True)
class Candidate:
    view: RowView
    score: int
    reasons: tuple[str, ...]
    """For the custodian to judge."""


def ranked(traces: Traces, views: Iterable[RowView], *, now: datetime) -> list[Candidate]:
    """All rows, the likeliest first; those with nothing for them in the order given."""
    found = [_candidate(traces, view, now) for view in views]
    return sorted(found, key=lambda candidate: -candidate.score)


def _candidate(traces: Traces, view: RowView, now: datetime) -> Candidate:
    signs = [
        (4, _("the same card"), _same(traces.unload.card_id, view.row.card_id)),
        (4, _("the same recorder"), _same(traces.unload.recorder_id, view.row.recorder_id)),
        (3, _("the files are named after its recorder"), _named(traces.names, view)),
        (3, _("recorded while it was out"), _out_then(traces.times, view, now)),
    ]
    given = [(points, reason) for points, reason, holds in signs if holds]
    return Candidate(view, sum(points for points, _why in given), tuple(reason for _points, reason in given))


def _same(one: object, other: object) -> bool:
    return one is not None and one == other


def _named(names: Sequence[str], view: RowView) -> bool:
    """Letters and digits alone are compared: file systems of cards spell the rest as they can."""
    marks = [
        _letters(number) for number in (view.row.recorder.inventory_number, view.row.recorder.serial_number)
    ]
    return any(mark and mark in _letters(name) for name in names for mark in marks)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _out_then(times: Sequence[datetime], view: RowView, now: datetime) -> bool:
    start, end = view.issued_at - SLACK, (view.returned_at or now) + SLACK
    return any(start <= time <= end for time in times)
