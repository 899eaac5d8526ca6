"""A few files in flight: each read once, stored, proven and judged in a thread."""

import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from types import TracebackType
from typing import BinaryIO, Self, TypeVar, cast

from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.files import ForeignFileError
from aigaq.media.judges import AnyJudge
from aigaq.media.kinds import HEAD, Kind, tell
from aigaq.media.probe import Flaw, Judgement
from aigaq.unloading import errors
from aigaq.unloading.deriving import AtOnce
from aigaq.unloading.facts import Derived, FoundFile, Judged
from aigaq.unloading.shares import Shares
from aigaq.unloading.sources.clearing import Proven
from aigaq.unloading.sources.listing import CardFile, parent_of
from aigaq.unloading.sources.names import take_of
from aigaq.unloading.sources.rereading import disagreement, drop_cached
from aigaq.unloading.sources.salvage import Patience, Salvage
from aigaq.unloading.threads import Threads
from aigaq.vault.source import SourceChangedError, SourceFile, SourceUnreadableError
from aigaq.vault.store import BlobReader, Source, Vault

Result = TypeVar("Result")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_YEAR = 2107
"""The last that FAT can write."""

QUEUED = 128
"""Files handed to the threads at a time; so many at most are entered in one transaction."""

STALL = 300.0
"""Seconds for which one read may hang. A kernel that gives up on a block does so long before."""

LEFT_BEHIND = 5.0
"""Seconds that the other threads have for coming to their end once one of them hangs."""

GATHERING = 0.4
"""Seconds for which a finished file waits for others to be entered with it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the card that is in the vault."""

    file: CardFile
    found: FoundFile


@dataclass(frozen=True, slots=True)
class Left:
    """A file that could not be taken, and why."""

    file: CardFile
    problem: errors.FileProblemError


@dataclass(frozen=True, slots=True)
class Reread:
    """A file that was read a second time; `problem` if it was not the same."""

    proven: Proven
    problem: errors.ReadsDisagreeError | None


class Tally:
    """How far the threads have come, in octets; they add to it while they read. Each file counts once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_flight: dict[CardFile, int] = {}
        self._done: set[CardFile] = set()
        self._octets = 0

    @property
    def octets(self) -> int:
        with self._lock:
            first = (octets for file, octets in self._in_flight.items() if file not in self._done)
            return self._octets + sum(first)

    @property
    def current(self) -> str:
        """The path of a file that is being read, fit for a screen; empty between files."""
        with self._lock:
            return next((file.shown for file in self._in_flight), "")

    def read(self, file: CardFile, octets: int) -> None:
        with self._lock:
            self._in_flight[file] = octets

    def finished(self, file: CardFile) -> None:
        with self._lock:
            self._in_flight.pop(file, None)
            if file not in self._done:
                self._done.add(file)
                self._octets += file.stamp.size


class _Watch:
    """Since when which thread waits for the card."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: dict[int, tuple[float, CardFile]] = {}

    def begin(self, file: CardFile) -> None:
        with self._lock:
            self._since[threading.get_ident()] = (time.monotonic(), file)

    def end(self) -> None:
        with self._lock:
            self._since.pop(threading.get_ident(), None)

    def hanging(self, limit: float) -> CardFile | None:
        """The file of a read that hangs for longer than `limit` seconds."""
        with self._lock:
            until = time.monotonic() - limit
            return next((file for since, file in self._since.values() if since < until), None)


class _Watched:
    """A source that asks before each read whether to go on, and is watched until that has come back."""

    def __init__(self, source: Source, asks: Callable[[], None], watch: _Watch) -> None:
        self._source = source
        self._asks = asks
        self._watch = watch

    def readinto(self, buffer: memoryview, /) -> int | None:
        self._asks()
        try:
            return self._source.readinto(buffer)
        finally:
            self._watch.end()


