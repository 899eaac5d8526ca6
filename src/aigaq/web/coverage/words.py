"""Coverage in the reader's language: reasons, offsets, and what one judgement says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aigaq.core.clock import instant_of
from aigaq.recordings.coverage import Reason
from aigaq.recordings.models import CoverageJudgement
from aigaq.recordings.offsets import Known
from aigaq.web import dates
from aigaq.web.durations import duration_in_words

REASONS: Final[Mapping[Reason, object]] = {
    Reason.RECORDED: gettext_lazy("Recorded"),
    Reason.DAMAGED: gettext_lazy("Recorded, but damaged"),
    Reason.PAUSED: gettext_lazy("Announced pause"),
    Reason.FAILED: gettext_lazy("The recorder had failed"),
    Reason.AWAITED: gettext_lazy("Not unloaded yet"),
    Reason.JOIN: gettext_lazy("Between two files"),
    Reason.GRACE: gettext_lazy("Within what is allowed"),
    Reason.UNEXPLAINED: gettext_lazy("Unexplained"),
}
_QUIET: Final = frozenset({Reason.RECORDED, Reason.JOIN})


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A stretch of a duty that is not plainly recorded."""

    when: str
    reason: object
    length: str
    is_unexplained: bool


@dataclass(frozen=True, slots=True)
class ShownJudgement:
    judgement: CoverageJudgement
    sentence: str
    offsets: tuple[str, ...]
    parts: tuple[ShownPart, ...]

    @property
    def judged_at(self) -> datetime:
        return self.judgement.judged_at


def shown(judgement: CoverageJudgement) -> ShownJudgement:
    return ShownJudgement(
        judgement, _sentence(judgement), tuple(_offsets(judgement)), tuple(_parts(judgement.parts))
    )


def length_of(milliseconds: int) -> str:
    return duration_in_words(milliseconds / 1000)


def percent(thousandths: int | None) -> str:
    """“98.4 %”; a dash where nothing was to be recorded."""
    if thousandths is None:
        return "–"
    return _("{number} %").format(number=number_format(thousandths / 10, 1))


def offset_said(offset_ms: int, known: str) -> str:
    """How far a camera's clock was off, and how that is known."""
    length = length_of(offset_ms)
    if known == Known.UNKNOWN:
        return _("The clock was never compared: its times are taken as they stand.")
    if known == Known.AT_LEAST and offset_ms > 0:
        return _("The clock was at least {length} ahead; that much was corrected.").format(length=length)
    if known == Known.AT_LEAST:
        return _("The clock was at least {length} behind; that much was corrected.").format(length=length)
    if not offset_ms:
        return _("The clock was compared, and was right.")
    if offset_ms > 0:
        return _("The clock was compared, was {length} ahead, and that was corrected.").format(length=length)
    return _("The clock was compared, was {length} behind, and that was corrected.").format(length=length)


def _sentence(judgement: CoverageJudgement) -> str:
    if not judgement.gaps:
        return _("No unexplained gap is longer than is allowed.")
    gaps = [(instant_of(start), instant_of(end)) for start, end in judgement.gaps]
    said = ngettext(
        "Unexplained: one gap, {total}: {gaps}.", "Unexplained: {count} gaps, {total}: {gaps}.", len(gaps)
    )
    return said.format(
        count=len(gaps),
        total=length_of(sum(end - start for start, end in judgement.gaps)),
        gaps=", ".join(dates.stretch(start, end) for start, end in gaps),
    )


def _offsets(judgement: CoverageJudgement) -> Iterator[str]:
    for offset in judgement.offsets:
        said = offset_said(offset["offset_ms"], offset["known"])
        files = ngettext("{count} file", "{count} files", offset["takes"]).format(count=offset["takes"])
        yield _("{files}: {offset}").format(files=files, offset=said)


def _parts(parts: Sequence[Sequence[Any]]) -> Iterator[ShownPart]:
    for start, end, reason, _cause in parts:
        if Reason(reason) not in _QUIET:
            yield ShownPart(
                dates.stretch(instant_of(start), instant_of(end)),
                REASONS[Reason(reason)],
                length_of(end - start),
                Reason(reason) is Reason.UNEXPLAINED,
            )
