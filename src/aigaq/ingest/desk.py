"""The office's side of an unloading, over the database. What it knows of a run is in the run's row."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet

from aigaq.core.files import displayed
from aigaq.errors import AigaqError
from aigaq.ingest import emptying, faults
from aigaq.ingest.column6 import fill_column_6
from aigaq.ingest.models import PROBLEMS_KEPT, Sighting, Unload, UnloadState
from aigaq.ingest.recorders import Teller
from aigaq.ingest.time_codes import nobody_knows, place_the_rest
from aigaq.ingest.whose import Whose, whose
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.recordings.clocks import DRIFT, clock_was_set
from aigaq.recordings.models import Kind, RecordingFile, Verdict
from aigaq.recordings.origins import Origin
from aigaq.recordings.services import enter_files
from aigaq.recordings.time_codes import enter_codes, read_codes
from aigaq.registry.models import Division
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading import errors
from aigaq.unloading.desk import Beat, SeenCard, Settled, Ticket
from aigaq.unloading.facts import EnteredFile, FoundFile
from aigaq.unloading.recorders.library import Library, without_own
from aigaq.unloading.sources.rereading import ReadTwice

CURRENT_LIMIT = 300
"""Characters."""
LOOK_AGAIN = 1.0
"""Seconds between two looks whether what is unloaded elsewhere has ended."""

Wait = Callable[[float], object]
"""Waits for so many seconds; what it gives says whether to stop."""


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _no_copy() -> None:
    """For an office whose ledger has no copy in the vault."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the desk works with. `installation` is the vault's id."""

    ledger: Ledger
    installation: str
    recorders: Callable[[], Library] = without_own
    drift: timedelta = DRIFT
    """How far a recorder's clock may be off until it is an incident."""
    read_twice: ReadTwice = ReadTwice.DOUBT
    """Told to docks too: what is set here holds there."""
    copy: Callable[[], object] = _no_copy
    """Copies the ledger into the vault. Called before a card is cleared: if it raises, the card stays as it
    is."""


