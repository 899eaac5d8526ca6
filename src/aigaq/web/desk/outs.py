"""What is out, as the desk shows it: with how long it should have been back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.journal.overdue import Overdue, overdue_among
from aigaq.journal.selectors import RowView

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Out:
    """`since` is when it fell due; None while there is time left."""

    view: RowView
    since: datetime | None = None
    late: str = ""
    """How long it is overdue, in words."""

    @property
    def lost(self) -> list[str]:
        """What of it was reported lost."""
        return [loss.get_thing_display() for loss in self.view.losses]


def overdue_outs(out: Iterable[RowView], now: datetime) -> list[Out]:
    """Those that should be back, the longest overdue first."""
    return [Out(each.view, each.since, _late(each, now)) for each in overdue_among(out, now)]


def _late(overdue: Overdue, now: datetime) -> str:
    late = now - overdue.since
    if late >= _DAY:
        days = late // _DAY
        return ngettext("{n} day late", "{n} days late", days).format(n=days)
    if late >= _HOUR:
        hours = late // _HOUR
        return ngettext("{n} hour late", "{n} hours late", hours).format(n=hours)
    return _("less than an hour late")
