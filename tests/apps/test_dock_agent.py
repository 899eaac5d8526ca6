"""A dock and the server at both ends of a real line: what is plugged in there ends up here, and no sooner is cleared."""

import contextlib
import hashlib
import http.client
import io
import json
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest

from aigaq import wiring
from aigaq.api import endpoint, unloads
from aigaq.core.clock import SystemClock
from aigaq.core.threads import ThreadEndedError
from aigaq.dock.agent import desk, identity, line, sending
from aigaq.dock.agent.attending import attend_dock
from aigaq.dock.agent.desk import RemoteDesk
from aigaq.dock.agent.errors import (
    EnrolledAlreadyError,
    LineError,
    NotEnrolledError,
    ServerAwayError,
    ServerRefusedError,
    StrangeAnswerError,
)
from aigaq.dock.agent.line import Answer, Line
from aigaq.dock.agent.serving import Agent
from aigaq.dock.agent.session import Session
from aigaq.dock.media import Slot
from aigaq.docks import services as docks
from aigaq.docks.models import Upload
from aigaq.docks.uploads import Intake
from aigaq.ingest.desk import OfficeDesk, bury
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import Port, Unload, UnloadState
from aigaq.journal.models import Unloading
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.recordings.models import Placement, Recording, RecordingFile
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading import wire
from aigaq.unloading.desk import Beat
from aigaq.unloading.errors import MediumGoneError, UnloadStoppedError
from aigaq.unloading.looking import look
from aigaq.unloading.receipt import ReceiptError
from aigaq.unloading.sources.listing import list_card, open_card
from aigaq.vault.age import Identity
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.layout import DESCRIPTION
from aigaq.vault.receiving import Receiver
from aigaq.vault.store import Vault
from tests.support import amount
from tests.support.cards import fill, in_vault, left_on, octets, take, takes
from tests.support.recorders import own_profiles, profile_text
from tests.support.vaults import blobs
from tests.support.viewing import open_room, served

CARDS = amount.times(8, 4)


@pytest.fixture
def room(transactional_db, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    room = open_room(SystemClock(), tmp_path, monkeypatch, settings)
    intake = Intake(room.office.ledger, Receiver(room.vault.backend))
    monkeypatch.setattr(wiring, "intake", lambda: intake)
    return room


@pytest.fixture
def address(room):
    with served() as at:
        yield at


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "dock"


@pytest.fixture
def code(room):
    office = room.office
    return docks.make_code(office.ledger, office.by(office.custodian), division=office.division).code


@pytest.fixture
def agent(folder, address, code):
    identity.enrol(folder, Line(address), SystemClock(), code=code, name="Қонаев, 1-бөлме", ca=None)
    return Agent.of(folder, SystemClock())


@pytest.fixture
def row(room):
    return room.duty.issue()


@pytest.fixture
def card(tmp_path, room):
    """The registered card, mounted at the dock."""
    path = tmp_path / "card"
    path.mkdir()
    office = room.office
    write_identity(office.ledger, MACHINE, path, card=office.card, installation=room.vault.id)
    return path


def spooled(folder):
    return [path.name for path in (folder / "spool").rglob("*.age")]


def test_a_card_at_a_dock_is_stored_entered_and_cleared_as_it_is_here(room, row, agent, card, folder):
    content = {**takes(5), "DCIM/100AIGAQ/EMPTY.DAT": b"", "notes.txt": "екі жол\n".encode()}
    fill(card, content)
    done = agent.unload(card, port="ұя 1")
    unload = Unload.objects.get()
    assert (unload.state, unload.port, str(unload.dock)) == (
        UnloadState.READY, "ұя 1", agent.enrolment.dock,
    )  # fmt: skip
    assert (unload.stored, unload.cleared, unload.row) == (len(content), len(content), row)
    assert all(in_vault(room.vault, octets) for octets in content.values())
    assert left_on(card) == {}
    assert "cleared.txt" in {path.name for path in (card / "AIGAQ").iterdir()}
    assert Placement.objects.filter(row=row).count() == len(content)
    assert Unloading.objects.get().files == len(content)
    assert done.problems == ()
    assert spooled(folder) == [], "what the server has leaves the dock"
    entry = LedgerEntry.objects.get(kind="card.cleared")
    assert agent.enrolment.dock in entry.entry, "the ledger says which machine did it"


def test_neither_the_line_nor_the_spool_holds_plaintext(room, row, agent, card, folder):
    marker = b"PLAINTEXT-MARKER-" + hashlib.sha256(b"x").hexdigest().encode()
    fill(card, {"DCIM/100AIGAQ/A.DAT": marker * 100})
    agent.unload(card, keep=True)
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if marker in path.read_bytes()]
    assert in_vault(room.vault, marker * 100)


