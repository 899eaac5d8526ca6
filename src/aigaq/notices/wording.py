"""What a notice says: on the screen in the reader's language, in a letter in Kazakh, then in Russian.

A letter leaves the office: it names no person, tells nothing of what was recorded, and its link opens nothing
to who can't sign in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from aigaq.copies.models import VAULT
from aigaq.copies.papers import DATABASE
from aigaq.core.clock import parse_rfc3339
from aigaq.errors import N_
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.journal.models import FailureCause, PauseReason
from aigaq.journal.signed import INSPECTOR
from aigaq.journal.wording import minute
from aigaq.notices.models import Kind, Notice
from aigaq.registry.models import Role

_UNKNOWN = "…"
_MAY_BE_NONE: Final = frozenset({"old", "new", "due_on"})
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Words:
    screen: str
    letter: str
    """Without the names of people."""


_ROW_CORRECTED: Final = N_(
    "Row {number} of journal {book} was corrected: who received which recorder and card. "
    "If it is not so, tell the head."
)
_WORDS: Final[Mapping[str, Words]] = {
    "paused": Words(
        N_("{inspector} paused recording at {at}: {reason}. Recorder {recorder}, row {number}."),
        N_("Recording was paused at {at}: {reason}. Recorder {recorder}, row {number} of journal {book}."),
    ),
    "resumed": Words(
        N_("{inspector} resumed recording at {at}. Recorder {recorder}, row {number}."),
        N_("Recording was resumed at {at}. Recorder {recorder}, row {number} of journal {book}."),
    ),
    "failed": Words(
        N_("{inspector} says at {at}: the recorder {recorder} failed. Cause: {cause}. Row {number}."),
        N_(
            "The recorder {recorder} failed at {at}. Cause: {cause}. Row {number} of journal {book}. "
            "Repair or replace it."
        ),
    ),
    "failed-words": Words(
        N_(
            "{inspector} says at {at}: the recorder {recorder} failed. "
            "Cause: {cause} ({words}). Row {number}."
        ),
        N_(
            "The recorder {recorder} failed at {at}. Cause: {cause}. Row {number} of journal {book}. "
            "Repair or replace it."
        ),
    ),
    "overdue": Words(
        N_("{inspector} has not handed back the recorder {recorder}. It was due at {at}. Row {number}."),
        N_(
            "The recorder {recorder} has not been handed back. It was due at {at}. "
            "Row {number} of journal {book}."
        ),
    ),
    "overdue-own": Words(
        N_("Hand back the recorder {recorder} to the custodian. It was due at {at}."),
        N_("Hand back the recorder {recorder} to the custodian. It was due at {at}."),
    ),
    "incident": Words(
        N_("An incident of {at}: {what}. Close it with a decision."),
        N_("An incident of {at}: {what}. Close it with a decision."),
    ),
    "incident-row": Words(
        N_("An incident of {at}: {what}. Recorder {recorder}, row {number}. Close it with a decision."),
        N_(
            "An incident of {at}: {what}. Recorder {recorder}, row {number} of journal {book}. "
            "Close it with a decision."
        ),
    ),
    "book-opened": Words(
        N_("The journal {previous} is full. The next one, {book}, opened itself."),
        N_("The journal {previous} is full. The next one, {book}, opened itself."),
    ),
    "appointed": Words(
        N_("You are appointed: {role}, {division}, from {from_on}, order {order}."),
        N_("You are appointed: {role}, {division}, from {from_on}, order {order}."),
    ),
    "appointed-until": Words(
        N_("You are appointed: {role}, {division}, from {from_on} until {until_on}, order {order}."),
        N_("You are appointed: {role}, {division}, from {from_on} until {until_on}, order {order}."),
    ),
    "corrected": Words(_ROW_CORRECTED, _ROW_CORRECTED),
    "corrected-recorder": Words(
        N_("Row {number}, which you signed, was corrected: you received the recorder {new}, not {old}."),
        _ROW_CORRECTED,
    ),
    "corrected-card": Words(
        N_(
            "Row {number}, which you signed, was corrected: the card {new} was in the recorder {recorder}, "
            "not {old}."
        ),
        _ROW_CORRECTED,
    ),
    "corrected-inspector": Words(
        N_("Row {number} was corrected: you received the recorder {recorder}, not {old}."), _ROW_CORRECTED
    ),
    "corrected-away": Words(
        N_("Row {number}, which you signed, was corrected: {new} received the recorder {recorder}, not you."),
        _ROW_CORRECTED,
    ),
    "dock-clock": Words(
        N_("The clock of the docking PC “{dock}” is off by {offset} (hours, minutes, seconds). Have it set."),
        N_("The clock of the docking PC “{dock}” is off by {offset} (hours, minutes, seconds). Have it set."),
    ),
    "dock-quota": Words(
        N_(
            "The docking PC “{dock}” asks for more uploads than it may have: {count} are unfinished, of "
            "{size} GB in all. Nothing is lost, and others go on. See what it is doing; if nobody answers "
            "for it, revoke it: then what it has not finished is removed."
        ),
        N_("The docking PC “{dock}” asks for more uploads than it may have. See what it is doing."),
    ),
    "disk-filling": Words(
        N_(
            "The vault's disk will be full in about {days} days at the present pace. Have space added before "
            "then: no card is unloaded that does not fit."
        ),
        N_(
            "The vault's disk will be full in about {days} days at the present pace. Have space added before "
            "then: no card is unloaded that does not fit."
        ),
    ),
    "disk-filling-place": Words(
        N_(
            "The disk of the copy {place} will be full in about {days} days at the present pace. Have space "
            "added before then: what does not fit has no copy there."
        ),
        N_(
            "The disk of the copy {place} will be full in about {days} days at the present pace. Have space "
            "added before then: what does not fit has no copy there."
        ),
    ),
    "healed": Words(
        N_(
            "A stored recording was found bad in {place} and put right from {source}: {path}. Nothing is "
            "lost; have the disk of {place} looked at."
        ),
        N_(
            "A stored recording was found bad in {place} and put right from {source}. Nothing is lost; have "
            "the disk of {place} looked at."
        ),
    ),
    "healed-paper": Words(
        N_(
            "A part of the ledger's copy was found bad or missing in {place} and written anew from {source}: "
            "{path}. Nothing is lost; find out why, and have the disk of {place} looked at."
        ),
        N_(
            "A part of the ledger's copy was found bad or missing in {place} and written anew from {source}. "
            "Nothing is lost; find out why, and have the disk of {place} looked at."
        ),
    ),
    "place-trouble": Words(
        N_(
            "It has not been possible to copy anything to {place} since {at}. Have it looked at: what is"
            " new has no copy there."
        ),
        N_(
            "It has not been possible to copy anything to {place} since {at}. Have it looked at: what is"
            " new has no copy there."
        ),
    ),
    "place-trouble-away": Words(
        N_(
            "{place} has been away since {at}. Plug the disk in, or have the network looked at: what is new "
            "has no copy there."
        ),
        N_(
            "{place} has been away since {at}. Plug the disk in, or have the network looked at: what is new "
            "has no copy there."
        ),
    ),
    "place-trouble-full": Words(
        N_(
            "{place} is full. Add space: what is new has no copy there, and nothing old is ever removed "
            "for it."
        ),
        N_(
            "{place} is full. Add space: what is new has no copy there, and nothing old is ever removed "
            "for it."
        ),
    ),
    "place-trouble-foreign": Words(
        N_("In {place} there is another vault, so nothing is copied to it. Have the settings looked at."),
        N_("In {place} there is another vault, so nothing is copied to it. Have the settings looked at."),
    ),
    "elsewhere": Words(
        N_(
            "The card {card} of {owner} was unloaded here, at {home}. Its recordings stand in the journal of "
            "{owner}; nobody of {home} sees them. Hand the card back to {owner}."
        ),
        N_("A card of {owner} was unloaded at {home}. Hand it back to {owner}."),
    ),
    "elsewhere-own": Words(
        N_(
            "Your card {card} was unloaded at {home}. Its recordings are in your journal; have the card "
            "handed back."
        ),
        N_("A card of {owner} was unloaded at {home}. Its recordings are in your journal."),
    ),
    "sample": Words(
        N_(
            "The sample of {month} was drawn: {count} duties are to be looked through, the last day is "
            "{due_on}."
        ),
        N_(
            "The sample of {month} was drawn: {count} duties are to be looked through, the last day is "
            "{due_on}."
        ),
    ),
    "sample-late": Words(
        N_("Of the sample of {month}, {count} duties are not looked through yet. The last day was {due_on}."),
        N_("Of the sample of {month}, {count} duties are not looked through yet. The last day was {due_on}."),
    ),
    "demand": Words(
        N_("Demand {number} came: {authority}, No. {their_number}. Decide on it. The last day: {due_on}."),
        N_("Demand {number} of an authority or a court came. Decide on it. The last day: {due_on}."),
    ),
    "demand-approved": Words(
        N_("Demand {number} is approved. Build the package and hand it over."),
        N_("Demand {number} is approved. Build the package and hand it over."),
    ),
    "demand-refused": Words(
        N_("Demand {number} is refused. Answer whoever asked."),
        N_("Demand {number} is refused. Answer whoever asked."),
    ),
    "demand-due": Words(
        N_("Demand {number} of {authority} is due by {due_on}, and nothing was handed over yet."),
        N_("Demand {number} is due by {due_on}, and nothing was handed over yet."),
    ),
    "demand-late": Words(
        N_("Demand {number} of {authority} was due by {due_on}, and nothing was handed over yet."),
        N_("Demand {number} was due by {due_on}, and nothing was handed over yet."),
    ),
    "relieved": Words(
        N_("You are relieved: {role}, {division}. The last day is {until_on}."),
        N_("You are relieved: {role}, {division}. The last day is {until_on}."),
    ),
}
_SUBJECTS: Final[Mapping[str, str]] = {
    Kind.PAUSED: N_("Recording paused"),
    Kind.RESUMED: N_("Recording resumed"),
    Kind.FAILED: N_("A recorder failed"),
    Kind.OVERDUE: N_("Not handed back in time"),
    Kind.INCIDENT: N_("An incident"),
    Kind.BOOK_OPENED: N_("A new journal has opened itself"),
    Kind.APPOINTED: N_("Your appointment"),
    Kind.DISK_FILLING: N_("The vault is filling up"),
    Kind.ELSEWHERE: N_("A card was unloaded in another division"),
    Kind.CORRECTED: N_("The journal was corrected"),
    Kind.DOCK_CLOCK: N_("The clock of a docking PC is off"),
    Kind.DOCK_QUOTA: N_("A docking PC has come to the end of its share"),
    Kind.SAMPLE: N_("The monthly review"),
    Kind.DEMAND: N_("A demand of an authority or a court"),
    Kind.HEALED: N_("A stored recording was put right"),
    Kind.PLACE_TROUBLE: N_("A copy of the vault is in trouble"),
}
_CHOICES: Final = {"reason": PauseReason, "cause": FailureCause, "what": IncidentKind, "role": Role}
_PLACES: Final = frozenset({"place", "source"})
_LETTER: Final = N_("{said}\n\nMore in Aigaq, after signing in: {page}")
_OF_LETTERS: Final = ("kk", "ru")


def sentence(notice: Notice) -> str:
    """In the language of the page."""
    return _said(_WORDS[_which(notice)].screen, notice.facts)


def subject(notice: Notice) -> str:
    """Of a letter: one line, in both languages."""
    said = dict.fromkeys(_in(language, lambda: _(_SUBJECTS[notice.kind])) for language in _OF_LETTERS)
    return f"Aigaq: {' / '.join(said)}"


def text(notice: Notice, page: str) -> str:
    """Of a letter; `page` is where more is found."""

    def part() -> str:
        return _(_LETTER).format(said=_said(_WORDS[_which(notice)].letter, notice.facts), page=page)

    return "\n\n* * *\n\n".join(_in(language, part) for language in _OF_LETTERS) + "\n"


def _in(language: str, say: Callable[[], str]) -> str:
    with translation.override(language):
        return say()


_OTHERWISE: Final[Mapping[Kind, str]] = {
    Kind.FAILED: "words",
    Kind.OVERDUE: "own",
    Kind.ELSEWHERE: "own",
    Kind.INCIDENT: "row",
    Kind.SAMPLE: "late",
    Kind.DISK_FILLING: "place",
    Kind.HEALED: "paper",
}
"""Kinds that have other words where they have that fact: they stand under both names."""


def _which(notice: Notice) -> str:
    facts = notice.facts
    match Kind(notice.kind):
        case Kind.CORRECTED:
            return _which_correction(facts)
        case Kind.APPOINTED:
            return _which_appointment(facts)
        case Kind.DEMAND:
            return _which_demand(facts)
        case Kind.PLACE_TROUBLE:
            which = f"place-trouble-{facts.get('trouble')}"
            return which if which in _WORDS else "place-trouble"
        case kind:
            fact = _OTHERWISE.get(kind)
            return f"{kind.value}-{fact}" if fact and facts.get(fact) else kind.value


def _which_demand(facts: Mapping[str, object]) -> str:
    if facts.get("decided"):
        return f"demand-{facts['decided']}"
    if facts.get("due"):
        return "demand-late" if facts.get("late") else "demand-due"
    return "demand"


def _which_appointment(facts: Mapping[str, object]) -> str:
    if facts.get("relieved"):
        return "relieved"
    return "appointed-until" if facts.get("until_on") else "appointed"


def _which_correction(facts: Mapping[str, object]) -> str:
    is_away = facts.get("cell") == INSPECTOR and not facts.get("own")
    which = "corrected-away" if is_away else f"corrected-{facts.get('cell')}"
    return which if which in _WORDS else "corrected"


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return _UNKNOWN


def _said(template: str, facts: Mapping[str, object]) -> str:
    return _(template).format_map(_Facts({name: _readable(name, value) for name, value in facts.items()}))


def _readable(name: str, value: object) -> object:
    if value is None and name in _MAY_BE_NONE:
        return _NONE
    if not isinstance(value, str):
        return value
    if name in _MAY_BE_NONE and not value:
        return _NONE
    if name in _PLACES:
        return _place(value)
    if name in _CHOICES:
        choices = _CHOICES[name]
        return choices(value).label if value in choices.values else value
    return value.rstrip(".") if name == "words" else _readable_time(name, value)


def _place(name: str) -> str:
    if name == DATABASE:
        return _("the database")
    return _("the vault") if name == VAULT else f"“{name}”"


def _readable_time(name: str, value: str) -> str:
    """As the book writes days and times, in every language."""
    try:
        if name == "at":
            return minute(parse_rfc3339(value))
        if name in {"from_on", "until_on", "due_on"}:
            return f"{date.fromisoformat(value):%d.%m.%Y}"
        if name == "month":
            return f"{date.fromisoformat(f'{value}-01'):%m.%Y}"
    except ValueError:
        pass
    return value
