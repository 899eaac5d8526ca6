"""Marks and results as a page shows them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import get_language

from aigaq import wiring
from aigaq.recordings.clocks import TimeOf, time_of
from aigaq.recordings.models import RecordingFile
from aigaq.review.models import Mark, Saying
from aigaq.review.selectors import marks_of, reviews_of
from aigaq.web.review import places
from aigaq.web.review.forms import MarkForm, ResultForm


@dataclass(frozen=True)
class ShownSaying:
    saying: Saying

    @property
    def place(self) -> str:
        return places.spelt(self.saying.position_ms)

    @property
    def until(self) -> str:
        return "" if self.saying.until_ms is None else places.spelt(self.saying.until_ms)

    @property
    def category(self) -> str:
        """In the reader's language; its key where the profile has it no more."""
        mark = wiring.profile().mark(self.saying.category)
        return mark.text.in_(get_language() or "") if mark else self.saying.category


@dataclass(frozen=True)
class ShownMark:
    mark: Mark
    offset: timedelta | None
    """How far the recorder's clock was ahead, where that was read exactly."""

    @property
    def present(self) -> ShownSaying:
        return ShownSaying(self.mark.present)

    @property
    def before(self) -> list[ShownSaying]:
        """What it said before it was amended, oldest first."""
        said = [self.mark.saying, *(each.saying for each in self.mark.history)]
        return [ShownSaying(each) for each, next_ in pairwise(said) if each != next_]

    @property
    def camera_at(self) -> datetime | None:
        return self.mark.present_camera_at

    @property
    def true_at(self) -> datetime | None:
        """The recorder's clock set right; None where nobody knows by how much."""
        camera_at = self.camera_at
        return None if camera_at is None or self.offset is None else camera_at - self.offset


def marks_on_page(file: RecordingFile, time: TimeOf | None = None) -> dict[str, object]:
    """What `web/review/marks.html` needs beside the file."""
    time = time or time_of(file.recording, allowed=wiring.clock_drift())
    offset = exact_offset(time)
    return {
        "marks": [ShownMark(mark, offset) for mark in marks_of(file.recording)],
        "mark_form": MarkForm(initial={"place": 0}, auto_id="mark_%s"),
        "reviews": reviews_of(file.recording),
        "result_form": ResultForm(auto_id="result_%s"),
    }


def exact_offset(time: TimeOf) -> timedelta | None:
    reading = time.reading
    return timedelta(milliseconds=reading.offset_ms) if reading and reading.is_exact else None
