"""What keeps a recording, and how far a plan has come, in the reader's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aigaq import wiring
from aigaq.recordings.models import Recording, RecordingFile, Role
from aigaq.retention.keep_rules import Keep, Reason, Why
from aigaq.retention.models import DisposalPlan, Hold
from aigaq.retention.plans import Told

NAMED: Final = 5
"""Files of a hold that are named."""


def said(reason: Reason) -> str:
    details = dict(reason.filled)
    if reason.why is Why.CONTROL:
        control = wiring.profile().control(str(details["control"]))
        details["control"] = control.text.in_(get_language() or "") if control else details["control"]
    return _(reason.message).format(**details)


def reasons(keep: Keep) -> list[str]:
    """What has no day first: it wins. An earlier rule is told of only where it keeps longer than the rest."""
    return [said(each) for each in (*keep.held, *_telling(keep.dated))]


def _telling(dated: Sequence[Reason]) -> list[Reason]:
    rules = [each.until for each in dated if each.why is not Why.EARLIER_RULE and each.until]
    longest = max(rules, default=date.min)
    return [each for each in dated if each.why is not Why.EARLIER_RULE or (each.until or date.max) > longest]


@dataclass(frozen=True, slots=True)
class ShownTold:
    recording: Recording
    until: date
    reasons: Sequence[str]
    is_held: bool

    @property
    def name(self) -> str:
        return ", ".join(file.name for file in self.recording.files.all())

    @property
    def file(self) -> object:
        return next(iter(self.recording.files.all()), None)

    @property
    def size(self) -> int:
        return sum(file.blob.size for file in self.recording.files.all())


def shown(told: Iterable[Told]) -> list[ShownTold]:
    return [
        ShownTold(each.recording, each.keep.until, reasons(each.keep), bool(each.keep.held)) for each in told
    ]


@dataclass(frozen=True, slots=True)
class ShownHold:
    """A hold, and the first of what it holds by name."""

    hold: Hold
    files: Sequence[RecordingFile]
    has_more: bool


def shown_holds(holds: Iterable[Hold]) -> list[ShownHold]:
    return [_shown_hold(each) for each in holds]


def _shown_hold(hold: Hold) -> ShownHold:
    held = RecordingFile.objects.filter(recording__holds__hold=hold, role=Role.MAIN)
    found = list(held.order_by("recording__listed_at", "ordinal", "path")[: NAMED + 1])
    return ShownHold(hold, found[:NAMED], len(found) > NAMED)


@dataclass(frozen=True, slots=True)
class ShownPlan:
    plan: DisposalPlan

    @property
    def state(self) -> tuple[str, str]:
        """A class for its colour, and the word."""
        if self.plan.disposed.exists():
            return "go", _("carried out")
        if hasattr(self.plan, "drop"):
            return "", _("dropped")
        if hasattr(self.plan, "disposing"):
            return "stop", _("cut off: carry it out again")
        if hasattr(self.plan, "approval"):
            return "warn", _("approved")
        return "warn", _("waits for the head")
