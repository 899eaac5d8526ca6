"""What each kind of entry says, as a sentence for people. `tests/web` holds that none is missing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aigaq.core.clock import KAZAKHSTAN, parse_rfc3339
from aigaq.errors import N_
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.incidents.models import Outcome
from aigaq.journal.models import FailureCause, JournalRow, PauseReason, ThingKind
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Product, TimeCodeVerdict
from aigaq.registry.models import Card, Division, Person, Recorder, Role, State
from aigaq.regulation import profile as regulation
from aigaq.review.models import Result
from aigaq.web import dates

SENTENCES: Mapping[str, str] = {
    "account.created": N_("{actor} made the login “{username}”."),
    "account.signed-in": N_("“{username}” signed in."),
    "account.sign-in-refused": N_("Signing in was refused: the name or the password was wrong."),
    "account.signed-out": N_("{actor} signed out."),
    "account.proof-refused": N_("“{username}” could not prove who they are, so nothing was done."),
    "account.passkey-enrolled": N_("{actor} enrolled a passkey for “{username}”, face to face: {label}."),
    "account.passkey-revoked": N_("{actor} revoked a passkey of “{username}”."),
    "account.password-set": N_("{actor} set a new password for “{username}”."),
    "account.disabled": N_("{actor} shut the login “{username}”."),
    "account.enabled": N_("{actor} opened the login “{username}” again."),
    "registry.division-added": N_("{actor} entered the division {name}."),
    "registry.person-added": N_("{actor} entered {full_name} on the staff list."),
    "registry.email-set": N_("{actor} entered the e-mail address of {full_name}: {email}."),
    "registry.appointed": N_(
        "{actor} appointed {full_name}: {role}, {division}, from {from_on}, order {order}."
    ),
    "registry.relieved": N_("{actor} relieved {full_name}: {role}, {division}, last day {until_on}."),
    "registry.recorder-added": N_("{actor} registered the recorder {inventory_number}."),
    "registry.card-added": N_("{actor} registered the card {inventory_number}."),
    "registry.state-set": N_("{actor} entered the state of {inventory_number}: {to}. Reason: {reason}."),
    "journal.book-opened": N_("{actor} opened the journal {registration_number}, {sheets} sheets."),
    "journal.book-closed": N_("{actor} closed the journal {registration_number}."),
    "journal.book-registered": N_(
        "{actor} registered the next journal {registration_number}, {sheets} sheets."
    ),
    "journal.printed": N_(
        "{actor} had the journal {registration_number} printed, sheets {sheets[first]} to {sheets[last]}."
    ),
    "journal.print-taken": N_(
        "{actor} took the printed journal {registration_number}, sheets {sheets[first]} to {sheets[last]}."
    ),
    "journal.inscribed": N_(
        "{actor} wrote and signed the last page of the journal {document[book][registration_number]}: "
        "{document[sheets]} sheets."
    ),
    "journal.issued": N_(
        "{actor} issued the recorder {document[recorder][inventory_number]} to "
        "{document[inspector][full_name]}, who signed: row {document[row][number]}."
    ),
    "journal.returned": N_(
        "{actor} took back the recorder {document[recorder][inventory_number]}; "
        "{document[handed_back_by][full_name]} signed: row {document[row][number]}."
    ),
    "journal.unloaded": N_("The unloading was entered in row {row[number]}."),
    "journal.remarked": N_("{actor} entered a remark in row {row[number]}: {text}"),
    "journal.corrected": N_(
        "{actor} corrected row {document[row][number]}: “{document[old]}” was struck, "
        "“{document[new]}” written beside it. Reason: {document[reason]}."
    ),
    "journal.paused": N_("{actor} told of a pause on row {row[number]}, {reason}: since {occurred_at}."),
    "journal.resumed": N_("{actor} told that the pause on row {row[number]} ended: {occurred_at}."),
    "journal.failure-reported": N_(
        "{actor} told that the recorder of row {row[number]} failed: {cause}, {occurred_at}."
    ),
    "journal.repaired": N_("{actor} put the failed recorder of row {row[number]} right: {words}"),
    "journal.loss-reported": N_("{actor} entered a loss on row {row[number]}, {thing}: {words}"),
    "incidents.opened": N_("An incident was opened by itself: “{kind}”, {facts[number]}."),
    "incidents.decided": N_(
        "{actor} decided on the incident “{document[incident][kind]}”: {document[outcome]}. "
        "Reason: {document[reason]}"
    ),
    "retention.hold-placed": N_(
        "{actor} had recordings held beyond their day: {recordings}. Reason: {reason}"
    ),
    "retention.hold-released": N_("{actor} let go recordings that were held. Reason: {reason}"),
    "retention.term-set": N_("It was entered until when recordings are kept: {terms}."),
    "retention.clock-confirmed": N_("{actor} confirmed that it is the day {day}."),
    "retention.disposal-proposed": N_("{actor} proposed plan {number} for disposal: {items}."),
    "retention.disposal-approved": N_(
        "{actor} approved plan {document[plan][number]} for disposal and signed: {document[recordings]}."
    ),
    "retention.disposal-dropped": N_("{actor} dropped plan {number}. Reason: {reason}"),
    "retention.disposing": N_("{actor} began to carry out plan {number}: {recordings}."),
    "retention.objects-destroyed": N_("{actor} carried out plan {number}. Files of it destroyed: {objects}."),
    "retention.disposed": N_("{actor} carried out plan {number}. Recordings destroyed: {recordings}."),
    "retention.remainder-removed": N_(
        "What still stood of plan {number} in the copy {place} was taken out: {objects}."
    ),
    "retention.hold-mirrored": N_("The store {place} was told to keep what is held, too: {objects}."),
    "retention.hold-lifted": N_("In the store {place} what was held was let go: {objects}."),
    "recording.returned": N_("A card gave what had been destroyed: {files}. It was stored anew."),
    "retention.act-printed": N_("{actor} printed the act {act} on plan {number}."),
    "disclosure.demand-registered": N_(
        "{actor} entered demand {number}: {authority}, No. {their_number}. Recordings chosen: {chosen}."
    ),
    "disclosure.demand-amended": N_(
        "{actor} chose anew for demand {number}. Recordings chosen: {chosen}. Reason: {reason}"
    ),
    "disclosure.approved": N_(
        "{actor} approved demand {document[demand][number]} and signed: {document[demand][authority]}."
    ),
    "disclosure.refused": N_("{actor} refused demand {number}. Reason: {reason}"),
    "disclosure.package-begun": N_("{actor} set out to build the package of demand {number}."),
    "disclosure.package-built": N_("The package of demand {number} was built: {package_digest}."),
    "disclosure.handed-over": N_(
        "{actor} handed the package of demand {number} over to {receiver[full_name]}, {receiver[position]}."
    ),
    "journal.act-printed": N_("{actor} printed the act {act}."),
    "review.marked": N_("{actor} marked a place of the recording {path}: {category}. {note}"),
    "review.mark-amended": N_("{actor} amended a mark on the recording {path}. Reason: {reason}"),
    "review.mark-withdrawn": N_("{actor} withdrew a mark on the recording {path}. Reason: {reason}"),
    "review.sample-drawn": N_(
        "The sample of {month} was drawn by lot: {items} of {population} duties, to be viewed by {due_on}."
    ),
    "review.sample-noted": N_("{actor} wrote a note on the sample of {month}: {text}"),
    "review.report-printed": N_("{actor} had the report on the sample of {month} printed."),
    "review.reviewed": N_("{actor} entered what a review came to: {result}. {note}"),
    "card.identified": N_("{actor} wrote the identity file on the card {card}."),
    "card.cleared": N_("Files proven stored were cleared from a card: {files}."),
    "unload.flawed": N_("A card gave cause for doubt while it was unloaded, in {count} places."),
    "unload.elsewhere": N_("A card of {owner} was unloaded at {home}, port {port}."),
    "unload.assigned": N_("{actor} said which row an unloading belongs to: {row}. Recordings: {recordings}."),
    "overview.taken": N_("{actor} took away a copy of figures ({form}): {division}. Divisions: {divisions}."),
    "coverage.judged": N_(
        "It was judged how much of the duty of row {row[number]} was recorded (judgement {number}). "
        "Unexplained gaps: {gaps}."
    ),
    "recording.ingested": N_("A recording was stored: {path}."),
    "recording.stored-again": N_("A recording was stored once more, since its stored copy was missing."),
    "recording.read-with-faults": N_(
        "A recording was read with faults: {path}. Bytes missing: {missing} of {size}."
    ),
    "recording.judged": N_("A stored recording was examined."),
    "recording.derived": N_("A copy that a browser shows was made of a recording: {product}."),
    "recorder.clock-read": N_(
        "The clock of the recorder {recorder} was compared: {device_at} by it, {server_at} by the server."
    ),
    "recorder.time-shown": N_(
        "{actor} put the time code of row {row[number]} on a screen, for {seconds} seconds from {from}."
    ),
    "recording.time-code-read": N_("Time codes were read in a recording: {path}. They are: {verdict}."),
    "recorder.clock-set": N_("The recorder {recorder} was left the time in the file {path}: {text}"),
    "recorder.sequence-read": N_(
        "The numbers of what the recorder {recorder} recorded were looked through. Stretches missing: {gaps}."
    ),
    "recording.placed": N_("Recordings were tied to row {row}: {recordings}."),
    "screen.opened": N_("{actor} opened the screen “{name}” on the wall."),
    "screen.shut": N_("{actor} shut a screen on the wall."),
    "dock.code-made": N_("{actor} made a code for enrolling a docking PC in {division}."),
    "dock.enrolled": N_("The docking PC {name} was enrolled in {division}."),
    "dock.enrolment-refused": N_(
        "Somebody came with an enrolment code of {division} that was used before, and was not let in."
    ),
    "dock.revoked": N_("{actor} revoked the docking PC {name}. Reason: {reason}"),
    "dock.session-opened": N_(
        "The docking PC {actor} proved who it is. Its clock said {dock_time}, {clock_offset_ms} ms off."
    ),
    "dock.session-refused": N_("The docking PC {name}, or somebody in its name, was not let in."),
    "dock.clock-off": N_("The clock of the docking PC {name} is off: it said {dock_time}."),
    "dock.quota-reached": N_(
        "The docking PC {name} asked for more uploads than it may have; unfinished: {uploads}."
    ),
    "dock.received": N_("The docking PC {actor} handed over an encrypted recording, proven on the disk."),
    "vault.filling": N_("The room in the vault was looked at: it lasts {days} days at the present pace."),
    "vault.copied": N_("Recordings were copied to {place} and proven to stand there: {blobs}."),
    "vault.found-bad": N_("In {place} something stored was found not to be as it should: {path}."),
    "vault.healed": N_("In {place} a stored recording was put right from {source}: {path}."),
    "vault.place-troubled": N_("It has not been possible to copy anything to {place} since {since}."),
    "vault.scrubbed": N_("Every stored recording was checked: {checked} of them, findings: {findings}."),
    "installation.created": N_("The installation was made, with its ledger and its vault."),
    "access.reader-added": N_("{actor} gave “{username}” access to the vault."),
    "access.reader-removed": N_("{actor} took access to the vault from “{username}”."),
    "access.unlocked": N_("{actor} opened the vault until {until}."),
    "access.unlock-refused": N_("{actor} could not open the vault: wrong vault password, or no right."),
    "access.locked": N_("{actor} locked the vault."),
    "access.listed": N_("{actor} looked through the list of recordings."),
    "access.searched": N_("{actor} searched the recordings: {words}. Shown: {recordings}."),
    "access.duty-viewed": N_("{actor} looked at a duty, row {row}: what was recorded on it and when."),
    "access.viewed": N_("{actor} looked at a recording: {path}."),
    "access.played": N_("{actor} played a recording: {path}."),
    "access.still": N_("{actor} looked at a still picture of a recording: {path}."),
    "access.downloaded": N_("{actor} took a copy of a recording: {path}."),
    "access.recovery-key": N_("{actor} had the vault's recovery key shown."),
    "vault.rotated": N_("{actor} changed the vault's key; the new one is {recipient}."),
    "vault.recovery-rehearsed": N_("The recovery key from the safe was tried, and it is this vault's."),
    "vault.recovery-refused": N_("A recovery key was tried that is not this vault's."),
    "backup.made": N_("{actor} made a backup, up to entry {entries}."),
    "backup.restored": N_(
        "{actor} restored the backup of {made_at}; entries {from} to {to} came from the vault's copy."
    ),
    "backup.rehearsed": N_(
        "{actor} tried the backup of {made_at}: entries {entries}, recordings {recordings}, missing"
        " {missing}."
    ),
    "installation.moved": N_(
        "The office was moved to a PostgreSQL database: entries {entries}, every row of every table the same."
    ),
    "recovery.rebuilt": N_("{actor} made entries {from} to {to} anew from the vault's copy of the ledger."),
}
"""By kind; the names in braces are the actor, and what the entry's body has, made readable."""

