"""Two web processes and two workers behind a proxy: whichever answers, and whoever is killed, it is one office."""

import json
import re
import signal
import stat
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support import amount, databases
from tests.support.authenticator import Authenticator
from tests.support.command import Shell
from tests.support.duty import CHECKS
from tests.support.hosts import Browser, behind, office_of_many, wait_for
from tests.support.postbox import certificate, postbox

several = pytest.mark.skipif(databases.ENGINE != "postgresql", reason="several processes need PostgreSQL")

at_length = pytest.mark.skipif(not amount.FULL, reason="takes minutes: in `make faults`")

CHILD = re.compile(r'data-passkey="([^"]+)"')


@pytest.fixture
def many(tmp_path, database_url):
    with office_of_many(tmp_path, database_url) as found:
        yield found


@several
def test_whichever_process_answers_it_is_one_office(tmp_path, database_url):
    shown = certificate(tmp_path / "certificate")
    with (
        postbox(shown) as box,
        office_of_many(
            tmp_path,
            database_url,
            AIGAQ_SMTP_URL=box.url,
            AIGAQ_SMTP_CA=str(shown.ca),
            AIGAQ_MAIL_FROM="aigaq@example.kz",
        ) as (hosts, told),
    ):
        webs = [hosts.begin("web", "--bind", "127.0.0.1:0") for _ in range(2)]
        for _ in range(2):
            hosts.begin("worker")
        with behind([web.port for web in webs]) as (port, went):
            desk, phone = Browser(port), Browser(port)
            password, vault_password, _id = told["people"]["bekzat"]
            desk.sign_in("bekzat", password)
            _opens_the_vault(desk, vault_password, told["files"])
            _makes_it_playable(desk, told["files"]["STREAM01.TS"])
            _prints_the_book(desk, told["book"])
            _signs_by_passkey(desk, told["people"])
            _tells_from_the_phone(phone, told)
            _gets_one_letter(hosts, box)
            assert len(set(went)) == 2
        assert hosts.number_of("journal.printed") == 1
        assert hosts.number_of("incident.opened") == _distinct_incidents(hosts)
        assert [process.stop() for process in hosts.processes] == [0, 0, 0, 0]
        verified = hosts.shell.run("ledger", "verify", "--json")
        assert verified.json["faults"] == []


def _opens_the_vault(desk, vault_password, files):
    played = next(id_ for name, id_ in files.items() if name.endswith(".MP4"))
    media = f"/recordings/{played}/media/"
    assert desk.get(media, Range="bytes=0-9").status == 403
    assert desk.submit("/vault/", {"vault_password": vault_password}).status == 302
    for _ in range(4):
        assert desk.get("/vault/state/").status == 204
        part = desk.get(media, Range="bytes=4-7")
        assert (part.status, part.octets) == (206, b"ftyp")


def _makes_it_playable(desk, file):
    page = f"/recordings/{file}/"
    assert desk.submit(f"{page}make/", {"product": "proxy"}).status == 302
    wait_for(lambda: "<video" in desk.get(page).text, "a playable copy")
    assert desk.get(f"{page}media/", Range="bytes=4-7").octets == b"ftyp"


def _prints_the_book(desk, book):
    asked = desk.submit(f"/prints/books/{book}/", {"which": "written"})
    assert asked.status == 302, asked.text
    for _ in range(2):
        assert desk.get(asked.path).status == 200, "its page is there, whoever is asked"
    wait_for(lambda: "Take the PDF" in desk.get(asked.path).text, "the paper")
    octets = {desk.get(f"{asked.path}paper.pdf").octets for _ in range(2)}
    assert len(octets) == 1
    assert octets.pop().startswith(b"%PDF")


def _signs_by_passkey(desk, people):
    """A key is enrolled in two steps, and a document that one process laid there is signed at another."""
    password, _vault, asel = people["asel"]
    key, origin = Authenticator(), f"http://localhost:{desk.port}"
    enrol = f"/registry/people/{asel}/passkeys/add/"
    page = desk.submit(enrol, {"stage": "begin", "label": "Кілт", "password": password})
    made = key.create(_asked(page), origin=origin)
    assert desk.submit(enrol, {"stage": "made", "response": made}).path == f"/registry/people/{asel}/"
    facts = {
        "recorder": "BT-002",
        "card": "JK-002",
        "inspector": asel,
        "control": "preventive-visit",
        "subject": "«Шаңырақ Сауда» ЖШС",
        "object": "Сауда үйі",
        "act_number": "№ 236-115",
        "seal_number": "A 004218",
        **{f"check_{check}": "passed" for check in CHECKS},
        **{f"remark_{check}": "" for check in CHECKS},
    }
    page = desk.submit("/desk/issue/", facts | {"stage": "facts"})
    offer = unescape(re.search(r'name="offer" value="([^"]+)"', page.octets.decode())[1])
    signed = {"stage": "sign", "offer": offer, "response": key.get(_asked(page), origin=origin)}
    # The page came from one of the two: this goes to the other.
    done = desk.submit("/desk/issue/", facts | signed)
    assert done.status == 302, done.text


