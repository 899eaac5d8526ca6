"""One duty, on one row or on several: where a recorder was replaced, it goes on on the next (R22.1)."""

from dataclasses import dataclass
from datetime import datetime

from aigaq.journal.models import Failure, JournalRow, Pause, Replacement
from aigaq.journal.selectors import RowView, row_views


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one recorder of a duty was the one to record with."""

    view: RowView
    since: datetime
    until: datetime | None
    """When it was handed back, or replaced if that was before; None while it is in use."""


@dataclass(frozen=True, slots=True)
class WholeDuty:
    """All of a duty, read at one moment."""

    rows: tuple[RowView, ...]
    """Never empty: the one that was issued first, then each that replaced the one before it."""

    @property
    def is_of_several(self) -> bool:
        return len(self.rows) > 1

    @property
    def began_at(self) -> datetime:
        return self.rows[0].issued_at

    @property
    def ended_at(self) -> datetime | None:
        """When the last recorder was handed back; None while the duty lasts.

        A failed one that was handed back later has not made it longer.
        """
        return self.rows[-1].returned_at

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Which recorder was in use when; a gap between two is time without one."""
        replaced_at: list[datetime | None] = [view.issued_at for view in self.rows[1:]]
        return tuple(
            Turn(view, view.issued_at, min((at for at in (view.returned_at, next_) if at), default=None))
            for view, next_ in zip(self.rows, [*replaced_at, None], strict=True)
        )

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """Of all rows, oldest first."""
        found = (pause for view in self.rows for pause in view.pauses)
        return tuple(sorted(found, key=lambda each: (each.occurred_at, each.seq)))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Of all rows, oldest first."""
        found = (failure for view in self.rows for failure in view.failures)
        return tuple(sorted(found, key=lambda each: (each.occurred_at, each.seq)))


def duty_of(row: JournalRow) -> WholeDuty:
    """The whole duty of which `row` is a part: mostly that row alone."""
    ids = [row.pk]
    while before := Replacement.objects.filter(new_row=ids[0]).values_list("failure__row", flat=True).first():
        ids.insert(0, before)
    while after := Replacement.objects.filter(failure__row=ids[-1]).values_list("new_row", flat=True).first():
        ids.append(after)
    return WholeDuty(tuple(row_views(ids)))