GROUPS: tuple[tuple[str, str], ...] = (
    ("journal", N_("Journal: issue, return")),
    ("incidents", N_("Incidents")),
    ("coverage overview", N_("How much was recorded")),
    ("review", N_("Marks and reviews")),
    ("recording recorder card unload", N_("Unloading of cards")),
    ("dock screen", N_("Docking PCs")),
    ("disclosure retention", N_("Demands, holds and disposals")),
    ("access", N_("Who looked at recordings")),
    ("registry", N_("People and things")),
    ("account", N_("Signing in")),
    ("installation vault backup recovery", N_("The installation")),
)
"""First words of the kinds, as a person chooses among them."""

_UNKNOWN = "…"
_NOTHING = "–"
_CHOICES: Mapping[str, type[TextChoices]] = {
    "role": Role,
    "to": State,
    "from": State,
    "reason": PauseReason,
    "cause": FailureCause,
    "thing": ThingKind,
    "kind": IncidentKind,
    "outcome": Outcome,
    "result": Result,
    "product": Product,
    "verdict": TimeCodeVerdict,
}
"""What the names in a body can be chosen from; any other text under them stays as it is."""


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it."""

    seq: int
    kind: str
    at: datetime
    sentence: str

    @property
    def on(self) -> date:
        """The day, by Kazakhstan's calendar."""
        return self.at.astimezone(KAZAKHSTAN).date()


