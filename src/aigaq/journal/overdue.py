"""What should have been handed back by now (R24.1), by the working day of `settings.WORKING_DAY_ENDS`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from aigaq.journal.due import overdue_since
from aigaq.journal.selectors import RowView, rows_out
from aigaq.registry.models import Division, State


@dataclass(frozen=True, slots=True)
class Overdue:
    """A row whose recorder is still out though it is due."""

    view: RowView
    since: datetime
    """When it fell due: with the row, what makes this one overdue and no other."""


def overdue_rows(division: Division, now: datetime) -> list[Overdue]:
    """Of that division, what is overdue longest first."""
    return overdue_among(rows_out(division), now)


def all_overdue(now: datetime) -> list[Overdue]:
    """Of all divisions, what is overdue longest first."""
    return overdue_among(rows_out(), now)


def overdue_among(out: Iterable[RowView], now: datetime) -> list[Overdue]:
    """Those of the rows out that are overdue.

    A recorder that was declared lost is not: nobody can be reminded to hand it back, and the loss was told.
    """
    found = []
    for view in out:
        since = overdue_since(view.issued_at, now, settings.WORKING_DAY_ENDS)
        if since is not None and view.row.recorder.state != State.LOST:
            found.append(Overdue(view, since))
    return sorted(found, key=lambda each: (each.since, each.view.cursor))
