"""What a dock away from the office tells of its ports, to whoever stands there and to the server."""

import json
import threading

import pytest

from aigaq.core.canonical import Json
from aigaq.dock.agent.attending import RemoteBoard, RemoteServer
from aigaq.dock.agent.errors import LineError
from aigaq.dock.attend import Ended, State


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
