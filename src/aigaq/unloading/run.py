"""One run over one card: store in threads, enter as they finish, settle, clear, say so.

The steps and what holds after each: `docs/lifecycles/unload.md`.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field

from aigaq.core.clock import Clock, SystemClock
from aigaq.core.files import displayed, lock_at_once
from aigaq.errors import AigaqError
from aigaq.media.judges import AnyJudge, Judges
from aigaq.media.probe import Verdict
from aigaq.unloading import errors
from aigaq.unloading.deriving import AtOnce
from aigaq.unloading.desk import Beat, Desk, Ticket
from aigaq.unloading.facts import EnteredFile
from aigaq.unloading.looking import look, seen_files
from aigaq.unloading.medium import Medium
from aigaq.unloading.recorders.device import set_time
from aigaq.unloading.recorders.library import Library, without_own
from aigaq.unloading.recorders.plan import FirstFirst, Plan, plan, strike_ours
from aigaq.unloading.room import require_room
from aigaq.unloading.shares import Shares
from aigaq.unloading.sources import folder
from aigaq.unloading.sources.clearing import Proven, clear
from aigaq.unloading.sources.listing import FOLDER, NOTE, CardFile, Listing, list_card, open_card
from aigaq.unloading.sources.rereading import ReadTwice
from aigaq.unloading.sources.salvage import PATIENCE, Patience
from aigaq.unloading.storing import STALL, Kept, Left, Storing, Tally
from aigaq.vault.store import Vault

THREADS = 3
"""Files in flight: `docs/performance.md` has the measurements."""
BEAT = 0.5
"""Seconds between two signs of life on the screen, at least."""
_DAMAGED = frozenset({Verdict.DAMAGED, Verdict.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an unloading has come. `current` is a path fit for a screen."""

    files_total: int
    files_done: int
    octets_total: int
    octets_done: int
    current: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run works with beside the desk."""

    vault: Vault
    judge_factory: Callable[[], AnyJudge] = Judges
    threads: int = THREADS
    shares: Shares | None = None
    """Among all cards of the process; None: this one has what it wants."""
    recorders: Callable[[], Library] = without_own
    """The profiles of recorders, as they stand when a card is looked at."""
    clock: Clock = field(default_factory=SystemClock)
    read_twice: ReadTwice = ReadTwice.DOUBT
    patience: float = PATIENCE
    """Seconds that reads which fail may take on one card."""
    stall: float = STALL
    """Seconds for which one read of it may hang."""
    at_once: Callable[[], AtOnce] | None = None
    """What makes derivatives of files as they come; None: all are made when somebody asks."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run came to. Its state and its figures are at the desk."""

    problems: tuple[errors.FileProblemError, ...]
    left: str
    """Fingerprint of what it left on the card; empty if something came upon the card in the meantime."""


