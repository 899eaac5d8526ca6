"""Making derivatives and putting them into the vault: while a card is unloaded, or when a reader asks."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import metadata
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest
from aigaq.media.making import recipes
from aigaq.media.making.maker import Input, Made, Maker
from aigaq.media.making.recipes import Found, Plan
from aigaq.media.making.spool import SpoolError
from aigaq.media.making.terms import NotMadeError, Obstacle, recipe
from aigaq.media.probe import Judgement
from aigaq.unloading.facts import Derived
from aigaq.unloading.room import RESERVE, stored_size
from aigaq.vault.backends.base import Backend
from aigaq.vault.errors import VaultError, VaultFullError
from aigaq.vault.store import BlobReader, Vault

PROGRAM: Final = f"aigaq {metadata.version('aigaq')}"

LARGEST: Final = 256 << 20
"""Octets of a recording of which something is made at once; of a larger one when somebody wants to see it."""
_ROOM: Final = 8 << 30
"""Octets that must be left on the disk: recordings come first."""
_TIMES: Final = 20
"""And so many times what would be made."""


def keep(
    vault: Vault,
    made: Made,
    *,
    on_progress: Callable[[int], None] | None = None,
    before_name: Callable[[ContentDigest], None] | None = None,
) -> Derived:
    """Store what a maker has made, as durably as any recording. Raise `NotMadeError` where that fails.

    `on_progress` is told of the octets that are taken, and may raise to end it; `before_name` as of `put`.
    """
    try:
        stored = vault.put(made.source(), on_progress=on_progress, before_name=before_name)
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


class AtOnce:
    """Makes what is cheap while a card is unloaded and the key of each file is at hand.

    A context manager that ends its child. Safe to share between threads: one at a time gets through.
    """

    def __init__(self, vault: Vault, maker: Callable[[], Maker], largest: int = LARGEST) -> None:
        self._vault = vault
        self._maker = maker
        self._largest = largest
        self._lock = threading.Lock()
        self._started: Maker | None = None
        self._until_the_end = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._until_the_end.close()

    def of(self, reader: BlobReader, name: str, judgement: Judgement, missing: int) -> tuple[Derived, ...]:
        """What was made, and is stored. What fails is made when somebody asks for it; the card goes on."""
        found = Found.of(judgement, missing)
        plans = [each for each in (recipes.plan(found), recipes.waveform(found)) if each and each.is_cheap]
        if not plans or not self._has_room(reader.size):
            return ()
        given = Input(cast(BinaryIO, reader), name, reader.size, judgement.duration)
        made = (self._made(plan, given) for plan in plans)
        return tuple(each for each in made if each is not None)

    def _made(self, plan: Plan, given: Input) -> Derived | None:
        with self._lock:
            if self._started is None:
                self._started = self._until_the_end.enter_context(self._maker())
            try:
                return keep(self._vault, self._started.make(plan, given, cheaply=True))
            except NotMadeError:
                return None

    def _has_room(self, size: int) -> bool:
        if size > self._largest:
            return False
        free = self._vault.backend.free()
        return free is None or free > _ROOM + _TIMES * size