def test_the_second_time_nothing_is_sent_and_nothing_entered(room, row, agent, card):
    fill(card, takes(3))
    first = agent.unload(card, keep=True)
    entries = LedgerEntry.objects.filter(kind="recording.ingested").count()
    second = agent.unload(card, keep=True)
    assert first.sent > 0
    assert second.sent == 0
    assert LedgerEntry.objects.filter(kind="recording.ingested").count() == entries == 3
    assert RecordingFile.objects.count() == 3


def test_what_nobody_knows_waits_in_the_tray_and_the_card_stays_as_it_was(room, agent, tmp_path):
    content = {"DCIM/VID_1.DAT": b"who made this?"}
    card = fill(tmp_path / "unknown", content)
    agent.unload(card)
    unload = Unload.objects.get()
    assert (unload.state, unload.division) == (UnloadState.TRAY, room.office.division)
    assert left_on(card) == content


def test_the_first_two_cards_of_a_new_dock_may_come_at_once(room, agent, tmp_path):
    for number in range(CARDS):
        fill(tmp_path / f"card-{number}", {f"DCIM/{number}.MP4": b"%d" % number * 9})
    together = threading.Barrier(CARDS)

    def unload(number):
        together.wait()
        return agent.unload(tmp_path / f"card-{number}", port=str(number)).state

    with ThreadPoolExecutor(CARDS) as threads:
        assert [*threads.map(unload, range(CARDS))] == [UnloadState.TRAY] * CARDS


@pytest.mark.parametrize("removed", ["nothing", "its description"])
def test_what_an_earlier_enrolment_left_in_the_spool_is_neither_sent_nor_encrypted_to(
    room, row, agent, card, folder, *, removed
):
    """The dock was of another office before, and its enrolment alone was removed: nobody here has that key.

    Nor is it where whoever threw the spool away was killed when the description was gone and the blobs were not.
    """
    content = takes(2)
    spool = LocalBackend(folder / "spool", immutable=False)
    foreign = Vault.create(spool, Identity.generate().recipient, created_at=SystemClock().now())
    foreign.put(io.BytesIO(next(iter(content.values()))))
    if removed == "its description":
        (folder / "spool" / DESCRIPTION).unlink()
    fill(card, content)
    Agent.of(folder, SystemClock()).unload(card)
    assert left_on(card) == {}
    assert all(in_vault(room.vault, octets) for octets in content.values())


def test_a_dock_knows_recorders_by_the_profiles_that_were_added_there(room, row, agent, folder, tmp_path):
    text = profile_text('[takes]\njoin = "part"', name="Z{date}{time}-{device}-{part}")
    with_own = Agent.of(
        folder, SystemClock(), recorders=lambda: own_profiles(tmp_path / "recorders", own=text)
    )
    number = room.office.recorder.serial_number
    parts = [f"Z20261120090000-{number}-{part}.MP4" for part in (1, 2)]
    with_own.unload(fill(tmp_path / "its-card", {name: name.encode() for name in parts}))
    assert Recording.objects.get().files.count() == 2
    assert Unload.objects.get().recorder == room.office.recorder


