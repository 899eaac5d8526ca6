"""Judging how much of a duty was recorded, once its cards are in, and again when more is known (R19.1).

Each judgement is a row of its own, with its entry, `coverage.judged`; incidents follow from the entries.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID, uuid4

from aigaq.core.canonical import Json
from aigaq.core.clock import instant_of, milliseconds, rfc3339
from aigaq.core.intervals import Interval, Intervals
from aigaq.journal.documents import about_row
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import RowView, row_with
from aigaq.journal.services.acting import within
from aigaq.journal.whose import rows_of
from aigaq.ledger.following import follow
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.ledger.tables import digest_of_json
from aigaq.recordings.coverage import Reason, Take, by_day
from aigaq.recordings.duty_coverage import DutyCoverage, duty_coverage
from aigaq.recordings.models import CoverageJudgement, Placement, RecordingFile
from aigaq.recordings.offsets import NEAR
from aigaq.registry.models import Recorder
from aigaq.regulation import profile as regulation
from aigaq.tlog.entry import Entry

KIND: Final = "coverage.judged"
FOLLOWER: Final = "coverage"
PATIENT_FOLLOWER: Final = "coverage-awaited"
FOLLOWED: Final = frozenset(
    {
        "journal.corrected",
        "journal.failure-reported",
        "journal.issued",
        "journal.loss-reported",
        "journal.paused",
        "journal.repaired",
        "journal.resumed",
        "journal.returned",
        "journal.unloaded",
        "recorder.clock-read",
        "recording.judged",
        "recording.placed",
        "recording.time-code-read",
    }
)
"""Kinds of entries after which a duty may look otherwise."""
MOST: Final = 100
"""Of a list in one entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""
_MISSHAPEN: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What an entry of another shape makes a look into it raise: `aigaq ledger verify` complains of it."""


def catch_up(ledger: Ledger) -> int:
    """Judge what the entries written since give cause for; how many entries were looked at.

    Not to be called inside a transaction.
    """
    return follow(ledger, FOLLOWER, FOLLOWED, _judge_by)


def judge_abandoned(ledger: Ledger) -> int:
    """Judge duties whose cards never came, when they are awaited no longer. Not inside a transaction."""
    until = ledger.clock.now() - regulation.load().coverage.awaits
    return follow(ledger, PATIENT_FOLLOWER, {"journal.returned"}, _judge_at_last, until=until)


def judge(ledger: Ledger, row: JournalRow, *, because: int | None) -> CoverageJudgement | None:
    """Judge the duty of which `row` is a part, within a transaction that has the ledger's turn.

    None while it lasts, while a card is awaited, and where nothing is otherwise than the last time.
    """
    found = duty_coverage(row, ledger.clock.now())
    if found.duty.is_open or found.coverage.is_awaited:
        return None
    before = judgements_of(found.duty.rows[0].row)
    judgement = _drafted(found, before, because)
    if before and (before[-1].parts, before[-1].offsets) == (judgement.parts, judgement.offsets):
        return None
    judgement.judged_at = ledger.clock.now()
    row = row_with(judgement.row_id)
    body = _about(judgement, row, found, before)
    judgement.seq = ledger.append(KIND, within(MACHINE, row.division), body).seq
    judgement.save(force_insert=True)
    return judgement


def judgements_of(row: JournalRow) -> list[CoverageJudgement]:
    """Those of the duty that begins with `row`, the first one first."""
    return list(CoverageJudgement.objects.filter(row=row).order_by("number"))


def _judge_by(ledger: Ledger, entry: Entry) -> None:
    for row in _rows_of(entry):
        judge(ledger, row, because=entry.seq)


def _judge_at_last(ledger: Ledger, entry: Entry) -> None:
    for row in _rows_of(entry):
        judge(ledger, row, because=None)


def _rows_of(entry: Entry) -> Iterator[JournalRow]:
    """The rows that the entry tells something of; none where it has not the body of its kind."""
    try:
        ids = list(_named_in(entry))
    except _MISSHAPEN:
        return
    yield from JournalRow.objects.filter(pk__in=ids).order_by("seq")


def _named_in(entry: Entry) -> Iterable[UUID]:
    body: Any = entry.body
    match entry.kind:
        case "recording.placed":
            return [UUID(body["row"])]
        case "recording.judged":
            placed = RecordingFile.objects.filter(pk=UUID(body["file"]), recording__placement__isnull=False)
            return placed.values_list("recording__placement__row", flat=True)
        case "recorder.clock-read":
            return _rows_near(UUID(body["recorder_id"]), entry)
    return [UUID(body.get("document", body)["row"]["id"])]


def _rows_near(recorder_id: UUID, entry: Entry) -> Iterable[UUID]:
    """Rows with recordings of which a reading of that recorder's clock tells."""
    recorder = Recorder.objects.filter(pk=recorder_id).first()
    if recorder is None:
        return []
    at = milliseconds(entry.at)
    near = Placement.objects.filter(
        row__in=rows_of(recorder),
        recording__ingested_at__gte=instant_of(at - NEAR),
        recording__ingested_at__lte=instant_of(at + NEAR),
    )
    return near.values_list("row", flat=True).distinct()


