"""The attendant before docks that are not there: what each port says, and that none waits for another."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from aigaq.dock import errors
from aigaq.dock.attend import NO_ANSWER, PULLED_SHOWN, TRY_AGAIN, Attendant, Ended, State, attend
from aigaq.dock.media import Slot
from aigaq.unloading.errors import MediumGoneError, NoRoomError
from aigaq.unloading.medium import FolderMedium


class Card(FolderMedium):
    """A volume and the medium that it becomes. Each step may be told to fail, or to wait."""

    def __init__(self, *, opening=None, leaving=None, waits=None):
        super().__init__(Path("/nowhere"))
        self.opening, self.leaving, self.waits = opening, leaving, waits
        self.is_gone = False

    @contextmanager
    def mounted(self):
        if self.waits is not None:
            self.waits.wait()
        if self.opening is not None:
            raise self.opening
        yield self
        if self.leaving is not None:
            raise self.leaving

    def require(self):
        if self.is_gone:
            raise MediumGoneError


class Room:
    """Docks, whoever serves them, and the board on which they are shown."""

    def __init__(self):
        self.slots: dict[str, Slot] = {}
        self.ends = {}
        """What comes of a port: an `Ended`, an error, or something to call."""
        self.assigned = False
        self.served: list[str] = []
        self.told: dict[str, list[str]] = {}
        self.errors: dict[str, str] = {}
        self.now = 0.0
        self.looks, self.closed = 0, False
        self.attendant = Attendant(self, self, self, clock=lambda: self.now)

    # The media.
    def look(self):
        self.looks += 1
        return list(self.slots.values())

    def wait(self, seconds):
        pass

    def close(self):
        self.closed = True

    # The server.
    def unload(self, medium, port, stop):
        self.served.append(port)
        end = self.ends.get(port, Ended(State.READY, run="1"))
        end = end(medium, stop) if callable(end) else end
        if isinstance(end, Exception):
            raise end
        return end

    def is_due(self, ended):
        return self.assigned

    # The board.
    def show(self, port, ended):
        said = self.told.setdefault(port, [])
        said.append(ended.state.value)
        self.errors[port] = ended.error.code if ended.error else ""

    def seen(self, ports):
        pass

    def put_in(self, port, key, *cards, problem=None):
        self.slots[port] = Slot(port, key, cards, problem)

    def looks_at(self, times=2):
        for _ in range(times):
            self.attendant.look()
        self.attendant.join()

    def says(self, port):
        return self.told[port][-1], self.errors[port]


@pytest.fixture
def room():
    return Room()


def test_a_port_tells_each_step_in_its_order(room):
    def clears(medium, stop):
        with medium.writable(0):
            return Ended(State.READY, run="1")

    room.ends["a"] = clears
    room.slots["a"] = Slot("a")
    room.looks_at(1)
    room.put_in("a", "1", Card())
    room.looks_at()
    room.slots["a"] = Slot("a")
    room.looks_at(1)
    assert room.told["a"] == ["empty", "found", "mounting", "unloading", "clearing", "ready", "empty"]


def test_what_is_exchanged_between_two_looks_is_waited_for(room):
    for key in "123":
        room.put_in("a", key, Card())
        room.looks_at(1)
    assert room.served == []
    room.looks_at(1)
    assert room.served == ["a"]


def test_a_failed_port_is_tried_again_after_a_minute_and_a_ready_one_is_not(room):
    room.ends["a"] = NoRoomError(needed=2, free=1)
    room.put_in("a", "1", Card())
    room.put_in("b", "1", Card())
    room.looks_at(5)
    assert room.says("a") == ("failed", "card.no-room")
    assert sorted(room.served) == ["a", "b"]
    del room.ends["a"]
    room.now += TRY_AGAIN
    room.looks_at()
    assert room.says("a") == ("ready", "")
    assert sorted(room.served) == ["a", "a", "b"]


def test_what_waits_in_the_tray_is_cleared_once_it_is_assigned(room):
    room.ends["a"] = Ended(State.TRAY, run="1")
    room.put_in("a", "1", Card())
    room.looks_at(5)
    assert (room.says("a"), room.served) == (("tray", ""), ["a"])
    room.assigned = True
    room.ends["a"] = Ended(State.READY, run="2")
    room.looks_at()
    assert room.says("a") == ("ready", "")


def test_an_unreadable_card_is_left_alone_until_another_comes(room):
    room.put_in("a", "1", Card(opening=errors.UnreadableMediumError(reason="x")))
    room.looks_at()
    room.now += 10 * TRY_AGAIN
    room.looks_at(3)
    assert (room.says("a"), room.served) == (("unreadable", "dock.unreadable"), [])


def test_of_several_volumes_the_worst_is_told_and_one_that_is_no_file_system_is_nothing(room):
    blank = errors.NoFileSystemError()
    for key, cards, told in (
        ("1", [Card(), Card(opening=blank)], ("ready", "")),
        ("2", [Card(opening=blank), Card(opening=blank)], ("unreadable", "dock.no-file-system")),
        (
            "3",
            [Card(opening=errors.UnreadableMediumError(reason="x")), Card()],
            ("unreadable", "dock.unreadable"),
        ),
        ("4", [], ("unreadable", "dock.no-file-system")),
    ):
        room.put_in("a", key, *cards)
        room.looks_at()
        assert room.says("a") == told, key


def test_ready_is_not_said_of_a_card_that_is_still_held(room):
    room.put_in("a", "1", Card(leaving=errors.StillHeldError(reason="busy")))
    room.looks_at()
    assert room.says("a") == ("failed", "dock.still-held")
    assert "ready" not in room.told["a"]


def test_a_card_pulled_out_is_told_as_that_whatever_error_it_made_and_for_a_while(room):
    card = Card()

    def pulled(medium, stop):
        room.slots["a"] = Slot("a")
        room.attendant.look()
        assert stop.is_set()
        card.is_gone = True
        return Ended(State.KEPT, NoRoomError(needed=1, free=0), "1")

    room.ends["a"] = pulled
    room.put_in("a", "1", card)
    room.looks_at()
    assert room.says("a") == ("failed", "card.gone")
    room.now += PULLED_SHOWN - 1
    room.looks_at(1)
    assert room.says("a") == ("failed", "card.gone")
    room.now += 1
    room.looks_at(1)
    assert room.says("a") == ("empty", "")


def test_a_call_that_does_not_come_back_is_told_and_no_other_port_waits(room):
    never = threading.Event()
    room.put_in("a", "1", Card(waits=never))
    room.put_in("b", "1", Card())
    for _ in range(2):
        room.attendant.look()
    room.attendant._ports["b"].work.join()
    room.now += NO_ANSWER
    room.attendant.look()
    assert room.says("a") == ("failed", "dock.no-answer")
    assert room.says("b") == ("ready", "")
    room.now += TRY_AGAIN
    room.attendant.look()
    assert room.served == ["b"], "no second thread runs into the same call"
    never.set()
    room.attendant.join()
    assert room.says("a") == ("ready", "")


def test_a_defect_is_logged_and_the_other_port_goes_on(room, caplog):
    room.ends["a"] = ZeroDivisionError()
    room.put_in("a", "1", Card())
    room.put_in("b", "1", Card())
    room.looks_at()
    assert (room.says("a"), room.says("b")) == (("failed", "dock.failed"), ("ready", ""))
    assert "ZeroDivisionError" in caplog.text


def test_what_is_not_to_be_touched_is_told_and_not_touched(room):
    room.put_in("a", "1", problem=errors.MediumTakenError(by="/media/x"))
    room.looks_at()
    assert (room.says("a"), room.served) == (("failed", "dock.taken"), [])


def test_the_watch_outlives_a_look_that_fails_and_lets_go_at_its_end(room, caplog):
    stop = threading.Event()

    def look():
        room.looks += 1
        if room.looks == 3:
            stop.set()
        raise OSError

    room.look = look
    attend(room.attendant, room, stop)
    assert (room.looks, room.closed) == (3, True)
    assert "A look at the ports failed" in caplog.text


def test_nothing_is_begun_after_the_end(room):
    room.put_in("a", "1", Card())
    room.looks_at(1)
    room.attendant.end()
    room.looks_at(3)
    assert room.served == []