class OfficeDesk:
    """One unloading, entered in this process's database; may be made again from its row at any time."""

    def __init__(
        self,
        office: Office,
        *,
        division: Division,
        by: By = MACHINE,
        dock: UUID | None = None,
        unload: Unload | None = None,
        wait: Wait = _sleep,
    ) -> None:
        """`division` is where a card goes that nobody knows. `unload` is one that has begun."""
        self._who = by
        self._office = office
        self._home = division
        self._dock = dock
        self._wait = wait
        self._unload = unload or Unload(state=UnloadState.READY, division=division)

    @property
    def unload(self) -> Unload:
        """Its row; of a card that was empty, with nothing to finish, one that is not stored."""
        return self._unload

    @property
    def _ledger(self) -> Ledger:
        return self._office.ledger

    @property
    def _by(self) -> By:
        return replace(self._who, division=str(self._unload.division_id))

    @property
    def _teller(self) -> Teller:
        office = self._office
        return Teller(office.ledger, self._by, self._unload, office.recorders(), office.drift)

    def begin(self, card: SeenCard, *, keep: bool) -> Ticket | None:
        with _database():
            self._unload = self._asked(card)
            there = self._waited_for_its_end_elsewhere()
            if there is not None:
                # What is known of the card may be more by now.
                self._unload = self._asked(card)
            unload, now = self._unload, self._ledger.clock.now()
            self._doubt_a_twin(there, now)
            self._bury_the_dead(now)
            unfinished = not keep and emptying.gone(unload, [each.path for each in card.files])
            if not card.files and not card.problems and not unfinished:
                unload.state = UnloadState.READY
                return None
            unload.save(force_insert=True)
            if card.clock is not None:
                self._teller.clock(card.clock)
            if self._dock is not None and unload.division != self._home:
                faults.say_elsewhere(self._ledger, self._by, unload, self._home)
            return Ticket(
                unload=str(unload.pk),
                card=unload.card.inventory_number if unload.card else "",
                installation=self._office.installation,
                known=self._known(),
                doubtful=self._office.read_twice is ReadTwice.ALWAYS or faults.is_doubtful(unload),
            )

    def enter(self, found: Sequence[FoundFile]) -> list[EnteredFile]:
        unload = self._unload
        origin = Origin(
            unload=unload.pk,
            division=unload.division,
            sources=tuple(unload.sources),
            card=unload.card,
            recorder=unload.recorder,
            row=unload.row,
            issued_at=unload.row.issue.occurred_at if unload.row else None,
        )
        with _database(), transaction.atomic():
            filming = read_codes(self._ledger, origin, found, nobody_knows_it=nobody_knows(unload))
            entered = enter_files(self._ledger, self._by, origin, found, filming.rows)
            enter_codes(self._ledger, self._by, origin, filming, entered, allowed=self._office.drift)
            Sighting.objects.bulk_create(
                [Sighting(unload=unload, file=each.file) for each in entered], ignore_conflicts=True
            )
            # Beside what another request for the same files has entered since this one read the row.
            stored = F("stored") + sum(each.new for each in entered)
            Unload.objects.filter(pk=unload.pk).update(stored=stored)
            unload.refresh_from_db(fields=["stored"])
        return [
            EnteredFile(each.file.path, each.content_digest, each.judgement is not None) for each in entered
        ]

    def beat(self, beat: Beat) -> None:
        with _database():
            seen = self._unload.sightings.count()
            self._update(
                beat_at=self._ledger.clock.now(),
                octets_done=beat.octets,
                current=beat.current[:CURRENT_LIMIT],
                files_done=seen + beat.unread,
                **self._counts(beat.problems),
            )

    def settle(self, unread: Sequence[str]) -> Settled:
        with _database():
            by_codes = place_the_rest(self._ledger, self._by, self._unload, allowed=self._office.drift)
            if by_codes is not None and self._unload.recorder is None:
                self._update(recorder=by_codes.recorder)
            waits = self._waits()
            self._find_row(waits=waits)
            self._teller.names(unread)
            fill_column_6(self._ledger, self._by, self._unload, self._ledger.clock.now())
            return Settled(waits)

    def intend(self, paths: Sequence[str]) -> None:
        with _database():
            emptying.intend(self._ledger, self._unload, paths)
        # What is about to be deleted from the card is entered; with this the vault alone can tell it again.
        self._office.copy()

    def note(self, left: Sequence[str]) -> bytes | None:
        with _database():
            emptying.forget(self._unload, left)
            return emptying.note_of(self._ledger, self._unload, left, installation=self._office.installation)

    def say_cleared(self, left: Sequence[str], note: bytes | None) -> None:
        with _database():
            self._update(cleared=emptying.say_cleared(self._ledger, self._by, self._unload, left, note))

    def say_time_left(self, path: str, text: str) -> None:
        with _database():
            unload = self._unload
            clock_was_set(
                self._ledger,
                self._by,
                recorder=unload.recorder,
                card=unload.card,
                unload=unload.pk,
                path=path,
                text=text,
            )

    def finish(self, problems: Sequence[errors.FileProblemError], *, keep: bool) -> None:
        with _database(), transaction.atomic():
            self._say_flawed(problems)
            state, reason, facts = self._end(problems, keep=keep)
            self._update(
                state=state,
                reason=reason,
                reason_facts=facts,
                finished_at=self._ledger.clock.now(),
                current="",
                **self._counts(problems),
            )
            self._take_up_earlier()

    def fail(self, error: AigaqError, problems: Sequence[errors.FileProblemError]) -> None:
        with contextlib.suppress(DatabaseError):
            self._update(
                state=UnloadState.FAILED,
                reason=error.code,
                reason_facts=errors.facts_of(error),
                finished_at=self._ledger.clock.now(),
                **self._counts(problems),
            )

    def _asked(self, card: SeenCard) -> Unload:
        """Its row, not stored yet, with all that is known of whose it is."""
        now = self._ledger.clock.now()
        answer = whose(
            card,
            installation=self._office.installation,
            key=VerifierKey.of(self._ledger.signer),
            division=self._home,
            now=now,
        )
        return self._row(card, answer, now)

    def _row(self, card: SeenCard, answer: Whose, now: datetime) -> Unload:
        return Unload(
            port=card.port,
            source=answer.sources[0],
            sources=list(answer.sources),
            dock=self._dock,
            container=answer.container,
            division=answer.division,
            card=answer.card,
            recorder=answer.recorder,
            row=answer.row,
            doubt=answer.doubt.code if answer.doubt else "",
            doubt_facts=errors.facts_of(answer.doubt) if answer.doubt else {},
            started_at=now,
            beat_at=now,
            files_total=len(card.files),
            octets_total=sum(each.size for each in card.files),
        )

    def _say_flawed(self, problems: Sequence[errors.FileProblemError]) -> None:
        unload = self._unload
        doubt = errors.by_code(unload.doubt)
        doubts = [doubt(**unload.doubt_facts)] if doubt and unload.doubt else []
        faults.say_flawed(self._ledger, self._by, unload, [*problems, *doubts], now=self._ledger.clock.now())

    def _waited_for_its_end_elsewhere(self) -> Unload | None:
        """What was waited for, if anything: a card may have been moved here while its unloading still ends.

        Where it was pulled out, all calls in flight come back first: a part on a slow line, say. What was
        killed gives no more sign of life. What is alive after that has another card. Raise
        `UnloadStoppedError`.
        """
        waited = 0.0
        there: Unload | None = None
        while waited <= faults.ALIVE.total_seconds():
            running = faults.twin_of(self._unload, self._ledger.clock.now())
            if running is None:
                break
            if self._wait(LOOK_AGAIN):
                raise errors.UnloadStoppedError
            waited += LOOK_AGAIN
            there = running
        return there

    def _doubt_a_twin(self, there: Unload | None, now: datetime) -> None:
        """Where a card with this very identity is being unloaded elsewhere, nobody knows which is which.

        So it was where `there`, which ran when this card was seen, has cleared its own meanwhile.
        """
        unload, twin = self._unload, faults.twin_of(self._unload, now)
        if there is not None and twin is None:
            twin = Unload.objects.filter(pk=there.pk, state=UnloadState.READY).first()
        if twin is not None and unload.card is not None:
            doubt = errors.CardTwiceError(card=unload.card.inventory_number, port=twin.port)
            unload.row, unload.doubt, unload.doubt_facts = None, doubt.code, errors.facts_of(doubt)

    def _bury_the_dead(self, now: datetime) -> None:
        """The card's lock is held, so whoever was unloading it, or at this port, is not any more.

        One that is alive at another port has another card, though it be a copy to the last octet. A
        registered card is the same at whatever computer.
        """
        unload, dead = self._unload, Q(beat_at__lt=now - faults.ALIVE)
        here = Q(port=unload.port, dock=self._dock)
        if unload.container:
            here |= Q(container=unload.container, dock=self._dock) & dead
        if unload.card is not None:
            here |= Q(card=unload.card) & dead
        bury(Unload.objects.filter(here), self._ledger)

    def _known(self) -> dict[tuple[str, int], bool]:
        # What was destroyed since is stored anew, and asked for room.
        rows = RecordingFile.objects.filter(
            source__in=self._unload.sources, recording__disposed__recording=None
        ).exclude(sightings__cleared_seq__isnull=False)
        found = rows.values_list("path", "blob__size", "judgement")
        return {(path, size): judgement is not None for path, size, judgement in found}

    def _waits(self) -> bool:
        """Something is tied to no row: the tray."""
        return self._unload.sightings.filter(file__recording__placement__recording=None).exists()

    def _find_row(self, *, waits: bool) -> None:
        """Of a card that nobody knew and whose recordings the custodian has assigned meanwhile."""
        rows = JournalRow.objects.filter(placements__recording__files__sightings__unload=self._unload)
        if self._unload.row is None and not waits:
            found = list(rows.distinct()[:2])
            self._update(row=found[0] if len(found) == 1 else None)

    def _end(
        self, problems: Sequence[errors.FileProblemError], *, keep: bool
    ) -> tuple[UnloadState, str, dict[str, Any]]:
        first = (problems[0].code, errors.facts_of(problems[0])) if problems else ("", {})
        unload = self._unload
        if self._waits():
            waiting = (unload.doubt, unload.doubt_facts)
            return UnloadState.TRAY, *(waiting if unload.doubt else (errors.BeforeIssueError.code, {}))
        if unload.files_total and not unload.sightings.exists():
            return UnloadState.FAILED, *first
        return (UnloadState.KEPT if keep or problems else UnloadState.READY), *first

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

    def _counts(self, problems: Sequence[errors.FileProblemError]) -> dict[str, Any]:
        seen = self._unload.sightings
        damaged = (Verdict.DAMAGED, Verdict.UNREADABLE)
        kept = problems[:PROBLEMS_KEPT]
        return {
            "already_stored": seen.count() - self._unload.stored,
            "damaged": seen.filter(file__judgement__verdict__in=damaged).count(),
            "foreign": seen.filter(file__kind=Kind.OTHER).count(),
            "problems": [{"code": each.code, "facts": errors.facts_of(each)} for each in kept],
            "problem_count": len(problems),
        }

    def _update(self, **fields: Any) -> None:  # noqa: ANN401 - columns of the row
        for name, value in fields.items():
            setattr(self._unload, name, value)
        Unload.objects.filter(pk=self._unload.pk).update(**fields)


def bury(unloads: QuerySet[Unload], ledger: Ledger) -> int:
    """Say of those that seem to run that they were cut off; return how many."""
    return unloads.filter(state=UnloadState.RUNNING).update(
        state=UnloadState.FAILED,
        reason=errors.UnloadInterruptedError.code,
        finished_at=ledger.clock.now(),
    )


@contextlib.contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise errors.DatabaseStoppedError(reason=displayed(str(error))) from error
