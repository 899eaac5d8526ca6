"""Print an act: it is noted in the ledger before the paper leaves us."""

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.journal import acts
from aigaq.journal.act_rules import refusal_to_print
from aigaq.journal.acts import Printed
from aigaq.journal.documents import about_row
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import row_with
from aigaq.journal.services.acting import require, within
from aigaq.ledger.services import By, Ledger
from aigaq.paperwork.act_code import ActNumber
from aigaq.paperwork.act_facts import digest_of
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.registry.models import Appointment, Division
from aigaq.regulation.profile import Profile


def print_act(
    ledger: Ledger,
    by: By,
    *,
    row: JournalRow,
    number: ActNumber,
    profile: Profile,
    typesetter: Typesetter = typeset,
) -> Printed:
    """An act of damage or loss of that row, for its custodian, its head or the installation itself.

    Raises `NoRightToPrintError`, and as `acts.act_of_row`.
    """
    row = row_with(row.pk)
    require(refusal_to_print(by, row.division))
    printed = acts.act_of_row(row, number, profile, typesetter=typesetter)
    return _noted(ledger, by, printed, row.division)


def print_hand_over(
    ledger: Ledger,
    by: By,
    *,
    appointment: Appointment,
    profile: Profile,
    is_back: bool = False,
    typesetter: Typesetter = typeset,
) -> Printed:
    """The act by which a custodian receives, or a deputy gives back, what the division has.

    Raises `NoRightToPrintError`, and as `acts.hand_over_to`.
    """
    require(refusal_to_print(by, appointment.division))
    printed = acts.hand_over_to(appointment, profile, is_back=is_back, typesetter=typesetter)
    return _noted(ledger, by, printed, appointment.division)


def _noted(ledger: Ledger, by: By, printed: Printed, division: Division) -> Printed:
    number = printed.act.number
    about: dict[str, Json] = (
        {**about_row(printed.row)}
        if printed.row is not None
        else {"division": {"id": str(division.pk), "name": division.name}}
    )
    body: dict[str, Json] = {
        "act": str(number),
        "what": str(number.kind),
        **about,
        "appointment": str(printed.appointment.pk) if printed.appointment else None,
        "entries": [number.entry],
        "digest": str(digest_of(printed.act)),
        "checkpoint": printed.size,
    }
    with transaction.atomic():
        ledger.append("journal.act-printed", within(by, division), body)
    return printed
