"""What each incident says, as a sentence in the reader's language, made from its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from aigaq.copies.models import VAULT
from aigaq.copies.papers import is_paper
from aigaq.core.clock import parse_rfc3339
from aigaq.errors import N_
from aigaq.incidents.models import Decision, Incident, Kind
from aigaq.journal.models import FailureCause, PauseReason, ThingKind
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.timecode.film import Verdict
from aigaq.web import dates
from aigaq.web.durations import duration_in_words

_SENTENCES: Mapping[str, str] = {
    Kind.SEAL_BROKEN: N_(
        "The seal № {seal_set} was found broken when {hands} handed back {number}, row {row}."
    ),
    Kind.SEAL_MISSING: N_("The seal № {seal_set} was missing when {hands} handed back {number}, row {row}."),
    Kind.SEAL_DIFFERENT: N_(
        "{number} went out with the seal № {seal_set}, and {hands} handed it back with № {seal_found}, "
        "row {row}."
    ),
    Kind.OTHER_HANDS: N_("{number} was issued to {inspector}, and {hands} handed it back, row {row}."),
    Kind.DAMAGE: N_("{thing} {number} was damaged when {hands} handed it back, row {row}: “{words}”"),
    Kind.LOSS: N_("{thing} {number} was lost while it was out with {inspector}, row {row}: “{words}”"),
    Kind.OVERDUE: N_(
        "{inspector} should have handed back {number} by {since}, and had not a day later, row {row}."
    ),
    Kind.PAUSE_NOT_ENDED: N_(
        "The end of a pause was not told: {inspector} paused on {at} ({pause}), row {row}."
    ),
    Kind.READ_IN_PART: N_(
        "The card {number} gave {count} recordings only in part, {missing} bytes are missing: {files}. The "
        "files are on the card still."
    ),
    Kind.READS_DISAGREE: N_(
        "The card {number} was read twice and did not give the same, in {count} files: {files}. They are on "
        "the card still."
    ),
    Kind.FILES_APPEARED: N_(
        "On the card {number} there were {count} files after it was cleared that were not there before: "
        "{files}."
    ),
    Kind.CARD_DOUBTED: N_(
        "The card {number} is not what it says it is: its identity was altered or copied, or it lay in "
        "another's recorder. Its recordings wait in the tray."
    ),
    Kind.FAILURE_LEFT: N_(
        "{number} failed with {inspector} on {at} and was neither repaired nor replaced ({cause}), row {row}."
    ),
    Kind.RECEIPT_CORRECTED: N_("{corrected_by} corrected who received what, row {row}. Reason: “{words}”"),
    Kind.NUMBERS_MISSING: N_(
        "Among what {number} recorded, {count} recordings are missing by their numbers: {numbers}. "
        "Before: “{before}”, after: “{after}”."
    ),
    Kind.CLOCK_WRONG: N_("The clock of {number} was {offset} ahead when it was compared on {at}."),
    Kind.TIME_CODE_DOUBTED: N_("A time code in “{file}” does not add up: {text}"),
    Kind.DESTROYED_RETURNED: N_(
        "The card {number} gave “{file}”, which had been destroyed on {at} by act No. {act}. It is stored "
        "anew and kept for its whole term from now on. Find out why it was on a card still."
    ),
    Kind.STORE_FAULT: N_(
        "In {place} something is not as it should be: {path}. Leave it as it is and find out what happened."
    ),
    Kind.NOT_RECORDED: N_(
        "{inspector} had {number} on duty, row {row}. Neither recorded nor announced: {total}, {gaps}."
    ),
}
_GAPS: Mapping[str, str] = {
    "exact": _SENTENCES[Kind.NOT_RECORDED],
    "at-least": N_(
        "{inspector} had {number} on duty, row {row}. Neither recorded nor announced: {total}, {gaps}. "
        "Of the recorder's clock it is only known that it was off by {offset} at least."
    ),
    "unknown": N_(
        "{inspector} had {number} on duty, row {row}. Neither recorded nor announced: {total}, {gaps}. "
        "The recorder's clock was never compared, so its times are taken as they stand."
    ),
}
"""By what is known of the recorder's clock."""
_NOT_UNLOADED = N_(
    "{inspector} had {number} on duty, row {row}. Neither recorded nor announced: {total}, {gaps}. "
    "From a card of that duty no recording came."
)
_TIME_CODES: Mapping[str, str] = {
    Verdict.NOT_LIVE: N_(
        "The recording “{file}” shows the time code of row {named}, but it stands still or does not advance "
        "as the recording does: a photograph of a code, or a film of one, was filmed."
    ),
    Verdict.FORGED: N_(
        "The recording “{file}” shows a time code in this office's name that the office never made: {text}"
    ),
    Verdict.FOREIGN: N_("The recording “{file}” shows a time code of another office: {text}"),
    Verdict.OTHER_ROW: N_(
        "The recording “{file}” shows the time code of row {named}, and neither its card nor its recorder "
        "was issued on that row. Until somebody says where it belongs, it waits in the tray."
    ),
    Verdict.CONTRADICTS: N_(
        "By the time codes that {number} filmed, its clock was off by amounts that are {apart} apart: a film "
        "of a code was filmed later, or the clock was changed in between. The recording is “{file}”."
    ),
}
"""By what is to be thought of the code."""
_STORED: Mapping[str, str] = {
    "damaged": N_(
        "In {place} a stored recording is not what its name says, and no sound copy of it was found: {path}. "
        "Leave it as it is, and plug in every copy that there is."
    ),
    "unreadable": N_(
        "In {place} a stored recording can't be read, and no sound copy of it was found: {path}. Have the "
        "disk looked at, and plug in every copy that there is."
    ),
    "missing": N_(
        "In {place} a stored recording is missing: {path}. Find out who removed it, or which disk was "
        "changed."
    ),
    "misnamed": N_(
        "In {place} a file has the look of a recording and a wrong name: {path}. Find out who put it there."
    ),
    "unexpected": N_("In {place} something was put that does not belong there: {path}. Find out who did it."),
}
"""By what was found of what is stored."""
_PAPERS: Mapping[str, str] = {
    "damaged": N_(
        "In {place} a part of the ledger's copy is not what its name or its signature says, and could not be "
        "written anew: {path}. Leave it as it is, and plug in every copy that there is."
    ),
    "unreadable": N_(
        "In {place} a part of the ledger's copy can't be read, and could not be written anew: {path}. Have "
        "the disk looked at."
    ),
    "missing": N_(
        "In {place} a part of the ledger's copy was missing: {path}. Find out who removed it, or which disk "
        "was changed."
    ),
}
"""The same, of what lies beside the recordings."""
_CLOCKS: Mapping[tuple[bool, bool], str] = {
    (True, True): _SENTENCES[Kind.CLOCK_WRONG],
    (False, True): N_("The clock of {number} was {offset} behind when it was compared on {at}."),
    (True, False): N_(
        "The clock of {number} was at least {offset} ahead: on {at} a recording of it began in the future."
    ),
    (False, False): N_(
        "The clock of {number} was at least {offset} behind: a recording found on {at} began, by it, "
        "before the card was empty."
    ),
}
"""Whether it was ahead; and whether it was read exactly."""
_CORRECTED: Mapping[str, str] = {
    Kind.SEAL_BROKEN: N_(
        "{corrected_by} corrected row {row}: the seal № {seal_set} of {number} had come back broken."
    ),
    Kind.SEAL_MISSING: N_(
        "{corrected_by} corrected row {row}: the seal № {seal_set} of {number} had been missing."
    ),
    Kind.SEAL_DIFFERENT: N_(
        "{corrected_by} corrected row {row}: another seal than № {seal_set} had come back on {number}."
    ),
}
"""Of seals that were first entered as whole."""
_RECEIPTS: Mapping[str, str] = {
    RECORDER: N_(
        "{corrected_by} corrected row {row}: {inspector} had received the recorder {new}, not {old}. "
        "Reason: “{words}”"
    ),
    CARD: N_(
        "{corrected_by} corrected row {row}: the card {new} had been in the recorder {number}, not {old}. "
        "Reason: “{words}”"
    ),
    INSPECTOR: N_(
        "{corrected_by} corrected row {row}: {new} had received the recorder {number}, not {old}. "
        "Reason: “{words}”"
    ),
}
_MISSING = N_("{thing} {number} was missing when {hands} came to hand it back, row {row}: “{words}”")
_LOST_IN_THE_SAFE = N_("{thing} {number} was entered in the register as lost: “{words}”")
_CHOICES: Mapping[str, type[TextChoices]] = {
    "thing": ThingKind,
    "pause": PauseReason,
    "cause": FailureCause,
}
_TIMES = frozenset({"at", "since"})
_UNKNOWN = "…"
_MAY_BE_NONE = frozenset({"old", "new"})
_NONE = "–"


