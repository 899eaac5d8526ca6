"""One dock at work: what is plugged in goes to the server, and nothing leaves a card without its receipt."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aigaq.core.clock import Clock
from aigaq.dock.agent.desk import UNLOADS, RemoteDesk
from aigaq.dock.agent.identity import Enrolment, key_of
from aigaq.dock.agent.line import Line, Waiting
from aigaq.dock.agent.sending import Sender
from aigaq.dock.agent.session import Session
from aigaq.media.judges import AnyJudge, Judges
from aigaq.unloading import errors, run
from aigaq.unloading.medium import FolderMedium, Medium
from aigaq.unloading.recorders.library import Library, without_own
from aigaq.unloading.run import Progress, Tools
from aigaq.unloading.shares import Shares
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.remote import RemoteBackend
from aigaq.vault.errors import NoVaultError, UnknownVaultFormatError, VaultExistsError
from aigaq.vault.layout import Description
from aigaq.vault.store import Vault

SPOOL: Final = "spool"
NOTES: Final = "uploads"
THREADS: Final = 4
"""Files in flight: while one is on the line, others are read."""
KEPT: Final = 14 * 24 * 3600.0
"""Seconds for which the spool keeps a blob that was never handed over. It is on its card still."""


@dataclass(frozen=True, slots=True)
class Done:
    unload: str
    """The server's number of it; empty if there was nothing on the card."""
    problems: tuple[errors.FileProblemError, ...]
    sent: int
    """Octets put on the line."""
    state: str = "ready"
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """As the server has it: how it ended, and why it waits or left something."""


class Agent:
    """The dock's side of everything. For several cards at once."""

    def __init__(
        self,
        folder: Path,
        enrolment: Enrolment,
        session: Session,
        clock: Clock,
        *,
        judge: Callable[[], AnyJudge] = Judges,
        recorders: Callable[[], Library] = without_own,
    ) -> None:
        self.enrolment = enrolment
        self.session = session
        self._folder = folder
        self._judge = judge
        self._recorders = recorders
        self._clock = clock
        self._shares = Shares(THREADS * 2, THREADS)
        if not self._is_spool_ours():
            # Made for another vault, or to a key that was changed since: nobody there could open it.
            shutil.rmtree(folder / SPOOL)
        for name in (SPOOL, NOTES):
            (folder / name).mkdir(0o700, exist_ok=True)

    @classmethod
    def of(
        cls,
        folder: Path,
        clock: Clock,
        *,
        judge: Callable[[], AnyJudge] = Judges,
        recorders: Callable[[], Library] = without_own,
    ) -> "Agent":
        """Raise `NotEnrolledError`, `BrokenEnrolmentError`, ``KeyFileError`` or `BadServerError`."""
        enrolment = Enrolment.read(folder)
        line = Line(enrolment.server, Path(enrolment.ca) if enrolment.ca else None)
        session = Session(line, enrolment, key_of(folder), clock)
        return cls(folder, enrolment, session, clock, judge=judge, recorders=recorders)

    def unload(
        self,
        medium: Medium | Path,
        *,
        port: str = "",
        keep: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        waiting: Waiting | None = None,
    ) -> Done:
        """Everything on `medium` to the server, then the card cleared. Waits for a server that is away.

        Raise as `unloading.run.unload`, what the server refuses, or a ``ReceiptError``.
        """
        stop = stop or threading.Event()
        sender = Sender(self.session, self._folder / NOTES, stop, waiting=waiting)
        backend = RemoteBackend(LocalBackend(self._folder / SPOOL, immutable=False), sender.deliver)
        try:
            vault = self._vault(backend)
            desk = RemoteDesk(self.session, self.enrolment, backend.delivered, stop, waiting=waiting)
            medium = FolderMedium(medium) if isinstance(medium, Path) else medium
            tools = Tools(
                vault, self._judge, THREADS, self._shares, recorders=self._recorders, clock=self._clock
            )
            ended = run.unload(desk, tools, medium, port=port, keep=keep, progress=progress, stop=stop)
            return Done(desk.unload, ended.problems, sender.sent, *desk.ended)
        finally:
            backend.close()

    def state_of(self, unload: str) -> str:
        """Of an unloading, at this moment. Raise as `Session.ask`."""
        return str(self.session.ask("GET", f"{UNLOADS}{unload}/").json(self.session.server).get("state"))

    def sweep(self) -> int:
        """Take from the spool what lay there for long and is on a card, if anywhere; return how many."""
        taken, oldest = 0, time.time() - KEPT
        for blob in (self._folder / SPOOL / "blobs").rglob("*.age"):
            with contextlib.suppress(OSError):
                if blob.stat().st_mtime < oldest:
                    blob.unlink()
                    taken += 1
        return taken

    def _is_spool_ours(self) -> bool:
        """Or there is none yet; what lies in it is on its card still."""
        try:
            found = Vault.at(LocalBackend(self._folder / SPOOL, immutable=False))
        except NoVaultError:
            # Blobs without a description are what is left where throwing a spool away was cut off.
            return not any((self._folder / SPOOL).rglob("*.age"))
        except UnknownVaultFormatError:
            return False
        return (found.id, str(found.first)) == (self.enrolment.installation, self.enrolment.recipient)

    def _vault(self, backend: RemoteBackend) -> Vault:
        """The server's vault, as described at the enrolment; its folder here is made when first needed."""
        enrolment = self.enrolment
        try:
            return Vault.at(backend)
        except NoVaultError:
            described = Description(enrolment.installation, enrolment.recipient, self._clock.now())
            # Two cards at once: the other's thread may have been the first.
            with contextlib.suppress(VaultExistsError):
                backend.create(described.encode())
            return Vault.at(backend)
