"""What does not add up in an entry of the ledger, and when the head's decision is refused. Pure.

A ledger keeps what was written by every version there ever was. So each rule looks only at what it needs,
and where that is not there it finds nothing: `aigaq ledger verify` is who complains about the entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import AigaqError
from aigaq.incidents.card_rules import card_flawed
from aigaq.incidents.coverage_rules import not_recorded
from aigaq.incidents.errors import (
    AlreadyDecidedError,
    NoDecisionReasonError,
    NoOutcomeError,
    NotHeadError,
)
from aigaq.incidents.facts import Found, Left, RowFacts, Thing
from aigaq.incidents.models import Kind, Outcome
from aigaq.incidents.recorder_rules import clock_wrong, numbers_missing
from aigaq.incidents.store_rules import destroyed_returned, stored_bad
from aigaq.incidents.time_code_rules import time_code_doubted
from aigaq.journal.models import NOTE_LIMIT, SealFound, ThingFound, ThingKind
from aigaq.journal.rules import too_long
from aigaq.journal.signed import RECEIVED
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role, State
from aigaq.registry.selectors import Standing
from aigaq.tlog.entry import Entry

Refusal: TypeAlias = AigaqError

OVERDUE_AFTER: Final = timedelta(days=1)
"""Until then a recorder that is not back is a matter of reminding."""
LATE_AFTER: Final = timedelta(days=1)
"""Until then the end of a pause may still be on its way from a phone."""
PARAGRAPHS: Final[Mapping[Kind, str]] = {
    Kind.SEAL_BROKEN: "9",
    Kind.SEAL_MISSING: "9",
    Kind.SEAL_DIFFERENT: "9",
    Kind.OTHER_HANDS: "24",
    Kind.DAMAGE: "24",
    Kind.LOSS: "24",
    Kind.OVERDUE: "24",
    Kind.PAUSE_NOT_ENDED: "21",
    Kind.FAILURE_LEFT: "22",
    Kind.READ_IN_PART: "14",
    Kind.READS_DISAGREE: "14",
    Kind.FILES_APPEARED: "14",
    Kind.CARD_DOUBTED: "9",
    Kind.RECEIPT_CORRECTED: "10",
    Kind.NUMBERS_MISSING: "20",
    Kind.CLOCK_WRONG: "6",
    Kind.NOT_RECORDED: "19",
    Kind.TIME_CODE_DOUBTED: "20",
    Kind.STORE_FAULT: "13",
    Kind.DESTROYED_RETURNED: "13",
}
"""What the order says about each."""
DECIDED_UNDER: Final = "20"
"""The paragraph under which the head decides."""
FOLLOWED: Final = frozenset(
    {
        "coverage.judged",
        "journal.returned",
        "journal.corrected",
        "journal.failure-reported",
        "journal.loss-reported",
        "recorder.clock-read",
        "recorder.sequence-read",
        "recording.returned",
        "recording.time-code-read",
        "registry.state-set",
        "unload.flawed",
        "vault.found-bad",
    }
)
"""Kinds of entries from which incidents follow."""

_SEALS: Final = {
    SealFound.BROKEN: Kind.SEAL_BROKEN,
    SealFound.MISSING: Kind.SEAL_MISSING,
    SealFound.DIFFERENT: Kind.SEAL_DIFFERENT,
}
_MISSHAPEN: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What an entry of another shape makes a rule raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedDecision:
    """All that a decision rests on; `decided_at` is None while the incident is open."""

    division: Division
    by: By
    head: Standing
    decided_at: datetime | None
    outcome: str
    reason: str


def row_of(entry: Entry) -> UUID | None:
    """The row that the entry speaks of, if it does."""
    body: Any = entry.body
    try:
        return UUID(_text(_about(body)["row"]["id"]))
    except _MISSHAPEN:
        return None


def thing_of(entry: Entry) -> UUID | None:
    """The recorder or card that the entry of the register speaks of, if it does."""
    try:
        return UUID(_text(entry.body["thing"]))
    except _MISSHAPEN:
        return None


def found_in(entry: Entry, row: RowFacts | None, thing: Thing | None = None) -> list[Found]:
    """Everything that does not add up by this entry.

    `row` is the one of `row_of`, or on which the `thing` of `thing_of` was out; None where there is none.
    """
    found: list[Found] = []
    for rule in _RULES.get(entry.kind, ()):
        try:
            found += rule(entry, row, thing)
        except _MISSHAPEN:
            continue
    return found


def overdue(division: UUID, row: RowFacts, since: datetime) -> Found:
    """What is to be said of a row that is overdue for long."""
    return Found(
        kind=Kind.OVERDUE,
        division=division,
        row=UUID(row.id),
        key=f"{Kind.OVERDUE}:{row.id}",
        facts={**row.facts, "since": rfc3339(since)},
        evidence=(row.issued,),
        occurred_at=since,
    )


def left_paused(division: UUID, row: RowFacts, pause: Left) -> Found:
    """What is to be said of a pause that was told after the return, and of which no end was told either."""
    return Found(
        kind=Kind.PAUSE_NOT_ENDED,
        division=division,
        row=UUID(row.id),
        key=f"{Kind.PAUSE_NOT_ENDED}:{pause.id}",
        facts=_pause_facts(row, pause),
        evidence=(pause.seq,) if row.returned is None else (row.returned, pause.seq),
        occurred_at=pause.at,
    )


def refusal_to_decide(decision: ProposedDecision) -> Refusal | None:
    """The head of the division decides, as themself, once, with a reason (R20.1)."""
    by, division = decision.by, decision.division
    as_themself = by.actor.id == str(decision.head.person.pk) and by.division == str(division.pk)
    if not (as_themself and decision.head.appointment(division, Role.HEAD)):
        return NotHeadError(division=division.name)
    if decision.decided_at is not None:
        return AlreadyDecidedError(at=decision.decided_at)
    if decision.outcome not in Outcome.values:
        return NoOutcomeError()
    if not decision.reason:
        return NoDecisionReasonError()
    return too_long(decision.reason, NOTE_LIMIT)


def _seal(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    document: Any = entry.body["document"]
    seal = document["seal"]
    facts = {"seal_found": _text(seal["number_found"]), "hands": _name(document["handed_back_by"])}
    return _about_seal(entry, _known(row), _text(seal["found"]), facts)


def _seal_corrected(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """A broken seal does not stay unknown because it was first entered as whole."""
    document: Any = entry.body["document"]
    if document["cell"] != "seal_found":
        return []
    facts = {"seal_found": "", "corrected_by": _name(document["custodian"])}
    return _about_seal(entry, _known(row), _text(document["new"]), facts)


def _receipt_corrected(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """The inspector had signed for what stood there: whether it is so, the head decides."""
    document: Any = entry.body["document"]
    if document["cell"] not in RECEIVED:
        return []
    row, cell, number = _known(row), _text(document["cell"]), int(document["number"])
    facts: dict[str, Json] = {
        **row.facts,
        "cell": cell,
        "old": _text(document["old"]),
        "new": _text(document["new"]),
        "words": _text(document["reason"]),
        "corrected_by": _name(document["custodian"]),
    }
    evidence = tuple(sorted({row.issued, int(document["corrects"]), entry.seq}))
    of = f"{row.id}:{cell}:{number}"
    return [_found(entry, row, Kind.RECEIPT_CORRECTED, of, facts=facts, evidence=evidence)]


def _about_seal(entry: Entry, row: RowFacts, found: str, facts: Mapping[str, str]) -> list[Found]:
    kind = _SEALS.get(SealFound(found))
    if kind is None:
        return []
    evidence = (row.issued, *row.seal_corrected, entry.seq)
    told: dict[str, Json] = {**row.facts, "seal_set": row.seal_set, **facts}
    return [_found(entry, row, kind, row.id, facts=told, evidence=evidence)]


def _hands(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    document: Any = entry.body["document"]
    row, other = _known(row), document["handed_back_by"]
    if _text(other["id"]) == _text(document["inspector"]["id"]):
        return []
    facts: dict[str, Json] = {**row.facts, "hands": _name(other)}
    evidence = (row.issued, entry.seq)
    return [_found(entry, row, Kind.OTHER_HANDS, row.id, facts=facts, evidence=evidence)]


def _things(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    document: Any = entry.body["document"]
    row, hands, found = _known(row), _name(document["handed_back_by"]), []
    # Returns of the first format say nothing of things: they looked at none.
    for name, told in document.get("things", {}).items():
        kind, how = ThingKind(name), ThingFound(told["found"])
        facts: dict[str, Json] = {"words": _text(told["words"]), "hands": hands}
        if how is ThingFound.DAMAGED:
            found.append(_about_thing(entry, row, kind, facts, (Kind.DAMAGE, f"{row.id}:{kind}")))
        elif how is ThingFound.MISSING:
            found.append(_lost(entry, row, kind, facts))
    return found


def _loss(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    body: Any = entry.body
    return [_lost(entry, _known(row), ThingKind(body["thing"]), {"words": _text(body["words"])})]


def _lost(entry: Entry, row: RowFacts, kind: ThingKind, facts: Mapping[str, Json]) -> Found:
    return _about_thing(entry, row, kind, facts, (Kind.LOSS, _loss_of(row.things[kind])))


def _about_thing(
    entry: Entry, row: RowFacts, thing: ThingKind, facts: Mapping[str, Json], key: tuple[Kind, str]
) -> Found:
    about = {**row.facts, "thing": str(thing), "number": row.things[thing].number, **facts}
    return _found(entry, row, *key, facts=about, evidence=(row.issued, entry.seq))


def _state(entry: Entry, row: RowFacts | None, thing: Thing | None) -> list[Found]:
    """Entered in the register as lost. Where the book tells of it too, it is the same loss, by its key."""
    body: Any = entry.body
    if thing is None or body["to"] != State.LOST:
        return []
    division = UUID(_text(body["division"]))
    facts: dict[str, Json] = {
        **(row.facts if row else {}),
        "number": thing.number,
        "thing": str(ThingKind(body["what"])),
        "words": _text(body["reason"]),
    }
    return [
        Found(
            kind=Kind.LOSS,
            division=division,
            row=UUID(row.id) if row else None,
            key=f"{Kind.LOSS}:{_loss_of(thing)}",
            facts=facts,
            evidence=(row.issued, entry.seq) if row else (entry.seq,),
            occurred_at=entry.at,
        )
    ]


def _pauses(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    row = _known(row)
    return [
        _found(
            entry,
            row,
            Kind.PAUSE_NOT_ENDED,
            pause.id,
            facts=_pause_facts(row, pause),
            evidence=(pause.seq, entry.seq),
        )
        for pause in row.pauses
    ]


def _pause_facts(row: RowFacts, pause: Left) -> dict[str, Json]:
    return {**row.facts, "at": rfc3339(pause.at), "pause": pause.why}


def _failures(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    row = _known(row)
    return [
        _found(
            entry,
            row,
            Kind.FAILURE_LEFT,
            failure.id,
            facts={**row.facts, "at": rfc3339(failure.at), "cause": failure.why},
            evidence=(failure.seq, entry.seq),
        )
        for failure in row.failures
    ]


def _failure_told_late(entry: Entry, row: RowFacts | None, _thing: Thing | None) -> list[Found]:
    """After the return: then nothing was done about it while it mattered."""
    body: Any = entry.body
    row = _known(row)
    if row.returned is None:
        return []
    told, of = _occurred_at(entry), str(UUID(_text(body["failure"])))
    facts: dict[str, Json] = {**row.facts, "at": rfc3339(told), "cause": _text(body["cause"])}
    evidence = (row.returned, entry.seq)
    return [_found(entry, row, Kind.FAILURE_LEFT, of, facts=facts, evidence=evidence)]


_Rule: TypeAlias = Callable[[Entry, RowFacts | None, Thing | None], list[Found]]
_RULES: Final[Mapping[str, tuple[_Rule, ...]]] = {
    "coverage.judged": (not_recorded,),
    "journal.returned": (_seal, _hands, _things, _pauses, _failures),
    "journal.corrected": (_seal_corrected, _receipt_corrected),
    "journal.failure-reported": (_failure_told_late,),
    "journal.loss-reported": (_loss,),
    "recorder.clock-read": (clock_wrong,),
    "recorder.sequence-read": (numbers_missing,),
    "recording.time-code-read": (time_code_doubted,),
    "recording.returned": (destroyed_returned,),
    "registry.state-set": (_state,),
    "unload.flawed": (card_flawed,),
    "vault.found-bad": (stored_bad,),
}
assert _RULES.keys() == FOLLOWED


def _found(
    entry: Entry, row: RowFacts, kind: Kind, of: str, *, facts: Mapping[str, Json], evidence: tuple[int, ...]
) -> Found:
    """`of` with the kind is its key."""
    return Found(
        kind=kind,
        division=UUID(entry.division or ""),
        row=UUID(row.id),
        key=f"{kind}:{of}",
        facts=facts,
        evidence=evidence,
        occurred_at=_occurred_at(entry),
    )


def _loss_of(thing: Thing) -> str:
    return f"{thing.id}:{thing.times_found}"


def _about(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where an entry of the journal says which row it speaks of."""
    document = body.get("document", body)
    if not isinstance(document, dict):
        raise TypeError
    return document


def _occurred_at(entry: Entry) -> datetime:
    """When it happened, as the entry says; no later than when it was entered."""
    try:
        told = parse_rfc3339(_text(_about(entry.body)["occurred_at"]))
    except _MISSHAPEN:
        return entry.at
    return min(told, entry.at)


def _known(row: RowFacts | None) -> RowFacts:
    if row is None:
        raise ValueError
    return row


def _name(person: Mapping[str, Any]) -> str:
    return _text(person["full_name"])


def _text(value: object) -> str:
    """As facts keep it: of a length that a sentence bears, and without what no database keeps."""
    if not isinstance(value, str):
        raise TypeError
    return value[:NOTE_LIMIT].replace("\0", "")
