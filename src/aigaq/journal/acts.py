"""Acts for paper: which there are, their facts read from the journal, and the paper held against it again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aigaq.errors import N_, BadInputError
from aigaq.journal.held_at import books_held, things_held
from aigaq.journal.models import (
    Correction,
    Damage,
    JournalRow,
    Loss,
    Remark,
    ThingFound,
    ThingKind,
)
from aigaq.journal.paper_check import Mismatch
from aigaq.journal.printing import NoLedgerError
from aigaq.journal.received import Received
from aigaq.journal.selectors import returned_of
from aigaq.journal.whose import FIRST
from aigaq.ledger import selectors as ledger
from aigaq.ledger.models import Checkpoint as StoredCheckpoint
from aigaq.ledger.models import LedgerEntry
from aigaq.paperwork.act_code import ActCode, ActKind, ActNumber
from aigaq.paperwork.act_facts import Act, Appointed, HandOver, Harm, Harmed, digest_of
from aigaq.paperwork.acts import Witness, print_act
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.registry.models import Appointment, Card, Division, Recorder, Role
from aigaq.registry.selectors import people_with
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import Checkpoint, Note
from aigaq.tlog.errors import TlogError


class UnknownActError(BadInputError):
    code = "journal.unknown-act"
    message = N_("There is no act {number}. Look at the row, or at the appointment, that it is about.")


class NoHandOverError(BadInputError):
    code = "journal.no-hand-over"
    message = N_(
        "Nothing is handed over by the appointment of {person}, order {order}: it is no custodian's, or no "
        "deputy's who could give back."
    )


@dataclass(frozen=True, slots=True)
class Printed:
    """An act for paper, and what the ledger notes of its printing."""

    act: Act
    division: Division
    row: JournalRow | None
    """The row it is about; none for a hand-over."""
    appointment: Appointment | None
    size: int
    """Entries that the printed checkpoint covers."""
    pdf: bytes

    @property
    def name(self) -> str:
        """Of the file."""
        return f"{self.act.number} {self.act.on}.pdf".replace("/", "-")


_BESIDE: Final = 3
"""Entries: so near to each other stand those of one hand-over."""
_REWRITTEN: Final = N_(
    "The act {act} was printed with other facts than the journal has now: printed {stated}, now {recomputed}."
    " Compare the act with the screen, line by line."
)
_NO_ACT: Final = N_("The act {act} was printed from this ledger, and what it tells is not here any more.")


def numbers_on(damages: Iterable[Damage], losses: Iterable[Loss]) -> list[ActNumber]:
    """The acts of one row: for each entry that tells of damage or loss, the oldest first."""
    told = {(each.seq, _kind_of(each)) for each in damages} | {(each.seq, ActKind.LOSS) for each in losses}
    return [ActNumber(kind, seq) for seq, kind in sorted(told)]


def act_of_row(
    row: JournalRow, number: ActNumber, profile: Profile, *, typesetter: Typesetter = typeset
) -> Printed:
    """The act of damage or loss with that number, on that row. Raises `UnknownActError` or `NoLedgerError`.

    Its checkpoint is the first that covers it, so it is the same paper whenever it is printed.
    """
    if number not in numbers_on(row.damages.all(), row.losses.all()):
        raise UnknownActError(number=str(number))
    stored = StoredCheckpoint.objects.filter(size__gt=number.entry).order_by("size").first()
    if stored is None:
        raise NoLedgerError
    act = _harm(row, number)
    pdf = print_act(act, _witness(stored.note, row.division), profile, typesetter=typesetter)
    return Printed(act, row.division, row, None, stored.size, pdf)


def hand_over_to(
    appointment: Appointment,
    profile: Profile,
    *,
    is_back: bool = False,
    checkpoint: str | None = None,
    typesetter: Typesetter = typeset,
) -> Printed:
    """The act by which the custodian of `appointment` receives what the division has, or gives it back.

    As it stood at `checkpoint`, a signed note; the newest without. Raises `NoHandOverError`, `NoLedgerError`.
    """
    note = checkpoint or ledger.newest_checkpoint()
    if note is None:
        raise NoLedgerError
    size = Checkpoint.parse(Note.parse(note).text).size
    number = number_of_hand_over(appointment, is_back=is_back)
    if number is None or number.entry >= size:
        raise NoHandOverError(person=appointment.person.full_name, order=appointment.order_number)
    act = _hand_over(appointment, number, size, _dated(size))
    pdf = print_act(act, _witness(note, appointment.division), profile, typesetter=typesetter)
    return Printed(act, appointment.division, None, appointment, size, pdf)


def number_of_hand_over(appointment: Appointment, *, is_back: bool = False) -> ActNumber | None:
    """By the entry that tells of the appointment; None where it is no custodian's."""
    if appointment.role != Role.CUSTODIAN or (is_back and appointment.stands_in_for_id is None):
        return None
    told = LedgerEntry.objects.filter(
        kind="registry.appointed", entry__contains=f'"appointment":"{appointment.pk}"'
    )
    for entry in told.order_by("seq"):
        if json.loads(entry.entry)["body"]["appointment"] == str(appointment.pk):
            return ActNumber(ActKind.HAND_OVER, entry.seq, is_back=is_back)
    return None


