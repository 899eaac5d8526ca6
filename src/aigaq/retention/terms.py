"""Entering until when each recording is kept: when it is taken in, and whenever that grows longer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.services.acting import within
from aigaq.ledger.following import follow_together
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.recordings.models import Recording
from aigaq.registry.models import Division
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile
from aigaq.retention.clock import high_water
from aigaq.retention.facts import facts_of
from aigaq.retention.keep_rules import Facts, keep
from aigaq.retention.models import RetentionTerm
from aigaq.tlog.entry import Entry

TERM_SET: Final = "retention.term-set"
FOLLOWER: Final = "retention"
_INGESTED: Final = "recording.ingested"
_KINDS: Final = frozenset(
    {_INGESTED, "recording.placed", "journal.corrected", "review.marked", "review.mark-amended"}
)
_TOGETHER: Final = 200
"""Recordings of one entry, which has a bound (`tlog.entry.MAX_OCTETS`)."""

Touched = dict[UUID, datetime | None]
"""Recordings, and when something of them was taken in, where it was."""


def catch_up(ledger: Ledger, profile: Profile | None = None) -> int:
    """What entries written since have to say of it; how many were read. Not to be called in a transaction."""
    rule = profile or regulation.load()
    return follow_together(ledger, FOLLOWER, _KINDS, lambda ledger, entries: _act(ledger, entries, rule))


def _act(ledger: Ledger, entries: Sequence[Entry], profile: Profile) -> None:
    touched: Touched = {}
    water = high_water(entries[0].seq)
    for entry in entries:
        # A clock that went back gives nothing a shorter term.
        water = max(water, entry.at)
        for recording in _touched_by(entry):
            was = touched.get(recording)
            touched[recording] = water if entry.kind == _INGESTED else was
    chosen = list(touched)
    for start in range(0, len(chosen), _TOGETHER):
        _set(ledger, {pk: touched[pk] for pk in chosen[start : start + _TOGETHER]}, profile)


def _touched_by(entry: Entry) -> Iterator[UUID]:
    """Raises nothing: what can't be read, `aigaq ledger verify` names."""
    body: Any = entry.body
    try:
        match entry.kind:
            case "recording.placed":
                yield from [UUID(each) for each in body["recordings"]]
            case "journal.corrected":
                document = body["document"]
                if document["cell"] == "control":
                    placed = Recording.objects.filter(placement__row=UUID(document["row"]["id"]))
                    yield from list(placed.values_list("pk", flat=True))
            case _:
                yield UUID(body["recording"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return


def _set(ledger: Ledger, touched: Touched, profile: Profile) -> None:
    """One entry for each division, with the terms that are new or longer."""
    now, facts = ledger.clock.now(), facts_of(list(touched))
    numbers = _last_numbers(list(facts))
    divisions: dict[Division, list[RetentionTerm]] = {}
    for recording in (
        Recording.objects.filter(pk__in=facts).select_related("division").order_by("ingested_at", "pk")
    ):
        term = _longer(recording, facts[recording.pk], touched[recording.pk], profile)
        if term is not None:
            term.number, term.set_at = numbers.get(recording.pk, 0) + 1, now
            divisions.setdefault(recording.division, []).append(term)
    for division, terms in divisions.items():
        body: dict[str, Json] = {
            "division": {"id": str(division.pk), "name": division.name},
            "profile": profile.key,
            "set_at": rfc3339(now),
            "terms": [_about(each) for each in terms],
        }
        seq = ledger.append(TERM_SET, within(MACHINE, division), body).seq
        for each in terms:
            each.seq = seq
        RetentionTerm.objects.bulk_create(terms)


def _longer(
    recording: Recording, facts: Facts, taken_in: datetime | None, profile: Profile
) -> RetentionTerm | None:
    """The term that is to be entered; None where what stands is as long."""
    facts = replace(facts, taken_in=max(facts.taken_in, taken_in or facts.taken_in))
    found = keep(facts, profile)
    if facts.applied and found.until <= max(each.until for each in facts.applied):
        return None
    return RetentionTerm(
        recording=recording,
        taken_in=facts.taken_in,
        kept_until=found.until,
        profile=profile.key,
        reasons=[each.document() for each in found.dated],
    )


def _last_numbers(recordings: Sequence[UUID]) -> dict[UUID, int]:
    found = RetentionTerm.objects.filter(recording__in=recordings).order_by("number")
    return dict(found.values_list("recording_id", "number"))


def _about(term: RetentionTerm) -> dict[str, Json]:
    return {
        "recording": str(term.recording_id),
        "number": term.number,
        "taken_in": rfc3339(term.taken_in),
        "kept_until": term.kept_until.isoformat(),
        "reasons": term.reasons,
    }
