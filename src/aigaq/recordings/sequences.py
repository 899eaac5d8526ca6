"""Keeping which numbers of a recorder's count were unloaded, and which were missing (R20.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.journal.whose import corrected, rows_of
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import SequenceReading
from aigaq.registry.models import Card, Recorder
from aigaq.unloading.recorders.profile import Counts, Profile
from aigaq.unloading.recorders.sequence import Gap, Numbered, Reading, missing

REMEMBERED = 50
"""Readings of a recorder in which the end of a count is looked for: one of each day is enough for weeks."""
MOST_RUNS = 200
TOLD_OCTETS = 100 * 1024
"""Counts named in one entry, and octets of these as of the gaps, since it has a bound
(`tlog.entry.MAX_OCTETS`)."""


def record_sequence(
    ledger: Ledger,
    by: By,
    new: Sequence[Numbered],
    profile: Profile,
    *,
    there: Sequence[Numbered],
    recorder: Recorder,
    card: Card | None,
    row: JournalRow | None,
    sources: Sequence[str],
    unload: UUID,
) -> SequenceReading | None:
    """Keep the numbers of the files that are `new`, and what is missing of them, with one entry.

    None if there is nothing to keep. `there` are all that lie on the card: one that could not be read is
    not missing.
    """
    if profile.sequence.counts is Counts.NOTHING or not new:
        return None
    with transaction.atomic():
        ledger.take_turn("recorder.sequence-read")
        found = _read(new, there, profile, recorder, card, sources)
        reading = SequenceReading(
            recorder=recorder,
            card=card,
            source=sources[0],
            profile=profile.name,
            runs=_fitting([asdict(run) for run in found.runs[-MOST_RUNS:]]),
            gaps=_told(found.gaps),
            unload=unload,
            read_at=ledger.clock.now(),
        )
        reading.seq = ledger.append("recorder.sequence-read", by, _about(reading, row)).seq
        reading.save(force_insert=True)
    return reading


def _told(gaps: Sequence[Gap]) -> list[dict[str, Json]]:
    """Numbers before names: where the paths beside the gaps are longer than an entry, it goes without."""
    told = [asdict(gap) for gap in gaps]
    if len(_fitting(told)) < len(told):
        told = [{**each, "before": "", "after": ""} for each in told]
    return _fitting(told)


def _fitting(items: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """The last of them, as far as their octets go: a hostile card's folders have names without end."""
    left, found = TOLD_OCTETS, []
    for each in reversed(items):
        left -= len(canonical.encode(each))
        if left < 0:
            break
        found.append(each)
    return found[::-1]


def _read(  # noqa: PLR0917 - the facts of one card
    new: Sequence[Numbered],
    there: Iterable[Numbered],
    profile: Profile,
    recorder: Recorder,
    card: Card | None,
    sources: Sequence[str],
) -> Reading:
    readings = list(SequenceReading.objects.filter(recorder=recorder).order_by("-seq")[:REMEMBERED])
    mine = Q(card=card) if card is not None else Q(card=None, source__in=sources)
    own = set(
        SequenceReading.objects.filter(mine, pk__in=[each.pk for each in readings]).values_list(
            "pk", flat=True
        )
    )
    last_own = next((each for each in readings if each.pk in own), None)
    others = [
        each for each in readings if each.pk not in own and (last_own is None or each.seq > last_own.seq)
    ]
    elsewhere = _numbers(others)
    for each in there:
        elsewhere.setdefault(each.scope, []).append((each.number, each.number))
    if last_own is None or _is_awaited(recorder, card, last_own, others):
        # Another card has the numbers between, or may have: nothing is said of where this one begins.
        found = missing(new, profile, ended={}, elsewhere=elsewhere)
        return found if last_own is None else Reading(found.runs, ())
    return missing(
        new, profile, ended=_ends(each for each in readings if each.pk in own), elsewhere=elsewhere
    )


def _is_awaited(
    recorder: Recorder, card: Card | None, last: SequenceReading, others: Sequence[SequenceReading]
) -> bool:
    """The recorder was out with another card since, which has not come to be unloaded yet."""
    rows = (
        rows_of(recorder).filter(seq__gt=last.seq).select_related("first_card").prefetch_related(corrected())
    )
    out_with = {row.card.pk for row in rows if row.card is not None and row.card != card}
    return bool(out_with - {each.card_id for each in others})


def _ends(readings: Iterable[SequenceReading]) -> dict[str, int]:
    """Where each count ended last; the newest reading first."""
    found: dict[str, int] = {}
    for reading in readings:
        for run in reading.runs:
            found.setdefault(run["scope"], run["ends"])
    return found


def _numbers(readings: Iterable[SequenceReading]) -> dict[str, list[tuple[int, int]]]:
    """What they brought, by count. A count over its end is two stretches."""
    found: dict[str, list[tuple[int, int]]] = {}
    for reading in readings:
        for run in reading.runs:
            begins, ends = run["begins"], run["ends"]
            stretches = [(begins, ends)] if begins <= ends else [(begins, 10**9), (0, ends)]
            found.setdefault(run["scope"], []).extend(stretches)
    return found


def _about(reading: SequenceReading, row: JournalRow | None) -> dict[str, Json]:
    return {
        "row": {"id": str(row.pk), "number": row.number} if row else None,
        "recorder": reading.recorder.inventory_number,
        "recorder_id": str(reading.recorder_id),
        "card": reading.card.inventory_number if reading.card else None,
        "card_id": str(reading.card_id) if reading.card_id else None,
        "source": reading.source,
        "profile": reading.profile,
        "runs": list(reading.runs),
        "gaps": list(reading.gaps),
        "unload": str(reading.unload),
        "read_at": rfc3339(reading.read_at),
    }