def unload(
    desk: Desk,
    tools: Tools,
    medium: Medium,
    *,
    port: str = "",
    keep: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Ended:
    """Take everything on `medium` into the vault, have it entered, then clear it.

    Raise `NotACardError`, `CardBusyError`, `NoRoomError`, `UnloadStoppedError`, `MediumGoneError`, a
    ``VaultError`` or what the desk raises: the card is as it was, and what was stored until then stays
    stored.
    """
    path = medium.path
    root = open_card(path)
    try:
        if not lock_at_once(root):
            raise errors.CardBusyError(path=displayed(str(path)))
        try:
            listing, library = list_card(root), tools.recorders()
            found = listing.fingerprint
            planned = plan(root, listing, library, tools.clock.now())
            seen = look(root, listing, port or displayed(str(path)), planned)
        except OSError as error:
            reason = error.strerror or str(error)
            raise errors.NotACardError(path=displayed(str(path)), reason=reason) from error
        ticket = desk.begin(seen, keep=keep)
        if ticket is None:
            return Ended((), found)
        return _Run(
            desk, tools, medium, root, listing=listing, library=library, planned=planned, ticket=ticket
        ).run(keep=keep, progress=progress, stop=stop or threading.Event())
    finally:
        os.close(root)


class _Run:
    """Used once, in one thread; the card is open, and locked, as `root`."""

    def __init__(
        self,
        desk: Desk,
        tools: Tools,
        medium: Medium,
        root: int,
        *,
        listing: Listing,
        library: Library,
        planned: Plan,
        ticket: Ticket,
    ) -> None:
        self._desk = desk
        self._tools = tools
        self._medium = medium
        self._is_open: bool | None = None
        """For writing; None until that was asked for."""
        self._root = root
        self._listing = listing
        self._library = library
        self._plan = planned
        self._order: FirstFirst[Kept] = FirstFirst(planned)
        self._ticket = ticket
        self._entered: dict[CardFile, EnteredFile] = {}
        self._unread: set[CardFile] = set()
        self._partial: set[CardFile] = set()
        """Stored with holes, or in two ways: what is missing or true of them may still come."""
        self._is_doubtful = ticket.doubtful or bool(listing.problems)
        self._problems = list(listing.problems)
        self._beat_at = time.monotonic()

    def run(self, *, keep: bool, progress: Callable[[Progress], None] | None, stop: threading.Event) -> Ended:
        try:
            require_room(
                self._tools.vault.backend,
                seen_files(self._listing),
                self._ticket.known,
                at_once=self._tools.threads,
            )
            self._store(progress, stop)
            if self._unread or self._partial:
                self._medium.require()
            settled = self._desk.settle([each.path for each in self._unread])
            self._clear(waits=settled.waits, keep=keep, stop=stop)
            self._desk.finish(self._problems, keep=keep)
        except AigaqError as error:
            cause = self._cause(error)
            self._desk.fail(cause, self._problems)
            if cause is error:
                raise
            raise cause from error
        return Ended(tuple(self._problems), self._left())

    def _cause(self, error: AigaqError) -> AigaqError:
        """Of a card that was pulled out every call fails in a way of its own."""
        try:
            self._medium.require()
        except errors.MediumGoneError as gone:
            return gone
        return error

    def _store(self, progress: Callable[[Progress], None] | None, stop: threading.Event) -> None:
        tools = self._tools
        judged = {key for key, is_judged in self._ticket.known.items() if is_judged}
        jobs = [(each, (each.path, each.stamp.size) not in judged) for each in self._listing.files]
        with (
            tools.judge_factory() as judge,
            tools.at_once() if tools.at_once else nullcontext() as at_once,
            self._storing(judge, at_once, stop) as storing,
        ):
            for batch in storing.run(jobs, patience=BEAT):
                self._enter(batch)
                self._beat(storing.tally, progress)
            self._put(self._order.rest())
            # A file of a known path and size with another content was taken for one judged before.
            unjudged = {file for file, entered in self._entered.items() if not entered.judged}
            again = [(file, True) for file, judging in jobs if not judging and file in unjudged]
            for batch in storing.run(again, patience=BEAT):
                self._enter(batch)
            self._beat(storing.tally, progress, now=True)

    def _storing(self, judge: AnyJudge | None, at_once: AtOnce | None, stop: threading.Event) -> Storing:
        tools = self._tools
        return Storing(
            self._root,
            tools.vault,
            judge,
            shares=tools.shares,
            threads=tools.threads,
            stop=stop,
            patience=Patience(tools.patience),
            stall=tools.stall,
            at_once=at_once,
        )

    def _enter(self, batch: Sequence[Kept | Left]) -> None:
        self._note([each for each in batch if isinstance(each, Kept)])
        kept: list[Kept] = []
        for each in batch:
            if isinstance(each, Left):
                self._problems.append(each.problem)
                self._unread.add(each.file)
                self._is_doubtful = True
            kept += self._order.through(each.file, each if isinstance(each, Kept) else None)
        self._put(kept)

    def _put(self, kept: Sequence[Kept]) -> None:
        if kept:
            entered = self._desk.enter([self._plan.told(each.file, each.found) for each in kept])
            for one, row in zip(kept, entered, strict=True):
                before = self._entered.setdefault(one.file, row)
                if before.content_digest != row.content_digest and one.file not in self._partial:
                    self._contradict(one.file)
                self._entered[one.file] = row

    def _contradict(self, file: CardFile) -> None:
        """It was read again to be judged, and came otherwise."""
        self._partial.add(file)
        self._problems.append(errors.ReadsDisagreeError(path=file.shown, reason="other octets"))
        self._is_doubtful = True

    def _note(self, kept: Sequence[Kept]) -> None:
        """What of them is stored in part, and whether the card is to be trusted."""
        for each in kept:
            reading = each.found.reading
            if reading.holes:
                self._partial.add(each.file)
                self._problems.append(
                    errors.FilePartialError(
                        path=each.file.shown,
                        missing=reading.missing,
                        size=each.found.stored.size,
                        holes=len(reading.holes),
                    )
                )
            judged = each.found.judged
            is_damaged = judged is not None and judged.judgement.verdict in _DAMAGED
            self._is_doubtful |= bool(reading.errors) or is_damaged

    def _clear(self, *, waits: bool, keep: bool, stop: threading.Event) -> None:
        """Only what this very run has proven. Nothing in the tray is cleared, nor on a damaged card."""
        if keep:
            return
        may = not waits and self._listing.sound and self._stays_known
        proven = [
            Proven(file, entered.content_digest)
            for file, entered in self._entered.items()
            if may and file not in self._partial
        ]
        proven = self._agreeing(proven, stop)
        if proven:
            self._desk.intend([each.file.path for each in proven])
        with ExitStack() as writing:
            gone = self._cleared(proven) if proven and self._opens(writing) else set()
            left = [each.path for each in self._listing.files if each not in gone] + self._out_of_sight
            note = self._desk.note(left)
            if note is not None:
                is_left = self._opens(writing) and self._leave(note)
                self._desk.say_cleared(left, note if is_left else None)
            if gone:
                self._look_again()
            if gone and not left and not self._problems:
                self._leave_time()

    def _agreeing(self, proven: list[Proven], stop: threading.Event) -> list[Proven]:
        """Of what is about to be deleted all that the card gives a second time as it gave it first."""
        if not proven or not (self._is_doubtful or self._tools.read_twice is ReadTwice.ALWAYS):
            return proven
        agreeing: list[Proven] = []
        with self._storing(None, None, stop) as storing:
            for batch in storing.reread(proven, patience=BEAT):
                agreeing += [each.proven for each in batch if each.problem is None]
                self._problems += [each.problem for each in batch if each.problem is not None]
                self._say_alive(self._listing.octets, storing.tally.current)
        if len(agreeing) < len(proven):
            self._medium.require()
        return agreeing if self._stays_known else []

    def _look_again(self) -> None:
        """A cleared card has on it what was left there, and nothing else."""
        try:
            after = list_card(self._root)
        except OSError:
            return
        strike_ours(self._root, after, self._library)
        before = {each.parts for each in self._listing.files}
        self._problems += [
            errors.FileAppearedError(path=each.shown) for each in after.files if each.parts not in before
        ]

    def _opens(self, writing: ExitStack) -> bool:
        """Have the medium opened for writing; what stands against it is told once."""
        if self._is_open is None:
            try:
                writing.enter_context(self._medium.writable(self._root))
                self._is_open = True
            except errors.FileProblemError as problem:
                self._problems.append(problem)
                self._is_open = False
        return self._is_open

    def _cleared(self, proven: list[Proven]) -> set[CardFile]:
        outcome = clear(self._root, proven)
        self._problems += outcome.problems
        return {each.file for each in outcome.cleared}

    def _leave(self, note: bytes) -> bool:
        """Put the note on the card."""
        try:
            folder.write(self._root, NOTE, note)
        except OSError as error:
            where = displayed(b"/".join((FOLDER, NOTE)))
            self._problems.append(errors.NoteNotWrittenError(path=where, reason=error.strerror or str(error)))
            return False
        return True

    def _leave_time(self) -> None:
        """On a card that is empty now: the recorder takes the time from a file, if its profile says so."""
        profile = self._plan.profile
        if profile is None or profile.time_file is None:
            return
        path = "/".join(profile.time_file.path)
        try:
            octets = set_time(self._root, profile.time_file, profile.zone, self._tools.clock.now())
        except OSError as error:
            reason = error.strerror or str(error)
            self._problems.append(errors.TimeNotLeftError(path=displayed(path), reason=reason))
        else:
            self._desk.say_time_left(path, octets.decode())

    @property
    def _out_of_sight(self) -> list[str]:
        """Paths of what was stored before and may lie where this run could not look: not seen is not gone."""
        if all(each.is_of_no_file for each in self._listing.problems):
            return []
        seen = {each.path for each in self._listing.files}
        return sorted({path for path, _ in self._ticket.known} - seen)

    @property
    def _stays_known(self) -> bool:
        """What is left will be recognised. Known by its names alone a card is cleared whole or not at all."""
        return bool(self._ticket.card) or all(each.is_of_no_file for each in self._problems)

    def _left(self) -> str:
        try:
            after = list_card(self._root)
        except OSError:
            return ""
        # The fingerprint is of all that lies there, as whoever looks at the port sees it.
        left = after.fingerprint
        strike_ours(self._root, after, self._library)
        return left if set(after.files) <= set(self._listing.files) else ""

    def _beat(self, tally: Tally, progress: Callable[[Progress], None] | None, *, now: bool = False) -> None:
        """A sign of life, for the screen and for whoever asked; not more often than `BEAT` says."""
        octets, current = tally.octets, tally.current
        if not self._say_alive(octets, current, now=now):
            return
        if progress is not None:
            done = len(self._entered.keys() | self._unread)
            listing = self._listing
            progress(Progress(len(listing.files), done, listing.octets, octets, current))

    def _say_alive(self, octets: int, current: str, *, now: bool = False) -> bool:
        """Whether it was time for it."""
        if not now and time.monotonic() - self._beat_at < BEAT:
            return False
        self._beat_at = time.monotonic()
        self._desk.beat(Beat(octets, current, len(self._unread), tuple(self._problems)))
        return True