class Storing:
    """Stores the files of the card open as `root`. A context manager: leaving it ends its threads at once.

    `stop` may be set by anyone; what is being read is then finished, and nothing more is begun. What can't
    be read of a file is left out, as long as the whole card's `patience` lasts (`Salvage`); a call into the
    card that hangs for `stall` seconds ends it all, and its thread is left behind.
    """

    def __init__(
        self,
        root: int,
        vault: Vault,
        judge: AnyJudge | None,
        *,
        threads: int,
        stop: threading.Event,
        shares: Shares | None = None,
        patience: Patience | None = None,
        stall: float = STALL,
        at_once: AtOnce | None = None,
    ) -> None:
        self._root = root
        self._at_once = at_once
        self._vault = vault
        self._judge = judge
        self._stop = stop
        self._ending = threading.Event()
        self._patience = patience or Patience()
        self._stall = stall
        self._watch = _Watch()
        self._pool = Threads(threads, "storing")
        self._shares = shares or Shares(threads, threads)
        self._sharing = ExitStack()
        self.tally = Tally()

    def __enter__(self) -> Self:
        self._part = self._sharing.enter_context(self._shares.card())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._part.end()
        self._pool.end(LEFT_BEHIND if isinstance(error, errors.CardNotAnsweringError) else None)
        self._sharing.close()

    def run(self, jobs: Sequence[tuple[CardFile, bool]], *, patience: float) -> Iterator[list[Kept | Left]]:
        """Store each file, judging those with True; give what is finished, as it comes, not in order.

        An empty list after `patience` seconds without any. Raise a ``VaultError``; `CardNotAnsweringError`;
        or `UnloadStoppedError`, after the files in flight, if there are more.
        """
        acts = [partial(self._store, file, judging=judging) for file, judging in jobs]
        return self._through(acts, patience=patience)

    def reread(self, proven: Sequence[Proven], *, patience: float) -> Iterator[list[Reread]]:
        """Read each once more, past every cache, and compare it with what is stored. As `run` else."""
        drop_cached(self._root)
        return self._through([partial(self._reread, each) for each in proven], patience=patience)

    def _in_turn(self, act: Callable[[], Result | None]) -> Result | None:
        """When this card has a slot: other cards are read in this process too."""
        with self._part.slot():
            return act()

    def _through(
        self, acts: Sequence[Callable[[], Result | None]], *, patience: float
    ) -> Iterator[list[Result]]:
        waiting = iter([partial(self._in_turn, act) for act in acts])
        running: set[Future[Result | None]] = set()
        finished = 0
        while True:
            for act in islice(waiting, 0 if self._stop.is_set() else QUEUED - len(running)):
                running.add(self._pool.submit(act))
            if not running:
                break
            done, running = wait(running, patience, FIRST_COMPLETED)
            self._require_answers()
            if done and running:
                # Small files come by the hundred a second: a few more for the same transaction.
                more, running = wait(running, GATHERING)
                done |= more
            results = [result for each in done if (result := each.result()) is not None]
            finished += len(results)
            yield results
        if finished < len(acts):
            raise errors.UnloadStoppedError

    def _require_answers(self) -> None:
        hanging = self._watch.hanging(self._stall)
        if hanging is not None:
            raise errors.CardNotAnsweringError(path=hanging.shown, seconds=int(self._stall))

    def _store(self, file: CardFile, *, judging: bool) -> Kept | Left | None:
        """None if it was not begun."""
        if self._stop.is_set() or self._ending.is_set():
            return None
        try:
            return Kept(file, self._found(file, judging=judging))
        except SourceChangedError as error:
            return Left(file, errors.FileChangedError(path=file.shown, reason=error.details["reason"]))
        except SourceUnreadableError as error:
            return Left(file, errors.FileUnreadableError(path=file.shown, reason=error.details["reason"]))
        except ForeignFileError:
            return Left(file, errors.FileChangedError(path=file.shown, reason="it is no file any more"))
        except OSError as error:
            # Of the folders on the way to it; the source's and the vault's own have types of their own.
            return Left(
                file, errors.FileUnreadableError(path=file.shown, reason=error.strerror or str(error))
            )
        finally:
            self._watch.end()
            self.tally.finished(file)

    def _reread(self, proven: Proven) -> Reread | None:
        """None if it was not begun."""
        if self._stop.is_set() or self._ending.is_set():
            return None
        file = proven.file
        asks = partial(self._ask, file)
        self.tally.read(file, 0)
        try:
            asks()
            return Reread(
                proven, disagreement(self._root, proven, lambda source: _Watched(source, asks, self._watch))
            )
        finally:
            self._watch.end()
            self.tally.finished(file)

    def _ask(self, file: CardFile) -> None:
        """Before each call into the card: raise `UnloadStoppedError` if all is over, else watch this one."""
        if self._ending.is_set():
            raise errors.UnloadStoppedError
        self._watch.begin(file)

    def _found(self, file: CardFile, *, judging: bool) -> FoundFile:
        examination = _Examination(self._vault, self._judge if judging else None, file.path, self._at_once)
        asks = partial(self._ask, file)
        asks()
        with (
            parent_of(self._root, file.parts) as folder,
            SourceFile(file.parts[-1], dir_fd=folder) as source,
        ):
            self._watch.end()
            salvage = Salvage(source, self._patience, asks=asks)
            stored = self._vault.put(
                _Watched(salvage, asks, self._watch),
                on_progress=lambda octets: self.tally.read(file, octets),
                inspect=lambda reader: examination.examine(reader, salvage.reading.missing),
            )
            modified_ns = source.modified_ns
        judged = examination.judged
        return FoundFile(
            path=file.path,
            modified_at=_instant(modified_ns),
            recorded_at=_recorded_at(file.path, judged.judgement if judged else None),
            kind=examination.kind,
            stored=stored,
            judged=judged,
            reading=salvage.reading,
            derived=examination.derived,
        )


