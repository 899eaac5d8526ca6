"""When the journal refuses to print an act. Pure: facts in, the refusal or None out."""

from aigaq.errors import N_, RefusedError
from aigaq.journal.rules import Refusal
from aigaq.ledger.services import By
from aigaq.registry.models import Division, Role
from aigaq.tlog.entry import ActorKind


class NoRightToPrintError(RefusedError):
    code = "journal.no-right-to-print"
    message = N_("Acts of {division} are printed by its custodian and its head. Ask one of them.")
    paragraph = "6"


def refusal_to_print(by: By, division: Division) -> Refusal | None:
    """Acts are signed by the custodian and the head of the division; the installation prints for them."""
    if by.actor.kind is ActorKind.SYSTEM:
        return None
    role = None if by.right is None else by.right.get("role")
    if by.division == str(division.pk) and role in (Role.HEAD, Role.CUSTODIAN):
        return None
    return NoRightToPrintError(division=division.name)
