"""The reasons of a duty's time, in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.core.clock import KAZAKHSTAN, instant_of
from aigaq.journal.models import Failure, Pause
from aigaq.journal.selectors import as_corrected
from aigaq.recordings.coverage import END, START, Part, Reason, Tolerances
from aigaq.recordings.duty_coverage import DutyCoverage
from aigaq.web import dates
from aigaq.web.coverage.words import length_of

STATES: Final[Mapping[Reason, str]] = {
    Reason.RECORDED: "go",
    Reason.DAMAGED: "warn",
    Reason.PAUSED: "",
    Reason.FAILED: "warn",
    Reason.AWAITED: "",
    Reason.JOIN: "go",
    Reason.GRACE: "",
    Reason.UNEXPLAINED: "stop",
}
"""How a reason is coloured; its words say the same."""

Told = Mapping[str, Pause | Failure]


def told_on(found: DutyCoverage) -> dict[str, Pause | Failure]:
    """What was announced on the duty, as it stands now, by its id."""
    pauses = {str(each.pk): as_corrected(each) for each in found.duty.pauses}
    return {**pauses, **{str(each.pk): as_corrected(each) for each in found.duty.failures}}


def why(part: Part, files: int, joins: int, told: Told, borne: Tolerances) -> str:
    """What stands behind one stretch, as a sentence. `joins` is how much of it lies between its `files`."""
    match part.reason:
        case Reason.RECORDED | Reason.JOIN:
            return _recorded(files, joins)
        case Reason.DAMAGED:
            return _("What is there plays in part, or nobody can say how long it is.")
        case Reason.PAUSED | Reason.FAILED:
            return " ".join(_announced(told[part.cause]))
        case Reason.AWAITED:
            return _("What was recorded may still be on the card.")
        case Reason.GRACE:
            return _grace(part, borne)
    sentence = _("Neither recorded nor announced.")
    if part.length > borne.threshold:
        longer = _("Longer than {length}: an incident follows from it.")
        sentence = f"{sentence} {longer.format(length=length_of(borne.threshold))}"
    return sentence


def _recorded(files: int, joins: int) -> str:
    said = ngettext("In {n} file.", "In {n} files.", files).format(n=files)
    if joins:
        between = _("Between them {length} in all, as recorders need it.").format(length=length_of(joins))
        return f"{said} {between}"
    return said


def _announced(told: Pause | Failure) -> Iterator[str]:
    if isinstance(told, Pause):
        yield _("{reason}, told {at}, {how}.").format(
            reason=told.get_reason_display(), at=dates.time(told.occurred_at), how=told.get_told_display()
        )
        if not hasattr(told, "resumed"):
            yield _("Nobody told its end.")
        return
    yield _("{cause}, told {at}, {how}.").format(
        cause=told.get_cause_display(), at=dates.time(told.occurred_at), how=told.get_told_display()
    )
    if hasattr(told, "replaced"):
        new = told.replaced.new_row
        yield _("Replaced by {recorder} at {at}, row {row}.").format(
            recorder=new.recorder, at=dates.time(told.replaced.occurred_at), row=new.number
        )
    elif hasattr(told, "repaired"):
        yield _("Put right at {at}.").format(at=dates.time(told.repaired.occurred_at))


def _grace(part: Part, borne: Tolerances) -> str:
    if part.cause == START:
        sentence = _("Between the desk and the switch: up to {length} after the issue.")
        return sentence.format(length=length_of(borne.start_grace))
    if part.cause == END:
        sentence = _("Between the switch and the desk: up to {length} before the return.")
        return sentence.format(length=length_of(borne.end_grace))
    sentence = _("Beside what was announced: up to {length}.")
    return sentence.format(length=length_of(borne.pause_margin))


def when(start: int, end: int) -> str:
    """From when until when, to the second."""
    begun, ended = (instant_of(at).astimezone(KAZAKHSTAN) for at in (start, end))
    if begun.date() == ended.date():
        return f"{dates.exact_time(begun)}–{dates.exact_time(ended)}"
    return f"{dates.exact_moment(begun)} – {dates.exact_moment(ended)}"
