"""Handing blobs over, in parts that are proven one by one and sent once (tus 1.0.0).

Which upload a blob is on is kept beside the spool, so that it goes on after a restart.
"""

import base64
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aigaq.core import files
from aigaq.core.digests import StoredDigest
from aigaq.dock.agent.errors import LineError, ServerAwayError, ServerRefusedError, StrangeAnswerError
from aigaq.dock.agent.line import FIRST_WAIT, Answer, Waiting, patiently
from aigaq.dock.agent.session import Session
from aigaq.unloading.errors import UnloadStoppedError
from aigaq.vault.backends.base import Blob
from aigaq.vault.layout import BlobName

VERSION: Final = "1.0.0"
UPLOADS: Final = "/api/uploads/"
SMALLEST: Final = 256 * 1024
LARGEST: Final = 8 * 1024 * 1024
"""Octets of a part. What a broken line throws away is one part, so a bad line gets small ones."""
GOOD: Final = 4.0
"""Seconds: a part that took less may be followed by one twice as large."""
_ELSEWHERE: Final = frozenset({"upload.offset", "upload.complete"})
"""It goes on, but not from where we thought: an answer that was lost, or a part that was still on its way."""
_NOT_ARRIVED: Final = frozenset({"upload.cut-short", "upload.checksum"})
"""The line gave the server another part than was sent: a smaller one goes over it more easily."""
_LOST: Final = frozenset({404, 409, 410})


class Sender:
    """Sends for one dock; several blobs at once, each in its own thread."""

    def __init__(
        self,
        session: Session,
        notes: Path,
        stop: threading.Event,
        *,
        waiting: Waiting | None = None,
    ) -> None:
        """`notes` is a folder in which it is written down how far each blob has come."""
        self._session = session
        self._notes = notes
        self._stop = stop
        self._waiting = waiting
        self._is_waiting = False
        self._part = SMALLEST
        self.sent = 0
        """Octets of blobs put on the line, those that were lost included."""

    def deliver(self, name: BlobName, blob: Blob) -> StoredDigest:
        """Return when the server has it durable and proven; gives the digest that it is stored under there.

        That is another than `name`'s where the server had the recording from this dock before. Raise
        `UnloadStoppedError` when told to stop, or what the server refuses it with.
        """
        while True:
            address, offset = self._address(name, blob.size)
            try:
                while offset < blob.size:
                    offset = self._send(address, blob, offset)
            except ServerRefusedError as error:
                if error.details["answer"] in _NOT_ARRIVED:
                    # A line over which no part comes whole is tried for ever: whoever stands here is told.
                    reason = error.details["sentence"] or error.details["answer"]
                    self._broke(LineError(server=self._session.server, reason=reason))
                    self._wait(FIRST_WAIT)
                elif error.details["answer"] in _ELSEWHERE:
                    self._wait(FIRST_WAIT)  # and ask where it stands: not in a circle without a pause
                elif error.details["status"] in _LOST:
                    self._forget(name)  # it ended there: begin anew
                else:
                    raise
                continue
            told = self._told(address)
            self._goes_on()
            self._forget(name)
            return _kept(told, self._session.server)

    def _told(self, address: str) -> dict[str, Any]:
        answer = self._patiently(lambda: self._session.ask("GET", address))
        return answer.json(self._session.server)

    def _address(self, name: BlobName, size: int) -> tuple[str, int]:
        """Where to send it, and from which octet on."""
        known = self._known(name)
        if known:
            with contextlib.suppress(ServerRefusedError):
                head = self._patiently(lambda: self._session.ask("HEAD", known, headers=_tus()))
                return known, self._offset(head)
            self._forget(name)
        headers = _tus({"Upload-Length": str(size), "Upload-Metadata": _metadata(name)})
        made = self._patiently(lambda: self._session.ask("POST", UPLOADS, headers=headers))
        address = made.headers.get("Location", "")
        if not address.startswith(UPLOADS):
            raise StrangeAnswerError(server=self._session.server, reason="an upload without an address")
        self._remember(name, address)
        return address, self._offset(made)

    def _send(self, address: str, blob: Blob, offset: int) -> int:
        """One part; what a broken line made of it, the server says when it is back."""
        octets = blob.pread(min(self._part, blob.size - offset), offset)
        if not octets:
            raise StrangeAnswerError(server=self._session.server, reason="it expects more than there is")
        checksum = base64.b64encode(hashlib.sha256(octets).digest()).decode()
        headers = _tus(
            {
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {checksum}",
            }
        )
        if self._stop.is_set():
            raise UnloadStoppedError
        self.sent += len(octets)
        began = time.monotonic()
        try:
            answer = self._session.ask("PATCH", address, headers=headers, body=octets)
        except (LineError, ServerAwayError) as error:
            self._broke(error)
            return self._offset(
                self._patiently(lambda: self._session.ask("HEAD", address, headers=_tus()), after=FIRST_WAIT)
            )
        self._goes_on()
        if time.monotonic() - began < GOOD:
            self._part = min(LARGEST, self._part * 2)
        return self._offset(answer)

    def _broke(self, error: LineError | ServerAwayError) -> None:
        """The next part is a smaller one, and until one has arrived it is waited for the line."""
        self._part = max(SMALLEST, self._part // 2)
        self._is_waiting = True
        if self._waiting is not None:
            self._waiting(error)

    def _goes_on(self) -> None:
        if self._is_waiting and self._waiting is not None:
            self._waiting(None)
        self._is_waiting = False

    def _patiently(self, act: Callable[[], Answer], *, after: float = 0.0) -> Answer:
        self._wait(after)
        return patiently(act, self._stop, waiting=self._waiting)

    def _wait(self, seconds: float) -> None:
        if seconds and self._stop.wait(seconds):
            raise UnloadStoppedError

    def _offset(self, answer: Answer) -> int:
        text = answer.headers.get("Upload-Offset", "")
        if not text.isascii() or not text.isdecimal():
            raise StrangeAnswerError(server=self._session.server, reason="an upload without an offset")
        return int(text)

    def _note(self, name: BlobName) -> Path:
        return self._notes / f"{name.stored.hex}.json"

    def _known(self, name: BlobName) -> str:
        try:
            told = json.loads(self._note(name).read_bytes())
            address = str(told["upload"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return address if address.startswith(UPLOADS) else ""

    def _remember(self, name: BlobName, address: str) -> None:
        """Not being able to costs a second sending, nothing else."""
        self._forget(name)
        with contextlib.suppress(files.NotWrittenError, files.AlreadyWrittenError):
            files.write_once(self._note(name), json.dumps({"upload": address}).encode(), mode=0o600)

    def _forget(self, name: BlobName) -> None:
        with contextlib.suppress(OSError):
            self._note(name).unlink()


def _kept(told: dict[str, object], server: str) -> StoredDigest:
    """Raise `StrangeAnswerError`, or `ServerRefusedError` where the server did not keep it."""
    if told.get("state") != "complete":
        raise ServerRefusedError(sentence="", answer=str(told.get("reason") or told.get("state")), status=410)
    try:
        return StoredDigest.parse(str(told.get("kept_as")))
    except ValueError as error:
        raise StrangeAnswerError(server=server, reason="an upload without its digest") from error


def _metadata(name: BlobName) -> str:
    pairs = {"content": name.content.hex, "stored": name.stored.hex}
    return ",".join(f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in pairs.items())


def _tus(headers: dict[str, str] | None = None) -> dict[str, str]:
    return {"Tus-Resumable": VERSION, **(headers or {})}
