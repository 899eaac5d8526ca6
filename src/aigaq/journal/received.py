"""Who received which recorder and card on a row: as it was written, until it was corrected (R8.1, R10.2).

A row is never changed. Where the custodian clicked the wrong recorder, card or inspector, a `Correction` says
what the row stands for from then on, and everybody who asks a row gets that; `first_…` is what was signed.
Which rows stand for a thing or a person is asked of `aigaq.journal.whose`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aigaq.registry.models import Card, Person, Recorder

if TYPE_CHECKING:
    from aigaq.journal.models import Correction


@dataclass(frozen=True, slots=True)
class Received:
    """`inspector` received `recorder` with `card` in it, or with none."""

    recorder: Recorder
    card: Card | None
    inspector: Person


class AsReceived:
    """What the row stands for now: `recorder`, `card`, `inspector`; `received` tells it of any time."""

    first_recorder: Any
    first_recorder_id: UUID
    first_card: Any
    first_card_id: UUID | None
    first_inspector: Any
    first_inspector_id: UUID
    corrections: Any
    _state: Any

    @cached_property
    def receipts(self) -> "list[Correction]":
        """The corrections of who received what, oldest first; as read with the row, or when first asked."""
        if self._state.adding:
            return []
        found = (each for each in self.corrections.all() if each.recorder_id is not None)
        return sorted(found, key=lambda each: each.seq)

    def received(self, before: int | None = None) -> Received:
        """Now, or as the ledger's entries before the number `before` had it."""
        last = self._last(before)
        if last is None:
            return Received(self.first_recorder, self.first_card, self.first_inspector)
        assert last.recorder is not None
        assert last.inspector is not None
        return Received(last.recorder, last.card, last.inspector)

    # Each by itself: who asks for the inspector of many rows has not read their recorders and cards.
    @property
    def recorder(self) -> Recorder:
        last = self._last()
        recorder: Recorder | None = last.recorder if last else self.first_recorder
        assert recorder is not None
        return recorder

    @property
    def card(self) -> Card | None:
        last = self._last()
        card: Card | None = last.card if last else self.first_card
        return card

    @property
    def inspector(self) -> Person:
        last = self._last()
        inspector: Person | None = last.inspector if last else self.first_inspector
        assert inspector is not None
        return inspector

    @property
    def recorder_id(self) -> UUID:
        last = self._last()
        return last.recorder_id if last and last.recorder_id else self.first_recorder_id

    @property
    def card_id(self) -> UUID | None:
        last = self._last()
        return last.card_id if last else self.first_card_id

    @property
    def inspector_id(self) -> UUID:
        last = self._last()
        return last.inspector_id if last and last.inspector_id else self.first_inspector_id

    def _last(self, before: int | None = None) -> "Correction | None":
        told = (each for each in reversed(self.receipts) if before is None or each.seq < before)
        return next(told, None)
