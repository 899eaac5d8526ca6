"""The parent's side of making: a child that is given a recording and gives back what was made of it.

It is believed in nothing; the octets it made are shown, and never parsed here.
"""

import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from aigaq.media.child import Child, Launched, read_range
from aigaq.media.limits import MEBIBYTE
from aigaq.media.making.files import OFFSET, PERMILLE
from aigaq.media.making.recipes import Plan, Product, Way
from aigaq.media.making.spool import Parts, Spool, SpoolError, WrittenOverError
from aigaq.media.making.terms import Answer, NotMadeError, Obstacle, Work, believe, order
from aigaq.media.probe import UntrustworthyAnswerError
from aigaq.media.wire import (
    PLACE,
    RANGE,
    RANGE_SIZE,
    WRITE_SIZE,
    BrokenDialogueError,
    Tag,
    parse_json,
)

WORKER: Final = "aigaq.media.making.worker"
_ANSWER_SIZE: Final = 64 * 1024
_ROOM_EVERY: Final = 16 * MEBIBYTE
"""Octets between two looks at how much room there is."""

_NEXT: Final[Mapping[Way, Way]] = {
    Way.REMUX: Way.TRANSCODE,
    Way.SOUND: Way.TRANSCODE,
    Way.TRANSCODE: Way.REBUILD,
}
"""What is tried when a file turns out to be unfit for one way."""

_TRIES: Final = 2
"""As of the judge: a child may die of what was before."""


@dataclass(frozen=True, slots=True)
class MakingLimits:
    """How much of this machine one derivative may take."""

    memory: int = 2048 * MEBIBYTE
    """Address space, in octets: decoding H.265 in 4K and encoding it in 1080p take about 700 MiB in all."""
    jobs_per_worker: int = 20
    processor_base: float = 60.0
    """Seconds that any job may take, whatever the length."""
    processor_share: float = 12.0
    """Seconds for each second of film: 4K on a small processor."""
    processor_most: float = 12 * 3600.0
    slowness: float = 4.0
    """Seconds by the clock for each of processor time: others want the processor and the disk too."""
    least_rate: int = 16_000
    """Octets a second of the thinnest film: how long one may be whose length is not known."""

    def processor_seconds(self, size: int, duration: float | None) -> int:
        seconds = duration or size / self.least_rate
        return int(min(self.processor_most, self.processor_base + self.processor_share * seconds))


class Watcher(Protocol):
    """Who wants to know how far it is; may raise `NotMadeError` to have it ended."""

    def progress(self, permille: int, /) -> None: ...
    def room(self, written: int, /) -> None: ...


class Unwatched:
    def progress(self, permille: int, /) -> None:
        """Nobody looks."""

    def room(self, written: int, /) -> None:
        """There is enough."""


@dataclass(frozen=True, slots=True)
class Input:
    """A recording to be read: `name` is looked at for its ending alone."""

    reader: BinaryIO
    name: str
    size: int
    duration: float | None = None
    """Seconds, where known."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, until the next is: its octets are in the maker's spool."""

    plan: Plan
    """As it was done, which may be another way than was asked for."""
    work: Work
    libraries: Mapping[str, str]
    size: int
    source: Callable[[], Parts] = field(repr=False)


