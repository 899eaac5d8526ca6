"""Making what readers ask for, one thing after another, beside the pages: with the key of the file alone.

A job holds an open reader of its recording, so the vault's key is forgotten as soon as it is asked for. It
lives in this process: after a restart it is asked for anew.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.db import connections, transaction

from aigaq.core.digests import ContentDigest
from aigaq.errors import N_, AigaqError
from aigaq.jobs import beat
from aigaq.ledger.services import By, Ledger
from aigaq.media.making.maker import Input, Maker, MakingLimits
from aigaq.media.making.recipes import Plan, Way
from aigaq.media.making.terms import NotMadeError, Obstacle
from aigaq.recordings import derivatives, makings
from aigaq.recordings.models import Product, RecordingFile
from aigaq.recordings.playback import reader_of
from aigaq.recordings.siblings import siblings_of
from aigaq.unloading.deriving import keep, require_room
from aigaq.vault.age import Identity
from aigaq.vault.errors import VaultError
from aigaq.vault.store import BlobReader, Vault

log = logging.getLogger(__name__)

MOST_WAITING: Final = 60
"""Jobs, each of which keeps a file open, its key and a MiB of it in memory: a duty's files, and then some."""
_BEAT: Final = 5.0
"""Seconds between two signs of life."""
_TOLD: Final = 0.5
"""Seconds between two notes of how far it is."""


class TooManyWaitingError(AigaqError):
    code = "recordings.too-many-waiting"
    message = N_("{waiting} recordings wait for being made playable already. Wait for one, or cancel one.")


@dataclass(slots=True)
class Job:
    """Something to be made, with all that it takes but the vault's key."""

    attempt: UUID
    by: By
    file: RecordingFile
    plan: Plan
    reader: BlobReader
    siblings: list[tuple[RecordingFile, BlobReader]]

    @property
    def product(self) -> Product:
        return Product(self.plan.product.value)

    def close(self) -> None:
        self.reader.close()
        for _, reader in self.siblings:
            reader.close()


