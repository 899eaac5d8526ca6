"""The parent's side: one child kept for a whole unload, fed one file at a time, believed in nothing."""

import threading
import time
from types import TracebackType
from typing import BinaryIO, Final, Self

from aigaq.media.child import Child, Launched, read_range
from aigaq.media.confinement import Confinement
from aigaq.media.kinds import HEAD, Claim, Kind, tell
from aigaq.media.limits import Limits
from aigaq.media.probe import STILL_SIZE, Flaw, Judgement, UntrustworthyAnswerError, Verdict, believe
from aigaq.media.wire import RANGE, RANGE_SIZE, BrokenDialogueError, Channel, Tag, parse_json

WORKER: Final = "aigaq.media.worker"

_ANSWER_SIZE: Final = 16384

_TRIES: Final = 2
"""A child that dies is replaced and the file tried once more: it may have died of the files before, or of
the end of the thread that started it."""


class Judge:
    """Judges files in a confined child; a context manager that ends it.

    Safe to share between threads: a lock lets one file at a time through. Threads that judge much take
    a judge each.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._end()

    @property
    def confinement(self) -> Confinement | None:
        """What holds the child on this machine; ``None`` if none would start. Starts one if need be."""
        with self._lock:
            worker = self._ready()
            return worker.confinement if worker else None

    @property
    def worker_id(self) -> int | None:
        """Process id of the child, while there is one."""
        worker = self._worker
        return worker.process_id if worker else None

    def judge(self, reader: BinaryIO, name: str, size: int) -> Judgement:
        """Judge the file of `size` octets that `reader` gives; its position is moved.

        `name` is looked at for its extension alone. A file can't make this raise, whatever is in it, and
        it takes `Limits.seconds` at most (twice if it kills its child). What `reader` raises goes through:
        that is a fault of the store, not of the recording.
        """
        claim = tell(read_range(reader, 0, min(HEAD, size)), name)
        if claim.kind is Kind.OTHER:
            return Judgement(claim.kind, Verdict.NOT_MEDIA)
        if size == 0:
            return Judgement(claim.kind, Verdict.UNREADABLE, Flaw.EMPTY)
        with self._lock:
            for _ in range(_TRIES):
                worker = self._ready()
                if worker is None:
                    return Judgement(claim.kind, Verdict.TIMED_OUT, Flaw.NOT_STARTED)
                judgement = self._ask(worker, reader, size, claim)
                if judgement is not None:
                    return judgement
        return Judgement(claim.kind, Verdict.UNREADABLE, Flaw.CRASHED)

    def _ask(self, worker: "_Worker", reader: BinaryIO, size: int, claim: Claim) -> Judgement | None:
        """``None`` if the child died of it, or might as well have."""
        finished = False
        try:
            judgement = worker.examine(reader, size, claim)
            finished = True
        except TimeoutError:
            return Judgement(claim.kind, Verdict.TIMED_OUT, Flaw.TIME)
        except (BrokenDialogueError, UntrustworthyAnswerError):
            worker.end()
            if worker.ran_out_of_processor_time:
                return Judgement(claim.kind, Verdict.TIMED_OUT, Flaw.TIME)
            return None
        finally:
            # Also when the reader raises: the child waits for octets that won't come.
            if not finished:
                self._end()
        return judgement

    def _ready(self) -> "_Worker | None":
        if self._worker is not None and self._worker.is_worn_out:
            self._end()
        if self._worker is None:
            self._worker = _Worker.start(self._limits)
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker(Child):
    """One child and the files that it has examined."""

    def __init__(self, launched: Launched, limits: Limits) -> None:
        super().__init__(launched)
        self._limits = limits
        self._files = 0

    @classmethod
    def start(cls, limits: Limits) -> "_Worker | None":
        """A child that has confined itself; ``None`` if it does not come up."""
        return cls.greeted(lambda launched: cls(launched, limits), WORKER, limits.memory)

    @property
    def is_worn_out(self) -> bool:
        return self._files >= self._limits.files_per_worker or self.has_ended

    def examine(self, reader: BinaryIO, size: int, claim: Claim) -> Judgement:
        """Raise what `converse` raises; the child is of no more use then."""
        self._files += 1
        self.channel.deadline = time.monotonic() + self._limits.seconds
        return converse(self.channel, reader, size, claim, self._limits.processor_seconds)


def converse(
    channel: Channel, reader: BinaryIO, size: int, claim: Claim, processor_seconds: int
) -> Judgement:
    """Give the child at the other end one file, answer its questions, and check what it concludes.

    Raises ``TimeoutError`` past the channel's deadline, `BrokenDialogueError` if the child is gone or
    speaks out of turn, `UntrustworthyAnswerError` if its answer makes no sense.
    """
    job = {"size": size, "kind": claim.kind, "family": claim.family, "processor_seconds": processor_seconds}
    channel.send_json(Tag.JOB, job)
    still = None
    while True:
        tag, payload = channel.receive(
            {Tag.READ: RANGE.size, Tag.STILL: STILL_SIZE, Tag.ANSWER: _ANSWER_SIZE}
        )
        if tag is Tag.ANSWER:
            return believe(parse_json(payload), still)
        if tag is Tag.STILL:
            still = payload
            continue
        if len(payload) != RANGE.size:
            raise BrokenDialogueError
        offset, length = RANGE.unpack(payload)
        if length > RANGE_SIZE or offset + length > size:
            raise BrokenDialogueError
        channel.send(Tag.DATA, read_range(reader, offset, length))
