"""The office's desk at the other end of the line: `docs/formats/dock-api.md`, "The desk"."""

import contextlib
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.dock.agent.errors import LineError, ServerAwayError, ServerRefusedError, StrangeAnswerError
from aigaq.dock.agent.identity import Enrolment
from aigaq.dock.agent.line import Answer, Waiting, patiently
from aigaq.dock.agent.session import Session
from aigaq.errors import AigaqError
from aigaq.unloading import errors, receipt, wire
from aigaq.unloading.desk import Beat, SeenCard, Settled, Ticket
from aigaq.unloading.facts import EnteredFile, FoundFile

BEAT: Final = 3.0
"""Seconds between two signs of life on the line, at least."""
AT_ONCE: Final = 100
"""Files that the server is asked for in one call. It opens each blob, in a bucket by requests of its own, and
has to answer while the line has patience (`line.READ`): asked again, it would begin with the first."""
NOTE_LIMIT: Final = 1 << 20
UNLOADS: Final = "/api/unloads/"
_NOTHING: Final = 204


class RemoteDesk:
    """One unloading. Waits for the server for as long as it takes, unless told to stop."""

    def __init__(
        self,
        session: Session,
        enrolment: Enrolment,
        delivered: Mapping[ContentDigest, StoredDigest],
        stop: threading.Event,
        *,
        waiting: Waiting | None = None,
    ) -> None:
        """`delivered` says under which digest the server has a content (`RemoteBackend.delivered`)."""
        self._session = session
        self._enrolment = enrolment
        self._delivered = delivered
        self._stop = stop
        self._waiting = waiting
        self._entered: dict[str, ContentDigest] = {}
        self._beat_at = float("-inf")
        self.unload = ""
        """The server's number of the unloading; empty before it began."""
        self.ended: tuple[str, str, Mapping[str, Any]] = ("ready", "", {})
        """How it ended: state, code and facts of the reason."""

    def begin(self, card: SeenCard, *, keep: bool) -> Ticket | None:
        answer = self._tell(UNLOADS, {"card": wire.card_out(card), "keep": keep})
        if answer.status == _NOTHING:
            return None
        ticket = wire.ticket_in(answer.json(self._session.server))
        if ticket.installation != self._enrolment.installation:
            raise StrangeAnswerError(server=self._session.server, reason="it is another installation")
        self.unload = ticket.unload
        return ticket

    def enter(self, found: Sequence[FoundFile]) -> Sequence[EnteredFile]:
        some = (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))
        return [entered for each in some for entered in self._enter(each)]

    def beat(self, beat: Beat) -> None:
        """Lost ones are not missed."""
        if time.monotonic() - self._beat_at < BEAT:
            return
        self._beat_at = time.monotonic()
        with contextlib.suppress(LineError, ServerAwayError, StrangeAnswerError):
            self._session.tell(self._address("beat"), _json_of(wire.beat_out(beat)))

    def settle(self, unread: Sequence[str]) -> Settled:
        return wire.settled_in(self._json("settle", {"unread": list(unread)}))

    def intend(self, paths: Sequence[str]) -> None:
        """Before anything is deleted the server has to answer for each file, in writing.

        Raise ``ReceiptError`` where it does not: the card is left as it is.
        """
        sent = {self._entered[path] for path in paths}
        in_order = sorted(sent, key=lambda content: content.hex)
        for start in range(0, len(in_order), AT_ONCE):
            self._require_receipt(in_order[start : start + AT_ONCE])
        self._say("intend", {"paths": list(paths)})

    def note(self, left: Sequence[str]) -> bytes | None:
        note = self._json("note", {"left": list(left)}).get("note")
        return None if note is None else wire.octets_in(note, NOTE_LIMIT)

    def say_cleared(self, left: Sequence[str], note: bytes | None) -> None:
        coded = None if note is None else wire.octets_out(note)
        self._say("cleared", {"left": list(left), "note": coded})

    def say_time_left(self, path: str, text: str) -> None:
        self._say("time-left", {"path": path, "text": text})

    def finish(self, problems: Sequence[errors.FileProblemError], *, keep: bool) -> None:
        told = self._json("finish", {"problems": wire.problems_out(problems), "keep": keep})
        self.ended = wire.end_in(told)

    def fail(self, error: AigaqError, problems: Sequence[errors.FileProblemError]) -> None:
        told = {"code": error.code, "sentence": str(error), "problems": wire.problems_out(problems)}
        if self.unload:
            with contextlib.suppress(LineError, ServerAwayError, ServerRefusedError, StrangeAnswerError):
                self._session.tell(self._address("fail"), _json_of(told))

    def _enter(self, found: Sequence[FoundFile]) -> list[EnteredFile]:
        files = [wire.found_out(each, self._delivered.__getitem__) for each in found]
        told = self._json("files", {"files": files}).get("files")
        if not isinstance(told, list) or len(told) != len(found):
            raise StrangeAnswerError(server=self._session.server, reason="other files than were sent")
        entered = [wire.entered_in(each) for each in told]
        for one, row in zip(found, entered, strict=True):
            if (one.path, one.stored.content_digest) != (row.path, row.content_digest):
                raise StrangeAnswerError(server=self._session.server, reason="other files than were sent")
            self._entered[row.path] = row.content_digest
        return entered

    def _require_receipt(self, contents: Sequence[ContentDigest]) -> None:
        nonce = receipt.new_nonce()
        question = receipt.Question(
            installation=self._enrolment.installation,
            dock=self._enrolment.dock,
            unload=self.unload,
            nonce=nonce,
            sent=[(content, self._delivered.get(content)) for content in contents],
        )
        answer = self._call("receipt", {"nonce": nonce, "contents": [each.hex for each in contents]})
        receipt.believe(answer.body, question, self._enrolment.verifier)

    def _address(self, act: str) -> str:
        return f"{UNLOADS}{self.unload}/{act}/"

    def _json(self, act: str, told: Mapping[str, Any]) -> dict[str, Any]:
        return self._call(act, told).json(self._session.server)

    def _say(self, act: str, told: Mapping[str, Any]) -> None:
        """What is answered with nothing but that it is done: any other answer is not the server's."""
        answer = self._call(act, told)
        if answer.status != _NOTHING:
            raise StrangeAnswerError(server=self._session.server, reason=f"{answer.status}, not {_NOTHING}")

    def _call(self, act: str, told: Mapping[str, Any]) -> Answer:
        return self._tell(self._address(act), told)

    def _tell(self, address: str, told: Mapping[str, Any]) -> Answer:
        body = _json_of(told)
        return patiently(lambda: self._session.tell(address, body), self._stop, waiting=self._waiting)


def _json_of(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
