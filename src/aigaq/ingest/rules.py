"""Whose a card is: the signs it gives in, an answer with its reason out. Nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from aigaq.journal.models import JournalRow
from aigaq.registry.models import Card, Recorder
from aigaq.unloading import errors
from aigaq.unloading.sources.identity import CardIdentity


@dataclass(frozen=True, slots=True)
class Signs:
    """What the card says, and what the register has of it."""

    identity: CardIdentity | None
    doubt: errors.CardError | None
    """Why the identity file can't be believed, where there is one."""
    card_of_identity: Card | None
    volume: str
    """Serial number of the volume; empty if there is none."""
    cards_of_volume: Sequence[Card]
    recorders_named: Sequence[Recorder]
    """Those after which files on the card are named."""


def doubt_about_card(signs: Signs) -> errors.CardError | None:
    """Why it can't be said which card this is, where its signs contradict each other; None if they don't."""
    if signs.doubt is not None:
        return signs.doubt
    card = signs.card_of_identity
    if signs.identity is not None and card is None:
        return errors.NotRegisteredError(number=signs.identity.card)
    if card is not None and card.volume_id and signs.volume and card.volume_id != signs.volume:
        return errors.CardDisagreesError(one=card.inventory_number, other=signs.volume)
    if card is None and len(signs.cards_of_volume) > 1:
        one, other, *_ = signs.cards_of_volume
        return errors.CardDisagreesError(one=one.inventory_number, other=other.inventory_number)
    return None


def card_of(signs: Signs) -> Card | None:
    """The card, where there is no doubt; None where nothing names one."""
    if signs.card_of_identity is not None:
        return signs.card_of_identity
    return signs.cards_of_volume[0] if signs.cards_of_volume else None


def doubt_about_recorder(
    card: Card | None, card_row: JournalRow | None, named: Sequence[Recorder]
) -> errors.CardError | None:
    """Why it can't be said whose recorder made this. `card_row` is the last that the card was issued on."""
    if len(named) > 1:
        return errors.CardDisagreesError(one=named[0].inventory_number, other=named[1].inventory_number)
    expected = recorder_of(card, card_row, ())
    if named and expected is not None and expected.pk != named[0].pk:
        return errors.CardDisagreesError(one=expected.inventory_number, other=named[0].inventory_number)
    return None


def recorder_of(card: Card | None, card_row: JournalRow | None, named: Sequence[Recorder]) -> Recorder | None:
    """By the row that the card was last issued on, else by the names, else the one it usually sits in."""
    if card_row is not None:
        return card_row.recorder
    if named:
        return named[0]
    return card.recorder if card is not None else None


def doubt_about_row(
    card: Card | None, card_row: JournalRow | None, recorder: Recorder | None, recorder_row: JournalRow | None
) -> errors.CardError | None:
    """Why the recordings belong to no certain row."""
    if card is None and recorder is None:
        return errors.CardUnknownError()
    if card_row is None and recorder_row is None:
        number = recorder.inventory_number if recorder else card.inventory_number if card else ""
        return errors.NoRowError(number=number)
    if card is not None and card_row is None and recorder_row is not None and recorder_row.card is not None:
        return errors.CardDisagreesError(one=card.inventory_number, other=recorder_row.card.inventory_number)
    return None


def row_of(
    card: Card | None, card_row: JournalRow | None, recorder_row: JournalRow | None
) -> JournalRow | None:
    """The row, where there is no doubt: the card's, or a later one of its recorder that names no card.

    A row that names another card is not this card's, even if it is newer.
    """
    if recorder_row is not None and card is not None and recorder_row.card_id not in (None, card.pk):
        recorder_row = None
    rows = [row for row in (card_row, recorder_row) if row is not None]
    return max(rows, key=lambda row: row.seq, default=None)