def test_an_empty_card_leaves_no_trace(agent, card):
    assert agent.unload(card).unload == ""
    assert not Unload.objects.exists()


def test_a_server_that_is_revoking_lets_nothing_be_cleared(room, row, agent, card):
    content = takes(2)
    fill(card, content)
    office = room.office
    docks.revoke(
        office.ledger,
        office.by(office.head),
        dock=docks.Dock.objects.get(pk=agent.enrolment.dock),
        reason="жоғалды",
    )
    with pytest.raises(ServerRefusedError):
        agent.unload(card)
    assert left_on(card) == content


def test_without_a_receipt_that_is_believed_nothing_is_cleared(row, agent, card, monkeypatch):
    content = takes(2)
    fill(card, content)
    ask = RemoteDesk._call

    def forged(desk, act, told):
        answer = ask(desk, act, told)
        if act == "receipt":
            return replace(answer, body=answer.body.replace(b'"seq":', b'"seq":1'))
        return answer

    monkeypatch.setattr(RemoteDesk, "_call", forged)
    with pytest.raises(ReceiptError):
        agent.unload(card)
    assert left_on(card) == content
    assert Unload.objects.get().state == UnloadState.FAILED


@pytest.mark.parametrize("status", [200, 302])
def test_what_answers_in_the_servers_place_has_entered_nothing_so_nothing_is_cleared(
    row, agent, card, monkeypatch, status
):
    """A proxy before the server that shows its page of maintenance."""
    content = takes(2)
    fill(card, content)
    call = RemoteDesk._call

    with answering(status) as elsewhere:

        def meanwhile(desk, act, told):
            if act == "intend":
                agent.session._line.server = elsewhere
            return call(desk, act, told)

        monkeypatch.setattr(RemoteDesk, "_call", meanwhile)
        with pytest.raises(StrangeAnswerError):
            agent.unload(card)
    assert left_on(card) == content


def test_a_sign_of_life_that_goes_elsewhere_is_not_missed(agent):
    desk = RemoteDesk(agent.session, agent.enrolment, {}, threading.Event())
    agent.session.tell("/api/ports/", b'{"ports":[]}')
    with answering(302) as elsewhere:
        agent.session._line.server = elsewhere
        desk.beat(Beat(1, "", 0, ()))


@contextlib.contextmanager
def answering(status, body=b"<p>Sorry."):
    """A server that answers all alike; gives its address."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", "/maintenance.html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def test_a_dock_that_trusts_its_spool_alone_is_caught(row, agent, card, monkeypatch):
    """The mutant that clears on the server's word without a receipt: the test above must not pass with it."""
    fill(card, takes(2))
    monkeypatch.setattr(RemoteDesk, "_require_receipt", lambda *_: None)
    agent.unload(card)
    assert left_on(card) == {}


def test_told_to_stop_while_the_server_is_away_it_stops_and_goes_on_later(
    room, row, agent, card, monkeypatch
):
    content = takes(3)
    fill(card, content)
    stop = threading.Event()
    away = Agent(agent._folder, agent.enrolment, _Away(), SystemClock())
    with pytest.raises(UnloadStoppedError):
        away.unload(card, stop=stop, waiting=lambda _error: stop.set())
    assert left_on(card) == content
    agent.unload(card)
    assert left_on(card) == {}
    assert all(in_vault(room.vault, octets) for octets in content.values())


@pytest.mark.parametrize("newer", [unloads, line], ids=["server", "dock"])
def test_a_dock_and_a_server_of_different_versions_say_so_and_go_on_when_the_older_one_is_updated(
    room, row, agent, card, newer
):
    content = takes(3)
    fill(card, content)
    with pytest.MonkeyPatch.context() as updated:
        updated.setattr(newer, "PROTOCOL", "2")
        with pytest.raises(ServerRefusedError) as told:
            Agent.of(agent._folder, SystemClock()).unload(card)
    assert told.value.details["answer"] == "dock.protocol"
    assert {"1", "2"} <= set(told.value.details["sentence"]), "it says which speaks which"
    assert left_on(card) == content
    assert Unload.objects.count() == RecordingFile.objects.count() == 0
    agent.unload(card)
    assert left_on(card) == {}
    assert all(in_vault(room.vault, octets) for octets in content.values())


