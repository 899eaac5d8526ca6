"""Who is told of what, and how long a letter is tried. Pure: values in, values out.

Paragraph 21 has the custodian told of a pause, paragraph 22 head and custodian of a failure, at once;
paragraph 24 is why what is overdue is reminded of. Who did a thing knows it, and is not told of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN, rfc3339
from aigaq.journal.signed import RECEIVED
from aigaq.notices.models import Kind
from aigaq.registry.models import Role
from aigaq.tlog.entry import ActorKind, Entry

NEWS: Final = timedelta(days=7)
"""What is older when it is read is no news: it stands in the ledger."""
URGENT: Final = frozenset({Kind.FAILED})
"""Shown on top of every page until seen."""

LEASE: Final = timedelta(minutes=5)
"""How long a letter is its sender's: longer than any way may take over one, so a killed sender's goes on."""
GIVE_UP_AFTER: Final = timedelta(hours=24)
"""Of what it tells; or of the address, where that was entered later."""
_DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30, 60))

KEEP_SEEN: Final = timedelta(days=90)
KEEP_UNSEEN: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Telling:
    """One person is to be told one thing. `key` with person and kind makes it this notice and no other."""

    person: UUID
    division: UUID
    kind: Kind
    key: str
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The row of the book that something happened on."""

    id: UUID
    division: UUID
    number: int
    book: str
    recorder: str
    inspector: UUID
    inspector_name: str

    def facts(self) -> dict[str, Json]:
        return {
            "row": str(self.id),
            "number": self.number,
            "book": self.book,
            "recorder": self.recorder,
            "inspector": self.inspector_name,
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry speaks of by id; None where it names none."""

    row: str | None = None
    division: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What stands behind these ids, looked up before the entry is judged."""

    division: UUID
    division_name: str
    holders: Mapping[Role, Sequence[UUID]]
    """Who holds which role in the division now."""
    row: RowFacts | None = None
    previous_book: str = ""
    """Registration number of the division's book before the one an entry opens."""


def subject_of(entry: Entry) -> Subject:
    """Raises ``KeyError`` and the like where an entry has not the body of its kind."""
    body: Mapping[str, Any] = entry.body
    if entry.kind == _CORRECTED:
        return Subject(row=body["document"]["row"]["id"])
    if entry.kind in _ON_DUTY:
        return Subject(row=body["row"]["id"])
    if entry.kind in _OF_DEMANDS:
        signed = entry.kind == "disclosure.approved"
        return Subject(division=(body["document"] if signed else body)["division"]["id"])
    return Subject(row=body.get("row"), division=body["division"])


def tellings(entry: Entry, about: About) -> list[Telling]:
    """Raises ``KeyError`` and the like where an entry has not the body of its kind."""
    return list(_JUDGES[entry.kind](entry, about))


def reminders(row: RowFacts, since: datetime, now: datetime, custodians: Iterable[UUID]) -> list[Telling]:
    """Of a recorder that should have been back at `since`: its inspector and the custodians, once a day."""
    key = f"{row.id}:{now.astimezone(KAZAKHSTAN).date().isoformat()}"
    people = dict.fromkeys((row.inspector, *custodians))
    facts = {**row.facts(), "at": rfc3339(since)}
    return [
        Telling(person, row.division, Kind.OVERDUE, key, {**facts, "own": person == row.inspector})
        for person in people
    ]


def late_samples(
    sample: UUID, division: UUID, facts: Mapping[str, Json], now: datetime, people: Iterable[UUID]
) -> list[Telling]:
    """Of a sample that is not looked through in time: custodians and heads, once a week."""
    year, week, _day = now.astimezone(KAZAKHSTAN).isocalendar()
    key = f"{sample}:{year}-{week}"
    late = {**facts, "sample": str(sample), "late": True}
    return [Telling(person, division, Kind.SAMPLE, key, late) for person in dict.fromkeys(people)]


def due_demands(
    demand: UUID,
    division: UUID,
    facts: Mapping[str, Json],
    now: datetime,
    people: Iterable[UUID],
    *,
    late: bool,
) -> list[Telling]:
    """Of a demand whose last day is near, or has passed: custodians and heads, once a day."""
    key = f"{demand}:{now.astimezone(KAZAKHSTAN).date().isoformat()}"
    told: dict[str, Json] = {**facts, "demand": str(demand), "late": late, "due": True}
    return [Telling(person, division, Kind.DEMAND, key, told) for person in dict.fromkeys(people)]


def next_attempt(since: datetime, attempts: int, now: datetime) -> datetime | None:
    """When a letter is tried again that was tried `attempts` times in vain; None: it is given up."""
    then = now + _DELAYS[min(attempts, len(_DELAYS)) - 1]
    return then if then - since <= GIVE_UP_AFTER else None


def _told(entry: Entry, about: About, roles: Iterable[Role]) -> list[UUID]:
    """Who holds one of `roles`, each once, but for who acted."""
    people = dict.fromkeys(person for role in roles for person in about.holders.get(role, ()))
    return [person for person in people if not _did_it(entry, person)]


def _did_it(entry: Entry, person: UUID) -> bool:
    return entry.actor.kind is ActorKind.PERSON and entry.actor.id == str(person)


@dataclass(frozen=True, slots=True)
class _OnDuty:
    """Of what happens to a recorder that is out: those of `roles`, with the `taken` values of the body."""

    kind: Kind
    roles: tuple[Role, ...]
    taken: tuple[str, ...] = field(default=())

    def __call__(self, entry: Entry, about: About) -> list[Telling]:
        if about.row is None:
            return []
        body: Mapping[str, Any] = entry.body
        facts = {**about.row.facts(), "at": body["occurred_at"]}
        facts |= {name: body[name] for name in self.taken}
        return [
            Telling(person, about.division, self.kind, str(entry.seq), facts)
            for person in _told(entry, about, self.roles)
        ]


def _incident(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {
        **(about.row.facts() if about.row else {}),
        "incident": body["incident"],
        "what": body["kind"],
        "at": body["occurred_at"],
    }
    return [
        Telling(person, about.division, Kind.INCIDENT, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD,))
    ]


def _book(entry: Entry, about: About) -> list[Telling]:
    """Only of the book that opened itself: a first one is opened by whoever makes the installation."""
    if entry.actor.kind is not ActorKind.SYSTEM or not about.previous_book:
        return []
    facts: dict[str, Json] = {
        "previous": about.previous_book,
        "book": entry.body["registration_number"],
        "book_id": entry.body["book"],
    }
    return [
        Telling(person, about.division, Kind.BOOK_OPENED, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD,))
    ]


