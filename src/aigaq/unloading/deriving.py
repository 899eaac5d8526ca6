"""Making derivatives and putting them into the vault: while a card is unloaded, or when a reader asks."""

from collections.abc import Mapping
from importlib import metadata
from typing import Final

from aigaq.core.canonical import Json
from aigaq.media.making.maker import Made
from aigaq.media.making.spool import SpoolError
from aigaq.media.making.terms import NotMadeError, Obstacle, recipe
from aigaq.unloading.facts import Derived
from aigaq.unloading.room import RESERVE, stored_size
from aigaq.vault.backends.base import Backend
from aigaq.vault.errors import VaultError, VaultFullError
from aigaq.vault.store import Vault

PROGRAM: Final = f"aigaq {metadata.version('aigaq')}"


def keep(vault: Vault, made: Made) -> Derived:
    """Store what a maker has made, as durably as any recording. Raise `NotMadeError` where that fails."""
    try:
        stored = vault.put(made.source())
    except VaultFullError as error:
        raise NotMadeError(Obstacle.NO_ROOM) from error
    except (VaultError, SpoolError) as error:
        raise NotMadeError(Obstacle.STORE) from error
    told: Mapping[str, Json] = recipe(made.plan, made.libraries, PROGRAM, made.work)
    facts = made.work.to_dict()
    return Derived(made.plan.product, told, {name: facts[name] for name in facts if name not in told}, stored)


def require_room(backend: Backend, written: int) -> None:
    """What is written so far must fit into the vault too. Raise `NotMadeError`."""
    try:
        free = backend.free()
    except VaultError as error:
        raise NotMadeError(Obstacle.STORE) from error
    if free is not None and stored_size(written) + RESERVE > free:
        raise NotMadeError(Obstacle.NO_ROOM)