def _drafted(
    found: DutyCoverage, before: Sequence[CoverageJudgement], because: int | None
) -> CoverageJudgement:
    first, coverage = found.duty.rows[0].row, found.coverage
    seqs = {pk: reading.seq for pk, reading in found.readings.items()}
    return CoverageJudgement(
        id=uuid4(),
        division=first.division,
        row=first,
        number=len(before) + 1,
        because=because,
        began_at=found.duty.began_at,
        ended_at=found.duty.ended_at or found.now,
        tolerances=asdict(coverage.tolerances),
        parts=[[part.start, part.end, part.reason.value, part.cause] for part in coverage.parts],
        takes=[_about_take(take) for take in coverage.takes],
        offsets=_offsets(coverage.takes, seqs),
        totals={reason.value: length for reason, length in coverage.totals.items()},
        days={
            day.isoformat(): {reason.value: length for reason, length in totals.items() if length}
            for day, totals in by_day(coverage.parts).items()
        },
        gaps=[[gap.start, gap.end] for gap in coverage.gaps[:MOST]],
    )


def _about_take(take: Take) -> list[Json]:
    offset = take.offset
    by_the_code = [] if take.filmed is None else [take.filmed]
    return [
        *(str(take.file), take.camera, take.length, take.state.value, offset.ms, offset.known.value),
        *by_the_code,
    ]


def _offsets(takes: Iterable[Take], seqs: dict[int, int]) -> list[dict[str, Json]]:
    """Which offsets were applied, and how each is known."""
    counted = Counter(take.offset for take in takes)
    ordered = sorted(counted.items(), key=lambda each: (each[0].reading or 0, each[0].ms))
    return [
        {
            "offset_ms": offset.ms,
            "known": offset.known.value,
            "way": offset.way,
            "precision_ms": offset.precision,
            "reading": None if offset.reading is None else seqs[offset.reading],
            "takes": count,
        }
        for offset, count in ordered[:MOST]
    ]


def _about(
    judgement: CoverageJudgement, row: JournalRow, found: DutyCoverage, before: Sequence[CoverageJudgement]
) -> dict[str, Json]:
    fresh = _fresh(found, before)
    return {
        **about_row(row),
        "judgement": str(judgement.pk),
        "number": judgement.number,
        "because": judgement.because,
        "rows": [view.number for view in found.duty.rows],
        "not_unloaded": [view.number for view in found.duty.rows if not view.unloadings],
        "began_at": rfc3339(judgement.began_at),
        "ended_at": rfc3339(judgement.ended_at),
        "tolerances": judgement.tolerances,
        "parts": len(judgement.parts),
        "parts_digest": digest_of_json(judgement.parts),
        "takes": len(judgement.takes),
        "takes_digest": digest_of_json(judgement.takes),
        "unplaced": len(found.coverage.unplaced),
        "outside": len(found.coverage.outside),
        "offsets": judgement.offsets,
        "totals": judgement.totals,
        "days_digest": digest_of_json(judgement.days),
        "gaps": judgement.gaps,
        "new_gaps": [[gap.start, gap.end] for gap in fresh[:MOST]],
        "new_gaps_ms": sum(gap.length for gap in fresh),
        "rests_on": sorted(_rests_on(found.duty.rows) | _read(judgement) | _filmed(found))[-MOST:],
        "judged_at": rfc3339(judgement.judged_at),
    }


def _fresh(found: DutyCoverage, before: Sequence[CoverageJudgement]) -> list[Interval]:
    """What of the gaps no judgement before found, and is by itself longer than is borne."""
    known = Intervals(
        Interval(start, end)
        for judgement in before
        for start, end, reason, _cause in judgement.parts
        if reason == Reason.UNEXPLAINED and end - start > judgement.tolerances["threshold"]
    )
    fresh = Intervals(Interval(gap.start, gap.end) for gap in found.coverage.gaps) - known
    return [gap for gap in fresh if gap.length > found.coverage.tolerances.threshold]


def _rests_on(rows: Iterable[RowView]) -> set[int]:
    """The entries of the book that say what the duty was."""
    found: set[int] = set()
    for view in rows:
        found.add(view.issue.seq)
        if view.returned is not None:
            found.add(view.returned.seq)
        found |= {each.seq for each in (*view.unloadings, *view.pauses, *view.failures, *view.losses)}
        found |= {each.resumed.seq for each in view.pauses if hasattr(each, "resumed")}
        found |= {each.repaired.seq for each in view.failures if hasattr(each, "repaired")}
    return found


def _filmed(found: DutyCoverage) -> set[int]:
    """The entries of the time codes by which films without a clock were placed."""
    placed = (take.file for take in found.coverage.takes if take.filmed is not None)
    return {found.filmed[file].seq for file in placed if file in found.filmed}


def _read(judgement: CoverageJudgement) -> set[int]:
    return {offset["reading"] for offset in judgement.offsets if offset["reading"] is not None}
