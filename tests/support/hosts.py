"""One office on PostgreSQL, served by several processes behind a proxy that asks them in turn."""

import atexit
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.support import databases
from tests.support.command import Shell
from tests.support.films import film

PATIENCE = float(os.environ.get("AIGAQ_TEST_PATIENCE", "120"))
"""Seconds for anything to come about, on a machine with other work."""
REPOSITORY = Path(__file__).parents[2]
_AT = re.compile(r"http://[^/ ]+:(\d+)/")

FURNISH = """
import json, shutil, sys
from pathlib import Path
from aigaq import wiring
from aigaq.cli.demo.office import PURPOSE, found, all_checks_passed
from aigaq.core.clock import SystemClock
from aigaq.ingest.identity import write_identity
from aigaq.ingest.services import unload
from aigaq.journal.models import JournalBook
from aigaq.journal.services.issue import IssueRequest, issue
from aigaq.journal.services.sign import OwnPassword
from aigaq.registry.services import set_email
from aigaq.simulate import card as write_card
from django.conf import settings

office = found(settings.DATA)
ledger, port = office.ledger, settings.DOCKS / "port-1"
by = office.by(office.custodian)
for member in (office.head, office.custodian):
    set_email(ledger, office.by(member), member.person, f"{member.username}@example.kz")
write_identity(ledger, by, port, card=office.cards[0], installation=wiring.vault().id)
request = IssueRequest(
    custodian=office.custodian.person, division=office.division, recorder=office.recorders[0],
    card=office.cards[0], inspector=office.inspectors[0].person, purpose=PURPOSE,
    checks=all_checks_passed(), seal_number="A 004217",
)
row = issue(ledger, by, request, OwnPassword(office.inspectors[0].password, "127.0.0.1"))
played = write_card(port, files=1, seconds=1, recorder="BT-001", started_at=SystemClock().now())[0]
shutil.copy(sys.argv[1], played.with_name("STREAM01.TS"))
outcome = unload(wiring.pipeline(), port, port=port.name)
print(json.dumps({
    "people": {m.username: [m.password, m.vault_password, str(m.person.pk)]
               for m in (office.head, office.custodian, *office.inspectors)},
    "row": str(row.pk), "book": str(JournalBook.objects.get().pk),
    "files": {file.path.rpartition("/")[2]: str(file.pk) for file in outcome.files},
}))
"""


def wait_for(condition, what):
    """What `condition` gives as soon as it is something."""
    ends_at = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < ends_at, f"never: {what}"
        time.sleep(0.05)
    return found


@dataclass
class Process:
    """`aigaq web` or `aigaq worker`."""

    child: subprocess.Popen
    told: list[str] = field(default_factory=list)
    port: int = 0

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self) -> int:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGCONT)
            self.child.terminate()
        try:
            return self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # Where it stands still, each thread of it.
            self.child.send_signal(signal.SIGABRT)
            self.child.wait()
            raise AssertionError("".join(self.told)) from None

    def listen(self) -> None:
        """To what it says, in a thread of its own, which ends with it."""

        def hear():
            with self.child.stderr as stream:
                self.told.extend(iter(stream.readline, ""))

        threading.Thread(target=hear, daemon=True).start()