def test_a_server_that_is_updated_in_the_middle_of_it_clears_nothing_and_is_sent_nothing_twice(
    room, row, agent, card, monkeypatch
):
    content = takes(3)
    fill(card, content)
    ask = RemoteDesk._call
    with pytest.MonkeyPatch.context() as updated:

        def meanwhile(desk, act, told):
            if act == "receipt":
                updated.setattr(unloads, "PROTOCOL", "2")
            return ask(desk, act, told)

        updated.setattr(RemoteDesk, "_call", meanwhile)
        with pytest.raises(ServerRefusedError, match=r"dock\.protocol"):
            agent.unload(card)
        assert left_on(card) == content
    done = agent.unload(card)
    assert (done.sent, left_on(card)) == (0, {})
    assert RecordingFile.objects.count() == len(content)
    assert Unload.objects.order_by("started_at").last().state == UnloadState.READY


@pytest.mark.parametrize("part", ["first", "last"])
def test_a_part_that_is_counted_only_after_its_line_broke_is_sent_twice_and_no_other(
    row, agent, card, monkeypatch, part
):
    """The dock asks where the upload stands while the server still has that part in hand."""
    size = 3_000_000
    fill(card, {take(1): octets(1, size)})
    ask, lost, said_too_early = Session.ask, [], []

    def over_a_bad_line(session, method, path, **more):
        if method == "HEAD" and said_too_early:
            return said_too_early.pop()
        if method == "PATCH" and not lost:
            length = len(more["body"])
            if part == "first" or int(more["headers"]["Upload-Offset"]) + length > size:
                lost.append(length)
                said_too_early.append(ask(session, "HEAD", path, headers={"Tus-Resumable": "1.0.0"}))
                ask(session, method, path, **more)
                raise LineError(server=session.server, reason="cut off")
        return ask(session, method, path, **more)

    monkeypatch.setattr(Session, "ask", over_a_bad_line)
    done = agent.unload(card)
    upload = Upload.objects.get()
    assert (upload.state, left_on(card)) == ("complete", {})
    assert upload.length < done.sent <= upload.length + lost[0]


@pytest.mark.parametrize("fault", ["cut short", "changed"])
def test_a_part_that_does_not_arrive_as_it_was_sent_is_sent_again_and_no_other(
    row, agent, card, monkeypatch, fault
):
    """The server still answers: it waited for the rest in vain, or got other octets than were sent."""
    size = 3_000_000
    fill(card, {take(1): octets(1, size)})
    ask, lost = Session.ask, []

    def over_a_bad_line(session, method, path, **more):
        if method == "PATCH" and int(more["headers"]["Upload-Offset"]) and not lost:
            lost.append(len(more["body"]))
            if fault == "changed":
                more["body"] = bytes(len(more["body"]))
            else:
                return cut_short(session, path, **more)
        return ask(session, method, path, **more)

    monkeypatch.setattr(Session, "ask", over_a_bad_line)
    told = []
    done = agent.unload(card, waiting=told.append)
    upload = Upload.objects.get()
    assert (upload.state, left_on(card)) == ("complete", {})
    assert done.sent == upload.length + lost[0]
    assert [error and error.code for error in told] == ["dock.line", None], (
        "a line that gives no part is told"
    )


def failed(facts):
    """A port with these facts of its error, as a dock tells it that says whatever it likes."""
    return (
        b'{"ports":[{"port":"a","state":"failed","code":"dock.taken","facts":%b,"unload":"","there":true}]}'
        % facts
    )