def _asked(page):
    return unescape(CHILD.search(page.octets.decode())[1])


def _tells_from_the_phone(phone, told):
    password, _vault, aidos = told["people"]["aidos"]
    phone.sign_in("aidos", password)
    now = json.loads(phone.get("/phone/state/").octets)["now"]
    notice = {
        "id": str(uuid4()),
        "person": aidos,
        "row": told["row"],
        "at": now,
        "sent_at": now,
        "clock": {"offset": 0, "uncertainty": 40, "offset_when_sent": 0},
    }
    for _ in range(2):
        answer = phone.send("/phone/tell/", notice | {"act": "pause", "reason": "meal"})
        assert json.loads(answer.octets)["outcome"] == "entered"
    (row,) = json.loads(phone.get("/phone/state/").octets)["rows"]
    assert row["pause"]["reason"] == "meal"
    failure = notice | {"id": str(uuid4()), "act": "failure", "cause": "picture", "words": ""}
    assert json.loads(phone.send("/phone/tell/", failure).octets)["outcome"] == "entered"


LETTERS = "SELECT count(*), count(sent_at) FROM notices_letter"


def _gets_one_letter(hosts, box):
    def all_sent():
        there, sent = hosts.asked(LETTERS)
        return there == sent and there

    assert wait_for(all_sent, "every letter was sent") == len(box.letters)


def _distinct_incidents(hosts):
    return hosts.asked("SELECT count(DISTINCT (kind, row_id)) FROM incidents_incident")[0]


def _prints_a_thick_book(hosts, told):
    """The custodian's browser, the page of the paper, and the worker that is in the middle of it."""
    web, worker = hosts.begin("web", "--bind", "127.0.0.1:0"), hosts.begin("worker")
    desk = Browser(web.port)
    desk.sign_in("bekzat", told["people"]["bekzat"][0])
    asked = desk.submit(f"/prints/books/{told['book']}/", {"which": "some", "sheets": "1-50"})
    wait_for(lambda: "The pages are ready." in desk.get(asked.path).text, "it is in the middle of it")
    return desk, asked.path, worker


@several
def test_the_job_of_a_worker_that_is_killed_is_taken_up_and_done_once(many):
    hosts, told = many
    desk, paper, first = _prints_a_thick_book(hosts, told)
    first.kill()
    assert hosts.number_of("journal.printed") == 0
    assert "Stop it" in desk.get(paper).text
    second = hosts.begin("worker")
    wait_for(lambda: "Take the PDF" in desk.get(paper).text, "the other has taken it up")
    assert desk.get(f"{paper}paper.pdf").octets.startswith(b"%PDF")
    assert second.stop() == 0
    assert hosts.number_of("journal.printed") == 1


@several
@at_length
def test_a_worker_that_was_stopped_for_a_while_does_not_do_it_a_second_time(many):
    """Its lease is over, another has done the job, and then it goes on where it was."""
    hosts, told = many
    desk, paper, first = _prints_a_thick_book(hosts, told)
    first.child.send_signal(signal.SIGSTOP)
    second = hosts.begin("worker")
    wait_for(lambda: "Take the PDF" in desk.get(paper).text, "the other has done it")
    first.child.send_signal(signal.SIGCONT)
    assert first.stop() == 0
    assert second.stop() == 0
    assert hosts.number_of("journal.printed") == 1


@several
@at_length
def test_a_secret_in_memory_is_shared_until_it_is_taken_away(many):
    hosts, told = many
    secret = Path(hosts.settings["AIGAQ_PROCESS_SECRET_FILE"])
    first = hosts.begin("web", "--bind", "127.0.0.1:0")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    desk = Browser(first.port)
    password, vault_password, _id = told["people"]["bekzat"]
    desk.sign_in("bekzat", password)
    desk.submit("/vault/", {"vault_password": vault_password})
    assert desk.get("/vault/state/").status == 204
    first.stop()
    desk.port = hosts.begin("web", "--bind", "127.0.0.1:0").port
    assert desk.get("/vault/state/").status == 204, "one of them was started anew: nobody is locked out"
    hosts.stop()
    secret.unlink()
    desk.port = hosts.begin("web", "--bind", "127.0.0.1:0").port
    assert desk.get("/vault/state/").status == 403, "all were, and the folder went with them"


@pytest.mark.skipif(databases.ENGINE == "postgresql", reason="of a database in a file")
@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_database_in_a_file_is_served_by_one_process(tmp_path, command):
    shell = Shell(tmp_path / "office")
    shell.installed()
    refused = shell.run(command, "--json")
    assert (refused.status, refused.json["error"]["code"]) == (1, "hosts.sqlite")


@several
def test_web_processes_that_share_no_secret_are_not_begun(tmp_path, database_url):
    shell = Shell(tmp_path / "office", database_url)
    shell.installed()
    refused = shell.run("web", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (1, "hosts.no-secret")