class _Facts(dict[str, object]):
    """What a sentence may name; what an entry does not have is shown as left out."""

    def __missing__(self, name: str) -> str:
        return _UNKNOWN


def lines(entries: Iterable[LedgerEntry]) -> list[Line]:
    """Entries in words, with names looked up for all of them at once."""
    read = [(entry, json.loads(entry.entry)) for entry in entries]
    names = _names(value["body"] for _entry, value in read)
    return [
        Line(seq=entry.seq, kind=entry.kind, at=entry.at, sentence=sentence(value, names))
        for entry, value in read
    ]


def sentence(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The entry's sentence in the reader's language; its kind where there is none for it."""
    template = SENTENCES.get(entry["kind"])
    if template is None:
        return str(entry["kind"])
    facts = _facts(entry["body"], names)
    facts["actor"] = entry["actor"]["name"] or _("Somebody unknown")
    return _(template).format_map(facts)


def _facts(body: Mapping[str, object], names: Mapping[str, str]) -> _Facts:
    return _Facts({name: _readable(name, value, names) for name, value in body.items()})


def _readable(name: str, value: object, names: Mapping[str, str]) -> object:
    match value:
        case dict():
            return _facts(value, names)
        case list():
            return len(value)
        case int():
            return value
        case "":
            return _NOTHING
        case str():
            return names.get(value) or _choice(name, value) or _readable_time(value)
    return _UNKNOWN


def _choice(name: str, value: str) -> object:
    """What is chosen from a list, in the reader's language; None for any other text."""
    choices = _CHOICES.get(name)
    if choices is not None and value in choices.values:
        return choices(value).label
    mark = regulation.load().mark(value) if name == "category" else None
    return mark.text.in_(get_language() or "") if mark else None


def _readable_time(value: str) -> str:
    try:
        return dates.moment(parse_rfc3339(value))
    except ValueError:
        pass
    try:
        return dates.day(date.fromisoformat(value))
    except ValueError:
        return value


def _names(bodies: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Names of the people, divisions, things and rows that the bodies speak of by id."""
    ids = {found for body in bodies for value in body.values() if (found := _uuid(value))}
    names: dict[str, str] = {}
    if not ids:
        return names
    for model in (Division, Person, Recorder, Card):
        for one in model._default_manager.filter(pk__in=ids):  # noqa: SLF001 - Django's public way
            names[str(one.pk)] = str(one)
    for row in JournalRow.objects.filter(pk__in=ids).select_related("book"):
        names[str(row.pk)] = f"{row.book} № {row.number}"
    return names


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
