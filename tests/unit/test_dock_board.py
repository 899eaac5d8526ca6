"""What a dock away from the office tells of its ports, to whoever stands there and to the server."""

import json
import threading

import pytest

from aigaq.core.canonical import Json
from aigaq.dock.agent.attending import RemoteBoard, RemoteServer, ended_of
from aigaq.dock.agent.errors import LineError
from aigaq.dock.agent.serving import Done
from aigaq.dock.attend import Ended, State
from aigaq.unloading.errors import FileUnreadableError, MediumGoneError


class FarSide:
    """An agent whose server is told of ports, and asked what became of an unloading."""

    def __init__(self):
        self.session = self
        self.told: list[dict[str, Json]] = []
        self.states: dict[str, str] = {}
        self.hangs: threading.Event | None = None

    def tell(self, _path, body):
        self.told = json.loads(body)["ports"]

    def state_of(self, unload):
        if self.hangs is not None:
            self.hangs.wait()
        if unload not in self.states:
            raise LineError(server="https://aigaq.example", reason="cut off")
        return self.states[unload]


@pytest.fixture
def far():
    return FarSide()


@pytest.fixture
def screen():
    """What stood on the dock's own screen, port by port."""
    return []


@pytest.fixture
def board(far, screen):
    return RemoteBoard(far, lambda port, error, state: screen.append((port, error and error.code, state)))


def test_a_line_that_hangs_keeps_nobody_from_looking_at_the_ports(far, board):
    far.hangs = threading.Event()
    waiting = Ended(State.TRAY, run="1")
    board.show("a", waiting)
    looking = threading.Thread(target=RemoteServer(far, board).is_due, args=(waiting,))
    looking.start()
    looking.join(5.0)
    is_held_up = looking.is_alive()
    far.hangs.set()
    looking.join()
    assert not is_held_up


def test_what_waits_in_the_tray_is_due_once_the_server_says_that_it_does_no_more(far, board):
    waiting, server = Ended(State.TRAY, run="1"), RemoteServer(far, board)
    board.show("a", waiting)
    for state, is_due in ((None, False), ("tray", False), ("taken-up", True), (None, True)):
        far.states = {"1": state} if state else {}
        board.tell_server()
        assert server.is_due(waiting) is is_due, state
    assert not server.is_due(Ended(State.TRAY, run="2"))


def test_the_ports_of_two_kinds_of_media_are_there_together(far, board):
    """USB and a watched folder are looked at by a thread each."""
    usb, folders = board.part(), board.part()
    for part, port in ((usb, "usb 1-2"), (folders, "port-1")):
        part.show(port, Ended(State.UNLOADING))
        part.seen([port])
    board.tell_server()
    assert {each["port"]: each["there"] for each in far.told} == {"usb 1-2": True, "port-1": True}


def test_an_empty_port_that_is_not_there_any_more_is_told_once_more_and_forgotten(far, board):
    """In a watched folder each card may be a port of its own; the server takes so many and no more."""
    part = board.part()
    for number in "123":
        part.show(f"card {number}", Ended(State.EMPTY))
        board.tell_server()
    part.seen(["card 1", "card 2", "card 3"])
    part.show("card 2", Ended(State.KEPT, run="2"))
    part.seen(["card 3"])
    board.tell_server()
    assert [(each["port"], each["state"]) for each in far.told] == [
        ("card 1", "empty"),
        ("card 2", "kept"),
        ("card 3", "empty"),
    ]
    board.tell_server()
    assert [each["port"] for each in far.told] == ["card 2", "card 3"]


def test_that_the_server_is_away_is_said_for_as_long_as_it_is(far, board, screen):
    away = LineError(server="https://aigaq.example", reason="cut off")
    board.show("a", Ended(State.UNLOADING))
    for error in (away, away, None, None, away):
        board.waits("a", error)
    board.waits("a", None)
    board.tell_server()
    assert [code for _port, code, _state in screen] == [None, "dock.line", None, "dock.line", None]
    assert [(each["state"], each["code"]) for each in far.told] == [("unloading", "")]


def test_what_came_of_a_port_is_not_lost_to_a_line_that_comes_back(far, board):
    board.show("a", Ended(State.FAILED, MediumGoneError()))
    for error in (LineError(server="https://aigaq.example", reason="cut off"), None):
        board.waits("a", error)
    board.tell_server()
    assert [(each["state"], each["code"]) for each in far.told] == [("failed", "card.gone")]


def test_what_can_not_be_told_does_not_end_the_telling(far, board, caplog):
    """A thread that died without a word would leave the wall with what it was told last."""
    tell, failing = far.tell, [UnicodeEncodeError("utf-8", "\udcd0", 0, 1, "surrogates not allowed")]

    def once_failing(path, body):
        if failing:
            board.show("a", Ended(State.READY))
            raise failing.pop()
        tell(path, body)
        board.end()

    far.tell = once_failing
    board.show("a", Ended(State.UNLOADING))
    board.telling()
    assert [each["state"] for each in far.told] == ["ready"]
    assert "could not be told" in caplog.text


@pytest.mark.parametrize(
    "facts",
    [
        {}, {"other": "x"}, {"self": "x"}, {"cause": "x", "reason": ["y"]}, {"cause": "x", "reason": 2**53},
        {f"fact {n}": n for n in range(9)},
    ],
)  # fmt: skip
def test_a_reason_that_a_server_of_another_version_gives_is_said_as_far_as_it_is_known(facts):
    problem = FileUnreadableError(path="a", reason="x")
    for problems, code in (((), ""), ((problem,), "file.unreadable")):
        done = Done("1", problems, 0, "kept", "unload.dock-stopped", facts)
        ended = ended_of(done)
        assert (ended.state, ended.error.code if ended.error else "") == (State.KEPT, code)
    known = ended_of(Done("1", (), 0, "tray", "card.not-registered", {"number": "БТ-1"}))
    assert "БТ-1" in str(known.error)