def _appointment(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    person = UUID(body["person"])
    if _did_it(entry, person):
        return []
    facts: dict[str, Json] = {
        "division": about.division_name,
        "relieved": entry.kind == "registry.relieved",
        **{name: body[name] for name in ("role", "from_on", "until_on", "order")},
    }
    return [Telling(person, about.division, Kind.APPOINTED, str(entry.seq), facts)]


def _corrected(entry: Entry, about: About) -> list[Telling]:
    """The inspectors whom it concerns: they signed for what stood there, or are said to have it now."""
    document: Any = entry.body["document"]
    if about.row is None or document["cell"] not in RECEIVED:
        return []
    was, now = (document["received"][when] for when in ("was", "now"))
    facts: dict[str, Json] = {
        **about.row.facts(),
        "recorder": now["recorder"]["inventory_number"],
        "inspector": now["inspector"]["full_name"],
        "cell": document["cell"],
        "old": document["old"],
        "new": document["new"],
    }
    people = dict.fromkeys(UUID(each["inspector"]["id"]) for each in (was, now))
    return [
        Telling(
            person,
            about.division,
            Kind.CORRECTED,
            str(entry.seq),
            {**facts, "own": now["inspector"]["id"] == str(person)},
        )
        for person in people
        if not _did_it(entry, person)
    ]


def _dock_clock(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {"dock": body["name"], "offset": _clock_offset(body["clock_offset_ms"])}
    return [
        Telling(person, about.division, Kind.DOCK_CLOCK, str(entry.seq), facts)
        for person in _told(entry, about, (Role.CUSTODIAN, Role.HEAD))
    ]


def _dock_quota(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {
        "dock": body["name"],
        "count": body["uploads"],
        "size": _gigabytes(body["octets"]),
    }
    return [
        Telling(person, about.division, Kind.DOCK_QUOTA, str(entry.seq), facts)
        for person in _told(entry, about, (Role.CUSTODIAN, Role.HEAD))
    ]


def _gigabytes(octets: int) -> str:
    return f"{octets / 10**9:.1f}"


def _clock_offset(milliseconds: int) -> str:
    """``+1:02:03``: ahead by hours, minutes and seconds."""
    minutes, seconds = divmod(round(abs(milliseconds) / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if milliseconds < 0 else '+'}{hours}:{minutes:02}:{seconds:02}"


def _sample(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {
        "sample": body["sample"],
        "month": body["month"],
        "count": len(body["items"]),
        "due_on": body["due_on"],
    }
    return [
        Telling(person, about.division, Kind.SAMPLE, str(entry.seq), facts)
        for person in _told(entry, about, (Role.CUSTODIAN, Role.HEAD))
    ]


def _demand(entry: Entry, about: About) -> list[Telling]:
    """The head decides on it; who entered it knows it."""
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {
        name: body[name] for name in ("demand", "number", "authority", "their_number", "due_on")
    }
    return [
        Telling(person, about.division, Kind.DEMAND, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD,))
    ]


def _decided(entry: Entry, about: About) -> list[Telling]:
    """The custodian builds the package, or answers that there is none."""
    body: Mapping[str, Any] = entry.body
    demand: Any = body["document"]["demand"] if entry.kind == "disclosure.approved" else body
    facts: dict[str, Json] = {
        "demand": demand["id"] if "id" in demand else demand["demand"],
        "number": demand["number"],
        "decided": "approved" if entry.kind == "disclosure.approved" else "refused",
    }
    return [
        Telling(person, about.division, Kind.DEMAND, str(entry.seq), facts)
        for person in _told(entry, about, (Role.CUSTODIAN,))
    ]


_CORRECTED: Final = "journal.corrected"
EMAIL_SET: Final = "registry.email-set"


def _filling(entry: Entry, about: About) -> list[Telling]:
    """Not of room that is there again: who made it knows."""
    body: Mapping[str, Any] = entry.body
    if not body["threshold"]:
        return []
    facts: dict[str, Json] = {"days": body["days"], "threshold": body["threshold"]}
    if "place" in body:
        facts["place"] = body["place"]
    return [
        Telling(person, about.division, Kind.DISK_FILLING, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD, Role.CUSTODIAN))
    ]


def _healed(entry: Entry, about: About) -> list[Telling]:
    """Of what is serious besides, an incident tells."""
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {name: body[name] for name in ("place", "source", "path")}
    if body["stored_digest"] is None:
        facts["paper"] = True
    return [
        Telling(person, about.division, Kind.HEALED, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD, Role.CUSTODIAN))
    ]


def _troubled(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {name: body[name] for name in ("place", "trouble")}
    facts["at"] = body["since"]
    return [
        Telling(person, about.division, Kind.PLACE_TROUBLE, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD, Role.CUSTODIAN))
    ]


def _elsewhere(entry: Entry, about: About) -> list[Telling]:
    body: Mapping[str, Any] = entry.body
    facts: dict[str, Json] = {name: body[name] for name in ("owner", "home", "card")}
    facts["own"] = UUID(body["owner_id"]) == about.division
    return [
        Telling(person, about.division, Kind.ELSEWHERE, str(entry.seq), facts)
        for person in _told(entry, about, (Role.HEAD, Role.CUSTODIAN))
    ]


_OF_DEMANDS: Final = frozenset({"disclosure.demand-registered", "disclosure.approved", "disclosure.refused"})
_ON_DUTY: Final[Mapping[str, _OnDuty]] = {
    "journal.paused": _OnDuty(Kind.PAUSED, (Role.CUSTODIAN,), ("reason",)),
    "journal.resumed": _OnDuty(Kind.RESUMED, (Role.CUSTODIAN,)),
    "journal.failure-reported": _OnDuty(Kind.FAILED, (Role.HEAD, Role.CUSTODIAN), ("cause", "words")),
}
_JUDGES: Final[Mapping[str, Callable[[Entry, About], list[Telling]]]] = {
    **_ON_DUTY,
    _CORRECTED: _corrected,
    "incidents.opened": _incident,
    "journal.book-opened": _book,
    "registry.appointed": _appointment,
    "registry.relieved": _appointment,
    "dock.clock-off": _dock_clock,
    "dock.quota-reached": _dock_quota,
    "unload.elsewhere": _elsewhere,
    "vault.filling": _filling,
    "vault.healed": _healed,
    "vault.place-troubled": _troubled,
    "review.sample-drawn": _sample,
    "disclosure.demand-registered": _demand,
    "disclosure.approved": _decided,
    "disclosure.refused": _decided,
}
KINDS: Final = tuple(_JUDGES)
"""Of the entries of which somebody may have to be told."""