@dataclass
class Hosts:
    shell: Shell
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return self.shell.environment() | self.settings

    def python(self, code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}", *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def asked(self, sql: str, *values: object) -> tuple:
        """The first row that the database gives; from here, since a program of ours takes a second to begin."""
        with psycopg.connect(self.shell.database_url) as line:
            return line.execute(sql, values).fetchone()

    def number_of(self, kind: str) -> int:
        """Entries of that kind."""
        return self.asked("SELECT count(*) FROM ledger_ledgerentry WHERE kind = %s", kind)[0]

    def begin(self, command: str, *arguments: str, host: str = "") -> Process:
        """On this computer, or (as root) on one that has another name."""
        elsewhere = ["unshare", "--uts", "sh", "-c", f'hostname {host}; exec "$@"', "sh"] if host else []
        child = subprocess.Popen(
            [*elsewhere, sys.executable, "-m", "aigaq", command, "--json", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        process = Process(child)
        self.processes.append(process)
        process.listen()
        wait_for(lambda: process.told or child.poll() is not None, f"{command} says something")
        assert child.poll() is None, "".join(process.told)
        found = _AT.search(process.told[0])
        process.port = int(found[1]) if found else 0
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.stop()


@contextmanager
def behind(ports: list[int]) -> Iterator[tuple[int, list[int]]]:
    """A proxy, and to whom each request went."""
    turn, went = itertools.cycle(ports), []

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _pass_on(self):
            port = next(turn)
            went.append(port)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            headers["X-Forwarded-For"] = "192.0.2.7"
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            line.request(self.command, self.path, body or None, headers)
            answer = line.getresponse()
            octets = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {
                    "transfer-encoding",
                    "connection",
                    "content-length",
                    "server",
                    "date",
                }:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)
            line.close()

        do_GET = do_POST = _pass_on  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], went
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    octets: bytes

    @property
    def text(self) -> str:
        return unescape(self.octets.decode())

    @property
    def path(self) -> str:
        return self.headers["Location"]


@dataclass
class Browser:
    """Keeps cookies, follows nothing by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=lambda: {"django_language": "en"})
    tls: ssl.SSLContext | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        line = self._connect()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Host"] = f"localhost:{self.port}"
        if self.tls is not None:
            sent["Origin"] = f"https://localhost:{self.port}"
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, sent)
        answer = line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        found = Answer(answer.status, answer.headers, answer.read())
        line.close()
        return found

    def _connect(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.tls)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def submit(self, path: str, data: dict | None = None, **headers: str) -> Answer:
        if not self._token():
            self.get("/sign-in/")
        given = {"csrfmiddlewaretoken": self._token(), **(data or {})}
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(given).encode(), Content_Type=kind, **headers)

    def send(self, path: str, value: object) -> Answer:
        """As JSON."""
        token = {"X_CSRFToken": self._token()}
        return self.ask("POST", path, json.dumps(value).encode(), Content_Type="application/json", **token)

    def _token(self) -> str:
        names = ("csrftoken", "__Host-csrftoken")
        return next((self.cookies[name] for name in names if name in self.cookies), "")

    def sign_in(self, username: str, password: str) -> None:
        answer = self.submit("/sign-in/", {"username": username, "password": password})
        assert answer.status == 302, answer.text


def secret_folder() -> Path:
    """In memory, on any Linux."""
    folder = Path("/dev/shm") / f"aigaq-{time.monotonic_ns()}"
    folder.mkdir(mode=0o700)
    return folder


@cache
def _furnished() -> tuple[Shell, dict]:
    """Made once: each takes as long as a dozen passwords do."""
    folder = Path(tempfile.mkdtemp(prefix="aigaq-many-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shell = Shell(folder / "office", databases.server.create("furnished"))
    (folder / "stream.ts").write_bytes(film("mpegts"))
    made = Hosts(shell, {"AIGAQ_PROXY_AT_UNLOAD": "0"}).python(FURNISH, str(folder / "stream.ts"))
    return shell, json.loads(made.splitlines()[-1])


@contextmanager
def office_of_many(folder: Path, database_url: str, **settings: str) -> Iterator[tuple[Hosts, dict]]:
    """A recorder is out with an inspector, and recordings of its card are in the vault; nothing runs yet."""
    shell, told = _furnished()
    shutil.copytree(shell.data, folder / "office")
    databases.server.copy(shell.database_url, database_url)
    secrets = secret_folder()
    hosts = Hosts(Shell(folder / "office", database_url))
    hosts.settings = {
        "AIGAQ_PROCESS_SECRET_FILE": str(secrets / "secret"),
        "AIGAQ_PROXIES": "127.0.0.1",
        "AIGAQ_JOB_LEASE": "2",
        "PYTHONFAULTHANDLER": "1",
        **settings,
    }
    try:
        yield hosts, told
    finally:
        hosts.stop()
        shutil.rmtree(secrets)
