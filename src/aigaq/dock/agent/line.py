"""Requests to one server, over HTTPS. One try each; `patiently` tries for as long as it takes."""

import ipaddress
import json
import random
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import urllib3

from aigaq import __version__
from aigaq.dock.agent.errors import (
    BadServerError,
    LineError,
    ServerAwayError,
    ServerRefusedError,
    StrangeAnswerError,
)
from aigaq.unloading.errors import UnloadStoppedError

PROTOCOL: Final = "1"
CONNECT: Final = 15.0
READ: Final = 90.0
"""Seconds without a sign of life, after which the line counts as broken. A large blob is proven in less."""
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
"""Seconds between two tries; doubled from the one to the other."""
ANSWER_LIMIT: Final = 32 << 20
"""Octets of an answer. A longer one is not read."""

_UNAUTHORIZED: Final = 401
_FIRST_ELSEWHERE: Final = 300
_FIRST_BAD: Final = 400
_AWAY: Final = frozenset({408, 423, 425, 429, 500, 502, 503, 504})

T = TypeVar("T")

Waiting = Callable[[LineError | ServerAwayError | None], None]
"""Told for what is being waited, each time that it is tried in vain; None when it goes on."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self, server: str) -> dict[str, Any]:
        """Raise `StrangeAnswerError` for anything but a JSON object."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise StrangeAnswerError(server=server, reason="it is no JSON") from error
        if not isinstance(value, dict):
            raise StrangeAnswerError(server=server, reason="it is no JSON object")
        return value


class Line:
    """To one server. May be used by several threads at once."""

    def __init__(self, server: str, ca: Path | None = None) -> None:
        """`ca` is a file of certificates that stand for the server; by default the system's.

        Raise `BadServerError`.
        """
        self.server = server.rstrip("/")
        _require_safe(self.server)
        try:
            context = ssl.create_default_context(cafile=str(ca) if ca else None)
        except (OSError, ssl.SSLError) as error:
            raise BadServerError(server=server, reason=f"{ca}: {error}") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._pool = urllib3.PoolManager(
            ssl_context=context,
            timeout=urllib3.Timeout(connect=CONNECT, read=READ),
            retries=False,
            maxsize=8,
            headers={"User-Agent": f"aigaq-dock/{__version__}", "Aigaq-Protocol": PROTOCOL},
        )

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request. `path` begins with ``/``; another server than this one is never asked.

        Raise `LineError`, `ServerAwayError`, `ServerRefusedError` or `StrangeAnswerError`.
        """
        try:
            response = self._pool.request(
                method,
                self.server + path,
                headers={**self._pool.headers, **(headers or {})},
                body=body,
                redirect=False,
                preload_content=False,
            )
            octets = response.read(ANSWER_LIMIT + 1)
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise LineError(server=self.server, reason=_reason(error)) from error
        if len(octets) > ANSWER_LIMIT:
            raise StrangeAnswerError(server=self.server, reason="it is too long")
        answer = Answer(response.status, response.headers, octets)
        if response.status >= _FIRST_BAD:
            raise self._refusal(answer)
        if response.status >= _FIRST_ELSEWHERE:
            raise StrangeAnswerError(server=self.server, reason=f"it leads elsewhere: {response.status}")
        return answer

    def tell(self, path: str, body: bytes) -> Answer:
        """JSON, by POST. Raise as `ask`."""
        return self.ask("POST", path, headers={"Content-Type": "application/json"}, body=body)

    def close(self) -> None:
        self._pool.clear()

    def _refusal(self, answer: Answer) -> ServerRefusedError | ServerAwayError:
        try:
            told = answer.json(self.server)
        except StrangeAnswerError:
            told = {}
        code, sentence = str(told.get("code", answer.status)), str(told.get("detail", ""))
        if answer.status in _AWAY:
            return ServerAwayError(server=self.server, reason=sentence or code)
        return ServerRefusedError(sentence=sentence, answer=code, status=answer.status)


def patiently(
    act: Callable[[], T],
    stop: threading.Event,
    *,
    waiting: Waiting | None = None,
) -> T:
    """Try `act` until the server answers. Raise what it raises, or `UnloadStoppedError` if `stop` is set."""
    wait, is_waiting = FIRST_WAIT, False
    while True:
        try:
            done = act()
        except (LineError, ServerAwayError) as error:
            if waiting is not None:
                waiting(error)
            # Docks that lost the server together do not all come back at once.
            if stop.wait(wait * random.uniform(0.7, 1.3)):  # noqa: S311 - no secret
                raise UnloadStoppedError from error
            wait, is_waiting = min(LONGEST_WAIT, wait * 2), True
        else:
            if is_waiting and waiting is not None:
                waiting(None)
            return done


def _require_safe(server: str) -> None:
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadServerError(server=server, reason="it does not begin with https:// and a name")
    if parts.username or parts.password:
        raise BadServerError(server=server, reason="a password does not belong into an address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise BadServerError(server=server, reason="off this computer it must be https://")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None) or error.__cause__ or error
    return getattr(inner, "strerror", None) or type(inner).__name__
