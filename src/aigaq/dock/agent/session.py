"""Proving to the server who asks: a challenge answered with the dock's key gives a token for a while."""

import json
import threading
from collections.abc import Mapping
from datetime import timedelta

from aigaq import __version__
from aigaq.core.clock import Clock
from aigaq.dock.agent.errors import ServerRefusedError
from aigaq.dock.agent.identity import Enrolment
from aigaq.dock.agent.line import Answer, Line
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading.statements import SessionStatement

_UNAUTHORIZED = 401
_STALE = "dock.stale-challenge"
"""It took too long, or came twice: another one is asked for, once."""


class Session:
    """Asks the server as this dock; opens itself when it must, again when it is over. For several threads."""

    def __init__(self, line: Line, enrolment: Enrolment, key: Ed25519Signer, clock: Clock) -> None:
        self._line = line
        self._enrolment = enrolment
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self.clock_offset: timedelta | None = None
        """How far this computer's clock is ahead of the server's, as the server found at the last opening."""

    @property
    def server(self) -> str:
        return self._line.server

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Raise as `Line.ask`."""
        token = self._token or self._open("")
        try:
            return self._line.ask(method, path, headers=_with(headers, token), body=body)
        except ServerRefusedError as error:
            if error.details["status"] != _UNAUTHORIZED:
                raise
        return self._line.ask(method, path, headers=_with(headers, self._open(token)), body=body)

    def tell(self, path: str, body: bytes) -> Answer:
        """JSON, by POST."""
        return self.ask("POST", path, headers={"Content-Type": "application/json"}, body=body)

    def _open(self, known: str) -> str:
        """A new token, unless another thread has one by now that is not `known`."""
        with self._lock:
            if self._token != known:
                return self._token
            try:
                opened = self._answered()
            except ServerRefusedError as error:
                if error.details["answer"] != _STALE:
                    raise
                opened = self._answered()
            told = opened.json(self.server)
            self._token = str(told.get("token", ""))
            offset = told.get("clock_offset_ms")
            self.clock_offset = timedelta(milliseconds=offset) if isinstance(offset, int) else None
            return self._token

    def _answered(self) -> Answer:
        """A challenge, answered at once."""
        challenge = self._line.tell(
            "/api/sessions/challenge/", json.dumps({"dock": self._enrolment.dock}).encode()
        )
        statement = SessionStatement(
            dock=self._enrolment.dock,
            installation=self._enrolment.installation,
            challenge=str(challenge.json(self.server).get("challenge", "")),
            agent=__version__,
            at=self._clock.now(),
        )
        return self._line.tell("/api/sessions/", statement.signed(self._key))


def _with(headers: Mapping[str, str] | None, token: str) -> dict[str, str]:
    return {**(headers or {}), "Authorization": f"Bearer {token}"}