def check_act(code: ActCode) -> list[Mismatch]:
    """Compare a printed act with the journal as it stood at the act's checkpoint.

    That the checkpoint is the ledger's own is not judged here: give it to the verification of the ledger.
    """
    evidence: dict[str, str | int] = {"act": str(code.number)}
    try:
        size = Checkpoint.parse(Note.parse(code.checkpoint).text).size
    except TlogError:
        return []  # which the verification of the ledger reports
    act = _act_with(code.number, size)
    if act is None:
        return [Mismatch("act-of-nothing", _NO_ACT, evidence)]
    found = digest_of(act)
    if found == code.digest:
        return []
    evidence |= {"stated": str(code.digest), "recomputed": str(found)}
    return [Mismatch("act-mismatch", _REWRITTEN, evidence)]


def _act_with(number: ActNumber, size: int) -> Act | None:
    if number.entry >= size:
        return None
    if number.kind is ActKind.HAND_OVER:
        appointment = _appointment_of(number.entry)
        if appointment is None or number_of_hand_over(appointment, is_back=number.is_back) != number:
            return None
        try:
            return _hand_over(appointment, number, size, _dated(size))
        except NoLedgerError:
            return None
    for kind in (Damage, Loss):
        for each in kind._default_manager.filter(seq=number.entry):  # noqa: SLF001 - Django's public way
            row = _whole(each.row_id)
            if number in numbers_on(row.damages.all(), row.losses.all()):
                return _harm(row, number)
    return None


def _appointment_of(seq: int, kind: str = "registry.appointed") -> Appointment | None:
    """That which the entry with that number and kind tells of."""
    entry = LedgerEntry.objects.filter(seq=seq, kind=kind).first()
    if entry is None:
        return None
    found = Appointment.objects.select_related("division", "person", "stands_in_for__person")
    return found.filter(pk=json.loads(entry.entry)["body"]["appointment"]).first()


def _whole(row_id: UUID) -> JournalRow:
    return JournalRow.objects.select_related(
        "book", "division", *FIRST, "issue", "returned__handed_back_by"
    ).get(pk=row_id)


def _kind_of(damage: Damage) -> ActKind:
    return ActKind.LOSS if damage.found == ThingFound.MISSING else ActKind.DAMAGE


def _harm(row: JournalRow, number: ActNumber) -> Harm:
    """The facts of that one entry; what was written later is not in them."""
    row = _whole(row.pk)
    received = row.received(number.entry)
    here: list[Damage | Loss] = [
        *(each for each in row.damages.filter(seq=number.entry) if _kind_of(each) is number.kind),
        *(row.losses.filter(seq=number.entry) if number.kind is ActKind.LOSS else ()),
    ]
    here.sort(key=lambda each: list(ThingKind).index(ThingKind(each.thing)))
    returned = returned_of(row)
    if returned is not None and returned.seq != number.entry:
        returned = None
    return Harm(
        number=number,
        division=row.division.name,
        book=row.book.registration_number,
        sheet=row.sheet,
        row=row.number,
        inspector=received.inspector.full_name,
        custodian=here[0].by.full_name if here[0].by else "",
        handed_back_by=returned.handed_back_by.full_name if returned else "",
        control=row.issue.control,
        subject=row.issue.subject,
        object=row.issue.object,
        act_number=row.issue.act_number,
        issued_at=row.issue.occurred_at,
        occurred_at=here[0].occurred_at,
        seal_set=_seal_set(row, number.entry),
        seal_found=returned.seal_found if returned else "",
        seal_number_found=returned.seal_number_found if returned else "",
        things=tuple(_harmed(received, each) for each in here),
        remarks=tuple(
            Remark.objects.filter(row=row, seq=number.entry).order_by("pk").values_list("text", flat=True)
        ),
    )


