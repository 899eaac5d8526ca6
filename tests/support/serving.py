"""A real `aigaq serve` in a process of its own, which can be killed and started again; and plain HTTP to it."""

import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.support.command import Shell
from tests.support.docks import PART, DockPC, Sealed, metadata

_AT = re.compile(r"(https?)://([^/ ]+):(\d+)/")

CODE = """
from aigaq.docks.services import make_code
from aigaq.ledger.services import MACHINE
from aigaq.registry.models import Division
from aigaq import wiring
print(make_code(wiring.ledger(), MACHINE, division=Division.objects.earliest("created_at")).code)
"""


@dataclass
class Office:
    """An installation on the disk, and the server over it."""

    shell: Shell
    arguments: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen | None = None
    err: list[str] = field(default_factory=list)

    def start(self) -> None:
        bind = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aigaq", "serve", "--json", "--bind", bind, *self.arguments],
            env=self.shell.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.err.append(line)
            found = _AT.search(line)
            if found:
                self.port = int(found[3])
                return
        raise AssertionError("".join(self.err))

    def kill(self) -> None:
        """As a power button: nothing of it runs any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._read_rest()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
            self._read_rest()

    def again(self) -> None:
        self.kill()
        self.start()

    def python(self, code: str) -> str:
        """What a program in the office's own settings prints."""
        setup = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=self.shell.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def vault(self) -> Path:
        return self.shell.data / "vault"

    def _read_rest(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        self.err += self.process.stderr.readlines()
        self.process.stderr.close()


@contextmanager
def office_at(folder: Path, database_url: str = "", *arguments: str) -> Iterator[Office]:
    shell = Shell(folder / "office", database_url)
    shell.installed()
    office = Office(shell, arguments)
    office.start()
    try:
        yield office
    finally:
        office.stop()


@dataclass
class Line:
    """A docking PC at the end of a line to that server; each request has a connection of its own."""

    office: Office
    pc: DockPC = field(default_factory=DockPC)
    token: str = ""
    recipient: str = ""
    tls: ssl.SSLContext | None = None

    def connect(self) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection("localhost", self.office.port, timeout=60, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)

    def ask(self, method: str, path: str, octets: bytes | None = None, **headers: str):
        """Status, headers, body."""
        sent = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self.connect()
        try:
            connection.request(method, path, octets, sent)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def enrol(self) -> None:
        now = datetime.now(UTC)
        statement = self.pc.enrolment(self.office.python(CODE), now).signed(self.pc.signer)
        status, _headers, body = self.ask(
            "POST", "/api/docks/enrol/", statement, Content_Type="application/json"
        )
        assert status == 201, body
        told = json.loads(body)
        self.pc.id, self.pc.installation, self.recipient = (
            told["dock"],
            told["installation"],
            told["recipient"],
        )

    def open_session(self) -> None:
        json_type = {"Content_Type": "application/json"}
        asked = json.dumps({"dock": self.pc.id}).encode()
        _status, _headers, body = self.ask("POST", "/api/sessions/challenge/", asked, **json_type)
        answer = self.pc.answer(json.loads(body)["challenge"], datetime.now(UTC))
        status, _headers, body = self.ask("POST", "/api/sessions/", answer, **json_type)
        assert status == 201, body
        self.token = json.loads(body)["token"]

    def begin(self, blob: Sealed) -> str:
        status, headers, body = self.ask(
            "POST", "/api/uploads/", Upload_Length=str(len(blob.octets)), Upload_Metadata=metadata(blob.name)
        )
        assert status == 201, body
        return headers["Location"]

    def offset(self, place: str) -> int:
        status, headers, _body = self.ask("HEAD", place)
        assert status == 200
        return int(headers["Upload-Offset"])

    def part(self, place: str, octets: bytes, offset: int) -> int:
        status, _headers, body = self.ask(
            "PATCH", place, octets, Content_Type=PART, Upload_Offset=str(offset)
        )
        assert status == 204, body
        return status

    def push_half(self, place: str, octets: bytes, offset: int, *, of: int) -> socket.socket:
        """Say that `of` octets come, and send only these; the connection stays open."""
        sock = socket.create_connection(("127.0.0.1", self.office.port), timeout=60)
        head = (
            f"PATCH {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: {PART}\r\n"
            f"Upload-Offset: {offset}\r\nContent-Length: {of}\r\n\r\n"
        )
        sock.sendall(head.encode() + octets)
        return sock