@pytest.mark.parametrize("by", [rb"\ud800", b"\xed\xa0\x80", rb"\udc00\ud800"])
def test_what_no_page_could_show_is_not_taken_from_a_dock(agent, by):
    """Half a character would be kept as JSON, and no answer with it could be sent: the wall would stay dark."""
    with pytest.raises(ServerRefusedError, match=r"dock\.malformed-message|api\.body"):
        agent.session.tell("/api/ports/", failed(b'{"by":"%b"}' % by))
    assert not Port.objects.exists()
    agent.session.tell("/api/ports/", failed(rb'{"by":"\ud83d\udcbe"}'))
    assert Port.objects.get().facts == {"by": "\N{FLOPPY DISK}"}


def test_an_error_with_facts_that_it_never_has_is_one_that_is_not_known(agent):
    agent.session.tell("/api/ports/", failed(b'{"self":"x"}'))
    assert (Port.objects.get().state, Port.objects.get().code) == ("failed", "")


@pytest.mark.parametrize("path", ["/api/uploads/", "/finish/"])
def test_whoever_waits_is_told_when_it_goes_on(row, agent, card, monkeypatch, path):
    fill(card, {take(1): octets(1, 3_000_000)})
    ask, told, lost = Session.ask, [], []

    def over_a_bad_line(session, method, asked, **more):
        if path in asked and method != "HEAD" and len(lost) < 2 and (method == "PATCH" or path == "/finish/"):
            lost.append(asked)
            raise LineError(server=session.server, reason="cut off")
        return ask(session, method, asked, **more)

    monkeypatch.setattr(Session, "ask", over_a_bad_line)
    monkeypatch.setattr(line, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.0)
    agent.unload(card, waiting=told.append)
    assert [error and error.code for error in told] == ["dock.line", "dock.line", None]
    assert left_on(card) == {}


def test_whoever_waits_is_told_that_the_last_part_has_arrived_though_its_answer_was_lost(
    row, agent, card, monkeypatch
):
    fill(card, {take(1): octets(1, 100_000)})
    ask, told = Session.ask, []

    def over_a_bad_line(session, method, asked, **more):
        answer = ask(session, method, asked, **more)
        if method == "PATCH":
            raise LineError(server=session.server, reason="cut off")
        return answer

    monkeypatch.setattr(Session, "ask", over_a_bad_line)
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.0)
    agent.unload(card, waiting=told.append)
    assert [error and error.code for error in told] == ["dock.line", None]
    assert left_on(card) == {}