class _Examination:
    """Looks into the file just stored, while its key is at hand."""

    def __init__(self, vault: Vault, judge: AnyJudge | None, path: str, at_once: AtOnce | None) -> None:
        self._vault = vault
        self._judge = judge
        self._at_once = at_once
        self._name = path.rpartition("/")[2]
        self.kind = Kind.OTHER
        self.judged: Judged | None = None
        self.derived: tuple[Derived, ...] = ()

    def examine(self, reader: BlobReader, missing: int) -> None:
        """Raise ``VaultError``: of the store, which is no fault of the file."""
        self.kind = tell(reader.read(HEAD), self._name).kind
        judgement = self._judgement(reader)
        if judgement is not None:
            still = self._vault.put(io.BytesIO(judgement.still)) if judgement.still else None
            self.kind = judgement.kind
            self.judged = Judged(judgement, still)
            if self._at_once is not None:
                self.derived = self._at_once.of(reader, self._name, judgement, missing)

    def _judgement(self, reader: BlobReader) -> Judgement | None:
        """None if there is nobody to ask: a recording is not left on a card for that, and is judged later."""
        if self._judge is None:
            return None
        try:
            judgement = self._judge.judge(cast(BinaryIO, reader), self._name, reader.size)
        except OSError:
            return None
        return None if judgement.flaw is Flaw.NOT_STARTED else judgement


def _instant(nanoseconds: int) -> datetime | None:
    """None for what no calendar has: a hostile card's file may be of the year 300,000."""
    try:
        return plausible(_EPOCH + timedelta(microseconds=nanoseconds // 1000))
    except OverflowError:
        return None


def _recorded_at(path: str, judgement: Judgement | None) -> datetime | None:
    """When the recorder's own clock says that it was made: by the name, else as written inside the file."""
    take = take_of(path.rpartition("/")[2])
    if take is not None:
        return plausible(take.recorded_at)
    embedded = judgement.embedded_at if judgement else None
    if embedded is not None and embedded.tzinfo is None:
        embedded = embedded.replace(tzinfo=KAZAKHSTAN)
    return plausible(embedded)


def plausible(instant: datetime | None) -> datetime | None:
    """`instant`, or None outside the years that clocks of recorders run in; wrong by decades is kept."""
    return instant if instant is not None and _EPOCH.year <= instant.year <= _LAST_YEAR else None
