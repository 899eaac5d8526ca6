"""E-mail by the standard library: TLS with the server's certificate checked, every wait with an end."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from aigaq.core.addresses import spelt
from aigaq.notices.errors import NotSentError, RefusedForGoodError, UnreachableError, WrongSettingError
from aigaq.notices.ways.base import Outgoing, one_line

URL: Final = "AIGAQ_SMTP_URL"
SENDER: Final = "AIGAQ_MAIL_FROM"
TIMEOUT: Final = 10.0
"""Seconds for one answer of the server."""
DEADLINE: Final = 60.0
"""Seconds for a letter as a whole: a server that lets octets drip must not hold it longer."""
_READY = 220
_PERMANENT = 500
_SUBJECT = 200
"""Characters."""


class Tls(StrEnum):
    WHOLE = "whole"
    """From the first octet."""
    STARTTLS = "starttls"
    """Required: without it nothing is said, no password and no letter."""
    OFF = "off"
    """Within this computer alone."""


_FORM: Final = "smtps://user:password@host:port"
_SCHEMES: Final = {"smtps": (Tls.WHOLE, 465), "smtp": (Tls.STARTTLS, 587)}


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """``smtps://user:password@host:port``, ``smtp://…`` for STARTTLS. Raises `WrongSettingError`."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            # What it says of the text may be a part of the password.
            raise WrongSettingError(name=URL, reason=_FORM) from None
        is_more = parts.path not in ("", "/") or parts.fragment
        if parts.scheme not in _SCHEMES or not parts.hostname or is_more:
            raise WrongSettingError(name=URL, reason=_FORM)
        tls, usual_port = _SCHEMES[parts.scheme]
        asked = dict(parse_qsl(parts.query))
        if asked == {"tls": "off"} and parts.scheme == "smtp" and _is_here(parts.hostname):
            tls = Tls.OFF
        elif parts.query:
            raise WrongSettingError(name=URL, reason="?tls=off: smtp://127.0.0.1, smtp://localhost")
        username, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (username + password).isascii() or bool(username) != bool(password):
            raise WrongSettingError(name=URL, reason="user:password, ASCII")
        return cls(parts.hostname, port or usual_port, tls, username, password)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class SmtpWay:
    server: Server
    sender: Address
    ca: Path | None = None
    """Certificates believed besides the computer's own: of an office that signs its servers itself."""
    timeout: float = TIMEOUT
    deadline: float = DEADLINE
    name: str = field(default="smtp", init=False)

    @classmethod
    def of(cls, url: str, sender: str, ca: str) -> Self:
        """From the settings. Raises `WrongSettingError`."""
        server = Server.parse(url)
        try:
            ((name, spec),) = getaddresses([sender])
            address = Address(one_line(name), addr_spec=spelt(spec))
        except ValueError as error:
            raise WrongSettingError(name=SENDER, reason="Aigaq <aigaq@example.kz>") from error
        return cls(server, address, Path(ca) if ca else None)

    def send(self, letter: Outgoing) -> None:
        octets, to = composed(letter, self.sender), _spelt(letter.address)
        with self._session() as client:
            try:
                client.sendmail(self.sender.addr_spec, [to], octets)
            # All that the library raises is an OSError.
            except smtplib.SMTPRecipientsRefused as error:
                ((code, said), *_rest) = error.recipients.values()
                raise _refusal(code, said) from error
            except smtplib.SMTPDataError as error:
                raise _refusal(error.smtp_code, error.smtp_error) from error
            except OSError as error:
                raise NotSentError(reason=_told(error)) from error
            # It was taken over; how they part changes nothing of that.
            with suppress(OSError):
                client.quit()

    def reach(self) -> None:
        with self._session() as client, suppress(OSError):
            client.quit()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """Greeted, encrypted and signed in. Raises `UnreachableError`."""
        client = self._client()
        guard = Timer(self.deadline, _cut, [client])
        guard.daemon = True
        guard.start()
        try:
            try:
                self._open(client)
            except OSError as error:
                raise UnreachableError(reason=_told(error)) from error
            yield client
        finally:
            guard.cancel()
            client.close()

    def _client(self) -> smtplib.SMTP:
        # Named after the sender's domain: the library would ask the network for this computer's name.
        if self.server.tls is Tls.WHOLE:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=self.sender.domain, timeout=self.timeout, context=self._context()
            )
        else:
            client = smtplib.SMTP(local_hostname=self.sender.domain, timeout=self.timeout)
        # What a certificate is compared with; the library takes it only while connecting, unguarded.
        client._host = self.server.host  # type: ignore[attr-defined] # noqa: SLF001
        return client

    def _open(self, client: smtplib.SMTP) -> None:
        code, said = client.connect(self.server.host, self.server.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, said)
        if self.server.tls is Tls.STARTTLS:
            client.starttls(context=self._context())
        if self.server.username:
            client.login(self.server.username, self.server.password)
        else:
            client.ehlo_or_helo_if_needed()

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca is not None:
            try:
                context.load_verify_locations(self.ca)
            except OSError as error:
                reason = one_line(f"{self.ca}: {error.strerror or error}")
                raise UnreachableError(reason=reason) from error
        return context


def composed(letter: Outgoing, sender: Address) -> bytes:
    """The letter as it crosses the line: seven bits wide, no header longer or other than meant."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=_spelt(letter.address))
    message["Subject"] = one_line(letter.subject, _SUBJECT)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "kk, ru"
    message.set_content(letter.text, cte="base64")
    return message.as_bytes()


def _spelt(address: str) -> str:
    try:
        return spelt(address)
    except ValueError as error:
        raise RefusedForGoodError(reason=one_line(address)) from error


def _refusal(code: int, said: bytes | str) -> NotSentError:
    kind = RefusedForGoodError if code >= _PERMANENT else NotSentError
    return kind(reason=_answered(code, said))


def _answered(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")


def _told(error: OSError) -> str:
    match error:
        case smtplib.SMTPResponseException():
            return _answered(error.smtp_code, error.smtp_error)
        case ssl.SSLCertVerificationError():
            return one_line(error.verify_message)
        case _:
            return one_line(error.strerror or str(error) or type(error).__name__)


def _cut(client: smtplib.SMTP) -> None:
    """Past any encryption: whoever waits for an answer is told that there will be none."""
    if client.sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(client.sock, socket.SHUT_RDWR)
