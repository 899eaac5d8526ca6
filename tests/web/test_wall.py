"""The ports on the wall: who, how far, how long, what to do; and a screen that shows them and may do nothing else."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from aigaq.dock.agent.errors import ServerRefusedError, StrangeAnswerError
from aigaq.dock.attend import Ended, State
from aigaq.dock.errors import UnreadableMediumError
from aigaq.docks import services as docks
from aigaq.ingest.models import Port, PortState, Unload, WallScreen
from aigaq.ingest.ports import FORGET, MARKS_OF, SEEN_EVERY, PortBoard, ports_of
from aigaq.ledger.models import LedgerEntry
from aigaq.unloading.errors import MediumGoneError
from aigaq.unloading.receipt import IncompleteReceiptError
from aigaq.web.docks.screens import COOKIE
from tests.support.docks import enrolled
from tests.support.pages import addresses
from tests.support.viewing import open_room
from tests.support.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def client(room):
    return visitor(room.office.custodian)


def visitor(person):
    return Visitor(person)


def running(room, **changes):
    now = room.office.clock.now()
    usual = {
        "port": "usb 1-2",
        "source": "card:ЖК-0001",
        "division": room.office.division,
        "recorder": room.office.recorder,
        "card": room.office.card,
        "started_at": now - timedelta(seconds=600),
        "beat_at": now,
        "files_total": 10,
        "files_done": 4,
        "octets_total": 4_000_000_000,
        "octets_done": 1_000_000_000,
    }
    return Unload.objects.create(**(usual | changes))


def port(room, state, unload=None, **changes):
    now = room.office.clock.now()
    usual = {"name": "usb 1-2", "changed_at": now, "seen_at": now}
    return Port.objects.create(state=state, unload=unload, **(usual | changes))


def shown(client):
    return text_of(client.get(reverse("docks:live"))).replace("\N{NO-BREAK SPACE}", " ")


def test_a_port_says_who_how_far_and_how_long_by_the_last_minute(client, room):
    """It took nine minutes for the first 400 MB and one for the next 600: what is left takes five."""
    now = room.office.clock.now().timestamp()
    port(room, "unloading", running(room, row=room.duty.issue()), marks=[[now - 60, 400_000_000]])
    text = shown(client)
    assert "Unloading 25 %" in text
    assert "Өтегенов Ерлан Сәкенұлы БТ-0001 · ЖК-0001 · row 1" in text
    assert "1.0 GB of 4.0 GB, about 5 minutes left" in text
    assert "Leave it where it is." in text


def test_ports_of_one_name_are_told_apart_by_their_docks_and_are_in_the_order_of_their_numbers(client, room):
    """Every docking PC calls its readers “USB 1”, “USB 2”."""
    row = room.duty.issue()
    docks = [str(enrolled(room.office, name=name)[0].pk) for name in ("Іле ауданы", "2-қабат", "10-қабат")]
    for dock in ("", *docks):
        for number in (10, 9):
            port(room, "ready", running(room, row=row), dock=dock, name=f"USB {number}")
    found = re.findall(r"(?:[^.!]{0,12}· )?USB \d+", shown(client))
    assert [name.strip() for name in found] == [
        *("USB 9", "USB 10", "2-қабат · USB 9", "2-қабат · USB 10"),
        *("10-қабат · USB 9", "10-қабат · USB 10", "Іле ауданы · USB 9", "Іле ауданы · USB 10"),
    ]


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([], ""),
        ([[-3, 0]], ""),
        ([[-60, 1_000_000_000]], "no progress just now"),
        ([[-10, 0]], "less than a minute"),
    ],
)
def test_it_promises_no_time_that_it_does_not_know(client, room, marks, words):
    now = room.office.clock.now().timestamp()
    unload = running(room, octets_total=2_000_000_000)
    port(room, "unloading", unload, marks=[[now + at, octets] for at, octets in marks])
    text = shown(client)
    assert words in text
    assert ("left" in text) == ("minute" in words)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("empty", "Free Put in a card or a recorder."),
        ("ready", "READY"),
        ("ready", "Take it out."),
        ("clearing", "Clearing"),
        ("clearing", "Do not pull it out now."),
        ("tray", "CUSTODIAN"),
        ("kept", "NOT CLEARED"),
        ("failed", "STOPPED"),
        ("unreadable", "CAN'T BE READ"),
    ],
)
def test_every_state_says_what_to_do(client, room, state, words):
    port(room, state)
    assert words in shown(client)


def test_every_state_of_the_attendant_is_one_of_a_port():
    assert {each.value for each in State} == set(PortState.values)


@pytest.mark.parametrize(
    "error", [MediumGoneError(), UnreadableMediumError(reason="Structure needs cleaning")]
)
def test_what_went_wrong_is_said_in_its_own_sentence(client, room, error):
    PortBoard(room.office.clock).show("usb 1-2", Ended(State.FAILED, error))
    assert str(error) in shown(client)


def test_another_divisions_card_is_there_and_nothing_more_is_said(room, client):
    port(room, "unloading", running(room, row=room.duty.issue()))
    text = shown(visitor(room.office.sister_custodian))
    assert "A card of another division" in text
    for secret in ("Өтегенов", "БТ-0001", "ЖК-0001", "25 %", "GB"):
        assert secret not in text
        assert secret in shown(client)


def test_another_divisions_dock_is_not_shown(room):
    port(room, "unloading", running(room), dock="9f1c")
    assert "usb 1-2" not in shown(visitor(room.office.sister_custodian))


def test_a_docks_port_that_fails_before_an_unloading_began_is_on_the_wall_of_its_division(client, room):
    dock, _pc = enrolled(room.office)
    board = PortBoard(room.office.clock, str(dock.pk))
    error = UnreadableMediumError(reason="Structure needs cleaning")
    board.show("usb 1-2", Ended(State.UNREADABLE, error))
    assert str(error) in shown(client)
    assert str(error) not in shown(visitor(room.office.sister_custodian))
    board.show("usb 1-2", Ended(State.EMPTY))
    assert "usb 1-2" not in shown(client), "a place elsewhere that is free is for those who stand there"


def test_what_a_dock_showed_that_is_let_in_no_more_leaves_the_wall(client, room):
    office = room.office
    dock, _pc = enrolled(office)
    port(room, "failed", running(room), dock=str(dock.pk))
    assert "STOPPED" in shown(client)
    docks.revoke(office.ledger, office.by(office.head), dock, "Ұрланды")
    assert "STOPPED" not in shown(client)


def test_what_a_dock_showed_that_nobody_heard_of_for_a_week_leaves_the_wall(room):
    found = port(room, "failed", running(room), dock=str(enrolled(room.office)[0].pk))
    last = room.office.clock.now() + FORGET
    assert list(ports_of(room.office.division, last)) == [found]
    assert not ports_of(room.office.division, last + timedelta(seconds=1))


@pytest.mark.parametrize("kind", [ServerRefusedError, StrangeAnswerError, IncompleteReceiptError])
def test_the_server_alone_knows_the_codes_that_only_a_dock_raises(kind):
    """The program of a dock is not loaded there; whoever looks at the wall is told why it stopped all the same."""
    script = (
        "import sys, django; django.setup(); import aigaq.api.urls;"
        "from aigaq.unloading.errors import by_code; print(by_code(sys.argv[1]).__name__)"
    )
    command = [sys.executable, "-c", script, kind.code]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "aigaq.settings"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.stdout.strip() == kind.__name__, done.stderr[-500:]


def test_a_busy_port_that_nobody_looks_at_any_more_is_not_said_to_run(client, room):
    found = port(room, "unloading", running(room))
    room.office.clock.instant += timedelta(minutes=2)
    assert "NO SIGN OF LIFE" in shown(client)
    Port.objects.filter(pk=found.pk).update(seen_at=room.office.clock.now())
    assert "NO SIGN OF LIFE" not in shown(client)


def test_an_empty_place_of_a_reader_that_was_taken_away_leaves_the_screen(client, room):
    port(room, "empty")
    room.office.clock.instant += timedelta(minutes=61)
    assert "usb 1-2" not in shown(client)


def test_the_board_follows_the_unloading_at_its_port_and_forgets_what_is_older_than_a_minute(room):
    clock, board = room.office.clock, PortBoard(room.office.clock)
    board.show("usb 1-2", Ended(State.UNLOADING))
    unload = running(room)
    for number in range(30):
        Unload.objects.filter(pk=unload.pk).update(octets_done=number * 10)
        board.seen(["usb 1-2"])
        clock.instant += SEEN_EVERY
    found = Port.objects.get()
    assert found.unload == unload
    assert found.marks[-1][0] - found.marks[0][0] == MARKS_OF
    assert found.marks[-1][1] == 290
    board.show("usb 1-2", Ended(State.READY, run=str(unload.pk)))
    board.show("usb 1-2", Ended(State.EMPTY))
    found.refresh_from_db()
    assert (found.unload, found.marks) == (None, [])


@pytest.mark.parametrize(("here", "there"), [(None, uuid4()), (uuid4(), None), (uuid4(), uuid4())])
def test_what_runs_at_another_computers_port_of_the_same_name_is_not_shown_at_this_one(room, here, there):
    """Every computer has a “usb 1-2”."""
    board = PortBoard(room.office.clock, str(here or ""))
    board.show("usb 1-2", Ended(State.UNLOADING))
    own = running(room, dock=here)
    running(room, dock=there, started_at=room.office.clock.now())
    board.seen(["usb 1-2"])
    assert Port.objects.get().unload == own


def test_what_a_program_that_ended_showed_says_nothing_when_the_next_begins(room):
    port(room, "unloading", running(room))
    PortBoard(room.office.clock).begin()
    assert Port.objects.get().state == "empty"


def opened(client, name="Кезекші бөлме"):
    return client.submit(reverse("docks:screens"), {"name": name})


def test_a_browser_becomes_a_screen_with_nobody_signed_in(client, room):
    port(room, "unloading", running(room, row=room.duty.issue()))
    answer = opened(client)
    assert (answer.status_code, answer.url) == (302, reverse("docks:wall"))
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", reverse("docks:wall"))
    assert "_auth_user_id" not in client.session
    assert "Өтегенов" in text_of(client.get(reverse("docks:wall")))
    assert "Өтегенов" in shown(client)
    assert (
        LedgerEntry.objects.order_by("-seq").first().kind == "screen.opened"
        or LedgerEntry.objects.filter(kind="screen.opened").exists()
    )
    assert cookie.value not in str(WallScreen.objects.values_list("token_digest", "name"))


def test_a_screen_opens_nothing_else(client, room):
    """Even if its cookie were sent everywhere, which it is not."""
    opened(client)
    screen = Client()
    screen.cookies[COOKIE] = client.cookies[COOKIE].value
    reached = set()
    for address in addresses():
        if not address.parameters:
            response = screen.get(reverse(address.name))
            if response.status_code == 200:
                reached.add(address.name)
    open_to_all = {"login", "language", "phone:shell", "phone:worker", "receipts:check"}
    open_to_all |= {"monitoring:live", "monitoring:ready"}
    assert reached - open_to_all == {"docks:wall", "docks:live"}
    assert screen.post(reverse("docks:screens"), {"name": "x"}).status_code != 200


def test_a_screen_that_is_shut_shows_nothing_any_more(client, room):
    opened(client)
    head = visitor(room.office.head)
    assert "Кезекші бөлме" in text_of(head.get(reverse("docks:screens")))
    screen = WallScreen.objects.get()
    head.submit(reverse("docks:shut-screen", args=[screen.pk]))
    assert client.get(reverse("docks:wall")).status_code == 302
    assert client.get(reverse("docks:live")).status_code == 302
    assert LedgerEntry.objects.filter(kind="screen.shut").count() == 1
    again = head.submit(reverse("docks:shut-screen", args=[screen.pk]))
    assert "shut already" in text_of(again)


def test_another_divisions_screen_can_not_be_shut(client, room):
    opened(client)
    stranger = visitor(room.office.sister_head)
    stranger.submit(reverse("docks:shut-screen", args=[WallScreen.objects.get().pk]))
    assert WallScreen.objects.get().shut_at is None


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 64])
def test_a_made_up_token_is_nobodys(room, token):
    screen = Client()
    screen.cookies[COOKIE] = token
    assert screen.get(reverse("docks:wall")).status_code == 302


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_screen_needs_a_name(client, name):
    opened(client, name)
    assert not WallScreen.objects.exists()
