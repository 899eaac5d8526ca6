"""Until when a recorder is handed back: after the working day (R24.1). Pure: instants in, instants out.

The order says no hour, so the office does (`AIGAQ_WORKING_DAY_ENDS`). Who receives a recorder on a day works
that day, on a Saturday too: it is due by that day's end. One that goes out later in the evening is due by the
end of the next day of Monday to Friday, as nobody need be there to take it back before. Public holidays are
not known here: a recorder that is due on one is shown as overdue until somebody takes it back.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from aigaq.core.clock import KAZAKHSTAN

WORKING_WEEK: Final = 5
"""Monday to Friday."""


def due_at(issued_at: datetime, day_ends: time) -> datetime:
    """When what went out at `issued_at` has to be back, by Kazakhstan's time."""
    issued = issued_at.astimezone(KAZAKHSTAN)
    day = issued.date()
    if issued.time() >= day_ends:
        day += timedelta(days=1)
        while day.isoweekday() > WORKING_WEEK:
            day += timedelta(days=1)
    return datetime.combine(day, day_ends, KAZAKHSTAN).astimezone(UTC)


def overdue_since(issued_at: datetime, now: datetime, day_ends: time) -> datetime | None:
    """Since when it should have been back; None while there is time left."""
    due = due_at(issued_at, day_ends)
    return due if due < now else None
