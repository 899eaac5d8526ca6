"""Fair shares of disk and processor among the cards that are unloaded at once in one process.

A file in flight takes a slot. Every card has one for itself, whatever the others do: none starves, and a
slow one holds up nobody. What there is beyond that goes to the card that has had slots for the shortest time
in all: cards that are read equally fast get equal octets, whatever the size of their files, and one that is
read slowly gets no more slots than they.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aigaq.unloading.errors import UnloadStoppedError

IN_FLIGHT = 3
"""Files of one card at a time: `docs/performance.md` has the measurements."""


class _Turn:
    """One file that asks for a slot."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.granted = False


class Card:
    """One card's part in the shares, from `Shares.card`."""

    def __init__(self, shares: "Shares") -> None:
        self._shares = shares
        self.waiting: list[_Turn] = []
        self.in_flight = 0
        self.spent = 0.0
        """Seconds of slots that it has had; a latecomer begins where the last of the others is."""
        self.is_over = False

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot and hold it. Raise `UnloadStoppedError` once the card is ended."""
        turn = self.ask()
        turn.answered.wait()
        if not turn.granted:
            raise UnloadStoppedError
        try:
            yield
        finally:
            self.give_back()

    def ask(self) -> _Turn:
        """Queue up for a slot; the turn says when it is answered."""
        return self._shares.queue(self, _Turn())

    def give_back(self) -> None:
        self._shares.give_back(self)

    def end(self) -> None:
        """Nothing more of this card is begun: who waits is sent away. May be called by anyone, and again."""
        self._shares.end(self)


class Shares:
    """Of `total` slots in the process; of one card never more than `each`, nor fewer than one."""

    def __init__(
        self, total: int, each: int = IN_FLIGHT, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._each = each
        self._clock = clock
        self._counted_at = clock()
        self._lock = threading.Lock()
        self._cards: list[Card] = []

    @property
    def each(self) -> int:
        """Files that one card may have in flight when it is alone."""
        return self._each

    @contextmanager
    def card(self) -> Iterator[Card]:
        """A card takes part for as long as it is unloaded."""
        card = Card(self)
        with self._lock:
            self._count()
            # Else one that comes late would have all the slots until it has caught up.
            card.spent = min((each.spent for each in self._cards), default=0.0)
            self._cards.append(card)
        try:
            yield card
        finally:
            self.end(card)
            with self._lock:
                self._count()
                self._cards.remove(card)
                self._grant()

    def queue(self, card: Card, turn: _Turn) -> _Turn:
        with self._lock:
            if card.is_over:
                turn.answered.set()
            else:
                card.waiting.append(turn)
                self._grant()
        return turn

    def give_back(self, card: Card) -> None:
        with self._lock:
            self._count()
            card.in_flight -= 1
            self._grant(releasing=card)

    def end(self, card: Card) -> None:
        with self._lock:
            card.is_over = True
            for turn in card.waiting:
                turn.answered.set()
            card.waiting.clear()

    def _count(self) -> None:
        """Of the time since the last count, to each card what it held."""
        now = self._clock()
        for card in self._cards:
            card.spent += card.in_flight * (now - self._counted_at)
        self._counted_at = now

    def _grant(self, releasing: Card | None = None) -> None:
        self._count()
        while (card := self._next(releasing)) is not None:
            turn = card.waiting.pop(0)
            card.in_flight += 1
            turn.granted = True
            turn.answered.set()

    def _next(self, releasing: Card | None) -> Card | None:
        """Whose turn it is, if there is a slot for it.

        A card that gives one back asks for the next in a moment: where it had less than who waits, the slot
        is kept for it, until the next change at most: what it leaves for good is not left lying.
        """
        asking = [card for card in self._cards if card.waiting and card.in_flight < self._cap]
        without = next((card for card in asking if not card.in_flight), None)
        if without is not None:
            return without
        if self._spare <= 0:
            return None
        if releasing is not None and not releasing.is_over and releasing.in_flight < self._cap:
            asking.append(releasing)
        chosen = min(asking, key=lambda card: (card.spent, card.in_flight), default=None)
        return chosen if chosen is not None and chosen.waiting else None

    @property
    def _cap(self) -> int:
        """What one card may have: its part, rounded up, so that a slow one does not sit on the rest."""
        part = -(-self._total // max(1, len(self._cards)))
        return max(1, min(self._each, part))

    @property
    def _spare(self) -> int:
        """Beyond the one that each card has, or may take at any moment."""
        taken = sum(max(0, card.in_flight - 1) for card in self._cards)
        return self._total - len(self._cards) - taken
