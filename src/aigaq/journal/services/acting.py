"""What every act of the journal does alike: refuse, and name who wrote."""

from dataclasses import replace
from uuid import UUID

from aigaq.journal.rules import Refusal
from aigaq.ledger.services import By
from aigaq.registry.models import Division
from aigaq.tlog.entry import ActorKind


def require(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal


def writer_of(by: By) -> UUID | None:
    """The person who writes; None where the machine does."""
    return UUID(by.actor.id) if by.actor.kind is ActorKind.PERSON else None


def within(by: By, division: Division) -> By:
    """The machine acts nowhere in particular; what it writes concerns this division."""
    return by if by.division is not None else replace(by, division=str(division.pk))