class Maker:
    """Makes one derivative at a time. A context manager that ends the child and forgets what was made.

    Not for two threads at once, but for `cancel`, which may come from any.
    """

    def __init__(self, folder: Path, limits: MakingLimits | None = None) -> None:
        """`folder` is where what is being made lies, sealed; made if it is not there."""
        self._folder = folder
        self._limits = limits or MakingLimits()
        self._worker: _Worker | None = None
        self._spool: Spool | None = None
        self._cancelled = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        if self._spool is not None:
            self._spool.__exit__(None, None, None)
            self._spool = None

    @property
    def worker_id(self) -> int | None:
        """Process id of the child, while there is one."""
        worker = self._worker
        return worker.process_id if worker else None

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """End what is being made; whoever waits for it gets `NotMadeError`. This one makes nothing more."""
        self._cancelled.set()
        worker = self._worker
        if worker is not None:
            worker.kill()

    def make(
        self,
        plan: Plan,
        main: Input,
        *,
        siblings: Sequence[Input] = (),
        watcher: Watcher | None = None,
        cheaply: bool = False,
    ) -> Made:
        """Make it, or raise `NotMadeError`. With `cheaply` no way is tried that takes long.

        No file can make this raise anything else. What the readers raise goes through.
        """
        found, watch = [main, *siblings], watcher or Unwatched()
        while True:
            try:
                return self._tried(plan, found, watch)
            except NotMadeError as error:
                following = _NEXT.get(plan.way) if plan.way else None
                if error.obstacle is not Obstacle.UNFIT:
                    raise
                if plan.product is Product.CUT:
                    raise NotMadeError(Obstacle.NOT_CUT) from error
                if following is None:
                    raise NotMadeError(Obstacle.NOTHING_FOUND) from error
                plan = replace(plan, way=following)
                if cheaply and not plan.is_cheap:
                    raise

    def let_go(self) -> Spool | None:
        """The spool of what was made, now the caller's to close: the next thing is made in another."""
        spool, self._spool = self._spool, None
        return spool

    def _tried(self, plan: Plan, found: Sequence[Input], watch: Watcher) -> Made:
        for _ in range(_TRIES):
            worker = self._ready()
            made = self._ask(worker, plan, found, watch)
            if made is not None:
                return made
        raise NotMadeError(Obstacle.CRASHED)

    def _ready(self) -> "_Worker":
        if self._worker is not None and self._worker.jobs >= self._limits.jobs_per_worker:
            self._end()
        if self._worker is None or self._worker.has_ended:
            self._end()
            self._worker = _Worker.greeted(_Worker, WORKER, self._limits.memory)
        if self._cancelled.is_set():
            raise NotMadeError(Obstacle.CANCELLED)
        if self._worker is None:
            raise NotMadeError(Obstacle.NOT_STARTED)
        return self._worker

    def _ask(self, worker: "_Worker", plan: Plan, found: Sequence[Input], watch: Watcher) -> Made | None:
        """``None`` if the child died of it, or might as well have."""
        finished = False
        spool = self._fresh_spool()
        seconds = self._limits.processor_seconds(found[0].size, found[0].duration)
        try:
            answer = worker.converse(plan, found, spool, watch, (seconds, self._limits.slowness))
            finished = True
        except NotMadeError as error:
            finished = error.obstacle is Obstacle.UNFIT
            raise
        except TimeoutError:
            raise NotMadeError(Obstacle.TIME) from None
        except SpoolError as error:
            raise NotMadeError(Obstacle.NO_ROOM) from error
        except (BrokenDialogueError, UntrustworthyAnswerError, WrittenOverError):
            worker.end()
            if self._cancelled.is_set():
                raise NotMadeError(Obstacle.CANCELLED) from None
            if worker.ran_out_of_processor_time:
                raise NotMadeError(Obstacle.TIME) from None
            return None
        finally:
            # Also when a reader raises: the child waits for octets that won't come.
            if not finished:
                self._end()
        size = sum(length for _, length in answer.parts)
        return Made(plan, answer.work, answer.libraries, size, lambda: Parts(spool, answer.parts))

    def _fresh_spool(self) -> Spool:
        try:
            if self._spool is None:
                self._spool = Spool(self._folder)
            self._spool.clear()
        except SpoolError as error:
            raise NotMadeError(Obstacle.NO_ROOM) from error
        return self._spool

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker(Child):
    """One child, and how many things it has made."""

    def __init__(self, launched: Launched) -> None:
        super().__init__(launched)
        self.jobs = 0

    def converse(
        self,
        plan: Plan,
        found: Sequence[Input],
        spool: Spool,
        watch: Watcher,
        allowed: tuple[int, float],
    ) -> Answer:
        """One job: answer its questions, keep what it writes, check what it concludes.

        Raises ``TimeoutError``, `BrokenDialogueError`, `UntrustworthyAnswerError`, `WrittenOverError`,
        `SpoolError`, `NotMadeError`, and what the readers raise.
        """
        self.jobs += 1
        seconds, slowness = allowed
        channel = self.channel
        channel.deadline = time.monotonic() + seconds * slowness
        channel.send_json(Tag.JOB, order(plan, found[0].name, [each.size for each in found], seconds))
        looked_at = 0
        while True:
            tag, payload = channel.receive(_SAYS)
            match tag:
                case Tag.ANSWER:
                    return believe(parse_json(payload), spool.size)
                case Tag.PLACE:
                    channel.send(Tag.DATA, _placed(found, payload))
                case Tag.BACK:
                    offset, length = _unpacked(RANGE, payload)
                    if length > RANGE_SIZE or offset + length > spool.size:
                        raise BrokenDialogueError
                    channel.send(Tag.DATA, spool.read(offset, length))
                case Tag.PROGRESS:
                    watch.progress(min(1000, _unpacked(PERMILLE, payload)[0]))
                case _:
                    (offset,) = _unpacked(OFFSET, payload[: OFFSET.size])
                    spool.write(offset, payload[OFFSET.size :])
                    if spool.size - looked_at > _ROOM_EVERY:
                        looked_at = spool.size
                        watch.room(spool.size)


_SAYS: Final = {
    Tag.PLACE: PLACE.size,
    Tag.BACK: RANGE.size,
    Tag.PROGRESS: PERMILLE.size,
    Tag.WRITE: OFFSET.size + WRITE_SIZE,
    Tag.ANSWER: _ANSWER_SIZE,
}


def _placed(found: Sequence[Input], payload: bytes) -> bytes:
    number, offset, length = _unpacked(PLACE, payload)
    if number >= len(found) or length > RANGE_SIZE or offset + length > found[number].size:
        raise BrokenDialogueError
    return read_range(found[number].reader, offset, length)


def _unpacked(form: struct.Struct, payload: bytes) -> tuple[int, ...]:
    if len(payload) != form.size:
        raise BrokenDialogueError
    return form.unpack(payload)
