"""What may be written on the staff list and in the inventory. Pure: facts in, the refusal or None out."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from aigaq.core.addresses import LIMIT as EMAIL_LIMIT
from aigaq.core.addresses import spelt
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.registry.codes import RESERVED
from aigaq.registry.errors import (
    InventoryNumberTakenError,
    MissingError,
    NoEmailError,
    NoInventoryNumberError,
    NoReasonError,
    NoRightError,
    NoRightOverPasskeysError,
    NoRightOverThingsError,
    NoRightToHandKeyError,
    NotFaceToFaceError,
    NotYourEmailError,
    ReservedNumberError,
    StillIssuedError,
)
from aigaq.registry.models import Role, State
from aigaq.tlog.entry import ActorKind

Refusal: TypeAlias = AigaqError

INVENTORY_NUMBER_LIMIT = 32
"""Characters; what fits on a label."""
_SHOWN = 60
"""Characters of what is no address, in the sentence that says so."""


def refusal_to_keep_staff(by: By, division: str, line: Collection[str]) -> Refusal | None:
    """The head appoints (R6.1): of the division itself, or of one above it.

    `line` holds the ids of the division and of all above it; `division` is its name.
    """
    if by.actor.kind is ActorKind.SYSTEM or (_role(by) == Role.HEAD and by.division in line):
        return None
    return NoRightError(division=division)


def refusal_to_hand_key(by: By, division: str, line: Sequence[str]) -> Refusal | None:
    """A reader of the division, or a head above it; `line` as in `refusal_to_keep_staff`."""
    if by.actor.kind is ActorKind.SYSTEM:
        return None
    is_reader = by.division == line[0] and _role(by) in (Role.HEAD, Role.CUSTODIAN)
    if is_reader or (_role(by) == Role.HEAD and by.division in line):
        return None
    return NoRightToHandKeyError(division=division)


def refusal_to_keep_things(by: By, division: str, own: str) -> Refusal | None:
    """Recorders and cards are the custodian's (R6.1, R7.1), under the head; `own` is the division's id."""
    if by.actor.kind is ActorKind.SYSTEM:
        return None
    if by.division == own and _role(by) in (Role.HEAD, Role.CUSTODIAN):
        return None
    return NoRightOverThingsError(division=division)


def refusal_to_enrol(by: By, person: str, division: str, line: Sequence[str]) -> Refusal | None:
    """A passkey is enrolled face to face: by the custodian, or by a head, of whoever it is for (R6.1).

    `person` is the id of whom it is for; `line` has the ids of their division and of all above it, in this
    order; `division` is its name. The installation itself sees nobody's face.
    """
    if by.actor.kind is not ActorKind.PERSON or not _keeps(by, line):
        return NoRightOverPasskeysError(division=division)
    return NotFaceToFaceError() if by.actor.id == person else None


def refusal_to_revoke(by: By, person: str, division: str, line: Sequence[str]) -> Refusal | None:
    """Who may enrol it may revoke it, and so may its owner, who knows first that it is lost."""
    is_own = by.actor.kind is ActorKind.PERSON and by.actor.id == person
    return None if is_own or _keeps(by, line) else NoRightOverPasskeysError(division=division)


def _keeps(by: By, line: Sequence[str]) -> bool:
    """The custodian of the first of `line`, or the head of any of it."""
    return (_role(by) == Role.CUSTODIAN and by.division == line[0]) or (
        _role(by) == Role.HEAD and by.division in line
    )


def refusal_to_set_email(by: By, person: str, division: str, line: Sequence[str]) -> Refusal | None:
    """Their own, each; for the staff of a division its custodian, and the head as `refusal_to_keep_staff`.

    `person` and `line` are ids, `line` those of the division and of all above it.
    """
    if by.actor.kind is ActorKind.PERSON and by.actor.id == person:
        return None
    if by.division == line[0] and _role(by) == Role.CUSTODIAN:
        return None
    if refusal_to_keep_staff(by, division, line) is not None:
        return NotYourEmailError(division=division)
    return None


def refusal_of_email(email: str) -> Refusal | None:
    """Empty takes it away. A domain may be spelt in Kazakh letters."""
    if not email:
        return None
    try:
        spelt(email)
    except ValueError:
        return NoEmailError(email=email[:_SHOWN])
    return NoEmailError(email=email[:_SHOWN]) if len(email) > EMAIL_LIMIT else None


def refusal_of_inventory_number(number: str, *, taken: bool) -> Refusal | None:
    if not 0 < len(number) <= INVENTORY_NUMBER_LIMIT or not number.isprintable():
        return NoInventoryNumberError(limit=INVENTORY_NUMBER_LIMIT)
    if number.upper().startswith(RESERVED):
        return ReservedNumberError(number=number, reserved=RESERVED)
    return InventoryNumberTakenError(number=number) if taken else None


def refusal_of_state(number: str, state: State, reason: str, *, is_out: bool) -> Refusal | None:
    """What is out with an inspector can be lost there; all else is found out at its return (R8.1)."""
    if not reason:
        return NoReasonError()
    return StillIssuedError(number=number) if is_out and state != State.LOST else None


def one_line(text: str) -> str:
    """As names and words are kept: single blanks within, none around, and nothing that does not print."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def refusal_of_text(field: str, text: str, limit: int) -> Refusal | None:
    return None if 0 < len(text) <= limit else MissingError(field=field)


def _role(by: By) -> object:
    return None if by.right is None else by.right.get("role")
