"""How long a recording is kept (R13.1), and all that keeps it. Pure: facts in, a day and its reasons out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from aigaq.core.canonical import Json
from aigaq.errors import N_
from aigaq.regulation.keeping import LEAST_YEARS, is_over, kept_until
from aigaq.regulation.profile import Profile


class Why(StrEnum):
    """Published codes: they never change."""

    CONTROL = "control"
    OFFENCE = "offence"
    UNCLASSIFIED = "unclassified"
    LEAST = "least"
    EARLIER_RULE = "earlier-rule"
    NO_TERM = "no-term"
    HELD_BY_DEMAND = "held-demand"
    HELD_FOR_INCIDENT = "held-incident"
    HELD_BY_ORDER = "held-order"
    INCIDENT_OPEN = "incident-open"


MESSAGES: Final[Mapping[Why, str]] = {
    Why.CONTROL: N_("{control}: {years} years from the day on which it was taken in, to the end of {until}."),
    Why.OFFENCE: N_("Something in it is marked as an offence: {years} years, to the end of {until}."),
    Why.UNCLASSIFIED: N_(
        "It is tied to no kind of control, so the longest term holds: {years} years, to the end of {until}."
    ),
    Why.LEAST: N_("The order's own term of {years} years, to the end of {until}."),
    Why.EARLIER_RULE: N_(
        "The rule that was applied on {set_on} keeps it to the end of {until}; no later rule shortens that."
    ),
    Why.NO_TERM: N_("Its term is not entered in the ledger yet. Nothing is disposed of before that."),
    Why.HELD_BY_DEMAND: N_("Held since {since} on the demand of an authority: {reason}"),
    Why.HELD_FOR_INCIDENT: N_("Held since {since} on account of an incident: {reason}"),
    Why.HELD_BY_ORDER: N_("Held since {since} by order of the head: {reason}"),
    Why.INCIDENT_OPEN: N_("An incident on its row is not decided yet. It stays until the head decides."),
}
_HOLDS: Final = {
    "demand": Why.HELD_BY_DEMAND,
    "incident": Why.HELD_FOR_INCIDENT,
    "order": Why.HELD_BY_ORDER,
}


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    until: date | None = None
    """None: for as long as it lasts."""
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """In English, and the key of its translations; ``{names}`` are filled from the details."""
        return MESSAGES[self.why]

    def __str__(self) -> str:
        return self.message.format(**self.filled)

    @property
    def filled(self) -> dict[str, str | int]:
        return {**self.details, "until": "" if self.until is None else self.until.strftime("%d.%m.%Y")}

    def document(self) -> dict[str, Json]:
        return {
            "why": self.why.value,
            "until": self.until.isoformat() if self.until else None,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Applied:
    """A term as it was entered."""

    until: date
    set_on: date


@dataclass(frozen=True, slots=True)
class InForce:
    """A hold that is not released."""

    cause: str
    reason: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of one recording, as the book, the register and the ledger have them."""

    taken_in: datetime
    """By the server's clock."""
    controls: Collection[str] = ()
    """Kinds of control of the rows that it is tied to, or ever was."""
    marks: Collection[str] = ()
    """Categories of what was ever marked in it as evidence; withdrawing a mark shortens nothing."""
    applied: Collection[Applied] = ()
    holds: Collection[InForce] = ()
    has_open_incident: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """Until when, and why. `held` are the reasons that have no date, and win over every date."""

    until: date
    """The last day on which it is kept."""
    reasons: tuple[Reason, ...]

    @property
    def held(self) -> tuple[Reason, ...]:
        return tuple(each for each in self.reasons if each.until is None)

    @property
    def dated(self) -> tuple[Reason, ...]:
        return tuple(each for each in self.reasons if each.until is not None)

    def is_due(self, now: datetime) -> bool:
        """It may be disposed of, as far as the recording itself goes."""
        return not self.held and is_over(self.until, now)


def keep(facts: Facts, profile: Profile) -> Keep:
    """The longest of all that keeps it wins; no hold has a date."""
    dated = [*_by_rule(facts, profile), *_applied(facts.applied)]
    return Keep(
        until=max(each.until for each in dated if each.until is not None),
        reasons=(*sorted(dated, key=_latest_first), *_without_date(facts)),
    )


def term(facts: Facts, profile: Profile) -> date:
    """What is to be entered: by the rule of today, and never earlier than what was entered before."""
    return keep(facts, profile).until


def _latest_first(reason: Reason) -> int:
    return -(reason.until or date.max).toordinal()


def _by_rule(facts: Facts, profile: Profile) -> Iterator[Reason]:
    known = [control for key in sorted(facts.controls) if (control := profile.control(key))]
    for control in known:
        yield _reason(Why.CONTROL, facts, control.retention_years, control=control.key)
    # A kind that this profile doesn't know is as good as none.
    if not known or len(known) < len(set(facts.controls)):
        yield _reason(Why.UNCLASSIFIED, facts, profile.retention_years)
    offence = profile.control(profile.retention.offence)
    if offence is not None and set(facts.marks) & set(profile.retention.offence_marks):
        yield _reason(Why.OFFENCE, facts, offence.retention_years)
    if all(control.retention_years < LEAST_YEARS for control in known):
        yield _reason(Why.LEAST, facts, LEAST_YEARS)


def _reason(why: Why, facts: Facts, years: int, **details: str) -> Reason:
    return Reason(why, kept_until(facts.taken_in, years), {"years": years, **details})


def _applied(applied: Iterable[Applied]) -> Iterator[Reason]:
    longest = max(applied, key=lambda each: (each.until, each.set_on), default=None)
    if longest is not None:
        set_on = longest.set_on.strftime("%d.%m.%Y")
        yield Reason(Why.EARLIER_RULE, longest.until, {"set_on": set_on})


def _without_date(facts: Facts) -> Iterator[Reason]:
    if not facts.applied:
        yield Reason(Why.NO_TERM)
    for hold in facts.holds:
        since = hold.since.strftime("%d.%m.%Y")
        yield Reason(_HOLDS[hold.cause], None, {"since": since, "reason": hold.reason})
    if facts.has_open_incident:
        yield Reason(Why.INCIDENT_OPEN)
