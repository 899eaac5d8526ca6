"""What is doubtful in the time of a recording, as sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import N_
from aigaq.recordings.clocks import TimeOf
from aigaq.recordings.models import Recording
from aigaq.unloading.recorders.clocks import Doubt
from aigaq.web import dates
from aigaq.web.registry.clock_picture import offset_in_words

_SENTENCES: Mapping[Doubt, str] = {
    Doubt.NO_TIME: N_(
        "Nothing in it says when it was made. In lists it stands when it was taken in: {taken}."
    ),
    Doubt.AFTER_TAKEN_IN: N_("By the recorder's clock it begins after it was taken in: {taken}."),
    Doubt.BEFORE_ISSUE: N_("By the recorder's clock it begins before the recorder was issued: {issued}."),
    Doubt.AFTER_RETURN: N_(
        "By the recorder's clock it begins after the recorder was taken back: {returned}."
    ),
    Doubt.CLOCK_AT_START: N_("Clocks that have lost their power, and their date with it, begin in {year}."),
    Doubt.CLOCK_OFF: N_("When the recorder's clock was compared on {read}, it was {offset}."),
    Doubt.WHOLE_HOURS: N_(
        "When the recorder's clock was compared on {read}, it was {offset}: whole hours, as if set to "
        "another zone or to summer time."
    ),
}


def sentences(recording: Recording, found: TimeOf) -> list[str]:
    """One for each doubt, in the reader's language."""
    placement = getattr(recording, "placement", None)
    row = placement.row if placement else None
    returned = getattr(row, "returned", None)
    reading = found.reading
    facts = {
        "taken": dates.moment(recording.ingested_at),
        "issued": dates.moment(row.issue.occurred_at) if row else "",
        "returned": dates.moment(returned.occurred_at) if returned else "",
        "year": recording.recorded_at.astimezone(KAZAKHSTAN).year if recording.recorded_at else "",
        "read": dates.moment(reading.read_at) if reading else "",
        "offset": offset_in_words(reading) if reading else "",
    }
    return [_(_SENTENCES[doubt]).format(**facts) for doubt in found.doubts]