def _seal_set(row: JournalRow, entry: int) -> str:
    """As it was corrected before that entry."""
    corrected = Correction.objects.filter(row=row, cell="seal_number", seq__lt=entry).order_by("-number")
    newest = corrected.first()
    return newest.new if newest else row.issue.seal_number


def _harmed(received: Received, told: Damage | Loss) -> Harmed:
    thing: Recorder | Card | None = received.card if told.thing == ThingKind.CARD else received.recorder
    return Harmed(
        kind=str(told.thing),
        inventory_number=thing.inventory_number if thing else "",
        model=thing.model if isinstance(thing, Recorder) else "",
        serial_number=thing.serial_number if isinstance(thing, Recorder) else "",
        words=told.words,
    )


def _hand_over(appointment: Appointment, number: ActNumber, size: int, at: datetime) -> HandOver:
    division = appointment.division
    recorders, cards = things_held(division, size)
    before, mine = _before(appointment, number.entry, size), _appointed(appointment)
    giver, receiver = (mine, before) if number.is_back else (before, mine)
    return HandOver(
        number=number,
        division=division.name,
        giver=giver,
        receiver=receiver,
        at=at,
        recorders=recorders,
        cards=cards,
        books=books_held(division, size),
    )


def _before(appointment: Appointment, entry: int, size: int) -> Appointed | None:
    """Who was relieved in the same act; else whom a deputy stands in for; else the custodian before.

    By what never changes of an appointment, so that the act stays the same when somebody is relieved.
    """
    relieved = _relieved_with(appointment, entry, size)
    if relieved is not None:
        return _appointed(relieved)
    if appointment.stands_in_for is not None:
        return _appointed(appointment.stands_in_for)
    earlier = Appointment.objects.filter(
        division=appointment.division,
        role=Role.CUSTODIAN,
        stands_in_for=None,
        pk__lt=appointment.pk,
        from_on__lte=appointment.from_on,
    ).exclude(person=appointment.person)
    last = earlier.select_related("person").order_by("-from_on", "-pk").first()
    return _appointed(last) if last else None


def _relieved_with(appointment: Appointment, entry: int, size: int) -> Appointment | None:
    """Whose last day is the day before, by an entry beside that of the appointment (a hand-over's)."""
    last_on = (appointment.from_on - timedelta(days=1)).isoformat()
    beside = LedgerEntry.objects.filter(
        kind="registry.relieved", seq__gte=entry - _BESIDE, seq__lt=min(size, entry + _BESIDE + 1)
    )
    for told in beside.order_by("seq"):
        relieved = _appointment_of(told.seq, "registry.relieved")
        if (
            relieved is not None
            and json.loads(told.entry)["body"]["until_on"] == last_on
            and (relieved.division_id, relieved.role) == (appointment.division_id, Role.CUSTODIAN)
            and relieved.stands_in_for_id == appointment.stands_in_for_id
        ):
            return relieved
    return None


def _appointed(appointment: Appointment) -> Appointed:
    return Appointed(
        full_name=appointment.person.full_name,
        order_number=appointment.order_number,
        from_on=appointment.from_on,
        is_deputy=appointment.stands_in_for_id is not None,
    )


def _dated(size: int) -> datetime:
    """Of the last entry that a checkpoint of `size` covers. Raises `NoLedgerError`."""
    dated = LedgerEntry.objects.filter(seq=size - 1).values_list("at", flat=True).first()
    if dated is None:
        raise NoLedgerError
    return dated


def _witness(note: str, division: Division) -> Witness:
    dated = _dated(Checkpoint.parse(Note.parse(note).text).size)
    heads = people_with(division, Role.HEAD, dated)
    return Witness(note, dated, heads[0].full_name if heads else "")
