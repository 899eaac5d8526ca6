"""One run over one card: storing in threads, the database in this one, then column 6 and the clearing."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from aigaq.core.files import displayed
from aigaq.errors import AigaqError
from aigaq.ingest.column6 import fill_column_6
from aigaq.ingest.emptying import empty, unfinished_of
from aigaq.ingest.models import PROBLEMS_KEPT, Sighting, Unload, UnloadState
from aigaq.ingest.storing import Kept, Left, Storing, Tally
from aigaq.ingest.whose import Whose
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.media.judge import Judge
from aigaq.recordings.models import Kind, RecordingFile, Verdict
from aigaq.recordings.services import Entered, Origin, enter_files
from aigaq.unloading import errors
from aigaq.unloading.sources.clearing import Proven
from aigaq.unloading.sources.listing import CardFile, Listing, list_card
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.errors import VaultReadError
from aigaq.vault.store import Vault

THREADS = 3
"""Files in flight: `docs/performance.md` has the measurements."""
BEAT = 0.5
"""Seconds between two signs of life on the screen, at least."""
RESERVE = 64 << 20
"""Octets that a card may not take from the vault's disk: the database and the journal live on it too."""
PORT_LIMIT = 200
CURRENT_LIMIT = 300
"""Both in characters."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What an unloading works with; built by `wiring`."""

    ledger: Ledger
    vault: Vault
    judge_factory: Callable[[], Judge] = Judge
    threads: int = THREADS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an unloading has come. `current` is a path fit for a screen."""

    files_total: int
    files_done: int
    octets_total: int
    octets_done: int
    current: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a card. Of one that was empty, with nothing to finish, `unload` is not stored."""

    unload: Unload
    files: tuple[RecordingFile, ...] = ()
    """The catalogue's rows of all that lay on the card and is stored, by path."""
    problems: tuple[errors.FileProblemError, ...] = ()
    doubt: errors.CardError | None = None
    """Why it went to the tray."""
    left: str = ""
    """Fingerprint of what it left on the card; empty if something came upon the card in the meantime."""


