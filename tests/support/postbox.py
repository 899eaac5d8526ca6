"""A mail server on loopback that does what a test wants of it, and keeps what it was given."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USERNAME, PASSWORD = "aigaq", "пошта".encode().hex() + "/@:"
"""The password has what must be escaped in an address."""


@dataclass(frozen=True)
class Certificate:
    chain: Path
    """Certificate with its key, as a server wants it."""
    ca: Path
    """What a client has to believe."""


def certificate(folder: Path, *, names: str = "127.0.0.1", days: int = 1) -> Certificate:
    """Signed by itself; of yesterday, with a negative number of days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "postbox")])
    now = datetime.now(UTC)
    try:
        subject: x509.GeneralName = x509.IPAddress(ip_address(names))
    except ValueError:
        subject = x509.DNSName(names)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    own = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.mkdir(exist_ok=True)
    (folder / "chain.pem").write_bytes(own + pem)
    (folder / "ca.pem").write_bytes(pem)
    return Certificate(folder / "chain.pem", folder / "ca.pem")


@dataclass
class Postbox:
    """`answers` replace what it would say: after a command's word, the next in the list, and the last for good."""

    port: int
    context: ssl.SSLContext | None = None
    """With it, STARTTLS is offered."""
    from_the_start: bool = False
    answers: dict[str, list[str]] = field(default_factory=dict)
    wants_login: bool = False
    hangs_at: str = ""
    """The word after which it falls silent; "greeting" before any."""
    drops_at: str = ""
    """Likewise, hanging up; "." in the middle of a letter."""
    drips: bool = False
    """After the greeting it only sends octet after octet of a line that never ends."""
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    """Sender and recipient of each letter."""
    spoken: list[str] = field(default_factory=list)
    """Every command heard, whole; "TLS" where the line was encrypted from then on."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        scheme = "smtps" if self.from_the_start else "smtp"
        return f"{scheme}://127.0.0.1:{self.port}{'' if self.context else '?tls=off'}"

    def said(self, word: str) -> list[str]:
        return [line for line in self.spoken if line.upper().startswith(word)]


class HungUpError(Exception):
    pass


class _Conversation:
    def __init__(self, box: Postbox, line: socket.socket) -> None:
        self.box, self.line = box, line
        self.file = line.makefile("rb")
        self.sender = self.recipient = ""

    def hold(self) -> None:
        self.reach("greeting")
        self.say(self.answer("greeting", "220 postbox ESMTP"))
        if self.box.drips:
            while not self.box.over.wait(0.02):
                self.line.sendall(b"2")
        while heard := self.file.readline():
            text = heard.decode("utf-8", "replace").rstrip("\r\n")
            self.box.spoken.append(text)
            word = text.split(" ")[0].split(":")[0].upper()
            self.reach(word)
            self.obey(word, text)

    def obey(self, word: str, text: str) -> None:
        match word:
            case "EHLO":
                self.say(self.answer(word, f"250-postbox\r\n{self.features()}250 8BITMIME"))
            case "STARTTLS" if self.box.context:
                self.say("220 go on")
                self.line = self.box.context.wrap_socket(self.line, server_side=True)
                self.file = self.line.makefile("rb")
                self.box.spoken.append("TLS")
            case "AUTH":
                self.say(self.answer(word, "235 welcome"))
            case "MAIL":
                self.sender = text.partition("<")[2].partition(">")[0]
                self.say(self.answer(word, "250 ok"))
            case "RCPT":
                self.recipient = text.partition("<")[2].partition(">")[0]
                self.say(self.answer(word, "250 ok"))
            case "DATA":
                self.take(self.answer(word, "354 go on"))
            case "QUIT":
                self.say(self.answer(word, "221 bye"))
                raise HungUpError
            case _:
                self.say(self.answer(word, "250 ok"))

    def take(self, answer: str) -> None:
        self.say(answer)
        if not answer.startswith("354"):
            return
        octets = b""
        while (heard := self.file.readline()) not in (b".\r\n", b""):
            octets += heard
            self.reach(".")
        final = self.answer("final", "250 taken")
        if final.startswith("250"):
            self.box.letters.append(message_from_bytes(octets, policy=policy.default))
            self.box.envelopes.append((self.sender, self.recipient))
        self.reach("final")
        self.say(final)

    def features(self) -> str:
        tls = "250-STARTTLS\r\n" if self.box.context and not self.box.from_the_start else ""
        return tls + ("250-AUTH PLAIN LOGIN\r\n" if self.box.wants_login else "")

    def answer(self, word: str, usual: str) -> str:
        waiting = self.box.answers.get(word)
        if not waiting:
            return usual
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def reach(self, point: str) -> None:
        if self.box.hangs_at == point:
            self.box.over.wait()
        if point in (self.box.hangs_at, self.box.drops_at):
            raise HungUpError

    def say(self, text: str) -> None:
        self.line.sendall(f"{text}\r\n".encode())


@contextmanager
def postbox(
    shown: Certificate | None = None, *, from_the_start: bool = False, **behaviour: object
) -> Iterator[Postbox]:
    """Listening until the end of the block; each caller has a thread."""
    context = None
    if shown is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown.chain)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        box = Postbox(listening.getsockname()[1], context, from_the_start, **behaviour)  # type: ignore[arg-type]
        threads: list[threading.Thread] = []

        def converse(line: socket.socket) -> None:
            with suppress(OSError, HungUpError):
                if context is not None and from_the_start:
                    line = context.wrap_socket(line, server_side=True)
                conversation = _Conversation(box, line)
                try:
                    conversation.hold()
                finally:
                    conversation.file.close()
                    conversation.line.close()
            line.close()

        def listen() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                line.settimeout(20)
                threads.append(threading.Thread(target=converse, args=(line,)))
                threads[-1].start()

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield box
        finally:
            box.over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listener.join()
            for thread in threads:
                thread.join()