class Workshop:
    """One for each process. `start` is called by whoever asks first; tests work through it themselves."""

    def __init__(
        self,
        ledger: Ledger,
        vault: Callable[[], Vault],
        folder: Path,
        limits: MakingLimits | None = None,
        *,
        is_going: Callable[[UUID], bool] = lambda _recording: False,
    ) -> None:
        """`is_going` says of a recording that it is destroyed, or is about to be."""
        self._ledger = ledger
        self._vault = vault
        self._folder = folder
        self._limits = limits
        self._is_going = is_going
        self._lock = threading.Lock()
        self._there_is_work = threading.Condition(self._lock)
        self._waiting: deque[Job] = deque()
        self._running: tuple[UUID, Maker] | None = None
        self._thread: threading.Thread | None = None

    def ask(self, by: By, file: RecordingFile, plan: Plan, identity: Identity) -> bool:
        """Have it made; False if somebody makes it already, or the recording is about to be destroyed.

        Raise `TooManyWaitingError`, ``VaultError``.
        """
        product = Product(plan.product.value)
        if derivatives.present_of(file, product) is not None:
            return False
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise TooManyWaitingError(waiting=len(self._waiting))
        with ExitStack() as on_failure:
            vault = self._vault()
            reader = on_failure.enter_context(reader_of(vault, identity, file.blob))
            siblings = self._siblings(vault, file, plan, identity)
            for _, beside in siblings:
                on_failure.callback(beside.close)
            attempt = makings.claim(self._ledger.clock, file, product)
            if attempt is None:
                return False
            # After the claim: a disposal that begins now finds that and stops it (`makings.stop`).
            if self._is_going(file.recording_id):
                makings.failed(attempt, Obstacle.CANCELLED)
                return False
            on_failure.pop_all()
        with self._there_is_work:
            self._waiting.append(Job(attempt, by, file, plan, reader, siblings))
            self._there_is_work.notify()
        return True

    def start(self) -> None:
        """Work in the background from now on; it is a thread that ends with the process."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="workshop", daemon=True)
                self._thread.start()

    def cancel(self, file: RecordingFile, product: Product) -> bool:
        """Whether there was something to cancel."""
        attempt = makings.cancel(file, product)
        if attempt is None:
            return False
        with self._lock:
            for job in [job for job in self._waiting if job.attempt == attempt]:
                self._waiting.remove(job)
                job.close()
            if self._running is not None and self._running[0] == attempt:
                self._running[1].cancel()
        return True

    def run_waiting(self) -> int:
        """Make all that waits, in this thread; how many jobs there were."""
        count, job = 0, self._next()
        while job is not None:
            # One that was cancelled makes nothing more; what it began takes room on the disk until it ends.
            with Maker(self._folder, self._limits) as maker:
                while job is not None and not maker.is_cancelled:
                    self._run(job, maker)
                    count += 1
                    job = self._next()
        return count

    def _next(self) -> Job | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _work(self) -> None:
        while True:
            with self._there_is_work:
                while not self._waiting:
                    self._there_is_work.wait()
            try:
                self.run_waiting()
            except Exception:
                # The edge of a thread: what goes wrong with one job must not keep the others from being made.
                log.exception("something could not be made")
            finally:
                connections.close_all()

    def _run(self, job: Job, maker: Maker) -> None:
        clock = self._ledger.clock
        try:
            if not makings.begin(clock, job.attempt):
                return
            try:
                self._make(job, maker)
            except NotMadeError as error:
                makings.failed(job.attempt, error.obstacle)
            except VaultError:
                log.exception("a recording could not be read while something was made of it")
                makings.failed(job.attempt, Obstacle.STORE)
            else:
                makings.done(job.attempt)
        finally:
            job.close()

    def _make(self, job: Job, maker: Maker) -> None:
        with self._as_running(job, maker):
            watcher = _Watcher(self, job)
            watcher.room(_expected(job))
            siblings = [_input(*each) for each in job.siblings]
            made = maker.make(job.plan, _input(job.file, job.reader), siblings=siblings, watcher=watcher)
            self._require_wanted(job)
            # A store tells of no progress while it syncs and reads back.
            with beat.every(_BEAT, partial(self.beat, job), name="making"):
                derived = keep(
                    self._vault(), made, on_progress=watcher.beat, before_name=partial(self._announce, job)
                )
            with transaction.atomic():
                self._ledger.take_turn(derivatives.DERIVED)
                # Who stopped it meanwhile, a disposal above all, relies upon that nothing is entered.
                self._require_wanted(job)
                derivatives.enter(self._ledger, job.by, job.file, derived)

    def _announce(self, job: Job, content: ContentDigest) -> None:
        """From now on a disposal takes it out of the vault too; one that has begun keeps it from there."""
        with transaction.atomic(durable=True):
            self._ledger.take_turn(derivatives.DERIVED)
            self._require_wanted(job)
            derivatives.announce(job.file, content)

    def _require_wanted(self, job: Job) -> None:
        if not self.beat(job):
            raise NotMadeError(Obstacle.CANCELLED)

    def _as_running(self, job: Job, maker: Maker) -> "_Running":
        return _Running(self, job.attempt, maker)

    def beat(self, job: Job) -> bool:
        """A sign of life of all that this process has; whether `job` is still wanted."""
        with self._lock:
            attempts = {each.attempt for each in self._waiting} | {job.attempt}
        return job.attempt in makings.beat(self._ledger.clock, attempts)

    def backend_room(self, written: int) -> None:
        require_room(self._vault().backend, written)

    def running(self, running: tuple[UUID, Maker] | None) -> None:
        with self._lock:
            self._running = running

    def _siblings(
        self, vault: Vault, file: RecordingFile, plan: Plan, identity: Identity
    ) -> list[tuple[RecordingFile, BlobReader]]:
        found: list[tuple[RecordingFile, BlobReader]] = []
        for each in siblings_of(file) if plan.way is Way.REBUILD else ():
            # One that can't be read is done without: less may be found.
            with contextlib.suppress(VaultError):
                found.append((each, reader_of(vault, identity, each.blob)))
        return found


class _Running:
    """While a job runs, it can be cancelled through its maker."""

    def __init__(self, workshop: Workshop, attempt: UUID, maker: Maker) -> None:
        self._workshop = workshop
        self._mine = (attempt, maker)

    def __enter__(self) -> None:
        self._workshop.running(self._mine)

    def __exit__(self, *_: object) -> None:
        self._workshop.running(None)


class _Watcher:
    """Tells how far it is, and ends it when nobody wants it any more or the room runs out."""

    def __init__(self, workshop: Workshop, job: Job) -> None:
        self._workshop = workshop
        self._job = job
        self._beat_at = self._told_at = 0.0
        self._told = 0

    def progress(self, permille: int) -> None:
        now = time.monotonic()
        if permille != self._told and now - self._told_at > _TOLD:
            self._told, self._told_at = permille, now
            makings.advance(self._job.attempt, permille)
        self.beat()

    def beat(self, _stored: int = 0) -> None:
        """A sign of life, if the last one is long ago. Raise `NotMadeError` where nobody wants it."""
        now = time.monotonic()
        if now - self._beat_at > _BEAT:
            self._beat_at = now
            if not self._workshop.beat(self._job):
                raise NotMadeError(Obstacle.CANCELLED)

    def room(self, written: int) -> None:
        self._workshop.backend_room(written)


def _expected(job: Job) -> int:
    """Octets that lie on the disk for it until it is made: a rough guess, looked at again while it grows."""
    if job.plan.way in {Way.REMUX, Way.SOUND}:
        return 2 * job.file.blob.size
    return 32 << 20


def _input(file: RecordingFile, reader: BlobReader) -> Input:
    judgement = getattr(file, "judgement", None)
    return Input(cast(BinaryIO, reader), file.name, reader.size, judgement.duration if judgement else None)