@dataclass(frozen=True)
class Shown:
    """An incident as a page shows it."""

    incident: Incident
    sentence: str

    @property
    def decision(self) -> Decision | None:
        return getattr(self.incident, "decision", None)


class _Facts(dict[str, object]):
    """What a sentence may name; what an incident does not have is shown as left out."""

    def __missing__(self, name: str) -> str:
        return _UNKNOWN


def shown(incidents: Iterable[Incident]) -> list[Shown]:
    return [Shown(incident, sentence(incident)) for incident in incidents]


def sentence(incident: Incident) -> str:
    facts = _Facts({name: _readable(name, value) for name, value in incident.facts.items()})
    offset = incident.facts.get("offset_ms")
    if isinstance(offset, int):
        facts["offset"] = duration_in_words(offset / 1000)
    if incident.kind == Kind.NOT_RECORDED:
        _describe_gaps(facts, incident.facts)
    apart = incident.facts.get("apart_ms")
    if isinstance(apart, int):
        facts["apart"] = duration_in_words(apart / 1000)
    return _(_template(incident.kind, facts)).format_map(facts)


def _describe_gaps(facts: "_Facts", told: Mapping[str, Any]) -> None:
    if not {"gaps", "count", "total_ms"} <= told.keys():
        return
    gaps = [(parse_rfc3339(start), parse_rfc3339(end)) for start, end in told["gaps"]]
    more = " …" if told["count"] > len(gaps) else ""
    facts["gaps"] = ", ".join(dates.stretch(start, end) for start, end in gaps) + more
    facts["total"] = duration_in_words(told["total_ms"] / 1000)


