"""Writing a card's identity on it, at registration."""

import os
from pathlib import Path

from django.db import transaction

from aigaq.core.files import displayed, lock_at_once
from aigaq.ledger.services import By, Ledger
from aigaq.registry import rules
from aigaq.registry.models import Card
from aigaq.unloading import errors
from aigaq.unloading.sources import folder
from aigaq.unloading.sources.identity import CardIdentity
from aigaq.unloading.sources.listing import IDENTITY, open_card
from aigaq.unloading.sources.volume import volume_id


def write_identity(ledger: Ledger, by: By, path: Path, *, card: Card, installation: str) -> CardIdentity:
    """Write on the card at `path` that it is `card`; note the serial number of its volume in the register.

    `installation` is the vault's id. An older identity is replaced. Raise `NotACardError`, `CardBusyError`,
    `IdentityNotWrittenError`, or `NoRightOverThingsError` where `by` has no right over the division's cards.
    """
    root = open_card(path)
    try:
        if not lock_at_once(root):
            raise errors.CardBusyError(path=displayed(str(path)))
        refusal = rules.refusal_to_keep_things(by, card.division.name, str(card.division_id))
        if refusal is not None:
            raise refusal
        return _write(ledger, by, root, card, installation)
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.IdentityNotWrittenError(path=displayed(str(path)), reason=reason) from error
    finally:
        os.close(root)


def _write(ledger: Ledger, by: By, root: int, card: Card, installation: str) -> CardIdentity:
    volume = volume_id(root)
    with transaction.atomic():
        ledger.take_turn("card.identified")
        recorder = card.recorder.inventory_number if card.recorder else None
        about = CardIdentity(installation, card.inventory_number, recorder, ledger.clock.now())
        if volume:
            Card.objects.filter(pk=card.pk).update(volume_id=volume)
            card.volume_id = volume
        ledger.append(
            "card.identified",
            by,
            {"card": card.inventory_number, "recorder": recorder, "volume_id": card.volume_id},
        )
        # Last: what is on the card and not in the register only sends it to the tray.
        folder.write(root, IDENTITY, about.signed(ledger.signer))
    return about
