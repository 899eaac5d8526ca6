"""Slots for files in flight: every card has one, the rest is shared, and nobody waits for a slow card.

The simulation has no threads and no clock of its own: a machine reads each file in flight at the same pace,
but for a slow card's, and a card asks for its next file as soon as it has given one back.
"""

import heapq
import threading
from contextlib import ExitStack

import pytest

from aigaq.unloading import shares as module
from aigaq.unloading.errors import UnloadStoppedError
from aigaq.unloading.shares import Shares
from tests.support import amount

MB = 1 << 20
SLOW = amount.times(10_000, 3_000)
"""Seconds beside a slow card."""


class Reader:
    """A card with endless files, each so large, read `pace` times as fast as usual."""

    def __init__(self, card, size, pace=1.0, threads=3):
        self.card, self.size, self.pace = card, size, pace
        self.asking = [card.ask() for _ in range(threads)]
        self.done = 0


def simulate(total, seconds, *kinds):
    """`kinds` are (size, pace). Return the readers as they are after so many seconds, and the most in flight."""
    now = 0.0
    shares = Shares(total, clock=lambda: now)
    with ExitStack() as stack:
        readers = [Reader(stack.enter_context(shares.card()), *kind) for kind in kinds]
        order, most = [], 0
        while now < seconds:
            for number, reader in enumerate(readers):
                for turn in [turn for turn in reader.asking if turn.granted]:
                    reader.asking.remove(turn)
                    heapq.heappush(order, (now + reader.size / MB / reader.pace, number))
            if now > seconds / 10:
                most = max(most, len(order))
            now, number = heapq.heappop(order)
            reader = readers[number]
            reader.done += reader.size
            reader.card.give_back()
            reader.asking.append(reader.card.ask())
        return readers, most


def shared(readers):
    return [reader.done / sum(each.done for each in readers) for reader in readers]


@pytest.mark.parametrize("total", [2, 4, 8, 16])
@pytest.mark.parametrize("cards", [2, 3, 4, 5, 8])
def test_equal_cards_get_equal_shares_of_octets(total, cards):
    readers, most = simulate(total, amount.times(3000, 600), *[(MB, 1.0)] * cards)
    assert shared(readers) == [pytest.approx(1 / cards, rel=0.1)] * cards
    assert most <= max(total, cards)


@pytest.mark.parametrize("sizes", [(MB, 10 * MB), (MB, 3 * MB, 30 * MB), (MB // 4, MB, 7 * MB, 64 * MB)])
@pytest.mark.parametrize("total", [4, 8])
def test_a_card_of_large_files_gets_no_more_than_one_of_small_files(total, sizes):
    readers, _ = simulate(total, amount.times(30_000, 6_000), *[(size, 1.0) for size in sizes])
    assert shared(readers) == [pytest.approx(1 / len(sizes), rel=0.1)] * len(sizes)


def test_a_slow_card_does_not_hold_up_the_others():
    equal, _ = simulate(4, SLOW, (MB, 1.0), (MB, 1.0), (MB, 1.0))
    beside, _ = simulate(4, SLOW, (MB, 1.0), (MB, 1.0), (MB, 0.02))
    for number in (0, 1):
        assert beside[number].done >= 0.95 * equal[number].done
    assert beside[2].done == pytest.approx(0.02 * equal[2].done, rel=0.1)


def test_one_card_alone_has_three_in_flight():
    with Shares(16).card() as card:
        turns = [card.ask() for _ in range(9)]
        assert [turn.granted for turn in turns] == [True] * 3 + [False] * 6


def test_every_card_has_one_at_once_however_many_there_are():
    shares = Shares(4)
    with ExitStack() as stack:
        first = stack.enter_context(shares.card())
        assert [first.ask().granted for _ in range(3)] == [True] * 3
        for _ in range(8):
            assert stack.enter_context(shares.card()).ask().granted


def test_a_latecomer_does_not_make_up_for_what_was_before_it():
    now = 0.0
    shares = Shares(3, clock=lambda: now)
    with shares.card() as early:
        assert early.ask().granted
        now = 1000.0
        with shares.card() as late:
            assert (early.spent, late.spent) == (1000.0, 1000.0)


def test_what_a_card_leaves_the_others_get():
    shares = Shares(4)
    with shares.card() as stays:
        with shares.card() as leaves:
            assert [leaves.ask().granted for _ in range(2)] == [True, True]
            waits = [stays.ask() for _ in range(3)]
            assert [turn.granted for turn in waits] == [True, True, False]
        assert waits[2].granted


def test_who_waits_is_sent_away_when_the_card_is_ended():
    shares = Shares(1, each=1)
    waits, told = threading.Event(), []

    def wait(card):
        waits.set()
        try:
            with card.slot():
                told.append("slot")
        except UnloadStoppedError:
            told.append("stopped")

    with shares.card() as card, card.slot():
        thread = threading.Thread(target=wait, args=(card,))
        thread.start()
        waits.wait()
        card.end()
        thread.join()
        with pytest.raises(UnloadStoppedError), card.slot():
            pass
    assert told == ["stopped"]


def test_threads_never_hold_more_than_there_are_and_all_come_through():
    shares, lock = Shares(4), threading.Lock()
    held, most, done = [], [], []

    def work(card, mine):
        for _ in range(200):
            with card.slot():
                with lock:
                    held.append(mine)
                    most.append((len(held), held.count(mine)))
                with lock:
                    held.remove(mine)
            done.append(mine)

    with ExitStack() as stack:
        cards = [stack.enter_context(shares.card()) for _ in range(3)]
        threads = [
            threading.Thread(target=work, args=(card, n)) for n, card in enumerate(cards) for _ in "123"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(done) == 3 * 3 * 200
    assert max(each for each, _ in most) <= 4
    assert max(each for _, each in most) <= 3


def test_first_come_first_served_would_not_be_fair(monkeypatch):
    """The mutant: with no thought of octets or of what a card has, the detector above must fail."""
    monkeypatch.setattr(
        module.Shares,
        "_next",
        lambda self, _releasing: next(
            (
                card
                for card in self._cards
                if card.waiting
                and card.in_flight < self._each
                and sum(each.in_flight for each in self._cards) < self._total
            ),
            None,
        ),
    )
    readers, _ = simulate(4, 3000, *[(MB, 1.0)] * 4)
    assert max(shared(readers)) > 0.275