class Run:
    """One unloading of the card open, and locked, as `root`. Used once, in one thread."""

    def __init__(self, office: Pipeline, root: int, port: str, listing: Listing, whose: Whose) -> None:
        self._office = office
        self._root = root
        self._listing = listing
        self._whose = whose
        self._by: By = replace(MACHINE, division=str(whose.division.pk))
        self._entered: dict[CardFile, Entered] = {}
        self._unread: set[CardFile] = set()
        self._problems = list(listing.problems)
        self._beat_at = time.monotonic()
        now = office.ledger.clock.now()
        self._unload = Unload(
            port=port,
            source=whose.sources[0],
            container=whose.container,
            division=whose.division,
            card=whose.card,
            recorder=whose.recorder,
            row=whose.row,
            started_at=now,
            beat_at=now,
            files_total=len(listing.files),
            octets_total=listing.octets,
        )

    def run(
        self, *, keep: bool, progress: Callable[[Progress], None] | None, stop: threading.Event
    ) -> Outcome:
        """Raise what `services.unload` says; the row of the unloading then says it too."""
        self._bury_the_dead()
        unfinished = [] if keep else unfinished_of(self._whose, self._listing)
        if not self._listing.files and not self._problems and not unfinished:
            self._unload.state = UnloadState.READY
            return Outcome(self._unload, left=self._listing.fingerprint)
        self._unload.save(force_insert=True)
        try:
            self._require_room()
            self._store(progress, stop)
            self._find_row()
            fill_column_6(self._office.ledger, self._by, self._unload, self._office.ledger.clock.now())
            self._clear(unfinished, keep=keep)
            return self._finish(keep=keep)
        except (AigaqError, DatabaseError) as error:
            self._fail(error)
            raise

    @property
    def _waits(self) -> bool:
        """Something is tied to no row: the tray."""
        return not all(each.placed for each in self._entered.values())

    @property
    def _stays_known(self) -> bool:
        """What is left will be recognised. Known by its names alone a card is cleared whole or not at all."""
        return self._whose.card is not None or all(each.is_of_no_file for each in self._problems)

    def _bury_the_dead(self) -> None:
        """We hold the card's lock, so whoever was unloading it, or at this port, is not any more."""
        here = Q(port=self._unload.port)
        if self._unload.container:
            here |= Q(container=self._unload.container)
        bury(Unload.objects.filter(here), self._office.ledger.clock.now())

    def _require_room(self) -> None:
        backend = self._office.vault.backend
        if not isinstance(backend, LocalBackend):
            return
        try:
            disk = os.statvfs(backend.directory)
        except OSError as error:
            raise VaultReadError(reason=error.strerror or str(error)) from error
        free = disk.f_bavail * disk.f_frsize
        known = self._known
        new = [each.stamp.size for each in self._listing.files if (each.path, each.stamp.size) not in known]
        # What is there already is written once more, to be compared, and thrown away.
        again = sorted(each.stamp.size for each in self._listing.files)[-self._office.threads :]
        needed = sum(map(_room, new)) + (0 if new else sum(map(_room, again))) + RESERVE
        if needed > free:
            raise errors.NoRoomError(needed=needed, free=free)

    @cached_property
    def _known(self) -> dict[tuple[str, int], bool]:
        """Path and size of what may still be on the card from an earlier run, and whether it was judged."""
        rows = RecordingFile.objects.filter(source__in=self._whose.sources).exclude(
            sightings__cleared_seq__isnull=False
        )
        found = rows.values_list("path", "blob__size", "judgement")
        return {(path, size): judgement is not None for path, size, judgement in found}

    def _store(self, progress: Callable[[Progress], None] | None, stop: threading.Event) -> None:
        office = self._office
        judged = {key for key, is_judged in self._known.items() if is_judged}
        jobs = [(each, (each.path, each.stamp.size) not in judged) for each in self._listing.files]
        with (
            office.judge_factory() as judge,
            Storing(self._root, office.vault, judge, threads=office.threads, stop=stop) as storing,
        ):
            for batch in storing.run(jobs, patience=BEAT):
                self._enter(batch)
                self._beat(storing.tally, progress)
            # A file of a known path and size with another content was taken for one judged before.
            unjudged = {file for file, entered in self._entered.items() if entered.judgement is None}
            again = [(file, True) for file, judging in jobs if not judging and file in unjudged]
            for batch in storing.run(again, patience=BEAT):
                self._enter(batch)
            self._beat(storing.tally, progress, now=True)

    def _enter(self, batch: Iterable[Kept | Left]) -> None:
        """Rows and entries of a few files, in one transaction."""
        kept = [each for each in batch if isinstance(each, Kept)]
        left = [each for each in batch if isinstance(each, Left)]
        self._problems += [each.problem for each in left]
        self._unread |= {each.file for each in left}
        if not kept:
            return
        whose = self._whose
        origin = Origin(
            unload=self._unload.pk,
            division=whose.division,
            sources=whose.sources,
            card=whose.card,
            recorder=whose.recorder,
            row=whose.row,
            issued_at=whose.issued_at,
        )
        with transaction.atomic():
            entered = enter_files(self._office.ledger, self._by, origin, [each.found for each in kept])
            Sighting.objects.bulk_create(
                [Sighting(unload=self._unload, file=each.file) for each in entered], ignore_conflicts=True
            )
        for one, row in zip(kept, entered, strict=True):
            before = self._entered.get(one.file)
            self._entered[one.file] = replace(row, new=before.new) if before else row

    def _find_row(self) -> None:
        """Of a card that nobody knew and whose recordings the custodian has assigned meanwhile."""
        rows = JournalRow.objects.filter(placements__recording__files__sightings__unload=self._unload)
        if self._unload.row is None and not self._waits:
            found = list(rows.distinct()[:2])
            self._update(row=found[0] if len(found) == 1 else None)

    def _clear(self, unfinished: list[RecordingFile], *, keep: bool) -> None:
        """Only what this very run has proven. Nothing in the tray is cleared, nor on a damaged card."""
        may = not keep and not self._waits and self._listing.sound and self._stays_known
        proven = {
            Proven(file, entered.content_digest): entered.file
            for file, entered in self._entered.items()
            if may
        }
        if not proven and not unfinished:
            return
        emptied = empty(
            self._office.ledger,
            self._by,
            self._root,
            self._unload,
            proven,
            unfinished=unfinished,
            installation=self._office.vault.id,
        )
        self._problems += emptied.problems
        self._update(cleared=emptied.cleared)

    def _finish(self, *, keep: bool) -> Outcome:
        state, reason = self._end(keep=keep)
        self._update(
            state=state,
            reason=reason.code if reason else "",
            reason_facts=_facts(reason) if reason else {},
            finished_at=self._office.ledger.clock.now(),
            current="",
            **self._counts(),
        )
        self._take_up_earlier()
        in_order = sorted(self._entered.values(), key=lambda each: each.file.path)
        doubt = reason if isinstance(reason, errors.CardError) else None
        files = tuple(each.file for each in in_order)
        return Outcome(self._unload, files, tuple(self._problems), doubt, self._left())

    def _left(self) -> str:
        try:
            after = list_card(self._root)
        except OSError:
            return ""
        return after.fingerprint if set(after.files) <= set(self._listing.files) else ""

    def _end(self, *, keep: bool) -> tuple[UnloadState, AigaqError | None]:
        problem = self._problems[0] if self._problems else None
        if self._waits:
            return UnloadState.TRAY, self._whose.doubt or errors.BeforeIssueError()
        if self._listing.files and not self._entered:
            return UnloadState.FAILED, problem
        if keep or problem is not None:
            return UnloadState.KEPT, problem
        return UnloadState.READY, None

    def _take_up_earlier(self) -> None:
        """An earlier run of the same card that waits in the tray: this one stands for it now."""
        seen = Sighting.objects.filter(unload=self._unload).values("file")
        waiting = Unload.objects.filter(state=UnloadState.TRAY, sightings__file__in=seen).exclude(
            pk=self._unload.pk
        )
        for earlier in waiting.distinct():
            if not earlier.sightings.exclude(file__in=seen).exists():
                Unload.objects.filter(pk=earlier.pk, state=UnloadState.TRAY).update(
                    state=UnloadState.TAKEN_UP
                )

    def _fail(self, error: AigaqError | DatabaseError) -> None:
        known = error if isinstance(error, AigaqError) else errors.DatabaseStoppedError(reason=str(error))
        with contextlib.suppress(DatabaseError):
            self._update(
                state=UnloadState.FAILED,
                reason=known.code,
                reason_facts=_facts(known),
                finished_at=self._office.ledger.clock.now(),
                **self._counts(),
            )

    def _beat(self, tally: Tally, progress: Callable[[Progress], None] | None, *, now: bool = False) -> None:
        """A sign of life, for the screen and for whoever asked; not more often than `BEAT` says."""
        if not now and time.monotonic() - self._beat_at < BEAT:
            return
        self._beat_at = time.monotonic()
        self._update(
            beat_at=self._office.ledger.clock.now(),
            octets_done=tally.octets,
            current=tally.current[:CURRENT_LIMIT],
            **self._counts(),
        )
        if progress is not None:
            unload = self._unload
            progress(
                Progress(
                    unload.files_total,
                    unload.files_done,
                    unload.octets_total,
                    unload.octets_done,
                    unload.current,
                )
            )

    def _counts(self) -> dict[str, Any]:
        entered = self._entered.values()
        new = sum(each.new for each in entered)
        return {
            "files_done": len(self._entered.keys() | self._unread),
            "stored": new,
            "already_stored": len(entered) - new,
            "damaged": sum(_is_damaged(each) for each in entered),
            "foreign": sum(each.file.kind == Kind.OTHER for each in entered),
            "problems": [
                {"code": each.code, "facts": _facts(each)} for each in self._problems[:PROBLEMS_KEPT]
            ],
            "problem_count": len(self._problems),
        }

    def _update(self, **fields: Any) -> None:  # noqa: ANN401 - columns of the row
        for name, value in fields.items():
            setattr(self._unload, name, value)
        Unload.objects.filter(pk=self._unload.pk).update(**fields)


def bury(unloads: QuerySet[Unload], now: datetime) -> int:
    """Say of those that seem to run that they were cut off; return how many."""
    return unloads.filter(state=UnloadState.RUNNING).update(
        state=UnloadState.FAILED, reason=errors.UnloadInterruptedError.code, finished_at=now
    )


def _room(size: int) -> int:
    """Octets that a file of `size` takes in the vault: 16 more for each 64 KiB, a header, whole blocks."""
    return size + size // 4096 + 8192


def _is_damaged(entered: Entered) -> bool:
    judgement = entered.judgement
    return judgement is not None and judgement.verdict in (Verdict.DAMAGED, Verdict.UNREADABLE)


def _facts(error: AigaqError) -> dict[str, Any]:
    """What fills an error's sentence, as JSON."""
    return {
        name: value if isinstance(value, str | int) else displayed(str(value))
        for name, value in error.details.items()
    }