def cut_short(session, path, *, headers, body):
    """Half of a part, and no more; what the server says to that."""
    line = http.client.HTTPConnection(session.server.removeprefix("http://"))
    line.putrequest("PATCH", path)
    sent = {**headers, "Authorization": f"Bearer {session._token}", "Content-Length": str(len(body))}
    for name, value in sent.items():
        line.putheader(name, value)
    line.endheaders(body[: len(body) // 2])
    line.sock.shutdown(socket.SHUT_WR)
    with contextlib.closing(line), line.getresponse() as said:
        raise session._line._refusal(Answer(said.status, said.headers, said.read()))


def test_a_desk_whose_every_answer_is_lost_once_does_nothing_twice_and_says_how_it_ended(
    row, agent, card, monkeypatch
):
    content = takes(3)
    fill(card, content)
    tell, lost = Session.tell, set()

    def over_a_bad_line(session, path, body):
        answer = tell(session, path, body)
        if path not in lost:
            lost.add(path)
            raise LineError(server=session.server, reason="cut off")
        return answer

    monkeypatch.setattr(Session, "tell", over_a_bad_line)
    monkeypatch.setattr(line, "FIRST_WAIT", 0.0)
    done = agent.unload(card)
    assert any(path.endswith("/finish/") for path in lost), "the fault has to fire"
    assert (done.state, done.code, left_on(card)) == (UnloadState.READY, "", {})
    unload = Unload.objects.get(pk=done.unload)
    assert (unload.state, unload.stored, unload.cleared) == (UnloadState.READY, len(content), len(content))
    assert Unloading.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="card.cleared").count() == 1
    assert LedgerEntry.objects.filter(kind="recording.ingested").count() == len(content)


def test_an_unloading_that_was_cut_off_is_not_said_to_have_ended_well(room, row, agent, card, monkeypatch):
    """The server took the dock for dead before its last word."""
    fill(card, takes(2))
    call = RemoteDesk._call

    def too_late(desk, act, told):
        if act == "finish":
            bury(Unload.objects.all(), room.office.ledger)
        return call(desk, act, told)

    monkeypatch.setattr(RemoteDesk, "_call", too_late)
    with pytest.raises(ServerRefusedError, match=r"unload\.over"):
        agent.unload(card)


def test_the_wall_shows_the_ports_that_a_dock_has_now_and_none_that_it_had_once(agent):
    def tell(*names):
        told = [
            {"port": name, "state": "failed", "code": "", "facts": {}, "unload": "", "there": True}
            for name in names
        ]
        agent.session.tell("/api/ports/", json.dumps({"ports": told}).encode())

    Port.objects.create(name="usb 9", changed_at=SystemClock().now(), seen_at=SystemClock().now())
    tell("usb 1", "usb 2")
    tell("usb 2", "usb 3")
    assert {*Port.objects.values_list("dock", "name")} == {
        ("", "usb 9"),
        (agent.enrolment.dock, "usb 2"),
        (agent.enrolment.dock, "usb 3"),
    }


class Ports:
    """One that is free; looking at it ends in `fault`, if there is one."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self._fault = fault
        self._closed = threading.Event()

    def look(self):
        if self._fault is not None:
            raise self._fault
        return [Slot("port-1")]

    def wait(self, seconds):
        self._closed.wait(seconds)

    def close(self):
        self._closed.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dock_that_can_not_look_at_some_of_its_ports_any_more_ends_to_be_started_again(agent):
    stop = threading.Event()
    with pytest.raises(ThreadEndedError, match="ports"):
        attend_dock(agent, [Ports(), Ports(SystemExit())], stop, lambda *_told: None)
    assert stop.is_set()
    assert not [each for each in threading.enumerate() if each.name == "ports"]


def test_a_recording_that_is_gone_from_the_vault_is_handed_over_again_and_not_waited_for(
    room, row, agent, card, monkeypatch
):
    content = takes(2)
    fill(card, content)
    call, stop = RemoteDesk._call, threading.Event()

    def meanwhile(desk, act, told):
        if act == "receipt":
            blobs(room.vault_folder)[0].unlink()
        return call(desk, act, told)

    with monkeypatch.context() as lost:
        lost.setattr(RemoteDesk, "_call", meanwhile)
        with pytest.raises(ServerRefusedError, match=r"unload\.not-handed-over"):
            agent.unload(card, stop=stop, waiting=lambda _error: stop.set())
    assert left_on(card) == content
    agent.unload(card)
    assert left_on(card) == {}
    assert all(in_vault(room.vault, octets) for octets in content.values())


def test_the_server_is_asked_for_no_more_files_at_once_than_a_slow_store_opens_in_time(
    row, agent, card, monkeypatch
):
    fill(card, takes(5))
    call, asked = RemoteDesk._call, []
    names = {"files": "files", "receipt": "contents"}

    def counted(desk, act, told):
        if act in names:
            asked.append((act, len(told[names[act]])))
        return call(desk, act, told)

    monkeypatch.setattr(RemoteDesk, "_call", counted)
    monkeypatch.setattr(desk, "AT_ONCE", 2)
    agent.unload(card)
    assert left_on(card) == {}
    assert sum(number for act, number in asked if act == "files") == 5
    assert [number for act, number in asked if act == "receipt"] == [2, 2, 1]
    assert max(number for _act, number in asked) == 2


def test_a_question_for_no_receipt_is_refused_and_not_asked_for_ever(row, agent, card, monkeypatch):
    fill(card, takes(2))
    call, stop = RemoteDesk._call, threading.Event()
    monkeypatch.setattr(
        RemoteDesk,
        "_call",
        lambda desk, act, told: call(desk, act, {**told, "nonce": "?"} if act == "receipt" else told),
    )
    with pytest.raises(ServerRefusedError, match=r"receipt\.malformed") as told:
        agent.unload(card, stop=stop, waiting=lambda _error: stop.set())
    assert told.value.details["status"] == 400


def test_only_so_many_long_messages_are_read_at_a_time_and_short_ones_are_answered_all_the_same(
    row, agent, card, monkeypatch
):
    fill(card, takes(2))
    monkeypatch.setattr(unloads, "_long", threading.BoundedSemaphore(1))
    told = {"card": {}, "keep": False, "more": "x" * endpoint.BODY_LIMIT}
    with unloads._long:
        with pytest.raises(ServerAwayError):
            agent.session.tell("/api/unloads/", json.dumps(told).encode())
        agent.unload(card)
    assert left_on(card) == {}
    with pytest.raises(ServerRefusedError, match=r"dock\.malformed-message"):
        agent.session.tell("/api/unloads/", json.dumps(told).encode())


def test_long_messages_of_one_dock_leave_room_for_those_of_others(row, agent):
    told = json.dumps({"card": {}, "keep": False, "more": "x" * endpoint.BODY_LIMIT}).encode()

    def tell():
        return agent.session.tell("/api/unloads/", told)

    with pytest.raises(ServerRefusedError, match=r"dock\.malformed-message"):
        tell()
    own = unloads._long_of[UUID(agent.enrolment.dock)]
    for places, number in ((own, unloads.LONG_OF_ONE), (unloads._long, unloads.LONG_AT_ONCE)):
        with contextlib.ExitStack() as being_read:
            for _ in range(number):
                being_read.enter_context(places)
            for _ in range(number):
                with pytest.raises(ServerAwayError):
                    tell()
        with pytest.raises(ServerRefusedError, match=r"dock\.malformed-message"):
            tell()


def test_of_lists_of_whole_cards_one_at_a_time_is_in_memory(row, agent, monkeypatch):
    """From when it is taken apart until it is acted upon: that is what takes many times its size."""
    together, met = threading.Barrier(2), []

    def begin(_desk, _card, *, keep):
        with contextlib.suppress(threading.BrokenBarrierError):
            met.append(together.wait(0.5))

    monkeypatch.setattr(OfficeDesk, "begin", begin)
    card = {"port": "1", "identity": None, "identity_doubt": "", "volume": "1", "folder": "", "files": []}
    card |= {"problems": [], "devices": [], "clock": None}
    body = json.dumps({"card": card, "keep": False, "more": "x" * unloads.LIST}).encode()
    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(agent.session.tell, "/api/unloads/", body) for _ in range(2)]
    assert [each.result().status for each in told] == [204, 204]
    assert not met


def test_a_list_whose_card_may_be_unloaded_elsewhere_still_holds_up_no_other_list(
    room, row, agent, card, monkeypatch
):
    """What is waited for may be told in one: paths that are about to be deleted, say."""
    fill(card, takes(1))
    root = open_card(card)
    moved = wire.card_out(look(root, list_card(root), "port 2"))
    os.close(root)
    office = room.office
    there = OfficeDesk(wiring.office(), division=office.division)
    there.begin(wire.card_in({**moved, "port": "port 1"}), keep=False)
    more, empty = "x" * unloads.LIST, {**moved, "identity": None, "volume": "1", "files": []}
    wait, waits = unloads._wait, threading.Event()

    def waiting(seconds):
        waits.set()
        wait(seconds)

    def tell(told):
        return agent.session.tell("/api/unloads/", json.dumps({**told, "keep": False, "more": more}).encode())

    monkeypatch.setattr(unloads, "_wait", waiting)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(tell, {"card": moved})
        assert waits.wait(30)
        assert tell({"card": empty}).status == 204
        assert not first.done()
        there.fail(MediumGoneError(), [])
        assert first.result().status == 201


def test_files_that_are_told_again_while_they_are_still_being_entered_are_counted_once(
    row, agent, card, monkeypatch
):
    fill(card, takes(3))
    enter = OfficeDesk.enter

    def and_again(desk, found):
        again = OfficeDesk(desk._office, division=desk.unload.division, unload=Unload.objects.get())
        entered = enter(desk, found)
        enter(again, found)
        return entered

    monkeypatch.setattr(OfficeDesk, "enter", and_again)
    agent.unload(card)
    unload = Unload.objects.get()
    assert (unload.stored, unload.already_stored) == (3, 0)


class _Away:
    """A session with a server that is not there."""

    server = "http://127.0.0.1:9"

    def tell(self, path, body):
        return Line(self.server).tell(path, body)


def test_a_challenge_that_is_not_good_any_more_is_followed_by_another(row, agent, card, monkeypatch):
    """The first answer went to the server twice: by a proxy that tried again, say."""
    fill(card, takes(1))
    ask, twice = Line.ask, []

    def over_a_proxy(to, method, path, **more):
        if path == "/api/sessions/" and not twice:
            twice.append(ask(to, method, path, **more))
        return ask(to, method, path, **more)

    monkeypatch.setattr(Line, "ask", over_a_proxy)
    agent.unload(card)
    assert twice, "the fault has to fire"
    assert left_on(card) == {}


def test_a_computer_is_enrolled_once(agent, folder, address, code):
    with pytest.raises(EnrolledAlreadyError):
        identity.enrol(folder, Line(address), SystemClock(), code=code, name="again", ca=None)


def test_a_computer_whose_enrolment_was_not_answered_is_enrolled_with_the_next_code(
    room, folder, address, code, monkeypatch
):
    """The server knows its key by then, and whose it is nobody here: so it takes another."""
    office, ask, lost = room.office, Line.ask, []

    def over_a_bad_line(to, method, path, **more):
        answer = ask(to, method, path, **more)
        if not lost:
            lost.append(path)
            raise LineError(server=to.server, reason="cut off")
        return answer

    def enrol(code):
        return identity.enrol(folder, Line(address), SystemClock(), code=code, name="again", ca=None)

    monkeypatch.setattr(Line, "ask", over_a_bad_line)
    with pytest.raises(LineError):
        enrol(code)
    next_code = docks.make_code(office.ledger, office.by(office.custodian), division=office.division).code
    enrol(next_code)
    Agent.of(folder, SystemClock()).session.tell("/api/ports/", b'{"ports":[]}')


@pytest.mark.parametrize(
    "changed", [{"dock": None}, {"division": "x"}, {"ledger_key": "x"}, {"recipient": "age1x"}], ids=str
)
def test_an_enrolment_that_is_answered_with_something_else_is_none(folder, changed):
    whole = {
        "dock": "1",
        "name": "n",
        "division": {"name": "d"},
        "installation": "i",
        "recipient": str(Identity.generate().recipient),
        "ledger_key": str(VerifierKey.of(Ed25519Signer.generate("x"))),
    }
    told = {name: value for name, value in {**whole, **changed}.items() if value is not None}
    with answering(201, json.dumps(told).encode()) as server, pytest.raises(StrangeAnswerError):
        identity.enrol(folder, Line(server), SystemClock(), code="c", name="n", ca=None)
    with pytest.raises(NotEnrolledError):
        Agent.of(folder, SystemClock())


def test_a_computer_that_is_no_dock_says_how_to_become_one(tmp_path):
    with pytest.raises(NotEnrolledError, match="aigaq dock enrol"):
        Agent.of(tmp_path / "nothing", SystemClock())
