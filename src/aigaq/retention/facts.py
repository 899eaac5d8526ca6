"""What the book, the marks, the register and the ledger have of recordings, as the rules need it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from aigaq.core.clock import KAZAKHSTAN
from aigaq.incidents.models import Incident
from aigaq.journal.models import Correction
from aigaq.recordings.models import Recording
from aigaq.regulation.profile import Profile
from aigaq.retention.keep_rules import Applied, Facts, InForce, Keep, keep
from aigaq.retention.models import HeldRecording, RetentionTerm
from aigaq.review.models import Mark, MarkChange


def keeps_of(recordings: Collection[UUID], profile: Profile) -> dict[UUID, Keep]:
    """Until when each is kept, and why; in a handful of queries."""
    return {pk: keep(facts, profile) for pk, facts in facts_of(recordings).items()}


def facts_of(recordings: Collection[UUID]) -> dict[UUID, Facts]:
    found = {
        each.pk: each
        for each in Recording.objects.filter(pk__in=recordings).select_related("placement__row__issue")
    }
    controls, open_rows = _controls(found.values()), _rows_with_open_incidents(found.values())
    marks, terms, holds = _marks(recordings), _terms(recordings), _holds(recordings)
    return {
        pk: Facts(
            taken_in=max([each.ingested_at, *(term.taken_in for term in terms[pk])]),
            controls=controls[pk],
            marks=marks[pk],
            applied=[
                Applied(term.kept_until, term.set_at.astimezone(KAZAKHSTAN).date()) for term in terms[pk]
            ],
            holds=holds[pk],
            has_open_incident=_row(each) in open_rows,
        )
        for pk, each in found.items()
    }


def _row(recording: Recording) -> UUID | None:
    placement = getattr(recording, "placement", None)
    return placement.row_id if placement else None


def _controls(recordings: Collection[Recording]) -> Mapping[UUID, set[str]]:
    """All that its row ever stood for, corrected or not."""
    corrected: dict[UUID, set[str]] = defaultdict(set)
    rows = [row for each in recordings if (row := _row(each))]
    for row, new in Correction.objects.filter(row__in=rows, cell="control").values_list("row_id", "new"):
        corrected[row].add(new)
    found: dict[UUID, set[str]] = defaultdict(set)
    for each in recordings:
        row = _row(each)
        if row is not None:
            found[each.pk] = {each.placement.row.issue.control, *corrected[row]}
    return found


def _rows_with_open_incidents(recordings: Collection[Recording]) -> set[UUID | None]:
    rows = [row for each in recordings if (row := _row(each))]
    found = Incident.objects.filter(row__in=rows, decision=None).values_list("row_id", flat=True)
    return set(found)


def _marks(recordings: Collection[UUID]) -> Mapping[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    first = Mark.objects.filter(file__recording__in=recordings, is_evidence=True)
    later = MarkChange.objects.filter(mark__file__recording__in=recordings, is_evidence=True)
    for pk, category in (
        *first.values_list("file__recording_id", "category"),
        *later.values_list("mark__file__recording_id", "category"),
    ):
        found[pk].add(category)
    return found


def _terms(recordings: Collection[UUID]) -> Mapping[UUID, list[RetentionTerm]]:
    found: dict[UUID, list[RetentionTerm]] = defaultdict(list)
    for each in RetentionTerm.objects.filter(recording__in=recordings).order_by("number"):
        found[each.recording_id].append(each)
    return found


def _holds(recordings: Collection[UUID]) -> Mapping[UUID, list[InForce]]:
    found: dict[UUID, list[InForce]] = defaultdict(list)
    held = HeldRecording.objects.filter(recording__in=recordings, hold__release=None).select_related("hold")
    for each in held.order_by("seq"):
        since = each.hold.placed_at.astimezone(KAZAKHSTAN).date()
        found[each.recording_id].append(InForce(each.hold.cause, each.hold.reason, since))
    return found
