"""When none is issued in place of a recorder that failed (R22.1). Pure: facts in, the refusal or None out.

The failed recorder may be handed back before the other is issued, or after: at the desk it is one act or the
other that comes first. But the duty ends with the day on which it was handed back, and a recorder that is
issued later is issued for a new one.
"""

from dataclasses import dataclass
from datetime import datetime

from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import AigaqError
from aigaq.journal.errors import AlreadySettledError, DutyOverError, NotTheirFailureError, SameRecorderError


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The failure that an issue is to settle: on which row, whose, and what came of it so far."""

    row: int
    recorder: str
    inspector: str
    is_same_inspector: bool
    settled_at: datetime | None
    """When it was repaired, or the recorder of its row replaced."""
    returned_at: datetime | None
    now: datetime


def refusal_to_replace(replaced: Replaced, recorder: str) -> AigaqError | None:
    """`recorder` is the number of the one to be issued."""
    if replaced.settled_at is not None:
        return AlreadySettledError(row=replaced.row, at=replaced.settled_at)
    if not replaced.is_same_inspector:
        return NotTheirFailureError(row=replaced.row, inspector=replaced.inspector)
    if recorder == replaced.recorder:
        return SameRecorderError(number=recorder)
    if replaced.returned_at is not None and is_over(replaced.returned_at, replaced.now):
        return DutyOverError(row=replaced.row, at=replaced.returned_at)
    return None


def is_over(returned_at: datetime, now: datetime) -> bool:
    """The duty of a row that was handed back: from the next day on, by Kazakhstan's calendar."""
    return returned_at.astimezone(KAZAKHSTAN).date() != now.astimezone(KAZAKHSTAN).date()