def _template(kind: str, facts: Mapping[str, object]) -> str:
    if kind == Kind.CLOCK_WRONG:
        offset = facts["offset_ms"]
        is_ahead = isinstance(offset, int) and offset > 0
        return _CLOCKS[is_ahead, facts["exact"] is True]
    if kind == Kind.NOT_RECORDED:
        return (
            _NOT_UNLOADED
            if facts["not_unloaded"] is True
            else _GAPS.get(str(facts["known"]), _SENTENCES[kind])
        )
    if kind == Kind.LOSS:
        return _loss(facts)
    if "corrected_by" in facts and kind in _CORRECTED:
        return _CORRECTED[kind]
    if kind == Kind.RECEIPT_CORRECTED and facts.get("cell") in _RECEIPTS:
        return _RECEIPTS[str(facts["cell"])]
    # Of time codes alone it is said why; of what is stored, which fault it has.
    stored = {**_STORED, **_PAPERS} if is_paper(str(facts["path"])) else _STORED
    return {**_TIME_CODES, **stored}.get(str(facts.get("why", facts.get("fault", ""))), _SENTENCES[kind])


def _loss(facts: Mapping[str, object]) -> str:
    if "row" not in facts:
        return _LOST_IN_THE_SAFE
    return _MISSING if "hands" in facts else _SENTENCES[Kind.LOSS]


def _readable(name: str, value: object) -> object:
    if name in _MAY_BE_NONE and not value:
        return _NONE
    if name == "place" and value == VAULT:
        return _("the vault")
    choices = _CHOICES.get(name)
    if choices is not None and value in choices.values:
        return choices(value).label
    try:
        return dates.moment(parse_rfc3339(str(value))) if name in _TIMES else value
    except ValueError:
        return value
